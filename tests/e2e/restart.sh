#!/bin/bash
# Restart policies: with no session alive, by the helper process alone.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podman import "$image_tar" "$image" >/dev/null 2>&1 || true
}

gone() { podsharp rm -f -v -t 0 "$@" >/dev/null; }
facts() { podsharp inspect "$1" --format '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}} {{.State.Restarting}}'; }
count() { podsharp inspect "$1" --format '{{.RestartCount}}'; }
helpers() { ps -eo pid=,args= | awk '$NF == "supervise" {print $1}'; }
no_helper() { [[ -z $(helpers) ]]; }
starts() { wc -l <"/tmp/starts/$1"; }

# waits NAME COUNT: until it has been restarted so often, has failed again, and waits.
waits() { eventually 20 sh -c "[ \"\$(podsharp inspect $1 --format '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}} {{.State.Restarting}}')\" = '$2 exited 3 true' ]"; }

# crashing NAME POLICY [COMMAND]: notes each start with its time.
crashing() {
    mkdir -p /tmp/starts
    : >"/tmp/starts/$1"
    podsharp run -d --name "$1" --restart "$2" -v /tmp/starts:/starts "$image" sh -c "cut -d' ' -f1 /proc/uptime >>/starts/$1; ${3:-exit 3}" >/dev/null 2>&1
}

it_restarts_on_failure_so_many_times() {
    crashing twice on-failure:2
    eventually 10 sh -c '[ "$(podsharp inspect twice --format "{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}} {{.State.Restarting}}")" = "2 exited 3 false" ]'
    eventually 5 no_helper
    equal "$(starts twice)" 3
    equal "$(podsharp ps -a --format '{{.Restarts}} {{.Status}}' --filter name=twice | cut -d' ' -f1-3)" '2 Exited (3)'
    # The same events as podman's.
    podman run -d --name podmans --restart on-failure:2 "$image" sh -c 'exit 3' >/dev/null
    eventually 10 sh -c '[ "$(podman inspect podmans --format "{{.RestartCount}} {{.State.Status}}")" = "2 exited" ]'
    sleep 0.3
    equal "$(podsharp events --stream=false --filter container=twice --format '{{.Status}}' | tr '\n' ' ')" \
        "$(podman events --stream=false --filter container=podmans --format '{{.Status}}' | tr '\n' ' ')"
    podman rm -f -t 0 podmans >/dev/null
    # A start by a user begins to count anew.
    podsharp start twice >/dev/null
    eventually 10 sh -c '[ "$(wc -l </tmp/starts/twice)" = 6 ]'
    equal "$(count twice)" 2
    gone twice
}

it_leaves_alone_what_ended_well_with_on_failure() {
    crashing well on-failure 'exit 0'
    sleep 0.5
    equal "$(starts well)" 1
    equal "$(facts well)" '0 exited 0 false'
    no_helper
    gone well
}

it_doubles_the_pause() {
    crashing loop always
    eventually 20 sh -c '[ "$(wc -l </tmp/starts/loop)" -ge 6 ]'
    podsharp stop loop >/dev/null
    # 0.1, 0.2, 0.4, 0.8, 1.6 s and what a start and an end take, also where other things run.
    awk 'NR > 1 { gap = $1 - last; want = 0.1 * 2 ^ (NR - 2); if (gap < want || gap > want + 3) { print NR, gap; bad = 1 } } { last = $1 } END { exit bad }' /tmp/starts/loop
    gone loop
}

it_begins_anew_after_ten_seconds_up() {
    crashing longer always 'sleep 10.5'
    sleep 11.5
    eventually 5 sh -c '[ "$(wc -l </tmp/starts/longer)" = 2 ]'
    awk 'NR == 2 { exit !($1 - last < 13) } { last = $1 }' /tmp/starts/longer
    gone longer
}

it_shows_what_waits() {
    crashing waits always
    waits waits 5
    equal "$(podsharp ps --filter name=waits --format '{{.State}} {{.Status}}' | cut -d' ' -f1-3)" 'exited Restarting (3)'
    equal "$(podsharp ps --filter status=restarting --format '{{.Names}}')" waits
    run podsharp rm waits
    exit_is 2
    complains 'about to start it again'
    run podsharp container prune -f
    podsharp container exists waits
    run podsharp kill -s HUP waits
    exit_is 125
    podsharp kill waits
    equal "$(facts waits)" '5 exited 3 false'
    sleep 4
    equal "$(count waits)" 5
    podsharp rm waits
}

