#!/bin/bash
# What happens around containers: killed processes, a login session's end, a reboot, another engine, many at once.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() { import_image; }

field() { podsharp inspect "$1" --format "{{.$2}}"; }
port=18200
service() { podsharp run -d --name "$1" -p "127.0.0.1:$port:80" "$image" sh -c 'exec sleep 100' >/dev/null; }

it_finds_the_truth_after_its_process_was_killed() {
    service one
    kill -9 "$(field one State.Pid)"
    eventually 10 sh -c '[ "$(podsharp inspect one --format "{{.State.Status}}")" = exited ]'
    equal "$(field one State.ExitCode)" 137
    podsharp start one
    podsharp rm -f -t 0 one
    nothing_left
}

it_finds_the_truth_after_conmon_was_killed() {
    service one
    kill -9 "$(field one State.ConmonPid)"
    equal "$(field one State.Status)" running
    run podsharp stop -t 1 one
    exit_is 0
    equal "$(field one State.Status)" exited
    podsharp start one
    # Both at once: nobody knows the exit code.
    kill -9 "$(field one State.ConmonPid)" "$(field one State.Pid)"
    eventually 10 sh -c '[ "$(podsharp inspect one --format "{{.State.Status}}")" = exited ]'
    podsharp rm -f -t 0 one
    nothing_left
}

it_lives_on_when_the_attached_caller_is_killed() {
    podsharp run --name one "$image" sh -c 'while :; do echo tick; sleep 0.1; done' >/dev/null &
    eventually 10 sh -c 'podsharp logs one | grep -q tick'
    kill -9 $!
    sleep 0.5
    equal "$(field one State.Status)" running
    lines=$(podsharp logs one | wc -l)
    eventually 5 sh -c "[ \$(podsharp logs one | wc -l) -gt $lines ]"
    podsharp exec one sleep 100 &
    eventually 5 sh -c 'podsharp top one args | grep -q "^sleep 100"'
    kill -9 $!
    podsharp stop -t 0 one
    podsharp rm one
    # With --rm it goes at its end without anybody's help.
    podsharp run --rm --name two "$image" sleep 2 &
    eventually 10 sh -c '[ "$(podsharp ps -q)" ]'
    kill -9 $!
    eventually 15 sh -c '! podsharp container exists two'
    nothing_left
}

# As the end of a login session does it: everything in the caller's cgroup is killed.
it_outlives_the_cgroup_of_its_caller() {
    local group hierarchy
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [[ -f $hierarchy/cgroup.procs && ! -L $hierarchy ]] || continue
        mkdir -p "$hierarchy/session"
        [[ ! -f $hierarchy/cpuset.cpus ]] || { cat "$hierarchy/cpuset.cpus" >"$hierarchy/session/cpuset.cpus"; cat "$hierarchy/cpuset.mems" >"$hierarchy/session/cpuset.mems"; }
    done
    bash -c '
        for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
            [[ ! -d $hierarchy/session || -L $hierarchy ]] || echo $$ >"$hierarchy/session/cgroup.procs"
        done
        podsharp run -d --name one "$1" sleep 100
        podsharp run --name two "$1" sleep 100 &
        wait' session "$image" &
    eventually 15 sh -c '[ "$(podsharp ps -q | wc -l)" = 2 ]'
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [[ -d $hierarchy/session && ! -L $hierarchy ]] || continue
        for group in $(cat "$hierarchy/session/cgroup.procs"); do kill -9 "$group" 2>/dev/null || true; done
    done
    wait
    for group in one two; do
        equal "$(field $group State.Status)" running
        [[ -d /proc/$(field $group State.ConmonPid) ]] || fail 'conmon went with the session'
    done
    podsharp exec one true
    podsharp stop -t 0 one two
    podsharp rm one two
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [[ ! -d $hierarchy/session || -L $hierarchy ]] || eventually 5 rmdir "$hierarchy/session"
        # The group of all conmons stays as long as there may be a next one.
        rmdir "$hierarchy/podsharp/conmon" 2>/dev/null || true
    done
    nothing_left
}

