#!/bin/bash
# cp: every case is done with podman, too, and what comes of it compared.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

prepare='mkdir -p /srv/dir/sub /srv/dot. /srv/only /srv/deep/er; echo one >/srv/file; echo two >/srv/dir/two; echo three >/srv/dir/sub/three; echo dot >/srv/dot./f
    chmod 750 /srv/dir; chown 7:8 /srv/dir/two; chmod 4711 /srv/dir/two; ln -s file /srv/link; ln -s /srv/dir /srv/dirlink; ln -s ../dir/sub /srv/deep/up
    ln -s ../../../../srv/dir/.. /srv/deep/far; ln -s /nowhere/at/all /srv/lost; ln -s ../made /srv/deep/new; ln /srv/file /srv/hard; mkfifo /srv/fifo; ln -s two /srv/dir/inner
    touch -d "2001-02-03 04:05:06" /srv/file /srv/dir/sub/three /srv/dir; mkdir -p /home/u; chown 1234:55 /home/u; echo under >/vol-image/kept 2>/dev/null || true'

before_all() {
    import_image
    mkdir -p /tmp/bind/inner
    echo bound >/tmp/bind/inner/b
    podman run --name made "$image" sh -c "mkdir /vol-image; echo kept >/vol-image/kept; $prepare"
    podman commit -q made localhost/copies:test
    podman rm made
}

# Each engine has a container in the same state: running, created or exited.
both() {
    local state=$1 engine
    for engine in podman podsharp; do
        mkdir -p "/tmp/bind-$engine"
        cp -a /tmp/bind/. "/tmp/bind-$engine"
        set -- --name "c-$engine" -w /srv -v "/tmp/bind-$engine:/mnt/bind" -v "data-$engine:/vol" -v "image-$engine:/vol-image" --tmpfs /scratch localhost/copies:test
        case $state in
            running) $engine run -d "$@" sleep 1000 ;;
            created) $engine create "$@" sleep 1000 ;;
            exited) $engine run "$@" sh -c 'echo volume >/vol/v' ;;
        esac
    done
}

# All cases are done before the test fails.
differences=()
differs() { differences+=("$1"); printf 'DIFFERS: %s\n' "$1"; }