it_stays_stopped_when_a_user_stops_it() {
    crashing stopped always 'sleep 1000'
    podsharp stop -t 0 stopped
    sleep 0.5
    equal "$(podsharp inspect stopped --format '{{.RestartCount}} {{.State.Status}} {{.State.StoppedByUser}}')" '0 exited true'
    podsharp start stopped
    podsharp kill stopped
    eventually 5 sh -c '[ "$(podsharp inspect stopped --format "{{.State.Status}}")" = exited ]'
    sleep 0.5
    equal "$(podsharp inspect stopped --format '{{.RestartCount}} {{.State.Status}} {{.State.StoppedByUser}}')" '0 exited true'
    # A crash is no stop.
    podsharp start stopped
    kill -9 "$(podsharp inspect stopped --format '{{.State.Pid}}')"
    eventually 5 sh -c '[ "$(podsharp inspect stopped --format "{{.RestartCount}} {{.State.Status}}")" = "1 running" ]'
    # Nor is a signal that asks for something else.
    podsharp kill -s WINCH stopped
    kill -9 "$(podsharp inspect stopped --format '{{.State.Pid}}')"
    eventually 5 sh -c '[ "$(podsharp inspect stopped --format "{{.RestartCount}} {{.State.Status}}")" = "2 running" ]'
    podsharp restart -t 0 stopped
    equal "$(podsharp inspect stopped --format '{{.RestartCount}} {{.State.Status}}')" '0 running'
    gone stopped
    sleep 0.3
    ! podsharp container exists stopped || fail 'it is there'
}

it_leaves_alone_what_was_only_set_up() {
    podsharp create --name ready --restart always "$image" sleep 1000 >/dev/null 2>&1
    podsharp init ready >/dev/null
    podsharp stop -t 0 ready >/dev/null
    sleep 0.5
    equal "$(facts ready | cut -d' ' -f1,2,4)" '0 exited false'
    podsharp init ready >/dev/null
    podsharp rm -f -t 0 ready >/dev/null
    run podsharp container exists ready
    exit_is 1
}

it_ends_a_run_a_wait_and_an_attach_at_the_first_end() {
    local tool
    for tool in podman podsharp; do
        run "$tool" run --name "first-$tool" --restart on-failure:3 "$image" sh -c 'echo out; sleep 0.3; exit 3'
        exit_is 3
        equal "$output" out
        "$tool" rm -f -t 0 "first-$tool" >/dev/null
        "$tool" run -d --name "second-$tool" --restart on-failure:3 "$image" sh -c 'sleep 0.5; exit 4' >/dev/null 2>&1
        equal "$("$tool" wait "second-$tool")" 4
        "$tool" rm -f -t 0 "second-$tool" >/dev/null
    done
}

it_follows_a_log_through_the_restarts() {
    podsharp run -d --name log --restart on-failure:2 "$image" sh -c 'echo line; sleep 0.2; exit 1' >/dev/null 2>&1
    run timeout 20 podsharp logs -f log
    exit_is 0
    equal "$output" $'line\nline\nline'
    gone log
}

it_keeps_the_proxies_of_its_creator() {
    http_proxy=http://proxy:3128 podsharp run -d --name proxied --restart always "$image" sleep 1000 >/dev/null 2>&1
    kill -9 "$(podsharp inspect proxied --format '{{.State.Pid}}')"
    eventually 10 sh -c '[ "$(podsharp inspect proxied --format "{{.RestartCount}} {{.State.Status}}")" = "1 running" ]'
    equal "$(podsharp exec proxied sh -c 'echo $http_proxy')" http://proxy:3128
    gone proxied
}

it_refuses_what_podman_refuses() {
    local tool words
    for words in '--rm --restart always' '--restart foo' '--restart always:3' '--restart on-failure:-1' '--restart on-failure:x'; do
        for tool in podman podsharp; do
            # shellcheck disable=SC2086
            run "$tool" create $words "$image" true
            exit_is 125
        done
    done
    complains 'Error: '
    for words in no '' always unless-stopped on-failure on-failure:0 on-failure:7; do
        for tool in podman podsharp; do
            "$tool" create --name "policy-$tool" --restart "$words" "$image" true >/dev/null 2>&1
        done
        equal "$(podsharp inspect policy-podsharp --format '{{json .HostConfig.RestartPolicy}}')" "$(podman inspect policy-podman --format '{{json .HostConfig.RestartPolicy}}')"
        podman rm policy-podman >/dev/null
        podsharp rm policy-podsharp >/dev/null
    done
}

