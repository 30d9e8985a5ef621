#!/bin/bash
# The options of create and run, side by side with podman's: what inspect shows, and what the container sees.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    cd /tmp
    printf 'FROM %s\nENV IMG=1 IMG2=2\n' "$image" >Dockerfile
    podman build -q -t localhost/vars:test . >/dev/null
}

field() { podsharp inspect "$1" --format "{{.$2}}"; }

# alike OPTION... -- COMMAND...: a container of either engine prints the same, but for names of the engines and ids.
alike() {
    local options=() theirs ours from=${from:-$image}
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    theirs=$(podman run --rm "${options[@]}" "$from" "$@" 2>&1) || true
    ours=$(podsharp run --rm "${options[@]}" "$from" "$@" 2>&1) || true
    plain() { sed -E 's/[0-9a-f]{12}/ID/g; s/podsharp/podman/g' | sort; }
    [[ $(plain <<<"$theirs") == "$(plain <<<"$ours")" ]] || fail "${options[*]}: podman said '$theirs', podsharp '$ours'"
}

# inspected OPTION... -- FIELD...: inspect shows the same.
inspected() {
    local options=() query theirs ours
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    query=$(printf ',.%s' "$@")
    podman create --name theirs "${options[@]}" "$image" sleep 100 >/dev/null
    podsharp create --name ours "${options[@]}" "$image" sleep 100 >/dev/null
    theirs=$(podman inspect theirs | jq -c ".[0] | [${query:1}]")
    ours=$(podsharp inspect ours | jq -c ".[0] | [${query:1}]")
    podman rm -f -t 0 theirs >/dev/null
    podsharp rm -f -t 0 ours >/dev/null
    equal "$ours" "$theirs"
}

it_replaces_a_container_of_the_same_name() {
    first=$(podsharp run -d --name web "$image" sleep 1000)
    second=$(podsharp run -d --name web --replace --stop-timeout 0 "$image" sleep 1000)
    [[ $first != "$second" ]] || fail 'not another one'
    run podsharp container exists "$first"
    exit_is 1
    equal "$(field web State.Status)" running
    # By its whole name, never by the beginning of an id.
    third=$(podsharp create --replace --name "${second:0:6}" "$image" true)
    equal "$(field web State.Status)" running
    podsharp rm "$third"
    # What can't be made replaces nothing.
    run podsharp create --name web --replace --tz No/Where "$image" true
    exit_is 125
    one_sentence
    equal "$(field web Id)" "$second"
    podsharp rm -f -t 0 web
    run podsharp run --replace "$image" true
    exit_is 125
    complains 'cannot replace container without --name being set'
}

it_writes_id_and_pid_files() {
    cd /tmp
    rm -f id pid conmon
    podsharp run -d --cidfile id --pidfile pid --conmon-pidfile conmon --name filed "$image" sleep 1000 >/dev/null
    equal "$(cat id)" "$(field filed Id)"
    equal "$(cat pid)" "$(field filed State.Pid)"
    equal "$(cat conmon)" "$(field filed State.ConmonPid)"
    equal "$(field filed HostConfig.ContainerIDFile) $(field filed PidFile) $(field filed ConmonPidFile)" '/tmp/id /tmp/pid /tmp/conmon'
    equal "$(podsharp exec --cidfile id echo here)" here
    # Two can't share one.
    run podsharp create --cidfile id "$image" true
    exit_is 125
    complains 'container ID file .* exists'
    podsharp kill --cidfile id
    podsharp wait filed
    podsharp restart -t 0 --cidfile id
    podsharp stop -t 0 --cidfile id
    podsharp rm --cidfile id
    [[ ! -e id ]] || fail 'the id file outlived the container'
    # Without a container there is no file.
    run podsharp create --cidfile id --pull never localhost/no:where true
    exit_is 125
    [[ ! -e id ]] || fail 'a file without a container'
    # A file that tells of another container by now stays.
    podsharp create --cidfile id --name filed "$image" true
    echo another >id
    podsharp rm filed
    equal "$(cat id)" another
    rm -f id pid conmon
}

