#!/bin/bash
# Runs inside the virtual machine. Emulation is slow: a few tests that only cgroup v2 can give.
. "${BASH_SOURCE[0]%/*}/../e2e/lib.sh"
. "${BASH_SOURCE[0]%/*}/power.sh"

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

it_confines_containers_by_apparmor() {
    local pid
    equal "$(podsharp info --format '{{.Host.Security.AppArmorEnabled}}')" true
    podsharp run -d --name confined --cap-add SYS_ADMIN --tmpfs /place "$image" sh -c 'trap "exit 3" TERM; while :; do sleep 0.2; done'
    pid=$(podsharp inspect confined --format '{{.State.Pid}}')
    equal "$(cat "/proc/$pid/attr/current")" 'podsharp-default-1 (enforce)'
    equal "$(podsharp exec confined cat /proc/self/attr/current)" 'podsharp-default-1 (enforce)'
    equal "$(podsharp inspect confined --format '{{.AppArmorProfile}} {{.HostConfig.SecurityOpt}}')" 'podsharp-default-1 []'
    # The capability alone would do for it.
    run podsharp exec confined mount -t tmpfs none /place
    [[ $status != 0 ]] || fail 'it could mount'
    run podsharp run --rm --cap-add SYS_ADMIN --tmpfs /place --security-opt apparmor=unconfined "$image" sh -c 'mount -t tmpfs none /place && cat /proc/self/attr/current'
    equal "$output" unconfined
    # Signals from outside reach it.
    podsharp stop confined
    equal "$(podsharp inspect confined --format '{{.State.ExitCode}}')" 3
    podsharp rm confined
    equal "$(podsharp run --rm --privileged "$image" cat /proc/self/attr/current)" unconfined
}

it_takes_apparmor_profiles_by_name() {
    echo 'profile own-profile flags=(attach_disconnected) { file, capability, deny /etc/secret r, signal, }' | apparmor_parser --skip-cache --replace
    run podsharp run --name named --security-opt apparmor=own-profile "$image" sh -c 'cat /proc/self/attr/current; echo x >/etc/secret; cat /etc/secret'
    equal "$output" 'own-profile (enforce)'
    complains 'Permission denied'
    equal "$(podsharp inspect named --format '{{.AppArmorProfile}} {{.HostConfig.SecurityOpt}}')" 'own-profile [apparmor=own-profile]'
    printf '[containers]\napparmor_profile = "own-profile"\n' >/tmp/containers.conf
    equal "$(CONTAINERS_CONF=/tmp/containers.conf podsharp run --rm "$image" cat /proc/self/attr/current)" 'own-profile (enforce)'
    run podsharp create --security-opt apparmor=nowhere "$image" true
    exit_is 125
    one_sentence
    complains 'AppArmor profile "nowhere" specified but not loaded'
    # Gone meanwhile: the start fails, and nothing is left of it.
    echo 'profile own-profile { }' | apparmor_parser --remove
    run podsharp start named
    complains 'AppArmor profile "own-profile" specified but not loaded'
    equal "$(podsharp ps -aq | wc -l)" 1
    podsharp rm named
}