it_filters_by_policy() {
    podsharp create --name f-no "$image" true >/dev/null
    podsharp create --name f-always --restart always "$image" sleep 100 >/dev/null 2>&1
    podsharp create --name f-unless --restart unless-stopped "$image" sleep 100 >/dev/null 2>&1
    podsharp create --name f-failure --restart on-failure:3 "$image" true >/dev/null
    equal "$(podsharp ps -a --filter restart-policy=always --format '{{.Names}}')" f-always
    equal "$(podsharp ps -a --filter restart-policy=on-failure --format '{{.Names}}')" f-failure
    equal "$(podsharp ps -a --filter restart-policy=no --format '{{.Names}}')" f-no
    run podsharp ps -a --filter restart-policy=never
    exit_is 125
    # What was never started isn't started by a boot; what a user stopped, only with always.
    equal "$(podsharp ps -a --filter should-start-on-boot=true -q)" ''
    podsharp start f-always f-unless >/dev/null
    equal "$(podsharp ps -a --filter should-start-on-boot=true --format '{{.Names}}' --sort names | tr '\n' ' ')" 'f-always f-unless '
    podsharp stop -t 0 --service f-unless >/dev/null
    equal "$(podsharp ps -a --filter should-start-on-boot=true --format '{{.Names}}' --sort names | tr '\n' ' ')" 'f-always f-unless '
    podsharp start f-unless >/dev/null
    podsharp stop -t 0 f-always f-unless >/dev/null
    equal "$(podsharp ps -a --filter should-start-on-boot=true --format '{{.Names}}')" f-always
    run podsharp start --all --filter should-start-on-boot=true
    exit_is 0
    equal "$(podsharp ps --format '{{.Names}}')" f-always
    gone f-no f-always f-unless f-failure
}

it_changes_the_policy_of_what_waits() {
    crashing changed always
    waits changed 4
    podsharp update --restart no changed >/dev/null
    equal "$(facts changed)" '4 exited 3 false'
    sleep 2
    equal "$(count changed)" 4
    gone changed
    # And of what runs.
    crashing runs no 'sleep 1; exit 3'
    podsharp update --restart on-failure:1 runs >/dev/null
    equal "$(podsharp inspect runs --format '{{json .HostConfig.RestartPolicy}}')" '{"Name":"on-failure","MaximumRetryCount":1}'
    eventually 10 sh -c '[ "$(podsharp inspect runs --format "{{.RestartCount}} {{.State.Status}}")" = "1 exited" ]'
    gone runs
}

it_outlives_its_helper() {
    local pid
    crashing orphan always
    waits orphan 5
    pid=$(helpers)
    [[ $(wc -w <<<"$pid") == 1 ]] || fail "not one helper: $pid"
    kill -9 "$pid"
    sleep 5
    # Nobody looks: nothing happens.
    equal "$(starts orphan)" 6
    # Any command about containers brings it back.
    podsharp ps >/dev/null
    eventually 5 sh -c '[ "$(wc -l </tmp/starts/orphan)" -ge 7 ]'
    gone orphan
    eventually 5 no_helper
    ! [[ -e /run/containers/storage/podsharp/supervise ]] || fail 'the bell is left'
}

it_outlives_a_clean_up_that_is_killed() {
    local point
    for point in container.died.before container.died.committed container.died.logged container.cleanup.runtime container.cleanup.unmounted \
        container.cleanup.before container.cleanup.committed container.cleanup.logged; do
        crashing killed always 'sleep 1000'
        kill -9 "$(podsharp inspect killed --format '{{.State.ConmonPid}}')"
        pid=$(podsharp inspect killed --format '{{.State.Pid}}')
        kill -9 "$pid"
        eventually 10 sh -c "! kill -0 $pid"
        status=0
        PODSHARP_KILL_AT=$point podsharp container cleanup killed >/dev/null 2>&1 || status=$?
        equal "$point $status" "$point 137"
        podsharp ps >/dev/null
        eventually 10 sh -c '[ "$(podsharp inspect killed --format "{{.RestartCount}} {{.State.Status}}")" = "1 running" ]'
        gone killed
    done
}