it_takes_variables_as_podman() {
    cd /tmp
    printf '# no\n  A=1 \nFOO\nBA*\n\nQ="x y"\nexport Z=1\nMISSING\nX =1\nE=\n' >vars
    printf 'E1=a\nE1=b\n' >one
    printf 'E1=c\nE2=c\n' >two
    export FOO=foo BAR=bar BAZ=baz IMG=host
    alike --env-file vars -- /bin/env
    alike --env-file one --env-file two -e E2=z -- /bin/env
    alike -e 'BA*' -e FOO -e MISSING -e EMPTY= -- /bin/env
    from=localhost/vars:test
    alike -e 'IMG*' -- /bin/env
    alike --env-host -e FOO=own -- /bin/sh -c '/bin/env | grep -vE "^(_|TMPDIR)="'
    alike --unsetenv IMG --unsetenv PATH --unsetenv A -e A=1 -- /bin/env
    alike --unsetenv-all -e A=1 -- /bin/env
    alike --unsetenv-all --unsetenv FOO --env-host -- /bin/sh -c '/bin/env | grep -vE "^(_|TMPDIR)="'
    unset from
    printf '=d\n' >vars
    run podsharp run --rm --env-file vars "$image" true
    exit_is 125
    complains 'invalid variable: "=d"'
    run podsharp run --rm --env-file /no/where "$image" true
    exit_is 125
    one_sentence
    rm vars one two
}

it_passes_proxies_on() {
    export http_proxy=one HTTPS_PROXY=two
    alike -- /bin/env
    alike --http-proxy=false -- /bin/env
    alike -e http_proxy=own -- /bin/env
    alike --unsetenv http_proxy -- /bin/env
}

it_sets_the_time_zone() {
    for zone in Europe/Paris local America/New_York; do
        alike --tz "$zone" -- sh -c 'date +%Z; md5sum </etc/localtime'
        inspected --tz "$zone" -- Config.Timezone
    done
    alike --tz Asia/Tokyo --read-only -- date +%Z
    for zone in No/Where ../../etc/passwd /etc/passwd Europe; do
        run podsharp create --tz "$zone" "$image" true
        exit_is 125
        one_sentence
        complains 'unknown time zone'
    done
}

it_masks_modes_and_adds_groups() {
    for mask in 0077 77 7; do
        alike --umask "$mask" -- sh -c umask
        inspected --umask "$mask" -- Config.Umask
    done
    run podsharp create --umask 999 "$image" true
    exit_is 125
    one_sentence
    alike --group-add 5 --group-add nogroup -- id
    alike --group-add keep-groups -- id
    inspected --group-add 5 --group-add nogroup -- HostConfig.GroupAdd
    inspected --group-add keep-groups -- HostConfig.GroupAdd
    run podsharp create --group-add keep-groups --group-add 5 "$image" true
    exit_is 125
    complains 'not allowed with any other --group-add'
    run podsharp --runtime runc create --group-add keep-groups "$image" true
    exit_is 125
    complains "runc can't keep the caller's groups"
}

it_sets_the_personality() {
    alike --personality LINUX32 -- uname -m
    alike --personality LINUX -- uname -m
    run podsharp create --personality PDP11 "$image" true
    exit_is 125
    one_sentence
}

it_ends_after_the_timeout() {
    run podsharp run --timeout 1 --name short "$image" sleep 100
    equal "$status" "$(podman run --rm --timeout 1 "$image" sleep 100 >/dev/null; echo $?)"
    podsharp rm short
    inspected --timeout 30 --stop-timeout 4 -- Config.Timeout Config.StopTimeout
    run podsharp create --timeout -1 "$image" true
    exit_is 125
}

it_takes_another_init() {
    cat >/tmp/other-init <<'END'
#!/bin/sh
echo other "$@"
END
    chmod +x /tmp/other-init
    alike --init --init-path /tmp/other-init -- echo hello
    alike --init-path /tmp/other-init -- echo hello
    run podsharp create --init --init-path /no/such "$image" true
    exit_is 125
    complains 'container-init binary not found on the host'
}

it_knows_users_that_the_image_does_not() {
    accounts='cat /etc/passwd /etc/group; id'
    for user in 1234 1234:2345 1 1:6666 77:nogroup 0 nobody; do
        alike -u "$user" -- sh -c "$accounts"
        alike -u "$user" -w /tmp -- sh -c 'tail -n 1 /etc/passwd; echo $HOME'
        alike -u "$user" --read-only -- sh -c "$accounts"
        alike -u "$user" --passwd=false -- sh -c "$accounts"
    done
    alike -u 1234 --read-only -w /tmp -- sh -c 'tail -n 1 /etc/passwd; echo $HOME'
    alike --hostuser daemon --hostuser 2 --hostuser root -- sh -c "$accounts"
    alike --hostuser 1 -u 1 -- sh -c "$accounts"
    alike --hostuser daemon -u daemon -- id
    alike --hostuser daemon -v /tmp:/usr/sbin -- tail -n 1 /etc/passwd
    alike --hostuser daemon --passwd-entry 'u$USERNAME:$UID' -- tail -n 1 /etc/passwd
    alike -u 1234 --passwd-entry 'u$USERNAME:*:$UID:$GID:$NAME:$HOME:/bin/x' -- tail -n 1 /etc/passwd
    alike -u 1:6666 --group-entry 'x:$GID:y' -- tail -n 1 /etc/group
    alike -u 1234 --group-entry 'x:$GID:y' -- tail -n 1 /etc/group
    echo mine:x:1234:1234::/:/bin/sh >/tmp/own
    alike -u 1234 -v /tmp/own:/etc/passwd -- cat /etc/passwd
    inspected -u 5 -- Config.User Config.Passwd
    # Again, it finds the entries of the first start.
    equal "$(podsharp run --name again -u 1234:2345 "$image" grep -c 1234 /etc/passwd)" 1
    equal "$(podsharp start -a again)" 1
    podsharp rm again
    for bad in '--hostuser nosuch' '-u nosuch' '-u 77:nosuch'; do
        run podsharp run --rm $bad "$image" true
        [[ $status != 0 ]] || fail "$bad was taken"
        one_sentence
    done
}

