#!/bin/bash
# What a container has is there again after a checkpoint and a restore; what CRIU can't take is refused before anything is frozen, with the reason.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

# Each test leaves the host without containers, whatever became of it.
[[ ${1:-} != --inner ]] || trap 'podsharp rm -a -f -t 0 || true' EXIT

counting='i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done'
last() { podsharp logs "$1" 2>/dev/null | tail -n 1; }
counts_to() { [[ $(last "$1") -ge $2 ]]; }
counted_on() { podsharp logs "$1" | awk '$1 != NR { exit 1 }' || fail "$1 has lost count: $(podsharp logs "$1" | tail -n 5)"; }
start_counting() { podsharp run -d --name "$@" "$image" sh -c "${before:-}$counting" >/dev/null && eventually 20 counts_to "$1" 3; }
state_is() { equal "$(podsharp inspect --format '{{.State.Status}}' "$1")" "$2"; }

there_and_back() {
    local name=$1 number
    shift
    podsharp container checkpoint "$@" "$name" >/dev/null
    state_is "$name" exited
    number=$(last "$name")
    podsharp container restore "$@" "$name" >/dev/null
    state_is "$name" running
    eventually 20 counts_to "$name" $((number + 3))
    counted_on "$name"
}

# same_after NAME COMMAND...: what the command prints is the same after a checkpoint and a restore.
same_after() {
    local name=$1 was
    shift
    was=$("$@")
    [[ -n $was ]] || fail "nothing to compare: $*"
    there_and_back "$name"
    equal "$("$@")" "$was"
}

# refused REASON NAME [OPTION]...: before anything is frozen: CRIU, which would write a log, hasn't been asked.
refused() {
    local reason=$1 name=$2
    shift 2
    run podsharp container checkpoint "$@" "$name"
    exit_is 125
    one_sentence
    complains "$reason"
    state_is "$name" running
    eventually 20 counts_to "$name" $(($(last "$name") + 3))
    counted_on "$name"
    [[ ! -e /var/lib/containers/storage/overlay-containers/$(podsharp inspect --format '{{.Id}}' "$name")/userdata/dump.log ]] || fail "CRIU was asked"
}

# What the kernel says of the container's first process.
powers() { grep -E '^(Cap|Seccomp:|NoNewPrivs)' "/proc/$(podsharp inspect --format '{{.State.Pid}}' "$1")/status"; }
limits() {
    local pid group
    pid=$(podsharp inspect --format '{{.State.Pid}}' "$1")
    cat "/proc/$pid/limits" "/proc/$pid/oom_score_adj"
    for group in memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us pids/pids.max; do
        cat "/sys/fs/cgroup/${group%/*}$(sed -n "s,^[0-9]*:\(\|.*\,\)${group%/*}\(\|\,.*\):,,p" "/proc/$pid/cgroup")/${group##*/}"
    done
}

it_carries_capabilities_and_seccomp() {
    start_counting plain
    start_counting bare --cap-drop all --security-opt no-new-privileges
    start_counting open --cap-add SYS_ADMIN --security-opt seccomp=unconfined
    local name
    for name in plain bare open; do same_after $name powers $name; done
}

it_carries_limits() {
    start_counting limited -m 64m --cpus 0.5 --pids-limit 50 --ulimit nofile=100:200 --oom-score-adj 500
    same_after limited limits limited
}

it_carries_an_init_and_what_is_mounted_by_a_link() {
    mkdir -p /srv/links/place
    echo shown >/srv/links/place/file
    ln -s place /srv/links/directory
    ln -s place/file /srv/links/file
    # The test host's init is found by a link, too; podman can't restore such a container.
    start_counting linked --init -v /srv/links/directory:/d -v /srv/links/file:/f
    same_after linked podsharp exec linked cat /d/file /f /proc/1/comm
    rm -rf /srv/links
}

it_carries_a_read_only_root_with_its_tmpfs() {
    before='echo kept >/tmp/file; echo mine >/t/file; ' start_counting ro --read-only --tmpfs /t:size=5m
    same_after ro podsharp exec ro sh -c 'cat /tmp/file /t/file; grep -E " /t | / " /proc/mounts | cut -d" " -f 2,4 | cut -d, -f 1; df /t | tail -n 1 | awk "{print \$2}"; ! touch /file'
}

it_carries_secrets() {
    printf hush | podsharp secret create quiet - >/dev/null
    start_counting secretive --secret quiet --secret quiet,type=env,target=QUIET
    same_after secretive sh -c "podsharp exec secretive cat /run/secrets/quiet; tr '\0' '\n' </proc/\$(podsharp inspect --format '{{.State.Pid}}' secretive)/environ | grep QUIET"
    podsharp rm -f -t 0 secretive >/dev/null
    podsharp secret rm quiet >/dev/null
}

it_carries_several_networks() {
    podsharp network create --subnet 10.99.8.0/24 net1 >/dev/null
    podsharp network create --subnet 10.99.9.0/24 net2 >/dev/null
    start_counting netted --network net1 --network net2
    same_after netted podsharp exec netted sh -c 'ip -o -4 address show | cut -d " " -f 2- | sort; cat /sys/class/net/eth?/address; ip route | sort; cat /etc/resolv.conf'
    podsharp rm -f -t 0 netted >/dev/null
    podsharp network rm net1 net2 >/dev/null
}

it_carries_shared_namespaces() {
    podsharp run -d --name peer "$image" sleep 1000 >/dev/null
    start_counting joined --network container:peer --ipc container:peer --uts container:peer
    same_after joined sh -c 'for kind in net ipc uts; do readlink /proc/$(podsharp inspect --format "{{.State.Pid}}" joined)/ns/$kind; done'
    # And namespaces of the host's.
    start_counting hosted --network host --ipc host --uts host
    same_after hosted sh -c 'for kind in net ipc uts; do readlink /proc/$(podsharp inspect --format "{{.State.Pid}}" hosted)/ns/$kind; done'
}