# The helper itself dies in the middle of a restart.
it_outlives_a_restart_that_is_killed() {
    local point
    for point in supervisor.listening container.init-begin.committed container.init.mounted container.init.network container.init.bundle \
        container.init.conmon container.init.committed container.start-begin.committed container.start.runtime container.start.committed; do
        crashing again on-failure:100 'sleep 1000'
        pid=$(podsharp inspect again --format '{{.State.Pid}}')
        kill -9 "$(podsharp inspect again --format '{{.State.ConmonPid}}')" "$pid"
        eventually 10 sh -c "! kill -0 $pid"
        # The helper that this starts has the variable of its caller not: it is started by hand.
        PODSHARP_KILL_AT=container.cleanup.committed podsharp container cleanup again >/dev/null 2>&1 || true
        status=0
        PODSHARP_KILL_AT=$point podsharp supervise >/dev/null 2>&1 || status=$?
        equal "$point $status" "$point 137"
        podsharp ps >/dev/null
        eventually 10 sh -c '[ "$(podsharp inspect again --format "{{.State.Status}}")" = running ]'
        podsharp exec again true
        gone again
        eventually 5 no_helper
    done
}

it_tries_again_when_a_start_fails() {
    mkdir -p /tmp/mounted
    : >/tmp/starts/fails
    podsharp run -d --name fails --restart always -v /tmp/mounted:/m -v /tmp/starts:/starts "$image" sh -c 'echo >>/starts/fails; sleep 0.5; exit 1' >/dev/null 2>&1
    rm -rf /tmp/mounted
    eventually 10 sh -c 'podsharp inspect fails --format "{{.State.Error}}" | grep -q mounted'
    mkdir -p /tmp/mounted
    eventually 20 sh -c '[ "$(wc -l </tmp/starts/fails)" -ge 2 ]'
    gone fails
}

it_restarts_fifty_that_crash_at_once() {
    local n
    mkdir -p /tmp/starts
    rm -f /tmp/starts/storm
    for n in $(seq 50); do
        podsharp create --name "storm$n" --network none --restart always -v /tmp/starts:/starts "$image" sh -c 'echo $HOSTNAME >>/starts/storm; exit 1' >/dev/null 2>&1
    done
    podsharp start --all >/dev/null
    eventually 60 sh -c '[ "$(sort /tmp/starts/storm | uniq -c | awk "\$1 >= 3" | wc -l)" = 50 ]'
    [[ $(helpers | wc -l) == 1 ]] || fail "helpers: $(helpers)"
    printf 'memory of the helper: %s\n' "$(grep -E 'VmRSS|RssAnon' "/proc/$(helpers)/status" | tr '\n' ' ')"
    podsharp stop --all -t 0 >/dev/null
    podsharp rm --all -f -t 0 >/dev/null
    eventually 10 no_helper
}

it_says_why_a_reboot_starts_nothing_where_there_is_no_systemd() {
    [[ ! -d /run/systemd/system ]] || skip 'systemd runs here'
    run podsharp create --name boot --restart unless-stopped "$image" true
    exit_is 0
    complains 'Warning: container boot is not started after a reboot: systemd does not run on this host'
    run podsharp update --restart always boot
    complains 'not started after a reboot'
    run podsharp update --restart on-failure boot
    equal "$errors" ''
    equal "$(podsharp system boot-unit)" 'podsharp-restart.service: unavailable: systemd does not run on this host'
    run podsharp system boot-unit --enable
    exit_is 125
    complains 'systemd does not run on this host'
    gone boot
}

# As after a power cut while a container waited for its restart: that is off, the boot decides.
it_forgets_after_a_reboot_what_waited() {
    crashing waited always
    waits waited 5
    kill -9 "$(helpers)"
    cat /proc/sys/kernel/random/uuid >/tmp/boot-id
    mount --bind /tmp/boot-id /proc/sys/kernel/random/boot_id
    equal "$(podsharp inspect waited --format '{{.State.Status}} {{.State.Restarting}}')" 'exited false'
    equal "$(podsharp ps -a --filter should-start-on-boot=true --format '{{.Names}}')" waited
    run podsharp start --all --filter should-start-on-boot=true
    exit_is 0
    eventually 5 sh -c '[ "$(podsharp inspect waited --format "{{.RestartCount}}")" -ge 1 ]'
    gone waited
    umount /proc/sys/kernel/random/boot_id
}

it_leaves_its_callers_control_group_and_session() {
    local pid
    crashing apart always
    waits apart 5
    pid=$(helpers)
    equal "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid"
    gone apart
}

run_suite "$@"