it_guards_devices() {
    run podsharp run --rm --device /dev/kmsg:/dev/log:r --cap-add SYSLOG "$image" sh -c 'dd if=/dev/log of=/dev/null bs=8k count=1 2>/dev/null && echo read; echo x >/dev/log'
    equal "$output" read
    complains 'Operation not permitted'
    run podsharp run --rm --device /dev/kmsg "$image" sh -c 'echo written >/dev/kmsg'
    exit_is 0
    # A node that the container makes itself is of no use, unless a rule allows it.
    local tried='mknod /node c 1 11 && echo made; echo x >/node && echo written'
    run podsharp run --rm --cap-add MKNOD "$image" sh -c "$tried"
    equal "$output" made
    complains 'Operation not permitted'
    run podsharp run --rm --cap-add MKNOD --device-cgroup-rule 'c 1:11 rw' "$image" sh -c "$tried"
    equal "$output" $'made\nwritten'
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

it_starts_containers_after_a_reboot() {
    run podsharp run -d --name always --stop-timeout 0 --restart always "$image" sleep 1000
    complains 'not started after a reboot: the unit podsharp-restart.service is not enabled'
    equal "$(podsharp system boot-unit)" 'podsharp-restart.service: disabled: the unit podsharp-restart.service is not enabled'
    equal "$(podsharp system boot-unit --enable)" 'podsharp-restart.service: enabled'
    equal "$(systemctl is-enabled podsharp-restart.service)" enabled
    systemd-analyze verify /etc/systemd/system/podsharp-restart.service
    run podsharp run -d --name unless --stop-timeout 0 --restart unless-stopped "$image" sleep 1000
    equal "$errors" ''
    podsharp run -d --name stopped --restart unless-stopped "$image" sleep 1000
    podsharp run -d --name plain "$image" sleep 1000
    podsharp stop -t 0 stopped
    # What one of them requires comes first, whatever its own policy: cache begun, db healthy, job done already.
    podsharp create --name cache --stop-timeout 0 "$image" sleep 1000
    podsharp create --name db --stop-timeout 0 --health-cmd 'test -f /dev/ready' --health-interval 1s --health-retries 100 "$image" sh -c 'sleep 1; touch /dev/ready; sleep 1000'
    podsharp create --name job "$image" true
    podsharp create --name web --stop-timeout 0 --restart unless-stopped --requires cache --requires db:healthy --requires job:completed "$image" sleep 1000
    podsharp start web
    power_off
    # On.
    systemctl start podsharp-restart.service
    equal "$(podsharp ps --format '{{.Names}}' --sort names | tr '\n' ' ')" 'always cache db unless web '
    # /run is new, and the events with it.
    local order
    order=$(podsharp events --stream=false --format '{{.Status}} {{.Name}} {{.HealthStatus}}')
    equal "$(grep -E '^start (cache|db|web)|^died|^health_status db healthy' <<<"$order" | sort -u | tr '\n' ';')" 'health_status db healthy;start cache ;start db ;start web ;'
    equal "$(grep -E '^(start|health_status) .*(cache|db healthy|web)' <<<"$order" | sed -n '/start web/q;p' | sort -u | tr '\n' ';')" 'health_status db healthy;start cache ;'
    # The end of the system is no stop by a user.
    systemctl stop podsharp-restart.service
    equal "$(podsharp ps -q)" ''
    equal "$(podsharp ps -a --filter should-start-on-boot=true --format '{{.Names}}' --sort names | tr '\n' ' ')" 'always unless web '
    equal "$(podsharp system boot-unit --disable)" 'podsharp-restart.service: disabled: the unit podsharp-restart.service is not enabled'
    [[ ! -e /etc/systemd/system/podsharp-restart.service ]]
    podsharp rm -f -t 0 web
    podsharp rm -f -t 0 always unless stopped plain cache db job
    same_boot_again
}

it_sets_files_of_the_group() {
    podsharp run -d --name tuned --cgroup-conf memory.high=33554432 "$image" sleep 1000
    equal "$(podsharp exec tuned cat /sys/fs/cgroup/memory.high)" 33554432
    podsharp rm -f -t 0 tuned
}

# field NAME MATCH...: the values that a field has in the journal's entries. (conmon's messages end in a newline: nothing to match by.)
field() { journalctl -q -o export "${@:2}" | grep -a "^$1=" | cut -d= -f2- | sort -u; }

it_writes_to_the_journal() {
    # The long line comes in pieces.
    podsharp run --name told --log-driver journald --log-opt 'tag=t/{{.Name}}' "$image" sh -c 'echo one; echo two >&2; printf half; sleep 1; echo " line"; head -c 9000 /dev/zero | tr "\0" x; echo; echo last' >/dev/null 2>&1
    equal "$(podsharp logs told 2>/dev/null | tr -d x)" $'one\nhalf line\n\nlast'
    equal "$(podsharp logs told 2>&1 >/dev/null)" two
    equal "$(podsharp logs --tail 1 told)" last
    equal "$(podsharp logs --tail 2 told | wc -c)" 9006
    equal "$(podsharp logs --until 1h told)" ''
    # podman's fields.
    local match="CONTAINER_ID_FULL=$(podsharp inspect told --format '{{.Id}}')"
    equal "$(field CONTAINER_NAME "$match" PRIORITY=6) $(field CONTAINER_TAG "$match" PRIORITY=6) $(field PRIORITY "$match" PRIORITY=6)" 'told t/told 6'
    equal "$(podsharp inspect told --format '{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Tag}}')" 'journald t/{{.Name}}'
    podsharp rm told
    # Entries that somebody else has written with such fields are not the container's.
    podsharp run -d --name slow --log-driver journald "$image" sh -c 'for i in 1 2 3; do echo $i; sleep 1; done'
    match="CONTAINER_ID_FULL=$(podsharp inspect slow --format '{{.Id}}')"
    printf '%s\nPRIORITY=6\nMESSAGE=forged\n' "$match" | setpriv --reuid 65534 --clear-groups logger --journald
    equal "$(timeout 60 podsharp logs -f slow)" $'1\n2\n3'
    field MESSAGE "$match" | grep -qx forged || fail 'nobody forged anything'
    podsharp rm slow
}

it_takes_the_journal_from_containers_conf() {
    printf '[containers]\nlog_driver = "journald"\nlog_tag = "conf"\n' >/tmp/containers.conf
    CONTAINERS_CONF=/tmp/containers.conf podsharp run --name conf "$image" echo kept >/dev/null
    equal "$(podsharp logs conf)" kept
    equal "$(field CONTAINER_TAG CONTAINER_NAME=conf)" conf
    podsharp rm conf
}

it_lets_systemd_make_control_groups() {
    podsharp --cgroup-manager systemd run -d --name scoped --memory 64m --cpus 0.5 "$image" sleep 1000
    local id pid conmon
    id=$(podsharp inspect scoped --format '{{.Id}}')
    pid=$(podsharp inspect scoped --format '{{.State.Pid}}')
    conmon=$(podsharp inspect scoped --format '{{.State.ConmonPid}}')
    equal "$(systemctl show "podsharp-$id.scope" -p MemoryMax --value)" 67108864
    grep -q "/machine.slice/podsharp-$id.scope" "/proc/$pid/cgroup" || fail "$(cat "/proc/$pid/cgroup")"
    grep -qE "^0::/machine.slice/podsharp-conmon-$id-[0-9a-f]{8}.scope$" "/proc/$conmon/cgroup" || fail "$(cat "/proc/$conmon/cgroup")"
    equal "$(podsharp inspect scoped --format '{{.HostConfig.CgroupManager}} {{.State.CgroupPath}}')" "systemd /machine.slice/podsharp-$id.scope"
    # Without the option from now on: the container knows.
    equal "$(podsharp exec scoped echo inside)" inside
    podsharp stats --no-stream --format '{{.MemUsage}}' scoped | grep -q '67.11MB'
    podsharp pause scoped
    equal "$(podsharp inspect scoped --format '{{.State.Status}}')" paused
    podsharp unpause scoped
    # Again and again: the last run's scopes may still be there when the next one's are made.
    for _ in 1 2 3 4; do podsharp restart -t 0 scoped; done
    systemctl is-active "podsharp-$id.scope"
    podsharp rm -f -t 0 scoped
    eventually 20 sh -c "! systemctl is-active podsharp-$id.scope 'podsharp-conmon-$id-*.scope'"
    [[ ! -d /sys/fs/cgroup/machine.slice/podsharp-$id.scope ]] || fail 'the scope is still there'
}

it_limits_pods_in_slices() {
    local id slice group
    printf '[engine]\ncgroup_manager = "systemd"\n' >/tmp/containers.conf
    export CONTAINERS_CONF_OVERRIDE=/tmp/containers.conf
    podsharp pod create --name limited --memory 64m --memory-swap 96m --cpus 0.5 --cpuset-cpus 0 >/dev/null
    podsharp create --name member --pod limited "$image" sleep 1000
    podsharp pod start limited
    id=$(podsharp pod inspect limited --format '{{.Id}}')
    slice=machine-podsharp_pod_$id.slice
    group=/sys/fs/cgroup/machine.slice/$slice
    equal "$(cat "$group"/{memory.max,memory.swap.max,cpu.max,cpuset.cpus} | tr '\n' ' ')" '67108864 33554432 50000 100000 0 '
    equal "$(systemctl show "$slice" -p Transient --value)" yes
    grep -q "/$slice/podsharp-" "/proc/$(podsharp inspect member --format '{{.State.Pid}}')/cgroup"
    # The limits are the pod's, however often it begins.
    podsharp pod stop -t 0 limited
    podsharp pod start limited
    equal "$(cat "$group/memory.max")" 67108864
    podsharp pod rm -f -t 0 limited
    eventually 20 sh -c "[ ! -d $group ]"
    equal "$(systemctl list-units --all --plain --no-legend "$slice")" ''
    unset CONTAINERS_CONF_OVERRIDE
    # Without systemd: the engine makes the group itself.
    podsharp pod create --name limited --memory 64m >/dev/null
    podsharp pod start limited
    equal "$(cat "/sys/fs/cgroup$(podsharp pod inspect limited --format '{{.CgroupPath}}')/memory.max")" 67108864
    podsharp pod rm -f -t 0 limited
}

it_ends_what_is_unhealthy() {
    podsharp --cgroup-manager systemd run -d --name sick --health-cmd 'exit 1' --health-interval 1s --health-retries 2 --health-on-failure kill "$image" sleep 1000
    eventually 60 sh -c '[ "$(podsharp inspect sick --format "{{.State.Status}} {{.State.ExitCode}}")" = "exited 137" ]'
    # Noted twice: what led to it is told.
    [[ $(podsharp events --stream=false --filter container=sick --filter event=health_status | grep -c health_status=unhealthy) -ge 1 ]]
    podsharp rm sick
}

it_keeps_events_in_the_journal() {
    local followed=/tmp/followed watcher engine
    printf '[engine]\nevents_logger = "journald"\n' >/tmp/containers.conf
    export CONTAINERS_CONF_OVERRIDE=/tmp/containers.conf
    equal "$(podsharp info --format '{{.Host.EventLogger}}')" journald
    podsharp events --format '{{.Type}} {{.Status}} {{.Name}} {{.ContainerExitCode}}' --filter container=noted >$followed &
    watcher=$!
    podsharp run -d --name noted --label 'a=b c' --network none "$image" sh -c 'sleep 1; exit 3' >/dev/null
    # By the exit command, in the same journal.
    eventually 60 sh -c "podsharp events --stream=false --filter container=noted --filter event=cleanup | grep -q noted"
    podsharp rm noted >/dev/null
    # podman's fields.
    local match='SYSLOG_IDENTIFIER=podman PODMAN_NAME=noted PODMAN_EVENT=died'
    equal "$(field PODMAN_EXIT_CODE $match) $(field PODMAN_TYPE $match) $(field PODMAN_IMAGE $match) $(field PODMAN_LABELS $match)" "3 container $image {\"a\":\"b c\"}"
    # Either engine sees both, except what somebody else has forged.
    podman volume create theirs >/dev/null
    printf 'SYSLOG_IDENTIFIER=podman\nPODMAN_TYPE=container\nPODMAN_EVENT=start\nPODMAN_NAME=noted\nPODMAN_TIME=%s\nMESSAGE=never happened\n' "$(date +%FT%TZ)" | setpriv --reuid 65534 --clear-groups logger --journald
    eventually 30 sh -c 'journalctl -q -o cat "MESSAGE=never happened" | grep -q .'
    for engine in podsharp podman; do
        $engine events --stream=false --since 10m --format '{{.Type}} {{.Status}} {{.Name}} {{.Attributes}}' >/tmp/seen.$engine
    done
    diff /tmp/seen.podsharp /tmp/seen.podman
    equal "$(grep noted /tmp/seen.podsharp | awk '{print $2}' | tr '\n' ' ')" 'create init start died cleanup remove '
    grep -q '^volume create theirs' /tmp/seen.podsharp
    podman volume rm theirs >/dev/null
    # Who follows has seen it as it happened.
    eventually 30 grep -q '^container remove noted' $followed
    kill $watcher
    grep -q '^container died noted 3' $followed || fail "$(cat $followed)"
    # The option chooses it, too.
    unset CONTAINERS_CONF_OVERRIDE
    equal "$(podsharp --events-backend journald events --stream=false --filter event=died --filter container=noted --format '{{.ContainerExitCode}}')" 3
}

it_boots_systemd_in_a_container() {
    # Unpacking an image takes longer here than its boot.
    podsharp run -d --name boots --rootfs /payload/systemd:O /sbin/init
    # Looked at from outside: each exec would slow it down.
    eventually 120 test -f "/proc/$(podsharp inspect boots --format '{{.State.Pid}}')/root/run/test-is-up"
    eventually 60 sh -c '[ "$(podsharp exec boots systemctl is-system-running)" = running ]'
    # It makes groups of its own, in its own.
    podsharp exec boots sh -c 'grep -q "^cgroup2 /sys/fs/cgroup cgroup2 rw" /proc/self/mounts && test -d /sys/fs/cgroup/system.slice'
    podsharp exec boots systemctl restart test.service
    [[ -n $(find /sys/fs/cgroup/podsharp -type d -path '*/system.slice/*') ]] || fail 'no groups in its own'
    podsharp stop -t 120 boots
    equal "$(podsharp inspect boots --format '{{.State.Status}} {{.State.ExitCode}} {{.Config.StopSignal}}')" 'exited 0 SIGRTMIN+3'
    equal "$(podsharp cp boots:/root/stopped - | tar -xO)" 'stopped in order'
    podsharp rm boots
}

it_puts_scopes_into_slices() {
    podsharp --cgroup-manager systemd run -d --name sliced --cgroup-parent my-own.slice "$image" sleep 1000
    grep -q "/my.slice/my-own.slice/podsharp-" "/proc/$(podsharp inspect sliced --format '{{.State.Pid}}')/cgroup"
    podsharp rm -f -t 0 sliced
    run podsharp --cgroup-manager systemd create --cgroup-parent /my/own "$image" true
    exit_is 125
    one_sentence
    run podsharp create --cgroup-parent my-own.slice "$image" true
    exit_is 125
    complains 'cgroup-manager systemd'
    printf '[engine]\ncgroup_manager = "systemd"\n' >/tmp/containers.conf
    CONTAINERS_CONF=/tmp/containers.conf podsharp run --rm "$image" true
    equal "$(CONTAINERS_CONF=/tmp/containers.conf podsharp info --format '{{.Host.CgroupManager}}')" systemd
}

it_is_a_service_that_tells_when_it_is_ready() {
    systemd-run --quiet --unit=served --service-type=notify --property=NotifyAccess=all --property=KillMode=mixed /podsharp/bin/podsharp run --name served --sdnotify conmon "$image" sh -c 'trap "exit 0" TERM; while :; do sleep 0.2; done'
    equal "$(systemctl is-active served)" active
    equal "$(systemctl show served -p MainPID --value)" "$(podsharp inspect served --format '{{.State.ConmonPid}}')"
    podsharp stop served
    eventually 30 sh -c '! systemctl is-active served'
    podsharp rm served
}

it_splits_the_group_of_a_service() {
    local engine
    for engine in /podsharp/bin/podsharp podman; do
        [[ $engine != podman ]] || podsharp save "$image" | podman load -q >/dev/null
        systemd-run --quiet --unit=split --property=Delegate=yes --property=MemoryMax=300M --property=KillMode=mixed --property=RemainAfterExit=no \
            "$engine" run --rm --name split --cgroups split --memory 64m --network none "$image" sh -c 'trap "exit 0" TERM; while :; do sleep 0.2; done'
        eventually 60 sh -c "[ \"\$($engine inspect split --format '{{.State.Status}}')\" = running ]"
        local pid conmon id
        pid=$($engine inspect split --format '{{.State.Pid}}')
        conmon=$($engine inspect split --format '{{.State.ConmonPid}}')
        id=$($engine inspect split --format '{{.Id}}')
        local name=libpod- others=runtime
        [[ $engine == podman ]] || name=podsharp- others=podsharp-runtime
        grep -q "^0::/system.slice/split.service/${name}payload-$id" "/proc/$pid/cgroup" || fail "$(cat "/proc/$pid/cgroup")"
        equal "$(cut -d: -f3 "/proc/$conmon/cgroup")" "/system.slice/split.service/$others"
        equal "$(cat "/sys/fs/cgroup/system.slice/split.service/${name}payload-$id/memory.max")" 67108864
        systemctl stop split
        eventually 30 sh -c "! $engine container exists split"
        [[ ! -d /sys/fs/cgroup/system.slice/split.service ]] || fail 'the group of the service is still there'
    done
}

it_limits_volumes_by_project_quotas() {
    local limited=(podsharp --volumepath /tmp/quota/volumes)
    truncate -s 64M /tmp/quota.img
    mke2fs -q -t ext4 -O quota,project -E quotatype=prjquota /tmp/quota.img
    mkdir -p /tmp/quota
    modprobe -a loop quota_v2
    mount -o loop,prjquota /tmp/quota.img /tmp/quota
    "${limited[@]}" volume create --opt o=size=1m small
    "${limited[@]}" volume create --opt o=inodes=20,size=2m few
    "${limited[@]}" volume create free
    run "${limited[@]}" run --rm --network none -v small:/small -v few:/few -v free:/free "$image" sh -c '
        dd if=/dev/zero of=/small/f bs=64k count=32 2>/dev/null || echo small full
        for i in $(seq 30); do touch /few/$i 2>/dev/null || { echo few full; break; }; done
        dd if=/dev/zero of=/free/f bs=64k count=64 2>/dev/null && echo free'
    equal "$output" $'small full\nfew full\nfree'
    [[ $(stat -c %b /tmp/quota/volumes/small/_data/f) -le 2048 ]] || fail 'more than a megabyte'
    # What a mount makes has them, too.
    run "${limited[@]}" run --rm --network none --mount 'type=volume,src=made,dst=/v,volume-opt=o=size=64k' "$image" dd if=/dev/zero of=/v/f bs=64k count=2
    exit_is 1
    "${limited[@]}" volume rm small few free made
    umount /tmp/quota
    run podsharp volume create --opt o=size=1m unlimited
    exit_is 125
    complains 'Filesystem does not support Project Quota'
    run podsharp volume exists unlimited
    exit_is 1
}

run_suite "$@"