it_makes_entries_in_a_root_file_system() {
    rm -rf /tmp/rootfs
    mkdir /tmp/rootfs
    tar xf "$image_tar" -C /tmp/rootfs
    equal "$(podsharp run --rm -u 77 --rootfs /tmp/rootfs sh -c 'tail -n 1 /etc/passwd')" '77:*:77:0:container user:/:/bin/sh'
    rm /tmp/rootfs/etc/passwd /tmp/rootfs/etc/group
    # An absolute link of the root does not lead to the host's file.
    touch /tmp/victim
    ln -s /tmp/victim /tmp/rootfs/etc/passwd
    podsharp run --rm -u 77 --rootfs /tmp/rootfs true
    equal "$(cat /tmp/victim)" ''
    # Nor does a device that an image brings along: what is written to it would be written to the host's.
    rm /tmp/rootfs/etc/passwd
    mknod /tmp/rootfs/etc/passwd c 1 11
    mkfifo /tmp/rootfs/etc/group
    timeout 20 strace -f -qq -e trace=openat2,write,pwrite64 -y -o /tmp/rootfs.trace podsharp run --rm -u 77:78 --rootfs /tmp/rootfs true
    grep 'etc/passwd' /tmp/rootfs.trace | grep -q O_PATH || fail 'nobody looked'
    [[ $(grep 'etc/passwd' /tmp/rootfs.trace | grep -cE 'O_WRONLY|write') == 0 ]] || fail 'a device was opened for writing'
    rm -rf /tmp/rootfs /tmp/victim
}

it_limits_devices() {
    mknod /tmp/disk b 254 0
    cp -a /tmp/disk /dev/limited
    options=(--device-read-bps /dev/limited:1m --device-write-bps /dev/limited:2mb --device-read-iops /dev/limited:10 --device-write-iops /dev/limited:20)
    fields=(HostConfig.Blkio{Weight,WeightDevice,DeviceReadBps,DeviceWriteBps,DeviceReadIOps,DeviceWriteIOps})
    inspected "${options[@]}" --blkio-weight-device /dev/limited:200 -- "${fields[@]}"
    inspected -- "${fields[@]}"
    podsharp run -d --name limited "${options[@]}" "$image" sleep 1000
    limits=/sys/fs/cgroup/blkio$(field limited State.CgroupPath)/blkio.throttle
    equal "$(cat $limits.{read,write}_{bps,iops}_device)" "$(printf '254:0 %s\n' 1048576 10 2097152 20)"
    podsharp rm -f -t 0 limited
    for bad in '--device-read-bps /dev/null:1m' '--device-read-bps /dev/nosuch:1m' '--device-read-bps foo' '--device-read-bps /dev/limited:x' \
        '--device-read-iops /dev/limited:1m' '--device-write-iops /dev/limited:0' '--blkio-weight 5' '--blkio-weight-device /dev/limited:x' \
        '--blkio-weight-device /dev/limited:5' '--cgroup-conf memory.high=1000000' '--cgroup-conf memory.high' '--cgroups split --cgroup-parent /other' '--cgroups foo' \
        '--memory-swappiness 101' '--oom-score-adj 2000' '--cpu-rt-period -1'; do
        run podsharp create $bad "$image" true
        exit_is 125
        one_sentence
    done
    rm /tmp/disk /dev/limited
}

