#!/bin/bash
# update: limits live and for the next start, restart policy, variables, process limits; beside podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

gone() { podsharp rm -f -v -t 0 "$@" >/dev/null; }
up() { podsharp --runtime "${3:-crun}" run -d --name "$1" ${2:-} "$image" sleep 1000 >/dev/null; }

# in_group NAME CONTROLLER FILE: what the kernel says; on cgroup v1 one hierarchy a controller.
in_group() {
    local pid path
    pid=$(podsharp inspect "$1" --format '{{.State.Pid}}')
    path=$(awk -F: -v c="$2" '{n = split($2, names, ","); for (i = 1; i <= n; i++) if (names[i] == c) print $3}' "/proc/$pid/cgroup")
    cat "/sys/fs/cgroup/$2$path/$3"
}

it_changes_limits_of_what_runs_with_each_runtime() {
    local runtime
    for runtime in crun runc; do
        up "u-$runtime" '--memory 64m --cpus 0.5' "$runtime"
        equal "$(in_group "u-$runtime" memory memory.limit_in_bytes)" 67108864
        # Above the old limit of memory and swap, too: the order of the kernel's files matters.
        run podsharp update --memory 256m --cpus 1.5 --pids-limit 77 --cpu-shares 512 --cpuset-cpus 0 "u-$runtime"
        exit_is 0
        equal "$output" "$(podsharp inspect "u-$runtime" --format '{{.Id}}')"
        equal "$(in_group "u-$runtime" memory memory.limit_in_bytes)" 268435456
        equal "$(in_group "u-$runtime" cpu cpu.cfs_quota_us)" 150000
        equal "$(in_group "u-$runtime" cpu cpu.shares)" 512
        equal "$(in_group "u-$runtime" pids pids.max)" 77
        equal "$(in_group "u-$runtime" cpuset cpuset.cpus)" 0
        equal "$(podsharp inspect "u-$runtime" --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpuShares}} {{.HostConfig.CpusetCpus}}')" \
            '268435456 536870912 1500000000 77 512 0'
        # And back below it.
        podsharp update --memory 32m "u-$runtime"
        equal "$(in_group "u-$runtime" memory memory.limit_in_bytes)" 33554432
        # For the next start.
        podsharp restart -t 0 "u-$runtime"
        equal "$(in_group "u-$runtime" memory memory.limit_in_bytes)" 33554432
        equal "$(in_group "u-$runtime" pids pids.max)" 77
        gone "u-$runtime"
    done
}

it_takes_limits_away() {
    local runtime
    for runtime in crun runc; do
        up "f-$runtime" '--memory 64m --cpus 0.5 --pids-limit 50' "$runtime"
        podsharp update --memory 0 --cpus 0 --pids-limit -1 "f-$runtime"
        [[ $(in_group "f-$runtime" memory memory.limit_in_bytes) -gt 1000000000000 ]]
        equal "$(in_group "f-$runtime" cpu cpu.cfs_quota_us)" -1
        equal "$(in_group "f-$runtime" pids pids.max)" max
        equal "$(podsharp inspect "f-$runtime" --format '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}')" '0 0'
        podsharp restart -t 0 "f-$runtime"
        equal "$(in_group "f-$runtime" cpu cpu.cfs_quota_us)" -1
        gone "f-$runtime"
    done
}

it_changes_what_is_paused_and_what_does_not_run() {
    up paused --memory=64m
    podsharp pause paused
    podsharp update --memory 128m paused
    equal "$(in_group paused memory memory.limit_in_bytes)" 134217728
    equal "$(podsharp inspect paused --format '{{.State.Status}}')" paused
    gone paused
    podsharp create --name made "$image" sleep 100 >/dev/null
    podsharp update --memory 128m --env NEW=1 made
    equal "$(podsharp inspect made --format '{{.HostConfig.Memory}}')" 134217728
    podsharp start made
    equal "$(in_group made memory memory.limit_in_bytes)" 134217728
    equal "$(podsharp exec made sh -c 'echo $NEW')" 1
    gone made
}

