#!/bin/bash
# What is done with containers' files: compared with podman's own word wherever it has one.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    mkdir -p /tmp/bind
    # A second layer that hides, replaces and adds.
    podman run --name layer "$image" sh -c 'rm /etc/group; rm -rf /home; mkdir /home; echo 1 >/home/one; mkdir -p /deep/er; echo 2 >/deep/er/two; ln -s er /deep/link'
    podman commit -q layer localhost/layered:test
    podman rm layer
}

# both NAME IMAGE SCRIPT: a container of each engine in which the same has been done.
both() {
    local name=$1 with=$2 script=$3
    podman run --name "$name-podman" -v /tmp/bind:/mnt/bind --tmpfs /scratch "$with" sh -c "$script"
    podsharp run --name "$name" -v /tmp/bind:/mnt/bind --tmpfs /scratch "$with" sh -c "$script"
}

forget() {
    podman rm -f -t 0 "$1-podman"
    podsharp rm -f -t 0 "$1"
}

same_diff() {
    run podsharp diff "$1"
    exit_is 0
    diff <(podman diff "$1-podman") - <<<"$output" || fail 'not what podman says'
    diff <(podman diff --format json "$1-podman") <(podsharp container diff --format json "$1") || fail 'not the JSON of podman'
}

it_tells_what_a_container_changes_as_podman_does() {
    both a "$image" 'mkdir -p /new/sub; echo x >/new/sub/f; echo y >>/etc/passwd; rm /etc/group; rm -rf /root; mkdir /root
        echo z >/root/k; rm -rf /var; ln -s a /link; chmod 700 /tmp; echo q >/bin/aaa; ln -sf /x /etc/other; mknod /fifo p; rm /bin/vi'
    same_diff a
    prints '^D /root$'
    prints_not '/etc/hosts'
    forget a
}

it_sees_through_several_layers() {
    both b localhost/layered:test 'echo a >/etc/group; rm -rf /deep/er; mkdir -p /deep/er; echo b >/deep/er/two; echo c >>/home/one
        mkdir /home/new; rm /deep/link; mkdir /deep/link; echo d >/deep/link/f'
    same_diff b
    prints '^A /etc/group$'
    forget b
}

it_tells_nothing_of_a_container_that_changed_nothing() {
    both c "$image" 'cat /etc/passwd >/dev/null'
    same_diff c
    forget c
    podsharp create --name fresh "$image" true
    run podsharp diff --format json --latest
    equal "$output" '{}'
    podsharp rm fresh
}

it_tells_of_a_running_container() {
    podsharp run -d --name live "$image" sh -c 'echo 1 >/made; sleep 100'
    eventually 5 sh -c 'podsharp diff live | grep -qx "A /made"'
    podsharp rm -f -t 0 live
}

it_takes_a_containers_name_for_no_beginning_of_an_images_id() {
    local name
    name=$(podsharp images -q "$image" | cut -c1)
    podsharp run --name "$name" "$image" touch /made
    run podsharp diff "$name"
    prints "^A /made$"
    prints_not "busybox"
    podsharp rm "$name"
}

it_tells_what_an_image_adds() {
    diff <(podman diff "$image") <(podsharp diff "$image") || fail 'not what podman says'
    diff <(podman image diff localhost/layered:test) <(podsharp image diff localhost/layered:test) || fail 'not what podman says'
    run podsharp diff nothing-of-this-name
    exit_is 125
    one_sentence
    run podsharp image diff nothing-of-this-name
    exit_is 125
    one_sentence
}

# Names, kinds, modes, owners, sizes and links of a tar; times are those of two runs.
listing() { tar --numeric-owner -tvf "$1" | sed -E 's/ [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{5} / /'; }

merged_mounts() { grep -c '/merged ' /proc/self/mountinfo || true; }

