#!/bin/bash
# The verbs of every day beyond start and stop, beside podman's where both have them.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
}

gone() { podsharp rm -f -v -t 0 "$@" >/dev/null; }
state() { podsharp inspect "$1" --format '{{.State.Status}}'; }
ticks() { wc -l </tmp/ticks/"$1"; }

# ticking NAME RUNTIME: a container that writes a line every 50 ms.
ticking() {
    mkdir -p /tmp/ticks
    podsharp --runtime "$2" run -d --name "$1" -v /tmp/ticks:/ticks "$image" \
        sh -c "trap 'echo end; exit 3' TERM; while :; do echo >>/ticks/$1; sleep 0.05; done" >/dev/null
    eventually 10 test -s "/tmp/ticks/$1"
}

stands_still() {
    local before
    before=$(ticks "$1")
    sleep 0.4
    [[ $(ticks "$1") == "$before" ]] || fail "$1 goes on"
}

it_pauses_and_unpauses_with_each_runtime() {
    local runtime
    for runtime in crun runc; do
        ticking "p-$runtime" "$runtime"
        equal "$(podsharp pause "p-$runtime")" "p-$runtime"
        stands_still "p-$runtime"
        equal "$(podsharp inspect "p-$runtime" --format '{{.State.Status}} {{.State.Paused}} {{.State.Running}}')" 'paused true false'
        equal "$(podsharp ps -a --filter status=paused --format '{{.Names}} {{.State}} {{.Status}}')" "p-$runtime paused Paused"
        equal "$(podsharp ps --filter "name=p-$runtime" -q)" ''
        run podsharp pause "p-$runtime"
        exit_is 125
        one_sentence
        complains 'already paused'
        run podsharp exec "p-$runtime" true
        exit_is 255
        complains 'paused'
        run podsharp restart "p-$runtime"
        exit_is 125
        run podsharp start "p-$runtime"
        exit_is 125
        run podsharp rm "p-$runtime"
        exit_is 2
        equal "$(podsharp unpause "p-$runtime")" "p-$runtime"
        before=$(ticks "p-$runtime")
        eventually 5 sh -c "[ \$(wc -l </tmp/ticks/p-$runtime) -gt $before ]"
        podsharp exec "p-$runtime" true
        run podsharp unpause "p-$runtime"
        exit_is 125
        complains 'not paused'
        equal "$(podsharp events --stream=false --filter "container=p-$runtime" --format '{{.Status}}' | grep -c pause)" 2
        gone "p-$runtime"
    done
}

it_ends_what_is_paused() {
    local runtime
    for runtime in crun runc; do
        ticking "stopped-$runtime" "$runtime"
        podsharp pause "stopped-$runtime"
        podsharp stop "stopped-$runtime"
        equal "$(podsharp inspect "stopped-$runtime" --format '{{.State.Status}} {{.State.ExitCode}}')" 'exited 3'
        podsharp start "stopped-$runtime"
        podsharp pause "stopped-$runtime"
        podsharp stop -t 0 "stopped-$runtime"
        equal "$(podsharp inspect "stopped-$runtime" --format '{{.State.Status}} {{.State.ExitCode}}')" 'exited 137'
        podsharp start "stopped-$runtime"
        podsharp pause "stopped-$runtime"
        podsharp kill "stopped-$runtime"
        equal "$(podsharp wait "stopped-$runtime")" 137
        podsharp start "stopped-$runtime"
        podsharp pause "stopped-$runtime"
        # Another signal waits for it to be resumed.
        podsharp kill -s TERM "stopped-$runtime"
        equal "$(state "stopped-$runtime")" paused
        podsharp unpause "stopped-$runtime"
        equal "$(podsharp wait "stopped-$runtime")" 3
        podsharp start "stopped-$runtime"
        podsharp pause "stopped-$runtime"
        podsharp rm -f "stopped-$runtime"
        run podsharp container exists "stopped-$runtime"
        exit_is 1
    done
}

