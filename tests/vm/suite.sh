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

it_changes_limits_of_what_runs() {
    podsharp run -d --name changed --memory 64m "$image" sleep 1000
    podsharp update --memory 128m --cpus 0.5 --pids-limit 33 changed
    equal "$(podsharp exec changed cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max /sys/fs/cgroup/pids.max | tr '\n' ' ')" '134217728 50000 100000 33 '
    podsharp update --memory 0 --cpus 0 --pids-limit 0 changed
    equal "$(podsharp exec changed cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max /sys/fs/cgroup/pids.max | tr '\n' ' ')" 'max max 100000 max '
    podsharp rm -f -t 0 changed
}

it_keeps_the_helper_out_of_its_callers_control_group() {
    local pid
    podsharp run -d --name loop --restart always "$image" sh -c 'exit 1'
    eventually 60 sh -c '[ "$(podsharp inspect loop --format "{{.RestartCount}}")" -ge 2 ]'
    pid=$(ps -eo pid=,args= | awk '$NF == "supervise" {print $1}')
    grep -q '/podsharp/supervisor$' "/proc/$pid/cgroup" || fail "$(cat "/proc/$pid/cgroup")"
    podsharp rm -f -t 0 loop
}

# A reboot as the engine sees it: every process dies at once, mounts and /run are gone, the boot has another id, and systemd starts its units.
it_starts_containers_after_a_reboot() {
    local pid
    run podsharp run -d --name always --restart always "$image" sleep 1000
    complains 'not started after a reboot: the unit podsharp-restart.service is not enabled'
    equal "$(podsharp system boot-unit)" 'podsharp-restart.service: disabled: the unit podsharp-restart.service is not enabled'
    equal "$(podsharp system boot-unit --enable)" 'podsharp-restart.service: enabled'
    equal "$(systemctl is-enabled podsharp-restart.service)" enabled
    systemd-analyze verify /etc/systemd/system/podsharp-restart.service
    run podsharp run -d --name unless --restart unless-stopped "$image" sleep 1000
    equal "$errors" ''
    podsharp run -d --name stopped --restart unless-stopped "$image" sleep 1000
    podsharp run -d --name plain "$image" sleep 1000
    podsharp stop -t 0 stopped
    # Off.
    for pid in $(pgrep conmon) $(podsharp ps -q | xargs podsharp inspect --format '{{.State.Pid}}'); do kill -9 "$pid" 2>/dev/null || true; done
    sleep 2
    # Some go by themselves meanwhile: the exit commands are at work.
    awk '$5 ~ /containers|netns/ {print $5}' /proc/self/mountinfo | sort -ru | xargs -r -n 1 umount -l 2>/dev/null || true
    rm -rf /run/containers/storage /run/netns /run/crun /run/runc
    cat /proc/sys/kernel/random/uuid >/tmp/boot-id
    mount --bind /tmp/boot-id /proc/sys/kernel/random/boot_id
    # On.
    systemctl start podsharp-restart.service
    equal "$(podsharp ps --format '{{.Names}}' --sort names | tr '\n' ' ')" 'always unless '
    # The end of the system is no stop by a user.
    systemctl stop podsharp-restart.service
    equal "$(podsharp ps -q)" ''
    equal "$(podsharp ps -a --filter should-start-on-boot=true --format '{{.Names}}' --sort names | tr '\n' ' ')" 'always unless '
    equal "$(podsharp system boot-unit --disable)" 'podsharp-restart.service: disabled: the unit podsharp-restart.service is not enabled'
    [[ ! -e /etc/systemd/system/podsharp-restart.service ]]
    podsharp rm -f -t 0 always unless stopped plain
    umount /proc/sys/kernel/random/boot_id
}

run_suite "$@"