it_exports_what_podman_exports() {
    both e "$image" 'mkdir -p /new/sub; echo x >/new/sub/f; mkfifo /fifo; ln /new/sub/f /hard; ln -s x /sym; chmod 4711 /new/sub/f
        chown -h 12345:6 /sym; touch "/$(printf "latin-\344")"; d=/long; for i in 1 2 3 4 5 6; do d=$d/$(printf "%060d" $i); done; mkdir -p $d; echo y >$d/f; rm -rf /home'
    podman export e-podman >/tmp/podman.tar
    podsharp export e >/tmp/podsharp.tar
    # podman also makes the link /etc/mtab when it runs a container.
    diff <(listing /tmp/podman.tar | grep -v ' etc/mtab ') <(listing /tmp/podsharp.tar) || fail 'not what podman exports'
    equal "$(tar -xOf /tmp/podsharp.tar new/sub/f hard)" x
    podsharp container export -o /tmp/file.tar e
    cmp /tmp/podsharp.tar /tmp/file.tar
    equal "$(podsharp mount)" ''
    podsharp import /tmp/podsharp.tar localhost/exported:test
    equal "$(podsharp run --rm localhost/exported:test cat /hard)" x
    podsharp rmi localhost/exported:test
    forget e
}

it_exports_a_running_container_without_its_mounts() {
    echo 1 >/tmp/bind/seen
    podsharp run -d --name r -v /tmp/bind:/mnt/bind "$image" sh -c 'echo 1 >/made; sleep 100'
    eventually 5 podsharp exec r test -s /made
    podsharp export r >/tmp/r.tar
    listing /tmp/r.tar >/tmp/r.list
    grep -q ' made$' /tmp/r.list
    grep -q ' mnt/bind/$' /tmp/r.list
    ! grep -qE 'mnt/bind/seen|proc/self|dev/null' /tmp/r.list || fail 'what is mounted is in it'
    podsharp exec r true
    podsharp rm -f -t 0 r
}

it_keeps_times_and_attributes_in_an_export() {
    podsharp create --name x "$image" true
    local root
    root=$(podsharp mount x)
    touch -d '2001-02-03 04:05:06.123456789 UTC' "$root/timed"
    setfattr -n user.mine -v value "$root/timed" 2>/dev/null || python3 -c "import os; os.setxattr('$root/timed', 'user.mine', b'value')"
    podsharp export x >/tmp/x.tar
    podsharp unmount x
    mkdir -p /tmp/x
    tar -C /tmp/x --xattrs --xattrs-include='user.*' -xf /tmp/x.tar timed
    equal "$(TZ=UTC stat -c %y /tmp/x/timed)" '2001-02-03 04:05:06.123456789 +0000'
    equal "$(python3 -c "import os; print(os.getxattr('/tmp/x/timed', 'user.mine').decode())")" value
    podsharp rm x
}

it_leaves_nothing_when_an_export_is_killed() {
    podsharp create --name k "$image" true
    local mounts pid
    mounts=$(merged_mounts)
    mkfifo /tmp/slow
    exec 9<>/tmp/slow
    podsharp export k >/tmp/slow &
    pid=$!
    eventually 5 read -r -n 1 -t 1 -u 9
    kill -9 $pid
    wait $pid || true
    equal "$(merged_mounts)" "$mounts"
    exec 9>&-
    podsharp start k
    podsharp wait k
    podsharp rm k
    # One whose reader goes away ends, and leaves nothing either.
    podsharp create --name k "$image" true
    podsharp export k | head -c 100 >/dev/null || true
    equal "$(merged_mounts)" "$mounts"
    podsharp rm k
    run podsharp export -o /tmp/none.tar nothing-of-this-name
    exit_is 125
    one_sentence
    [[ ! -e /tmp/none.tar ]] || fail 'an empty archive is left'
}

