#!/bin/bash
# Runs inside the virtual machine. Emulation is slow: a few tests that only cgroup v2 can give.
. "${BASH_SOURCE[0]%/*}/../e2e/lib.sh"

before_all() { import_image; }

it_is_a_machine_with_cgroup_v2_alone() {
    [[ -f /sys/fs/cgroup/cgroup.controllers && $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]]
}

it_sets_memory_max() {
    podsharp run -d --name one --memory 64m --pids-limit 50 "$image" sh -c 'trap "exit 3" TERM; echo up; while :; do sleep 0.2; done'
    eventually 30 sh -c 'podsharp logs one | grep -q up'
    equal "$(podsharp exec one cat /sys/fs/cgroup/memory.max)" 67108864
    equal "$(podsharp exec one cat /sys/fs/cgroup/pids.max)" 50
    # The same as the machine sees it.
    pid=$(podsharp inspect one --format '{{.State.Pid}}')
    equal "$(cat "/sys/fs/cgroup$(cut -d: -f3- "/proc/$pid/cgroup")/memory.max")" 67108864
}

it_is_not_in_the_cgroup_of_its_caller() {
    pid=$(podsharp inspect one --format '{{.State.Pid}}')
    ! grep -q podsharp-test.service "/proc/$pid/cgroup" || fail "$(cat "/proc/$pid/cgroup")"
}

it_execs_stops_and_removes() {
    equal "$(podsharp exec one echo inside)" inside
    podsharp stop one
    run podsharp inspect one --format '{{.State.Status}} {{.State.ExitCode}}'
    equal "$output" 'exited 3'
    podsharp rm one
    run podsharp ps --all --quiet
    equal "$output" ''
}

it_reports_an_out_of_memory_kill() {
    run podsharp run --name hungry --memory 16m --memory-swap 16m "$image" sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1'
    exit_is 137
    run podsharp inspect hungry --format '{{.State.OOMKilled}}'
    equal "$output" true
    podsharp rm hungry
}

run_suite "$@"