it_notices_that_a_paused_container_died() {
    ticking dead crun
    podsharp pause dead
    pid=$(podsharp inspect dead --format '{{.State.Pid}}')
    kill -9 "$pid"
    # What froze it is not ours alone: with the v1 freezer the signal waits until somebody thaws it.
    crun --root /run/crun resume "$(podsharp inspect dead --format '{{.Id}}')" || true
    eventually 10 sh -c "! kill -0 $pid"
    # conmon's exit command may be at it this very moment.
    eventually 10 sh -c '[ "$(podsharp ps -a --filter name=dead --format "{{.State}}")" = exited ]'
    equal "$(podsharp inspect dead --format '{{.State.ExitCode}}')" 137
    gone dead
}

it_pauses_by_all_latest_and_filter() {
    podsharp create --name still "$image" true >/dev/null
    podsharp run -d --name one --label k=v "$image" sleep 100 >/dev/null
    podsharp run -d --name two "$image" sleep 100 >/dev/null
    equal "$(podsharp pause --all | wc -l)" 2
    equal "$(podsharp unpause --filter label=k=v)" "$(podsharp inspect one --format '{{.Id}}')"
    equal "$(state one) $(state two) $(state still)" 'running paused created'
    podsharp unpause --all
    equal "$(podsharp unpause --all)" ''
    podsharp pause --latest
    equal "$(state two)" paused
    run podsharp pause --all one
    exit_is 125
    run podsharp pause still
    exit_is 125
    one_sentence
    run podsharp pause
    exit_is 125
    podsharp stop --all -t 0
    equal "$(state two)" exited
    gone still one two
}

it_renames() {
    podman import "$image_tar" localhost/busybox:test >/dev/null 2>&1
    podsharp run -d --name old --network podsharp "$image" sleep 100 >/dev/null
    podman create --name theirs "$image" true >/dev/null
    podsharp create --name other "$image" true >/dev/null
    run podsharp rename old new
    exit_is 0
    equal "$output" ''
    equal "$(podsharp ps --format '{{.Names}}')" new
    equal "$(podsharp inspect new --format '{{.Name}}')" new
    podsharp exec new grep -q old /etc/hosts
    run podsharp inspect old
    [[ $status != 0 ]] || fail 'the old name is still there'
    # The shared store has the name, and podman's list of foreign containers shows it.
    jq -e '.[] | select(.names == ["new"])' /var/lib/containers/storage/overlay-containers/containers.json >/dev/null
    jq -e '.[] | select(.names == ["new-layer"])' /var/lib/containers/storage/overlay-layers/layers.json >/dev/null
    podman ps --all --external --format '{{.Names}}' | grep -x new >/dev/null
    for taken in other theirs; do
        run podsharp rename new "$taken"
        exit_is 125
        one_sentence
        complains 'already in use'
        equal "$(podsharp ps --format '{{.Names}}')" new
    done
    run podsharp rename new 'bad name'
    exit_is 125
    run podsharp rename nothing at-all
    exit_is 125
    podsharp rename new new
    # The old name is free, for podman too.
    podsharp create --name old "$image" true >/dev/null
    podsharp rm old
    podman create --name old "$image" true >/dev/null
    podman rm old theirs >/dev/null
    # After the next start it knows itself by its new name.
    podsharp restart -t 0 new
    podsharp exec new grep -q new /etc/hosts
    podsharp events --stream=false --filter container=new --filter event=rename --format '{{.Name}}' | grep -x new >/dev/null
    podman system check
    gone new other
}