it_limits_memory_and_time_as_podman() {
    inspected -m 64m --memory-swappiness 30 --memory-reservation 32m -- HostConfig.{Memory,MemoryReservation,MemorySwap,MemorySwappiness}
    inspected --oom-score-adj 100 --cpu-rt-period 1000000 --cpu-rt-runtime 1000 -- HostConfig.{OomScoreAdj,CpuRealtimePeriod,CpuRealtimeRuntime}
    alike --oom-score-adj 100 -- cat /proc/self/oom_score_adj
    podsharp run -d --name weighed -m 64m --memory-swappiness 30 --memory-reservation 32m --oom-kill-disable --cpu-rt-period 900000 "$image" sleep 1000
    group=$(field weighed State.CgroupPath)
    equal "$(cat /sys/fs/cgroup/memory$group/memory.{swappiness,soft_limit_in_bytes})" "$(printf '30\n33554432')"
    grep -q '^oom_kill_disable 1' "/sys/fs/cgroup/memory$group/memory.oom_control"
    equal "$(cat "/sys/fs/cgroup/cpu$group/cpu.rt_period_us")" 900000
    podsharp rm -f -t 0 weighed
}

it_makes_control_groups_as_asked() {
    inspected --cgroups disabled -- HostConfig.{Cgroups,PidsLimit}
    inspected --cgroups no-conmon -- HostConfig.Cgroups
    inspected --cgroup-parent /my/parent -- HostConfig.CgroupParent
    alike --cgroups disabled -- sh -c 'cut -d: -f1,3 </proc/self/cgroup'
    podsharp run -d --name without --cgroups disabled "$image" sleep 1000
    equal "$(field without State.CgroupPath)" ''
    equal "$(podsharp exec without echo here)" here
    podsharp stop -t 0 without
    podsharp start without
    podsharp rm -f -t 0 without
    run podsharp create --cgroups disabled -m 64m "$image" true
    exit_is 125
    complains 'resource limits need a control group'
    run podsharp --runtime runc create --cgroups disabled "$image" true
    exit_is 125
    complains 'runc is not compatible with NoCgroups'
    # systemd does not run here.
    run podsharp --cgroup-manager systemd create "$image" true
    exit_is 125
    complains 'systemd does not run on this host'
    podsharp run -d --name below --cgroup-parent /my/parent --cgroups no-conmon "$image" sleep 1000
    [[ $(field below State.CgroupPath) == /my/parent/* && -d /sys/fs/cgroup/pids$(field below State.CgroupPath) ]] || fail 'not below its parent'
    podsharp rm -f -t 0 below
    rmdir /sys/fs/cgroup/*/my/parent /sys/fs/cgroup/*/my 2>/dev/null || true
}

# Runs a command in control groups of the given path.
in_group() { # PATH COMMAND...
    local hierarchy
    for hierarchy in /sys/fs/cgroup/*/; do
        mkdir -p "$hierarchy$1"
        [[ $hierarchy != */cpuset/ ]] || for file in cpus mems; do cat "$hierarchy/cpuset.$file" >"$hierarchy$1/cpuset.$file"; done
        echo "$BASHPID" >"$hierarchy$1/cgroup.procs"
    done
    "${@:2}"
}

it_splits_the_callers_group() {
    # Nobody can split the root group; found out at the start, which may be another's.
    run podsharp run --rm --cgroups split "$image" true
    exit_is 125
    complains 'root control group'
    podsharp create --name beside --cgroups split -m 64m "$image" sleep 1000
    (in_group mine podsharp start beside)
    equal "$(field beside State.CgroupPath)" "/mine/podsharp-payload-$(field beside Id)"
    equal "$(cat "/sys/fs/cgroup/memory/mine/podsharp-payload-$(field beside Id)/memory.limit_in_bytes")" 67108864
    equal "$(grep :memory: "/proc/$(field beside State.ConmonPid)/cgroup" | cut -d: -f3)" /mine/podsharp-runtime
    equal "$(grep :memory: "/proc/$(field beside State.Pid)/cgroup" | cut -d: -f3)" "/mine/podsharp-payload-$(field beside Id)"
    equal "$(podsharp exec beside echo here)" here
    equal "$(podsharp top beside args | tail -n +2)" 'sleep 1000'
    podsharp stop -t 0 beside
    [[ ! -e /sys/fs/cgroup/memory/mine/podsharp-payload-$(field beside Id) ]] || fail 'its group is still there'
    # Whoever starts it next has it with them.
    (in_group other podsharp start beside)
    equal "$(field beside State.CgroupPath)" "/other/podsharp-payload-$(field beside Id)"
    podsharp rm -f -t 0 beside
    local group
    for group in mine other; do eventually 10 rmdir "/sys/fs/cgroup/memory/$group/podsharp-runtime"; done
    rmdir /sys/fs/cgroup/*/{mine,other}/podsharp-runtime /sys/fs/cgroup/*/{mine,other} 2>/dev/null || true
}

it_leaves_nothing() { equal "$(podsharp ps -aq)" ''; equal "$(podman ps -aq)" ''; }

run_suite "$@"