it_shows_what_podman_removed_as_lost() {
    podsharp create --name one "$image" true >/dev/null
    podsharp create --name two "$image" true >/dev/null
    run podman ps -a --external --format '{{.Names}}'
    prints one
    run podman rm -f one
    exit_is 0
    run podsharp ps -a --format '{{.Names}} {{.State}}'
    prints '^one lost$'
    prints '^two created$'
    run podsharp start one
    exit_is 125
    one_sentence
    podman system prune -f --external >/dev/null 2>&1 || podman container prune -f >/dev/null
    podsharp rm one
    podsharp rm --ignore two
    equal "$(podsharp ps -aq)" ''
    podman image exists "$image" || import_image
    nothing_left
}

it_stands_fifty_at_once() {
    local i failed=''
    mkdir -p /tmp/storm
    for i in {1..50}; do
        (code=0; podsharp run --rm --name "storm$i" -p "127.0.0.1:$((18400 + i)):80" "$image" sh -c "ip -4 -o address show eth0 | awk '{print \$4}'; exit 3" \
            >/tmp/storm/$i.out 2>/tmp/storm/$i.err || code=$?; echo $code >/tmp/storm/$i.code) &
    done
    wait
    for i in {1..50}; do [[ $(</tmp/storm/$i.code) == 3 ]] || failed+="$i: $(</tmp/storm/$i.code) $(</tmp/storm/$i.err)"$'\n'; done
    [[ -z $failed ]] || fail "$failed"
    equal "$(podsharp ps -aq)" ''
    nothing_left
}

it_gives_each_its_own_address() {
    local i
    for i in {1..12}; do podsharp run -d --name "same$i" "$image" sleep 100 >/dev/null & done
    wait
    equal "$(podsharp inspect same{1..12} --format '{{.NetworkSettings.Networks.podsharp.IPAddress}}' | sort -u | wc -l)" 12
    podsharp rm -f -t 0 same{1..12} >/dev/null
    nothing_left
}

it_stands_many_at_one_container() {
    local i
    for i in {1..20}; do
        (
            set +e
            podsharp create --name one "$image" sleep 100
            podsharp start one
            podsharp stop -t 0 one
            podsharp rm -f -t 0 one
        ) >/tmp/crowd.$i 2>&1 &
    done
    wait
    # Refusals are in order (the name is taken, there is no such container); crashes and database trouble are not.
    ! grep -hE 'Unhandled|   at |database|SQLite|locked|exception' /tmp/crowd.* || fail 'not a refusal'
    podsharp rm -f -t 0 --ignore one
    equal "$(podsharp ps -aq)" ''
    nothing_left
}

# The last one: podman can only be asked again after a reboot of its own.
it_believes_nothing_after_a_reboot() {
    service up
    podsharp create --name never "$image" true >/dev/null
    podsharp run -d --rm --name passing "$image" sleep 100 >/dev/null
    podsharp run -d --name volumes -v kept:/data "$image" sh -c 'echo kept >/data/file; sleep 100' >/dev/null
    eventually 5 podsharp exec volumes cat /data/file
    # Power off: every process dies at once, mounts and /run are gone, the next boot has another id.
    pgrep -x 'conmon|aardvark-dns' | xargs kill -9
    pgrep -x sleep | xargs kill -9
    awk '$5 ~ /\/merged$|\/shm$|\/run\/netns\/./ && $5 != "/dev/shm" {print $5}' /proc/self/mountinfo | sort -ru | xargs -n 1 umount -l || true
    umount -l /run/netns 2>/dev/null || true
    find /run -xdev -mindepth 1 -delete 2>/dev/null || true
    nft flush ruleset
    ip link delete podsharp0
    find /sys/fs/cgroup -mindepth 2 -type d -path '*podsharp/*' | sort -r | xargs rmdir
    cat /proc/sys/kernel/random/uuid >/tmp/boot-id
    mount --bind /tmp/boot-id /proc/sys/kernel/random/boot_id
    run podsharp ps -a --sort names --format '{{.Names}} {{.State}}'
    equal "$output" $'never created\nup exited\nvolumes exited'
    equal "$(podsharp ps -q)" ''
    podsharp start up never volumes
    equal "$(podsharp exec volumes cat /data/file)" kept
    equal "$(field up State.Status)" running
    podsharp rm -f -t 0 --all
    podsharp volume rm kept
    nothing_left
    umount /proc/sys/kernel/random/boot_id
}

run_suite "$@"