it_changes_nothing_when_the_kernel_refuses() {
    podsharp run -d --name used --memory 128m "$image" sh -c 'head -c 60m /dev/zero | tail' >/dev/null
    eventually 20 sh -c '[ $(podsharp stats --no-stream --format "{{.MemUsage}}" used | cut -d. -f1 | tr -dc 0-9) -gt 40 ]'
    run podsharp update --memory 4m --memory-swap 4m used
    exit_is 125
    one_sentence
    equal "$(podsharp inspect used --format '{{.HostConfig.Memory}}')" 134217728
    gone used
}

it_sets_and_unsets_variables_as_podman_does() {
    local tool
    podman import "$image_tar" "$image" >/dev/null 2>&1 || true
    for tool in podman podsharp; do
        "$tool" run -d --name "v-$tool" -e KEPT=1 -e OLD=2 "$image" sleep 1000 >/dev/null
        "$tool" update --env NEW=3 --env KEPT=4 --unsetenv OLD "v-$tool" >/dev/null
        equal "$("$tool" inspect "v-$tool" --format '{{range .Config.Env}}{{println .}}{{end}}' | grep -E '^(KEPT|OLD|NEW)=' | sort | tr '\n' ' ')" 'KEPT=4 NEW=3 '
        # A command sees them at once, the container's own process after the next start.
        equal "$("$tool" exec "v-$tool" sh -c 'echo $KEPT $OLD $NEW')" '4 3'
        "$tool" restart -t 0 "v-$tool" >/dev/null
        equal "$("$tool" exec "v-$tool" sh -c "tr '\\0' '\\n' </proc/1/environ" | grep -E '^(KEPT|OLD|NEW)=' | sort | tr '\n' ' ')" 'KEPT=4 NEW=3 '
        "$tool" rm -f -t 0 "v-$tool" >/dev/null
    done
}

it_changes_process_limits_for_the_next_start() {
    up limits '--ulimit nofile=100:200'
    podsharp update --ulimit nofile=300:400 limits
    equal "$(podsharp exec limits sh -c 'ulimit -n')" 300
    podsharp restart -t 0 limits
    equal "$(awk '/open files/ {print $4, $5}' "/proc/$(podsharp inspect limits --format '{{.State.Pid}}')/limits")" '300 400'
    gone limits
}

it_limits_a_device_live() {
    local device
    device=$(lsblk -ndo PATH 2>/dev/null | head -n 1)
    [[ -b ${device:-/none} ]] || skip 'no block device here'
    up disk
    podsharp update --device-read-bps "$device:1mb" disk
    in_group disk blkio blkio.throttle.read_bps_device | grep -q ' 1048576$'
    equal "$(podsharp inspect disk --format '{{range .HostConfig.BlkioDeviceReadBps}}{{.Path}} {{.Rate}}{{end}}')" "$device 1048576"
    gone disk
}

it_refuses_what_would_come_to_nothing() {
    podsharp create --name idle "$image" true >/dev/null
    run podsharp update --health-on-failure kill idle
    exit_is 125
    run podsharp update --blkio-weight 0 idle
    exit_is 125
    run podsharp update --restart sometimes idle
    exit_is 125
    complains '"sometimes" is not a valid restart policy'
    run podsharp update --cpus 1 --cpu-quota 1000 idle
    exit_is 125
    run podsharp update --memory-reservation 1g --memory 64m idle
    exit_is 125
    run podsharp update --memory 64m nobody
    exit_is 125
    complains 'no container with name or ID "nobody"'
    equal "$(podsharp inspect idle --format '{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}')" '0 no'
    gone idle
    podsharp create --rm --name short "$image" true >/dev/null
    run podsharp update --restart always short
    exit_is 125
    gone short
}

it_tells_of_an_update() {
    podsharp create --name told "$image" true >/dev/null
    podsharp update --cpus 1 told >/dev/null
    equal "$(podsharp events --stream=false --filter container=told --filter event=update --format '{{.Status}}')" update
    gone told
}

run_suite "$@"