# An engine mounts a store's directory onto itself when it mounts the first container, and takes that away with the last one. An export that has
# mounted its container for itself alone sees it all the same.
it_exports_while_others_mount_and_unmount() {
    local engine job
    podsharp create --name exported "$image" true
    for engine in podsharp podman; do
        $engine create --name other "$image" true
        PODSHARP_STOP_AT=storage.private.mounted podsharp export -o /tmp/exported.tar exported & job=$!
        eventually 10 grep -q '^State:.T' "/proc/$job/status"
        $engine mount other
        kill -CONT $job
        wait $job
        [[ $(tar -tf /tmp/exported.tar | wc -l) -gt 10 ]] || fail "nothing is seen of it when $engine mounts"
        PODSHARP_STOP_AT=storage.private.mounted podsharp export -o /tmp/exported.tar exported & job=$!
        eventually 10 grep -q '^State:.T' "/proc/$job/status"
        $engine unmount other
        kill -CONT $job
        wait $job
        [[ $(tar -tf /tmp/exported.tar | wc -l) -gt 10 ]] || fail "nothing is seen of it when $engine unmounts"
        $engine rm other
    done
    podsharp rm exported
    rm /tmp/exported.tar
    ! grep -q merged /proc/mounts || fail 'a mount is left'
}

it_mounts_and_unmounts_as_podman_does() {
    podsharp create --name m "$image" true
    podman create --name m-podman "$image" true
    equal "$(podsharp mount)" ''
    equal "$(podsharp mount --format json)" "$(podman mount --format json)"
    local root other
    # podman lists our containers, too, as those of another program: one after the other.
    other=$(podman mount m-podman)
    { podman mount; podman mount --no-trunc; podman mount --format json; } | sed -E 's/[0-9a-f]{12,}/ID/g; s/m-podman/m/' >/tmp/podman.list
    podman umount m-podman
    root=$(podsharp mount m)
    { podsharp mount; podsharp mount --no-trunc; podsharp mount --format json; } | sed -E 's/[0-9a-f]{12,}/ID/g' >/tmp/podsharp.list
    diff /tmp/podman.list /tmp/podsharp.list || fail 'not what podman prints'
    equal "${root##*/}" "${other##*/}"
    equal "$(podsharp mount m)" "$root"
    equal "$(podsharp unmount m)" m
    [[ -e $root/etc ]] || fail 'unmounted too early'
    equal "$(podsharp umount m)" m
    [[ ! -e $root/etc ]] || fail 'still mounted'
    equal "$(podsharp unmount m)" m
    podsharp mount m m
    equal "$(podsharp unmount --force m)" m
    [[ ! -e $root/etc ]] || fail 'still mounted'
    podsharp mount --all
    equal "$(podsharp umount --all)" "$(podsharp ps --all --quiet --no-trunc)"
    equal "$(podsharp mount)" ''
    podman rm m-podman
    podsharp rm m
    run podsharp mount nothing-of-this-name
    exit_is 125
    one_sentence
}

it_keeps_the_mount_that_a_container_runs_on() {
    podsharp run -d --name n "$image" sleep 100
    local root
    root=$(podsharp mount n)
    podsharp unmount n
    podsharp unmount n
    podsharp unmount --force n
    podsharp unmount --all
    [[ -e $root/etc ]] || fail 'unmounted under the container'
    equal "$(podsharp mount | wc -l)" 1
    podsharp mount n
    podsharp stop -t 0 n
    [[ -e $root/etc ]] || fail 'the end of the container took the mount along'
    podsharp unmount n
    [[ ! -e $root/etc ]] || fail 'still mounted'
    podsharp mount n
    podsharp rm n
    [[ ! -e $root ]] || fail 'something is left'
}

it_survives_a_tree_without_bottom() {
    podsharp create --name deep "$image" true >/dev/null
    python3 - "$(podsharp inspect deep --format '{{.GraphDriver.Data.UpperDir}}')" <<'PY'
import os, sys
os.chdir(sys.argv[1])
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
PY
    run podsharp container diff deep
    exit_is 125
    one_sentence
    podsharp export deep >/dev/null 2>/tmp/deep.errors && fail 'exported'
    grep -q 'nested deeper' /tmp/deep.errors || fail "$(cat /tmp/deep.errors)"
    podsharp rm deep
    equal "$(find /var/lib/containers/storage/overlay/tempdirs -mindepth 1)" ''
}

after_all() { podman rmi -f localhost/layered:test; }

run_suite "$@"
