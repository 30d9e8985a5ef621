#!/bin/bash
# Health checks: run by the helper process, with no systemd; beside podman's, which without systemd only runs those that are asked for.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podman import "$image_tar" "$image" >/dev/null 2>&1 || true
}

gone() { podsharp rm -f -t 0 "$@" >/dev/null; }
both_gone() { podsharp rm -f -t 0 "$1" >/dev/null; podman rm -f -t 0 "$1-podman" >/dev/null; }
helpers() { ps -eo pid=,args= | awk '$NF == "supervise" {print $1}'; }
no_helper() { [[ -z $(helpers) ]]; }
status() { podsharp inspect "$1" --format '{{.State.Health.Status}}'; }
is() { [[ $(status "$1") == "$2" ]]; }
checks() { podsharp inspect "$1" --format '{{len .State.Health.Log}}'; }

# Names are unique in the store that both use. name ENGINE NAME: the name of this engine's container.
name() { if [[ $1 == podman ]]; then echo "$2-podman"; else echo "$2"; fi; }

# health ENGINE NAME: what inspect shows, without the times.
health() { "$1" inspect "$(name "$@")" --format '{{json .State.Health}}' | sed -E 's/"(Start|End)":"[^"]*"/"\1":""/g'; }
configured() { "$1" inspect "$(name "$@")" --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{.Config.HealthMaxLogCount}} {{.Config.HealthMaxLogSize}}'; }

# both NAME OPTIONS...: a sleeping container of each engine. Only checks that are asked for are run.
both() {
    local name=$1
    shift
    for engine in podsharp podman; do
        "$engine" run -d --name "$(name "$engine" "$name")" --health-interval disable "$@" "$image" sleep 300 >/dev/null
    done
}

# same NAME: one check by each, with one outcome.
same() {
    local podmans theirs
    run podman healthcheck run "$1-podman"
    podmans="$status $output $errors"
    run podsharp healthcheck run "$1"
    equal "$status $output $errors" "$podmans"
    theirs=$(health podman "$1")
    equal "$(health podsharp "$1")" "$theirs"
    equal "$(podsharp ps --filter "name=$1" --format '{{.Status}}' | sed 's/.*(/(/')" "$(podman ps --filter "name=$1-podman" --format '{{.Status}}' | sed 's/.*(/(/')"
}

it_takes_podmans_options() {
    local options
    while read -r options; do
        eval "set -- $options"
        podman create --name options-podman "$@" "$image" true >/dev/null
        podsharp create --name options "$@" "$image" true >/dev/null
        equal "$(configured podsharp options)" "$(configured podman options)"
        equal "$(health podsharp options)" "$(health podman options)"
        both_gone options
    done <<'OPTIONS'
--health-cmd true
--health-cmd 'echo a b && true' --health-interval 5s --health-retries 7 --health-timeout 2s --health-start-period 1m
--health-cmd '["CMD","echo","a b"]'
--health-cmd '["echo","a b"]'
--health-cmd '["true"]'
--health-cmd 'CMD echo a'
--health-cmd none
--no-healthcheck
--health-cmd true --health-interval disable
--health-cmd true --health-interval 0s
--health-cmd true --health-startup-cmd false --health-startup-interval 3s --health-startup-timeout 2s --health-startup-retries 4 --health-startup-success 3
--health-cmd true --health-startup-cmd false --health-startup-interval disable
--health-cmd true --health-on-failure kill --health-max-log-count 2 --health-max-log-size 20 --health-log-destination events_logger
--health-cmd true --health-max-log-count 0 --health-max-log-size 0 --health-log-destination /tmp
--health-cmd true --health-on-failure restart --restart always
OPTIONS
}

it_refuses_what_podman_refuses() {
    local options
    while read -r options; do
        run podman create $options "$image" true
        exit_is 125
        run podsharp create $options "$image" true
        exit_is 125
        one_sentence
    done <<'OPTIONS'
--health-cmd x --no-healthcheck
--health-cmd x --health-retries 0
--health-cmd x --health-retries -1
--health-cmd x --health-interval abc
--health-cmd x --health-timeout abc
--health-cmd x --health-start-period -1s
--health-cmd x --health-on-failure foo
--health-on-failure restart
--health-startup-cmd x
--health-cmd x --health-log-destination /not/there
--sdnotify healthy
OPTIONS
    equal "$(podsharp ps -aq)" ''
}

