#!/bin/bash
# The life of containers, in full: what the smoke suite leaves out. Limits, mounts and rights are in containment.sh.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

gone() { podsharp rm -f -v -t 0 "$@" >/dev/null; }
field() { podsharp inspect "$1" --format "{{.$2}}"; }

it_creates_starts_and_waits() {
    id=$(podsharp create --name made --label kind=a --stop-signal INT --stop-timeout 7 "$image" sh -c 'exit 5')
    [[ ${#id} == 64 ]] || fail "not an id: $id"
    equal "$(field made State.Status)" created
    equal "$(podsharp inspect made --format '{{.Id}} {{.Name}} {{.Config.Labels.kind}} {{.Config.StopTimeout}}')" "$id made a 7"
    run podsharp start made
    equal "$output" made
    equal "$(podsharp wait made)" 5
    equal "$(podsharp inspect made --format '{{.State.Status}} {{.State.ExitCode}} {{.State.Pid}} {{.State.Running}}')" 'exited 5 0 false'
    # Again, attached: the exit code is the command's.
    run podsharp start -a made
    exit_is 5
    equal "$(podsharp wait "${id:0:8}")" 5
    run podsharp rm made
    equal "$output" made
    run podsharp container exists made
    exit_is 1
}

it_restarts_kills_and_stops() {
    podsharp run -d --name long "$image" sh -c 'trap "exit 4" TERM; echo up; while :; do sleep 0.1; done' >/dev/null
    pid=$(field long State.Pid)
    eventually 5 sh -c 'podsharp logs long | grep -q up'
    podsharp restart long
    [[ $(field long State.Pid) != "$pid" && $(field long State.Status) == running ]] || fail 'not restarted'
    eventually 5 sh -c '[ $(podsharp logs long | grep -c up) = 2 ]'
    podsharp kill -s TERM long
    equal "$(podsharp wait long)" 4
    podsharp start long
    podsharp kill long
    equal "$(podsharp wait long)" 137
    run podsharp kill long
    [[ $status != 0 ]] || fail 'killed what does not run'
    one_sentence
    run podsharp stop long
    exit_is 0
    # One that ignores the signal is killed after the timeout.
    podsharp run -d --name deaf "$image" sh -c 'trap "" TERM; while :; do sleep 0.1; done' >/dev/null
    start=$SECONDS
    podsharp stop -t 1 deaf
    [[ $((SECONDS - start)) -le 5 ]] || fail 'the timeout was not kept'
    equal "$(field deaf State.ExitCode)" 137
    podsharp rm long deaf
}

it_runs_in_the_foreground() {
    run podsharp run --rm "$image" sh -c 'exit 3'
    exit_is 3
    run podsharp run --rm "$image" sh -c 'sh -c "kill -9 \$\$"; exit $?'
    exit_is 137
    run podsharp run --rm --no-such "$image" true
    exit_is 125
    run podsharp run --rm "$image" /etc
    exit_is 126
    run podsharp run --rm "$image" nothing-of-this-name
    exit_is 127
    # Signals reach the container's process, and its exit code comes back.
    podsharp run --rm --name proxied "$image" sh -c 'trap "exit 6" TERM; while :; do sleep 0.1; done' >/dev/null &
    eventually 10 sh -c '[ "$(podsharp ps -q -f status=running -f name=proxied)" ]'
    sleep 0.3
    kill -TERM $!
    status=0
    wait $! || status=$?
    exit_is 6
    equal "$(podsharp ps -aq)" ''
}

it_lists_with_filters() {
    podsharp create --name first --label app=web --label tier=1 "$image" true >/dev/null
    podsharp create --name second --label app=db -v filtered:/data "$image" true >/dev/null
    podsharp run -d --name third --label app=web "$image" sleep 100 >/dev/null
    podsharp run --name fourth "$image" sh -c 'exit 9' || true
    names() { podsharp ps -a --format '{{.Names}}' "$@" | sort | tr '\n' ' '; }
    equal "$(names)" 'first fourth second third '
    equal "$(podsharp ps --format '{{.Names}}')" third
    equal "$(names -f label=app=web)" 'first third '
    equal "$(names -f label=app=web -f label=tier)" 'first '
    equal "$(names -f status=created)" 'first second '
    equal "$(names -f status=exited)" 'fourth '
    equal "$(names -f exited=9)" 'fourth '
    equal "$(names -f name='^f')" 'first fourth '
    equal "$(names -f since=second)" 'fourth third '
    equal "$(names -f before=second)" 'first '
    equal "$(names -f volume=filtered)" 'second '
    equal "$(names -f ancestor="$image")" 'first fourth second third '
    equal "$(names -f ancestor=no/such)" ''
    equal "$(names -f "id=$(podsharp inspect first --format '{{.Id}}' | cut -c1-10)")" 'first '
    equal "$(names -f network=none)" ''
    equal "$(names -f until=1h)" ''
    equal "$(podsharp ps -a -q --last 1 | wc -l)" 1
    equal "$(podsharp ps -aq --no-trunc | head -n 1 | tr -d '\n' | wc -c)" 64
    equal "$(podsharp ps -a --sort names --format '{{.Names}}' | tr '\n' ' ')" 'first fourth second third '
    equal "$(podsharp ps -a --format json | jq length)" 4
    run podsharp ps -a
    prints '^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$'
    prints 'Exited \(9\)'
    prints 'Up '
    run podsharp ps -a -f colour=red
    exit_is 125
    one_sentence
    gone --all
    podsharp volume rm filtered
}

it_execs() {
    podsharp run -d --name box -e BASE=1 -w /tmp "$image" sh -c 'echo $$ >/tmp/pid; exec sleep 100' >/dev/null
    equal "$(podsharp exec box pwd)" /tmp
    equal "$(podsharp exec -w /etc box pwd)" /etc
    equal "$(podsharp exec -e MORE=2 box sh -c 'echo $BASE$MORE')" 12
    equal "$(podsharp exec -u 1234:5678 box id -u)-$(podsharp exec -u 1234:5678 box id -g)" 1234-5678
    equal "$(echo through | podsharp exec -i box cat)" through
    equal "$(podsharp exec box cat </dev/null)" ''
    run podsharp exec box sh -c 'echo o; echo e >&2; exit 11'
    exit_is 11
    equal "$output/$errors" o/e
    run podsharp exec box sh -c 'kill -9 $$'
    exit_is 137
    run podsharp exec box no-such-thing
    exit_is 127
    run podsharp exec box /etc
    exit_is 126
    run podsharp exec nobody true
    exit_is 125
    id=$(podsharp exec -d box sh -c 'echo done >/tmp/detached')
    [[ ${#id} == 64 ]] || fail "not an id: $id"
    eventually 5 podsharp exec box cat /tmp/detached
    # 2 MB of binary data through stdin and back.
    head -c 2000000 /dev/urandom >/tmp/data
    podsharp exec -i box cat </tmp/data | cmp - /tmp/data
    gone box
    run podsharp exec box true
    exit_is 125
}

it_execs_with_a_terminal() {
    podsharp run -d --name tty "$image" sleep 100 >/dev/null
    # An input that stays open: an early end of file would be typed into the terminal, and echoed, before it is raw. The runtime
    # gives the terminal its size beside the command's start.
    run script -qec 'stty rows 33 cols 111; podsharp exec -it tty sh -c "tty; sleep 0.5; stty size"' /dev/null < <(sleep 5)
    prints '/dev/pts/'
    prints '^33 111'
    run podsharp exec -t tty sh -c 'test -t 1 && echo terminal'
    prints terminal
    run script -qec 'podsharp exec -it tty sh -c "exit 12"' /dev/null < <(sleep 5)
    exit_is 12
    gone tty
}

it_attaches_and_detaches() {
    cat >/tmp/detach.py <<'PY'
import os, select, sys, time
def until(fd, text, seconds=20):
    seen, end = b"", time.time() + seconds
    while text not in seen:
        if time.time() > end: sys.exit("no %r in %r" % (text, seen))
        if select.select([fd], [], [], 0.2)[0]:
            try: data = os.read(fd, 4096)
            except OSError: break
            if not data: break
            seen += data
    return seen
command, steps = sys.argv[1].split(), sys.argv[2:]
pid, fd = os.forkpty()
if pid == 0: os.execvp(command[0], command)
for step in steps:
    kind, _, text = step.partition(":")
    data = text.encode().decode("unicode_escape").encode()
    if kind == "see": until(fd, data)
    else: os.write(fd, data)
end = time.time() + 20
while time.time() < end:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done: sys.exit(os.waitstatus_to_exitcode(status))
    if select.select([fd], [], [], 0.1)[0]:
        try: os.read(fd, 4096)
        except OSError: pass
sys.exit("it did not end")
PY
    run python3 /tmp/detach.py "podsharp run -it --name shell $image sh" 'send:echo $((40+2))\r' 'see:42' 'send:\x10\x11'
    exit_is 0
    equal "$(field shell State.Status)" running
    run python3 /tmp/detach.py 'podsharp attach --detach-keys ctrl-x,x shell' 'send:echo $((50+5))\r' 'see:55' 'send:\x18x'
    exit_is 0
    equal "$(field shell State.Status)" running
    run python3 /tmp/detach.py 'podsharp attach shell' 'send:echo $((60+6))\r' 'see:66' 'send:exit 8\r'
    exit_is 8
    equal "$(field shell State.Status)" exited
    podsharp rm shell
    # Without a terminal: both streams, and the exit code.
    podsharp run -d --name plain "$image" sh -c 'sleep 2; echo out; echo err >&2; exit 2' >/dev/null
    run podsharp attach plain
    exit_is 2
    equal "$output/$errors" out/err
    run podsharp attach plain
    [[ $status != 0 ]] || fail 'attached to an ended container'
    gone plain
}

it_keeps_logs() {
    podsharp run -d --name talk "$image" sh -c 'echo one; sleep 1.2; echo two; echo err >&2; printf half; sleep 2; echo; echo last' >/dev/null
    eventually 5 sh -c 'podsharp logs talk | grep -q two'
    between=$(podsharp logs -t talk 2>/dev/null | awk '/two/ {print $1}')
    # Followed to its end.
    equal "$(timeout 20 podsharp logs -f talk 2>/dev/null | tr '\n' ' ')" 'one two half last '
    equal "$(podsharp logs --tail 1 talk 2>/dev/null)" last
    equal "$(podsharp logs --tail 0 talk 2>&1)" ''
    equal "$(podsharp logs talk 2>&1 >/dev/null)" err
    run podsharp logs -t --tail 1 talk
    prints '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+) last$'
    equal "$(podsharp logs --since "$between" talk 2>/dev/null | head -n 1)" two
    equal "$(podsharp logs --until "$(podsharp logs -t talk 2>/dev/null | awk '/one/ {print $1}')" talk 2>/dev/null)" one
    equal "$(podsharp logs --since 1h talk 2>/dev/null | wc -l)" 4
    gone talk
    podsharp run -d --name silent --log-driver none "$image" sh -c 'echo unheard' >/dev/null
    podsharp wait silent >/dev/null
    run podsharp logs silent
    exit_is 125
    one_sentence
    gone silent
    podsharp run --name elsewhere --log-opt path=/tmp/own.log "$image" echo kept
    grep -q 'stdout F kept' /tmp/own.log
    gone elsewhere
}

it_shows_processes_and_usage() {
    podsharp run -d --name busy --memory 64m "$image" sh -c 'sleep 100 & exec sleep 200' >/dev/null
    # A start does not wait until the runtime's process has become the command.
    eventually 10 sh -c "podsharp top busy args | grep -q 'sleep 200'"
    run podsharp top busy
    prints '^USER +PID +PPID +%CPU +ELAPSED +TTY +TIME +COMMAND$'
    prints 'sleep 200'
    prints 'sleep 100'
    run podsharp top busy pid args
    prints '^PID +COMMAND$'
    prints '^1 +sleep 200'
    run podsharp top busy no-such-column
    [[ $status != 0 ]] || fail 'unknown columns are accepted'
    run podsharp stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' busy
    prints '^busy .*/ 67.*MB 2$'
    run podsharp stats --no-stream
    prints '^ID +NAME +CPU % '
    podsharp stop -t 0 busy
    run podsharp top busy
    exit_is 125
    one_sentence
    gone busy
}

it_inspects() {
    podsharp run -d --name seen -p 127.0.0.1:18300:80/tcp -v /tmp:/host:ro --memory 32m --cpus 0.5 -e A=b -h inner "$image" sleep 100 >/dev/null
    json=$(podsharp inspect seen)
    is() { equal "$(jq -r ".[0]$1" <<<"$json")" "$2"; }
    is .Name seen
    is .State.Running true
    is .Config.Hostname inner
    is '.Config.Cmd | join(" ")' 'sleep 100'
    is .ImageName "$image"
    is '.HostConfig.Memory' 33554432
    is '.HostConfig.NanoCpus' 500000000
    is '.HostConfig.PortBindings["80/tcp"][0].HostPort' 18300
    is '.NetworkSettings.Ports["80/tcp"][0].HostIp' 127.0.0.1
    is '.Mounts[0].Destination' /host
    is '.Mounts[0].RW' false
    [[ $(jq -r '.[0].Config.Env[]' <<<"$json") == *A=b* ]] || fail 'no environment'
    [[ $(jq -r '.[0].NetworkSettings.Networks[].IPAddress' <<<"$json") =~ ^[0-9.]+$ ]] || fail 'no address'
    gone seen
    run podsharp inspect seen
    exit_is 125
    one_sentence
}

it_runs_with_each_runtime() {
    for runtime in crun runc "$(command -v crun)"; do
        podsharp --runtime "$runtime" run -d --name engine "$image" sleep 100 >/dev/null
        equal "$(podsharp exec engine echo inside)" inside
        equal "$(basename "$(field engine OCIRuntime)")" "$(basename "$runtime")"
        run podsharp --runtime "$runtime" run --rm "$image" /etc
        exit_is 126
        run podsharp --runtime "$runtime" run --rm "$image" nothing-of-this-name
        exit_is 127
        podsharp stop -t 0 engine
        podsharp start engine
        gone engine
    done
}

it_removes() {
    podsharp run -d --name alive "$image" sleep 100 >/dev/null
    run podsharp rm alive
    exit_is 2
    one_sentence
    podsharp rm -f -t 0 alive
    run podsharp rm alive
    exit_is 1
    podsharp rm --ignore alive
    podsharp create --name a "$image" true >/dev/null
    podsharp create --name b "$image" true >/dev/null
    run podsharp rm a b
    equal "$output" $'a\nb'
    podsharp create --name again "$image" true >/dev/null
    podsharp create --replace --name again "$image" false >/dev/null
    run podsharp start -a again
    exit_is 1
    gone again
}

it_writes_events_as_podman_does() {
    since=$(date +%s)
    podsharp run --rm --name told --label why=test "$image" true
    eventually 5 sh -c "! podsharp container exists told"
    events=$(podsharp events --stream=false --since "$since" --format json --filter container=told)
    equal "$(jq -r .Status <<<"$events" | tr '\n' ' ')" 'create init attach start died remove '
    log=/run/containers/storage/podsharp/events/events.log
    equal "$(grep told "$log" | jq -r '[.Status, .Type, .Name] | join(" ")' | head -n 1)" 'create container told'
    # podman reads the same lines.
    mkdir -p /tmp/podman-events
    run podman --events-backend file --tmpdir /tmp/podman-events events --stream=false --since 1h
    cp "$log" /tmp/podman-events/events/events.log
    run podman --events-backend file --tmpdir /tmp/podman-events events --stream=false --since 1h
    prints 'container died .*name=told'
}

run_suite "$@"