it_carries_a_connection_with_the_outside() {
    # The outside waits for the container, which is gone for a while: what it sent meanwhile could come before CRIU has put the connection in its place, and be refused.
    podsharp network create --subnet 10.99.10.0/24 net >/dev/null
    podsharp run -d --name served --network net --ip 10.99.10.5 "$image" nc -l -p 7000 -e sh -c 'while read n; do echo $n >&2; echo $n; done' >/dev/null
    eventually 20 sh -c "podsharp exec served netstat -ltn | grep -q :7000"
    mkfifo /tmp/there /tmp/back
    nc 10.99.10.5 7000 </tmp/there >/tmp/back &
    exec 8>/tmp/there 9</tmp/back
    local number answer
    for number in 1 2 3; do echo $number >&8; read -r -t 20 answer <&9; equal "$answer" $number; done
    podsharp container checkpoint --tcp-established served >/dev/null
    podsharp container restore --tcp-established served >/dev/null
    echo 4 >&8
    read -r -t 30 answer <&9
    equal "$answer" 4
    for number in 5 6; do echo $number >&8; read -r -t 20 answer <&9; equal "$answer" $number; done
    exec 8>&- 9<&-
    rm /tmp/there /tmp/back
    podsharp rm -f -t 0 served >/dev/null
    podsharp network rm net >/dev/null
}

it_refuses_what_criu_cannot_take_before_it_freezes() {
    echo containers:1000000:1000000 >>/etc/subuid
    echo containers:1000000:1000000 >>/etc/subgid
    start_counting mapped --userns auto
    refused 'user namespaces' mapped
    # CRIU would freeze itself with it, and never end.
    start_counting loose --cgroups disabled
    refused 'control group' loose
    podsharp run -d --name peer "$image" sleep 1000 >/dev/null
    start_counting among --pid container:peer
    refused 'PID namespace' among
    start_counting ram --mount type=ramfs,destination=/m
    refused 'ramfs at /m' ram
    # CAP_SYS_RESOURCE is the capability 24.
    (($((16#$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status))) >> 24 & 1)) && return
    start_counting other --user 1000:1000
    refused 'CAP_SYS_RESOURCE' other
}

it_refuses_two_rounds_without_tracking_of_memory() {
    ! criu check --feature mem_dirty_track || skip "this kernel tracks memory"
    start_counting rounds
    refused "doesn't track changes of memory" rounds --pre-checkpoint
}

it_refuses_an_old_criu_and_a_runtime_without_checkpoints() {
    start_counting old
    printf '#!/bin/sh\n[ "$1" != --version ] || { echo Version: 3.17.1; exit; }\nexit 1\n' >/tmp/criu
    printf '#!/bin/sh\n[ "$1" != checkpoint ] || { echo unknown command >&2; exit 1; }\nexec crun "$@"\n' >/usr/local/bin/lacking
    chmod +x /tmp/criu /usr/local/bin/lacking
    mount --bind /tmp/criu "$(command -v criu)"
    run podsharp container checkpoint old
    umount "$(command -v criu)"
    exit_is 125
    complains 'CRIU 3.17.1, which is too old.*CRIU 4.0'
    podsharp --runtime /usr/local/bin/lacking run -d --name without "$image" sh -c "$counting" >/dev/null
    eventually 20 counts_to without 3
    refused 'lacking can.t checkpoint containers.*runc' without
    there_and_back old
    rm /tmp/criu
}

it_refuses_a_container_with_a_debugger() {
    start_counting traced
    local attach=101
    [[ $(uname -m) == x86_64 ]] || attach=117
    # ptrace(PTRACE_SEIZE): attached, but not stopped.
    perl -e 'syscall($ARGV[1] + 0, 0x4206, $ARGV[0] + 0, 0, 0) == 0 or die; sleep 1000' "$(podsharp inspect --format '{{.State.Pid}}' traced)" $attach &
    local debugger=$!
    eventually 20 grep -q "^TracerPid:.*[1-9]" "/proc/$(podsharp inspect --format '{{.State.Pid}}' traced)/status"
    # A debugger that hears of a signal stops its process: so it isn't asked to count on.
    run podsharp container checkpoint traced
    exit_is 125
    one_sentence
    complains "traced by process $debugger"
    state_is traced running
    kill $debugger
    wait $debugger || true
    there_and_back traced
}

it_says_what_to_do_about_large_deleted_files() {
    before='exec 3<>/tmp/large; dd if=/dev/zero of=/tmp/large bs=1M count=3 2>/dev/null; rm /tmp/large; ' start_counting ghost
    run podsharp container checkpoint ghost
    exit_is 125
    one_sentence
    complains 'ghost-limit 100000000'
    complains '/etc/criu/crun.conf'
    state_is ghost running
    mkdir -p /etc/criu
    echo 'ghost-limit 100000000' >/etc/criu/crun.conf
    there_and_back ghost
    rm /etc/criu/crun.conf
}

# Two at once, and others in between: one after the other, and each sees a whole state.
it_takes_its_turn_with_others() {
    start_counting busy
    podsharp container checkpoint busy >/dev/null &
    podsharp container checkpoint busy >/dev/null 2>&1 || true
    wait
    state_is busy exited
    podsharp container restore busy >/dev/null 2>&1 &
    podsharp container restore busy >/dev/null 2>&1 || true
    wait
    state_is busy running
    counted_on busy
    podsharp container checkpoint busy >/dev/null &
    podsharp rm -f -t 0 busy >/dev/null
    wait || true
    ! podsharp container exists busy || fail "it is still there"
}

run_suite "$@"