it_runs_checks_as_podman_does() {
    both check --health-cmd 'echo out; echo err >&2; test -f /ok' --health-retries 2
    equal "$(health podsharp check)" "$(health podman check)"
    same check
    same check
    is check unhealthy
    equal "$(podsharp ps --filter health=unhealthy --format '{{.Names}}')" check
    for engine in podman podsharp; do "$engine" exec "$(name "$engine" check)" touch /ok; done
    same check
    is check healthy
    # The same events, and the same file.
    equal "$(podsharp events --stream=false --filter container=check --format json | grep health_status | sed -E 's/"(ID|Name|time|timeNano)":[^,]*,//g')" \
        "$(podman events --stream=false --filter container=check-podman --format json | grep health_status | sed -E 's/"(ID|Name|time|timeNano)":[^,]*,//g')"
    equal "$(podsharp events --stream=false --filter container=check --filter event=health_status | sed -E 's/.*name=[^,]*//')" \
        "$(podman events --stream=false --filter container=check-podman --filter event=health_status | sed -E 's/.*name=[^,]*//')"
    local file
    file=$(dirname "$(dirname "$(podsharp inspect check --format '{{.PidFile}}')")")/healthcheck.log
    equal "$(sed -E 's/"(Start|End)":"[^"]*"/"\1":""/g' "$file")" "$(health podsharp check)"
    both_gone check
}

it_counts_nothing_in_the_start_period() {
    both period --health-cmd 'exit 1' --health-retries 1 --health-start-period 1h
    same period
    same period
    is period starting
    both_gone period
}

it_runs_the_startup_check_until_it_succeeds() {
    both startup --health-startup-interval disable --health-cmd 'echo regular; exit 1' --health-startup-cmd 'echo startup; test -f /ok' --health-startup-success 2
    same startup
    for engine in podman podsharp; do "$engine" exec "$(name "$engine" startup)" touch /ok; done
    same startup
    same startup
    same startup
    same startup
    same startup
    is startup unhealthy
    both_gone startup
}

it_keeps_as_much_of_the_log_as_is_wanted() {
    both log --health-cmd 'echo 1234567890' --health-max-log-size 4 --health-max-log-count 2 --health-log-destination /tmp
    same log
    same log
    same log
    [[ -f /tmp/$(podsharp inspect log --format '{{.Id}}')-healthcheck.log ]]
    rm -f /tmp/*-healthcheck.log
    both_gone log
    both log --health-cmd 'echo 1; exit 1' --health-log-destination events_logger
    same log
    equal "$(podsharp events --stream=false --filter container=log --filter event=health_status | grep -c 'health_log={"Start":"20')" 1
    both_gone log
}

it_ends_a_check_that_takes_too_long() {
    podsharp run -d --name long --health-interval disable --health-cmd 'echo begun; sleep 300; echo over' --health-timeout 1s "$image" sleep 300 >/dev/null
    run podsharp healthcheck run long
    exit_is 125
    complains 'healthcheck command exceeded timeout of 1s'
    equal "$(health podsharp long)" '{"Status":"starting","FailingStreak":1,"Log":[{"Start":"","End":"","ExitCode":125,"Output":"begun\n"}]}'
    # With all that it has started: podman leaves that behind.
    equal "$(podsharp exec long ps -o args | grep -c 'sleep 300')" 1
    gone long
}

it_says_why_there_is_no_check() {
    podsharp run -d --name none "$image" sleep 300 >/dev/null
    run podsharp healthcheck run none
    exit_is 125
    complains 'has no defined healthcheck'
    run podsharp wait --condition healthy none
    exit_is 125
    complains 'cannot use condition "healthy": container [0-9a-f]+ has no healthcheck'
    run podsharp healthcheck run nosuch
    exit_is 125
    complains 'no such container'
    gone none
    podsharp create --name none --health-cmd true "$image" true >/dev/null
    run podsharp healthcheck run none
    exit_is 125
    complains 'is not running'
    gone none
    # A command that isn't there is a failure, with the reason in the log.
    podsharp run -d --name none --health-interval disable --health-cmd '["CMD","/not/there"]' "$image" sleep 300 >/dev/null
    run podsharp healthcheck run none
    exit_is 1
    podsharp inspect none --format '{{(index .State.Health.Log 0).Output}}' | grep -q /not/there
    run podsharp healthcheck run --ignore-result none
    exit_is 0
    gone none
}

it_checks_by_itself_at_the_interval() {
    podsharp run -d --name self --health-cmd 'test -f /ok' --health-interval 300ms --health-retries 2 "$image" sleep 300 >/dev/null
    eventually 10 is self unhealthy
    podsharp exec self touch /ok
    podsharp wait --condition healthy self >/dev/null
    equal "$(podsharp ps --filter name=self --format '{{.Status}}' | sed 's/.*(/(/')" '(healthy)'
    [[ $(helpers | wc -l) == 1 ]]
    # A paused container isn't checked, and is again when it goes on.
    podsharp pause self >/dev/null
    sleep 0.5
    local before
    before=$(podsharp inspect self --format '{{json .State.Health.Log}}')
    sleep 1
    equal "$(podsharp inspect self --format '{{json .State.Health.Log}}')" "$before"
    podsharp unpause self >/dev/null
    eventually 10 sh -c "[ \"\$(podsharp inspect self --format '{{json .State.Health.Log}}')\" != '$before' ]"
    # Its end is the end of the checks, and of the helper.
    podsharp stop -t 0 self >/dev/null
    eventually 10 no_helper
    equal "$(podsharp ps -a --filter name=self --format '{{.Status}}' | sed 's/.*(/(/')" '(healthy)'
    podsharp start self >/dev/null
    eventually 10 is self healthy
    gone self
    eventually 10 no_helper
}

it_goes_on_when_the_helper_is_killed() {
    podsharp run -d --name killed --health-cmd 'sleep 1; date +%s%N' --health-interval 200ms "$image" sleep 300 >/dev/null
    eventually 10 is killed healthy
    # In the middle of a check: what it runs is ended by the next one.
    eventually 5 sh -c 'podsharp exec killed ps | grep -q "sleep 1"'
    kill -9 "$(helpers)"
    local before
    before=$(podsharp inspect killed --format '{{json .State.Health.Log}}')
    eventually 10 sh -c "[ \"\$(podsharp inspect killed --format '{{json .State.Health.Log}}')\" != '$before' ]"
    gone killed
}

it_is_not_held_up_by_slow_checks() {
    local i
    for i in 1 2 3 4 5 6 7 8 9; do
        podsharp run -d --name "slow$i" --health-cmd 'sleep 60' --health-interval 1s "$image" sleep 300 >/dev/null
    done
    podsharp run -d --name quick --health-cmd true --health-interval 1s "$image" sleep 300 >/dev/null
    eventually 20 is quick healthy
    gone quick slow1 slow2 slow3 slow4 slow5 slow6 slow7 slow8 slow9
    eventually 10 no_helper
}

it_does_what_is_wanted_on_failure() {
    local engine action
    for action in kill stop restart; do
        for engine in podsharp podman; do
            "$engine" run -d --name "$(name "$engine" "$action")" --health-interval disable --health-cmd 'exit 1' --health-retries 1 --health-on-failure "$action" --stop-signal KILL "$image" sleep 300 >/dev/null
            "$engine" healthcheck run "$(name "$engine" "$action")" || true
        done
    done
    for action in kill stop; do
        eventually 10 sh -c "podman inspect $action-podman --format '{{.State.Status}}' | grep -q exited"
        equal "$(podsharp inspect "$action" --format '{{.State.Status}} {{.State.Health.Status}} {{.State.StoppedByUser}} {{.RestartCount}}')" \
            "$(podman inspect "$action-podman" --format '{{.State.Status}} {{.State.Health.Status}} {{.State.StoppedByUser}} {{.RestartCount}}')"
    done
    eventually 10 sh -c "podman inspect restart-podman --format '{{.RestartCount}} {{.State.Status}}' | grep -q '1 running'"
    eventually 10 sh -c "podsharp inspect restart --format '{{.RestartCount}} {{.State.Status}} {{.State.Health.Status}}' | grep -q '1 running starting'"
    # A user's stop is the end, unhealthy or not.
    podsharp stop -t 0 restart >/dev/null
    sleep 0.5
    equal "$(podsharp inspect restart --format '{{.State.Status}} {{.State.Restarting}}')" 'exited false'
    for action in kill stop restart; do both_gone "$action"; done
}

it_restarts_what_does_not_come_up() {
    podsharp run -d --name up --health-cmd true --health-startup-cmd 'exit 1' --health-startup-interval 100ms --health-startup-retries 2 --stop-signal KILL "$image" sleep 300 >/dev/null
    eventually 15 sh -c "[ \$(podsharp inspect up --format '{{.RestartCount}}') -ge 2 ]"
    gone up
    eventually 10 no_helper
}

it_changes_the_checks_of_what_runs() {
    podsharp run -d --name change --health-cmd 'exit 1' --health-interval disable --health-retries 1 "$image" sleep 300 >/dev/null
    run podsharp healthcheck run change
    is change unhealthy
    podsharp update --health-cmd true --health-interval 200ms change >/dev/null
    eventually 10 is change healthy
    equal "$(podsharp inspect change --format '{{json .Config.Healthcheck}}')" '{"Test":["CMD-SHELL","true"],"Interval":200000000,"Timeout":30000000000,"Retries":1}'
    podsharp update --no-healthcheck change >/dev/null
    eventually 10 no_helper
    equal "$(podsharp ps --filter name=change --format '{{.Status}}' | grep -c '(')" 0
    run podsharp update --no-healthcheck --health-cmd x change
    exit_is 125
    run podsharp update --health-retries 0 change
    exit_is 125
    gone change
    # What had none gets one.
    podsharp run -d --name change "$image" sleep 300 >/dev/null
    podsharp update --health-cmd true change >/dev/null
    podsharp wait --condition healthy change >/dev/null
    gone change
}

it_takes_the_images_check() {
    local base
    base=$(buildah from --pull-never "$image")
    buildah config --healthcheck 'CMD-SHELL echo of the image' --healthcheck-interval 7s --healthcheck-retries 4 "$base" 2>/dev/null
    buildah commit -q --format docker "$base" localhost/checked:1 >/dev/null
    buildah rm "$base" >/dev/null
    for engine in podsharp podman; do "$engine" create --name "$(name "$engine" inherits)" localhost/checked:1 sleep 300 >/dev/null; done
    equal "$(configured podsharp inherits)" "$(configured podman inherits)"
    equal "$(podsharp image inspect localhost/checked:1 --format '{{json .HealthCheck}}')" "$(podman image inspect localhost/checked:1 --format '{{json .HealthCheck}}')"
    # A commit keeps it in Docker's form; OCI's has no place for it.
    podsharp commit -q -f docker inherits localhost/checked:2 >/dev/null
    equal "$(podman image inspect localhost/checked:2 --format '{{json .HealthCheck}}')" "$(podman image inspect localhost/checked:1 --format '{{json .HealthCheck}}')"
    both_gone inherits
    # An option changes only what it says.
    podsharp create --name inherits --health-interval 1s localhost/checked:1 sleep 300 >/dev/null
    equal "$(podsharp inspect inherits --format '{{json .Config.Healthcheck.Interval}} {{json .Config.Healthcheck.Test}}')" '1000000000 ["CMD-SHELL","echo","of","the","image"]'
    gone inherits
    podsharp create --name inherits --no-healthcheck localhost/checked:1 sleep 300 >/dev/null
    equal "$(podsharp inspect inherits --format '{{json .Config.Healthcheck.Test}}')" '["NONE"]'
    gone inherits
    podsharp rmi localhost/checked:1 localhost/checked:2 >/dev/null
}

it_tells_systemd_once_it_is_healthy() {
    python3 - <<'PYTHON' >/tmp/notified &
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/tmp/notify.sock")
s.settimeout(20)
text = ""
while "READY=1" not in text:
    text = s.recv(4096).decode()
    print(text.replace("\n", " "), flush=True)
PYTHON
    eventually 5 test -S /tmp/notify.sock
    NOTIFY_SOCKET=/tmp/notify.sock podsharp run -d --name notify --sdnotify healthy --health-cmd 'test -f /ok' --health-interval 100ms "$image" sh -c 'sleep 1; touch /ok; sleep 300' >/dev/null
    is notify healthy
    wait
    grep -q MAINPID /tmp/notified
    grep -q READY=1 /tmp/notified
    rm -f /tmp/notify.sock /tmp/notified
    gone notify
    # One that ends before is no service.
    run podsharp run -d --name notify --sdnotify healthy --health-cmd 'exit 1' --health-interval 100ms "$image" sleep 1
    exit_is 125
    complains 'has ended .* and was not healthy before'
    gone notify
}

it_finds_its_end_in_the_middle_of_a_check() {
    podsharp run -d --name ends --health-cmd 'sleep 30' --health-interval 100ms "$image" sleep 300 >/dev/null
    eventually 5 sh -c 'podsharp exec ends ps | grep -q "sleep 30"'
    podsharp stop -t 0 ends >/dev/null
    eventually 10 is ends stopped
    gone ends
    eventually 10 no_helper
}

it_survives_a_kill_at_each_step_of_a_check() {
    podsharp run -d --name step --health-cmd true --health-interval disable "$image" sleep 300 >/dev/null
    for point in health.probe.started health.check.probed health.check.logged health.check.committed; do
        PODSHARP_KILL_AT=$point podsharp healthcheck run step >/dev/null 2>&1 && fail "not killed at $point"
        podsharp healthcheck run step
        is step healthy
        equal "$(podsharp exec step ps -o args | grep -c true)" 0
    done
    gone step
}

it_leaves_nothing_behind() { eventually 10 no_helper; }

run_suite "$@"