it_lists_ports_as_podman_does() {
    local options=(-d --name ports -p 18080:80 -p 127.0.0.1:19000-19002:9000-9002/udp)
    podman import "$image_tar" localhost/busybox:test >/dev/null 2>&1
    podman run "${options[@]}" "$image" sleep 100 >/dev/null
    local theirs=() question
    local questions=('' 80 80/tcp 9001/udp)
    # podman's order of protocols is another each time.
    for question in "${questions[@]}"; do theirs+=("$(podman port ports $question | sort)"); done
    podman rm -f -t 0 ports >/dev/null
    id=$(podsharp run "${options[@]}" "$image" sleep 100)
    for question in "${!questions[@]}"; do
        equal "$(podsharp port ports ${questions[question]} | sort)" "${theirs[question]}"
    done
    equal "$(podsharp port --all | head -n 1)" "${id:0:12}"$'\t''80/tcp -> 0.0.0.0:18080'
    equal "$(podsharp port --latest | sort)" "${theirs[0]}"
    for question in 81 9001 xx; do
        run podsharp port ports $question
        exit_is 125
        one_sentence
    done
    run podsharp port
    exit_is 125
    run podsharp port --all ports
    exit_is 125
    gone ports
}

it_initializes() {
    podsharp create --name made "$image" sh -c 'exit 4' >/dev/null
    equal "$(podsharp init made)" made
    equal "$(state made)" initialized
    run podsharp init made
    exit_is 125
    one_sentence
    podsharp start made
    equal "$(podsharp wait made)" 4
    podsharp init --all
    equal "$(state made)" initialized
    podsharp rm made
}

it_prunes() {
    podsharp run -d --name stays --label k=v "$image" sleep 100 >/dev/null
    podsharp create --name fresh --label k=v "$image" true >/dev/null
    podsharp run --name ended "$image" true
    run podsharp container prune </dev/null
    exit_is 125
    one_sentence
    podsharp container prune <<<n | grep 'Are you sure' >/dev/null
    equal "$(podsharp container prune -f --filter until=1h)" ''
    run podsharp container prune -f --filter status=exited
    exit_is 125
    equal "$(podsharp container prune -f --filter label=k)" "$(podsharp events --stream=false --filter event=create --filter container=fresh --format '{{.ID}}')"
    equal "$(podsharp ps -a --format '{{.Names}}')" $'stays\nended'
    podsharp container prune <<<y >/dev/null
    equal "$(podsharp ps -a --format '{{.Names}}')" stays
    podsharp create --name filtered --label gone=yes "$image" true >/dev/null
    podsharp rm --filter label=gone=yes >/dev/null
    equal "$(podsharp ps -a --format '{{.Names}}')" stays
    gone stays
}

# As run --rm does, whose wait may begin when the exit command has removed the container.
it_knows_the_exit_code_of_a_container_that_is_gone() {
    local id
    id=$(podsharp run -d --rm --network none "$image" sh -c 'exit 7')
    eventually 10 sh -c "! podsharp container exists $id"
    equal "$(podsharp wait "$id")" 7
    run podsharp wait "${id:0:12}"
    exit_is 125
}

it_waits_for_every_condition() {
    podsharp create --name made "$image" sh -c 'sleep 1; exit 5' >/dev/null
    equal "$(podsharp wait made)" 0
    equal "$(podsharp wait --condition created made)" -1
    podsharp init made
    equal "$(podsharp wait --condition initialized made)" -1
    podsharp start made
    equal "$(podsharp wait --condition running,paused made)" -1
    equal "$(podsharp wait --condition exited made)" 5
    equal "$(podsharp wait --interval 5 made)" 5
    equal "$(podsharp wait --ignore made nothing)" $'5\n-1'
    podsharp run -d --name later "$image" sleep 100 >/dev/null
    equal "$(podsharp wait --exit-first-match later made)" 5
    (sleep 0.5; podsharp pause later) >/dev/null &
    equal "$(timeout 10 podsharp wait --condition paused later)" -1
    (sleep 0.5; podsharp rm -f -t 0 later) >/dev/null &
    timeout 10 podsharp wait --condition removing later
    wait
    for bad in bogus healthy unhealthy; do
        run podsharp wait --condition "$bad" made
        exit_is 125
        one_sentence
    done
    run podsharp wait --interval x made
    exit_is 125
    run podsharp wait made nothing
    exit_is 125
    gone made
}