forget() {
    local engine
    for engine in podman podsharp; do
        $engine rm -f -t 0 "c-$engine"
        $engine volume rm "data-$engine" "image-$engine"
        rm -rf "/tmp/bind-$engine"
    done
    [[ ${#differences[@]} == 0 ]] || fail "$(printf '%s\n' "${differences[@]}")"
}

# Names, types, modes, owners, sizes, links of a directory and what is in it; times of all that was copied with its own.
seen() { (cd "$1" && find . -printf '%p %y %m %U:%G %n %l\n' | sort; find . -type f -exec sh -c 'for f; do printf "%s " "$f"; cat "$f"; done' sh {} + | sort; find . -newermt 2001-02-03 ! -newermt 2001-02-04 | sort); }

# out SOURCE TARGET [OPTION...]: from the container to a fresh directory of the host; both do the same, or both refuse.
out() {
    local source=$1 target=$2 engine
    shift 2
    for engine in podman podsharp; do
        rm -rf "/tmp/out-$engine"
        mkdir -p "/tmp/out-$engine/dir" "/tmp/out-$engine/full/file" "/tmp/out-$engine/full/dir"
        echo old >"/tmp/out-$engine/old"
        touch "/tmp/out-$engine/full/only"
        ln -s nothing "/tmp/out-$engine/dangling"
        ln -s dir "/tmp/out-$engine/dirlink"
        (cd "/tmp/out-$engine" && run $engine cp "$@" "c-$engine:$source" "$target"; exit "$status") && code=0 || code=$?
        printf -v "code_$engine" %s "$code"
    done
    # shellcheck disable=SC2154
    [[ $code_podman == "$code_podsharp" ]] || differs "$source to $target: exit code $code_podsharp, podman's $code_podman"
    local difference
    difference=$(diff <(seen /tmp/out-podman) <(seen /tmp/out-podsharp)) || differs "$source to $target: not what podman makes: $(sed -n 1,6p <<<"$difference")"
}

# tree ENGINE TARGET: what the container has where cases write, with what is mounted there.
tree() {
    local root=/tmp/tree-$1 pid top
    if [[ $state_now == running ]]; then
        pid=$($1 inspect --format '{{.State.Pid}}' "c-$1")
        root=/proc/$pid/root
    else
        rm -rf "$root"
        mkdir -p "$root"
        # What goes wrong here is a part of what is compared.
        { $1 export -o "$root.tar" "c-$1" && tar -C "$root" --exclude=dev --exclude=etc --exclude=run -xpf "$root.tar"; } >"$root.said" 2>&1 || sed 's/^/EXPORT: /' "$root.said"
        # podman fills all volumes at the first copy, whatever is copied; and gives their directories a mode that nobody has asked for.
        if [[ $2 == /vol* ]]; then
            mkdir "$root/volumes"
            [[ $2 == /vol-image* ]] && top=image || top=data
            cp -a "${volumes[$1]}/$top-$1/_data/." "$root/volumes"
            chmod 755 "$root/volumes"
        fi
        cp -a "/tmp/bind-$1" "$root/bind.host"
    fi
    (cd "$root" && for top in srv tmp home vol vol-image mnt new newer made nowhere volumes bind.host; do
        [[ ! -e $top ]] || find "$top" -printf '%p %y %m %U:%G %n %l ' \( -type f -exec cat {} \; -o -printf '\n' \)
        [[ ! -e $top ]] || find "$top" -newermt 2001-02-03 ! -newermt 2001-02-04
    done | sort)
}

# into SOURCE TARGET [OPTION...]: from a directory of the host into the container; what the containers have then is compared.
into() {
    local source=$1 target=$2 engine code
    shift 2
    for engine in podman podsharp; do
        (cd /tmp/from && run $engine cp "$@" "$source" "c-$engine:$target"; exit "$status") && code=0 || code=$?
        printf -v "code_$engine" %s "$code"
    done
    # shellcheck disable=SC2154
    [[ $code_podman == "$code_podsharp" ]] || differs "$source to $target: exit code $code_podsharp, podman's $code_podman"
    local difference
    difference=$(diff <(tree podman "$target") <(tree podsharp "$target")) || differs "$source to $target: not what podman makes: $(sed -n 1,6p <<<"$difference")"
}

# podman loses the name of a mount point of a container that doesn't run: it_takes_a_mount_point_for_a_directory. And the content of a running
# container's "." goes beside a new name: it_makes_a_directory_of_the_working_directorys_content.
out_cases() {
    out /srv/file .
    out file new
    out /srv/file old
    out /srv/file ./old
    out /srv/file nodir/new
    out /srv/file nodir/
    out /srv/file dir/
    out /srv/file dir/.
    out /srv/file dirlink
    out /srv/file dangling
    out /srv/file full
    out /srv/file full --overwrite
    out /srv/link .
    out /srv/link new
    out /srv/dir .
    out /srv/dir/ .
    out /srv/dir/. .
    out /srv/dir/. new
    out /srv/dir new
    out /srv/dir old
    out /srv/dir full
    out /srv/only full
    out /srv/only full --overwrite
    out /srv/dirlink .
    out /srv/dirlink/. dir
    out dot. .
    out dot. new
    out dot./. new
    out ../srv/dir/sub .
    out /srv/dir/../file .
    out deep/up new
    out /srv/deep/far/only new
    out /srv/deep .
    out /srv/hard .
    out /srv/fifo .
    out /srv/lost .
    out /srv/nothing .
    out /nothing/at/all .
    out '/srv/fi*' .
    out /mnt/bind/inner/b .
    out /home/u .
}

it_copies_out_of_a_running_container() {
    both running
    out_cases
    out /scratch new
    out /mnt/bind .
    out /mnt/bind/. new
    out /vol/. new
    out /vol-image new
    forget
}

it_copies_out_of_a_created_container() { both created; out_cases; forget; }
it_copies_out_of_an_exited_container() { both exited; out_cases; out /vol/v .; forget; }

# No file with two names: under a new directory's name podman looks for the first one under the old, in vain.
sources() {
    rm -rf /tmp/from
    mkdir -p /tmp/from/dir/sub /tmp/from/dot. /tmp/from/only
    echo 1 >/tmp/from/file
    echo 2 >/tmp/from/dir/two
    echo 3 >/tmp/from/dir/sub/three
    echo 4 >/tmp/from/dot./f
    chmod 750 /tmp/from/dir
    chown 7:8 /tmp/from/dir/two
    chmod 4711 /tmp/from/dir/two
    ln -s file /tmp/from/link
    ln -s dir /tmp/from/dirlink
    ln -s two /tmp/from/dir/inner
    ln -s nothing /tmp/from/lost
    mkfifo /tmp/from/dir/fifo
    touch -d '2001-02-03 04:05:06' /tmp/from/file /tmp/from/dir/two /tmp/from/dir/sub
}

into_cases() {
    state_now=$1
    declare -gA volumes=([podman]=/var/lib/containers/storage/volumes [podsharp]=$(dirname "$(dirname "$(podsharp volume inspect --format '{{.Mountpoint}}' data-podsharp)")"))
    sources
    into file /
    into file /newer
    into file .
    into file ./new
    into file subdir/none
    into file nothing/
    into file /srv/file
    into file /srv/link
    into file /srv/lost
    into file deep/new
    into file /srv/dirlink
    into file dir/
    into file dir/.
    into link /srv/copied
    into link /tmp
    into lost /tmp
    into none /tmp
    into dir /tmp
    into dir/ /tmp
    into dir/. /tmp
    into dir /srv/made1
    into dir/. /srv/made2
    into dirlink /srv/made3
    into dot. /srv/made4
    into dot. /tmp
    into . /srv/made5
    into dir /srv/file
    into dir /srv/deep/far
    into only /srv/file
    into file /srv/only/only
    into only /srv/only/only
    into only /srv/only --overwrite
    into file /mnt/bind
    into dir /mnt/bind/inner
    into file /vol
    into dir /vol/made
    into file /vol-image
    into file /srv/dir/../up
    into dir /tmp/kept -a=false
    into file /home/u --archive=false
}

it_copies_into_a_running_container() { both running; into_cases running; forget; }
it_copies_into_a_created_container() { both created; into_cases created; forget; }
it_copies_into_an_exited_container() { both exited; into_cases exited; forget; }

# --- what podman does otherwise, or can't be asked -------------------------------------------------------------------------

it_takes_a_mount_point_for_a_directory() {
    local state
    for state in created exited; do
        both $state
        rm -rf /tmp/mounts
        mkdir /tmp/mounts
        podsharp cp c-podsharp:/mnt/bind /tmp/mounts
        podsharp cp c-podsharp:/mnt/bind /tmp/mounts/new
        podsharp cp c-podsharp:/vol /tmp/mounts
        podsharp cp c-podsharp:/vol/. /tmp/mounts/content
        equal "$(cat /tmp/mounts/bind/inner/b /tmp/mounts/new/inner/b)" $'bound\nbound'
        [[ -d /tmp/mounts/vol && -d /tmp/mounts/content ]]
        forget
    done
}

it_makes_a_directory_of_the_working_directorys_content() {
    both running
    rm -rf /tmp/work
    podsharp cp c-podsharp:. /tmp/work
    equal "$(cat /tmp/work/dir/two)" two
    forget
}

it_keeps_the_names_of_a_file_in_a_new_directory() {
    sources
    ln /tmp/from/dir/two /tmp/from/dir/twice
    podsharp create --name names localhost/copies:test
    podsharp cp /tmp/from/dir names:/srv/other
    rm -rf /tmp/names
    podsharp cp names:/srv/other /tmp/names
    equal "$(stat -c %i /tmp/names/two)" "$(stat -c %i /tmp/names/twice)"
    podsharp rm names
}

it_copies_files_of_the_containers_user() {
    local engine
    for engine in podman podsharp; do
        $engine run -d --name "u-$engine" --user 1234:55 localhost/copies:test sleep 1000
        sources
        $engine cp /tmp/from/dir "u-$engine:/home/u/dir"
        $engine cp --archive=false /tmp/from/dir/two "u-$engine:/home/u/own"
        $engine exec "u-$engine" sh -c 'cd /home/u && find . | sort | xargs stat -c "%n %u %g %a"' >"/tmp/user-$engine"
        $engine cp "u-$engine:/srv/dir" - | tar --numeric-owner -tvf - | awk '{print $1, $2, $6}' | sort >>"/tmp/user-$engine"
    done
    diff /tmp/user-podman /tmp/user-podsharp || fail 'not as podman'
    grep -q '^./own 7 8 4711$' /tmp/user-podsharp
    podman rm -f -t 0 u-podman
    podsharp rm -f -t 0 u-podsharp
}

it_takes_and_gives_a_tar() {
    sources
    podsharp run -d --name t localhost/copies:test sleep 1000
    tar -C /tmp/from -cf /tmp/t.tar dir
    gzip -kf /tmp/t.tar
    podsharp cp - t:/tmp </tmp/t.tar
    podsharp cp - t:/home <"/tmp/t.tar.gz"
    tar -C /tmp/from -cf - dir | podsharp cp - t:/srv/only
    equal "$(podsharp exec t cat /tmp/dir/two /home/dir/two /srv/only/dir/two)" $'2\n2\n2'
    if has zstd; then
        zstd -qf /tmp/t.tar -o /tmp/t.zst
        podsharp cp - t:/vol-image </tmp/t.zst
        equal "$(podsharp exec t cat /vol-image/dir/two)" 2
    fi
    equal "$(podsharp cp t:/srv/dir - | tar -tf - | sort | head -n 1)" dir/
    equal "$(podsharp cp t:/srv/dir/. - | tar -tf - | sort | head -n 1)" inner
    equal "$(podsharp cp t:/srv/file - | tar -xOf -)" one
    run podsharp cp - t:/srv/file <"/tmp/t.tar"
    exit_is 125
    complains '^Error: destination must be a directory when copying from stdin'
    run podsharp cp - t:/tmp </tmp/from/file
    exit_is 125
    one_sentence
    run podsharp cp - t:/tmp </dev/null
    exit_is 125
    one_sentence
    podsharp rm -f -t 0 t
}

it_refuses_what_cant_be_copied() {
    podsharp create --name r localhost/copies:test
    run podsharp cp r:/nothing /tmp
    exit_is 125
    complains '^Error: "/nothing" could not be found on container r: no such file or directory$'
    run podsharp cp /tmp/nothing r:/tmp
    complains '^Error: "/tmp/nothing" could not be found on the host: no such file or directory$'
    run podsharp cp r:/srv/dir /etc/passwd
    complains '^Error: destination must be a directory when copying a directory'
    run podsharp cp r:/srv/file /dev/null
    exit_is 125
    complains '^Error: invalid destination: "/dev/null" must be a directory or a regular file'
    run podsharp cp /etc/passwd /tmp
    exit_is 125
    one_sentence
    run podsharp cp r: /tmp
    exit_is 125
    one_sentence
    run podsharp cp none:/etc /tmp
    exit_is 125
    complains 'no such container'
    podsharp rm r
}

it_copies_between_containers() {
    local from to
    podsharp run -d --name one --tmpfs /scratch localhost/copies:test sh -c 'echo s >/scratch/s; sleep 1000'
    podsharp create --name two localhost/copies:test
    podsharp create --name three localhost/copies:test
    for from in one two; do
        for to in one two three; do
            podsharp cp "$from:/srv/dir" "$to:/home/from-$from"
            podsharp cp "$from:/srv/dir/." "$to:/home/u"
        done
    done
    eventually 5 podsharp exec one test -s /scratch/s
    podsharp cp one:/scratch/s three:/tmp
    for to in one two three; do
        equal "$(podsharp cp "$to:/home" - | tar -xOf - home/from-one/two home/from-two/sub/three home/u/two)" $'two\nthree\ntwo'
    done
    equal "$(podsharp cp three:/tmp/s - | tar -xOf -)" s
    # Into itself: what was there, once.
    podsharp cp two:/srv two:/srv/only
    podsharp cp one:/srv one:/srv/only
    equal "$(podsharp cp two:/srv/only - | tar -tf - | grep -c file)" 1
    podsharp rm -f -t 0 one two three
}

it_lets_copies_in_opposite_directions_pass() {
    local i pids=()
    podsharp create --name left localhost/copies:test
    podsharp create --name right localhost/copies:test
    dd if=/dev/urandom of=/tmp/much bs=1M count=20 status=none
    podsharp cp /tmp/much left:/much
    podsharp cp /tmp/much right:/much
    for i in 1 2 3; do
        timeout 60 podsharp cp left:/much right:/from-left & pids+=($!)
        timeout 60 podsharp cp right:/much left:/from-right & pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i"; done
    equal "$(podsharp cp left:/from-right - | tar -xOf - | sha256sum)" "$(sha256sum </tmp/much)"
    equal "$(podsharp cp right:/from-left - | tar -xOf - | sha256sum)" "$(sha256sum </tmp/much)"
    rm /tmp/much
    podsharp rm left right
}

# The paths that hung before: links with ".." below a mount of its own.
it_resolves_links_with_dots_in_what_does_not_run() {
    podsharp create --name dots localhost/copies:test
    equal "$(timeout 20 podsharp cp dots:/srv/deep/far/file - | tar -xOf -)" one
    equal "$(timeout 20 podsharp cp dots:/srv/deep/up/three - | tar -xOf -)" three
    equal "$(timeout 20 podsharp cp dots:/../../srv/../srv/file - | tar -xOf -)" one
    # By text, as podman has it.
    timeout 20 podsharp cp /etc/hostname dots:/srv/deep/up/../../new
    equal "$(podsharp diff dots | grep new)" 'A /srv/new'
    podsharp rm dots
}

# A container turns a directory into a link to the host's and back as fast as it can: nothing of the host is read or written.
it_never_follows_a_link_to_the_host() {
    local i
    mkdir -p /tmp/secret
    echo host >/tmp/secret/file
    podsharp run -d --name race "$image" sh -c 'mkdir -p /tmp/a /tmp/b/sub; echo own >/tmp/b/file; ln -s /tmp/secret /tmp/link
        while :; do ln -sfn /tmp/secret /tmp/a/t 2>/dev/null; rm -rf /tmp/a/t; cp -r /tmp/b /tmp/a/t; rm -rf /tmp/a/t; done'
    mkdir -p /tmp/payload/t
    echo written >/tmp/payload/t/written
    for i in {1..40}; do
        podsharp cp race:/tmp/a - 2>/dev/null | tar -xOf - 2>/dev/null | grep -q host && fail 'read from the host'
        podsharp cp race:/tmp/a/t/file - 2>/dev/null | tar -xOf - 2>/dev/null | grep -q host && fail 'read from the host'
        podsharp cp /tmp/payload/t/written race:/tmp/a/t/ 2>/dev/null || true
        podsharp cp --overwrite /tmp/payload/t race:/tmp/a 2>/dev/null || true
    done
    run podsharp cp race:/tmp/link/file -
    exit_is 125
    equal "$(ls /tmp/secret)" file
    podsharp rm -f -t 0 race
    # Links in an archive lead nowhere outside the directory either, on both sides.
    mkdir -p /tmp/evil
    ln -sfn /tmp/secret /tmp/evil/out
    tar -C /tmp/evil -cf /tmp/evil.tar out
    mkdir -p /tmp/evil2/out
    echo evil >/tmp/evil2/out/evil
    tar -C /tmp/evil2 -rf /tmp/evil.tar out/evil
    podsharp create --name evil "$image" true
    podsharp cp - evil:/tmp </tmp/evil.tar || true
    equal "$(ls /tmp/secret)" file
    printf 'x' >/tmp/evil3
    tar -P --transform 's#.*#../../../../tmp/secret/evil#' -cf /tmp/evil3.tar /tmp/evil3
    run podsharp cp - evil:/tmp </tmp/evil3.tar
    exit_is 125
    equal "$(ls /tmp/secret)" file
    podsharp rm evil
}

it_writes_to_a_file_that_something_is_mounted_on() {
    podsharp run -d --name hosts "$image" sleep 1000
    echo '127.0.0.9 mine' >/tmp/hosts
    podsharp cp /tmp/hosts hosts:/etc/hosts
    equal "$(podsharp exec hosts cat /etc/hosts)" '127.0.0.9 mine'
    podsharp rm -f -t 0 hosts
}

it_keeps_attributes_and_times() {
    echo x >/tmp/attributed
    touch -d '2001-02-03 04:05:06.123456789 UTC' /tmp/attributed
    python3 -c "import os; os.setxattr('/tmp/attributed', 'user.mine', b'value')" || skip 'no attributes on this file system'
    podsharp create --name attributes "$image" true
    podsharp cp /tmp/attributed attributes:/tmp
    podsharp cp attributes:/tmp/attributed /tmp/attributed2
    equal "$(TZ=UTC stat -c %y /tmp/attributed2)" '2001-02-03 04:05:06.123456789 +0000'
    equal "$(python3 -c "import os; print(os.getxattr('/tmp/attributed2', 'user.mine').decode())")" value
    podsharp rm attributes
}

it_leaves_nothing_when_a_copy_is_killed() {
    local mounts pid
    podsharp create --name killed "$image" sleep 1000
    mounts=$(grep -c '/merged ' /proc/self/mountinfo || true)
    mkfifo /tmp/slow
    exec 9<>/tmp/slow
    podsharp cp - killed:/tmp <&9 9>&- &
    pid=$!
    tar -C /etc -cf - passwd | head -c 1024 >&9
    sleep 1
    # Under its lock: whoever comes now waits.
    timeout 0.5 podsharp start killed && fail 'started while it was written to'
    kill -9 $pid
    wait $pid || true
    exec 9>&-
    rm /tmp/slow
    equal "$(grep -c '/merged ' /proc/self/mountinfo || true)" "$mounts"
    podsharp start killed
    podsharp exec killed true
    podsharp rm -f -t 0 killed
    run podman system check
    exit_is 0
}

run_suite "$@"