# The same containers on both sides, one after the other; what each filter finds must be the same.
it_stops_and_removes_many_at_once() {
    local names=() begin
    for i in {1..12}; do names+=("many-$i"); done
    printf '%s\n' "${names[@]}" | xargs -P 4 -I{} podsharp run -d --name {} "$image" sleep 1000 >/dev/null
    begin=$SECONDS
    # sleep is PID 1 and takes no SIGTERM: each is waited for.
    equal "$(podsharp stop -t 3 "${names[@]}")" "$(printf '%s\n' "${names[@]}")"
    [[ $((SECONDS - begin)) -lt 18 ]] || fail "one after the other: $((SECONDS - begin)) s"
    # What fails has its line on standard error; the others go, in their order.
    run podsharp rm many-1 nobody-1 "${names[@]:1}" nobody-2
    exit_is 1
    equal "$output" "$(printf '%s\n' "${names[@]}")"
    equal "$(grep -o 'nobody-[12]' <<<"$errors" | sort -u | tr '\n' ' ')" 'nobody-1 nobody-2 '
}

it_filters_as_podman_does() {
    local filters=(ancestor=busybox ancestor=localhost/busybox ancestor=busy ancestor="$image" before=c since=a exited=5 exited=0
        label=k label=k=v 'label!=k' 'label!=k=v' 'label=k*' 'name=^a' 'name=a|b' health=none health=healthy pod=x restart-policy=always
        should-start-on-boot=true should-start-on-boot=false status=created status=exited status=stopped status=running status=paused
        status=initialized status=unknown status=removing until=1h until=0s volume=vol volume=vol:/data volume=vol:/x command=sleep
        command=tru 'command=sleep 100' id=zzzz network=nothing)
    local sorts=(command image names status) side filter
    podman import "$image_tar" localhost/busybox:test >/dev/null 2>&1
    for side in podman podsharp; do
        $side run -d --name a --label k=v -v vol:/data "$image" sleep 100 >/dev/null
        $side run -d --name b --label k=w -v /tmp:/host "$image" sleep 100 >/dev/null
        $side run --name c --label other=1 "$image" sh -c 'exit 5' || true
        $side create --name d "$image" true >/dev/null
        $side run -d --name e "$image" sleep 100 >/dev/null
        $side pause e >/dev/null
        for filter in "${filters[@]}"; do
            echo "$filter:" "$($side ps -a --filter "$filter" --format '{{.Names}}' | tr '\n' ' ')"
        done >"/tmp/filters.$side"
        for sort in "${sorts[@]}"; do
            echo "$sort:" "$($side ps -a --sort "$sort" --format '{{.Names}}' | tr '\n' ' ')"
        done >>"/tmp/filters.$side"
        {
            echo "plain:" "$($side ps --format '{{.Names}}' | tr '\n' ' ')"
            echo "last:" "$($side ps --last 2 --format '{{.Names}}' | tr '\n' ' ')"
            echo "latest:" "$($side ps --latest --format '{{.Names}}')"
            echo "two:" "$($side ps -a --filter status=exited --filter label=other --format '{{.Names}}')"
        } >>"/tmp/filters.$side"
        $side rm -f -t 0 a b c d e >/dev/null
        $side volume rm vol >/dev/null
    done
    # A host's directory, which podman's filter doesn't know.
    podsharp create --name bound -v /tmp:/host "$image" true >/dev/null
    equal "$(podsharp ps -a --filter volume=/tmp --format '{{.Names}}')" bound
    podsharp rm bound >/dev/null
    diff /tmp/filters.podman /tmp/filters.podsharp || fail 'podman finds others'
    for bad in bogus=1 health=fine status=bogus since=nothing; do
        run podsharp ps -a --filter "$bad"
        exit_is 125
        one_sentence
    done
    run podsharp ps --last 1 --latest
    exit_is 125
    run podsharp ps --sort bogus
    exit_is 125
}

run_suite "$@"
