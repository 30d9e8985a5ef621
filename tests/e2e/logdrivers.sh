#!/bin/bash
# Log drivers, their options and size limits; several logs in one.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

config_of() { "$1" inspect "$2" | jq -c '.[0].HostConfig.LogConfig' | sed -E 's/[0-9a-f]{64}/ID/; s|"Path":"[^"]*/ID/|"Path":"ID/|'; }

it_merges_logs_in_the_order_of_time() {
    podsharp run --name one "$image" sh -c 'for i in 1 3 5; do echo a$i; sleep 0.4; done' >/dev/null &
    sleep 0.2
    podsharp run --name two "$image" sh -c 'for i in 2 4 6; do echo b$i; sleep 0.4; done' >/dev/null
    wait
    equal "$(podsharp logs two one | cut -d' ' -f2)" "$(podsharp logs -t two one | sort -k2 | cut -d' ' -f3)"
    equal "$(podsharp logs --names two one | sort)" "$(printf '%s\n' 'one a1' 'one a3' 'one a5' 'two b2' 'two b4' 'two b6')"
    equal "$(podsharp logs one two | head -n 1 | cut -d' ' -f1)" "$(podsharp inspect one --format '{{.Id}}' | cut -c1-12)"
    equal "$(podsharp logs --tail 1 one two | wc -l)" 2
    # With one container there is nothing to tell apart.
    equal "$(podsharp logs --names one)" $'a1\na3\na5'
    run podsharp logs one nosuch
    exit_is 125
    equal "$output" ''
    one_sentence
    podsharp rm one two
}

it_follows_several_in_the_order_of_time() {
    podsharp create --name one "$image" sh -c 'for i in 1 3 5 7; do echo a$i; sleep 0.8; done'
    podsharp create --name two "$image" sh -c 'sleep 0.4; for i in 2 4 6 8; do echo b$i; sleep 0.8; done'
    podsharp start one two
    run timeout 30 podsharp logs -f two one
    exit_is 0
    equal "$(cut -d' ' -f2 <<<"$output" | tr -d '\nab')" 12345678
    podsharp rm -f -t 0 one two
}

it_colours_lines_as_podman() {
    for engine in podman podsharp; do
        $engine run --log-driver k8s-file --name red "$image" echo red >/dev/null
        $engine run --log-driver k8s-file --name grey "$image" echo grey >/dev/null
        $engine logs --color --names grey red >/tmp/coloured.$engine
        $engine logs --color red >>/tmp/coloured.$engine
        $engine rm red grey >/dev/null
    done
    equal "$(sort /tmp/coloured.podsharp)" "$(sort /tmp/coloured.podman)"
    rm /tmp/coloured.*
}

it_tells_of_its_driver_as_podman() {
    local options
    for options in '--log-driver k8s-file' '--log-driver json-file --log-opt max-size=10k' '--log-driver none' '--log-driver passthrough' \
        '--log-driver k8s-file --log-opt path=/tmp/own.log --log-opt max-size=1.5mb'; do
        podman create --name theirs $options "$image" true >/dev/null
        podsharp create --name ours $options "$image" true >/dev/null 2>&1
        equal "$(config_of podsharp ours)" "$(config_of podman theirs)"
        podman rm theirs >/dev/null
        podsharp rm ours >/dev/null
    done
}

it_writes_where_it_is_told() {
    mkdir -p /tmp/logs
    cd /tmp/logs
    podsharp run --rm --name kept --log-opt path=kept.log "$image" echo here >/dev/null
    grep -q ' stdout F here$' /tmp/logs/kept.log
    podsharp run --name json --log-driver json-file "$image" echo json >/dev/null
    equal "$(podsharp logs json)" json
    podsharp rm json
    rm -r /tmp/logs
}

it_refuses_what_makes_no_sense() {
    local options
    for options in '--log-driver bogus' '--log-opt max-size=x' '--log-opt max-file=0' '--log-opt nonsense=1' '--log-opt foo' '--log-opt tag=x' \
        '--log-driver none --log-opt max-size=1m' '--log-driver journald' '--log-driver passthrough --attach stdout'; do
        run podsharp run --rm $options "$image" true
        exit_is 125
        one_sentence
    done
    run script -qec "podsharp run --rm --log-driver passthrough $image true" /dev/null
    exit_is 125
    prints 'passthrough-tty'
    equal "$(podsharp ps -aq)" ''
}

it_passes_its_own_streams_on() {
    run podsharp run --rm --log-driver passthrough "$image" sh -c 'echo out; echo err >&2; cat; exit 3' <<<in
    exit_is 3
    equal "$output" $'out\nin'
    equal "$errors" err
    # The very same ones, not a copy.
    touch /tmp/mine
    equal "$(podsharp run --rm --log-driver passthrough "$image" sh -c 'exec 3>&1; stat -Lc %i /proc/self/fd/3 >&2' 2>&1 >/tmp/mine)" "$(stat -c %i /tmp/mine)"
    podsharp create --name later --log-driver passthrough "$image" sh -c 'cat; echo later'
    equal "$(podsharp start -a later <<<more)" $'more\nlater'
    run podsharp logs later
    exit_is 125
    complains "using the 'passthrough' log driver, cannot read logs"
    podsharp run -d --name running --log-driver passthrough "$image" sleep 1000 >/dev/null
    run podsharp attach running
    exit_is 125
    complains "cannot attach"
    equal "$(podsharp exec running echo inside)" inside
    podsharp rm -f -t 0 later running
    # A signal reaches the container.
    podsharp run --name told --log-driver passthrough "$image" sh -c 'trap "echo told; exit 4" TERM; echo up; while :; do sleep 0.1; done' >/tmp/mine &
    eventually 20 grep -q up /tmp/mine
    kill $!
    status=0; wait $! || status=$?
    exit_is 4
    equal "$(cat /tmp/mine)" $'up\ntold'
    podsharp rm told
    rm /tmp/mine
}

it_says_that_lines_are_discarded_at_the_limit() {
    run podsharp create --name limited --log-opt max-size=10k "$image" true
    if conmon --help | grep -q -- --log-rotate; then
        equal "$errors" ''
    else
        complains 'its lines are discarded'
    fi
    podsharp rm limited
    # One file is what was asked for.
    run podsharp create --name limited --log-opt max-size=10k --log-opt max-file=1 "$image" true
    equal "$errors" ''
    podsharp rm limited
}

# Needs conmon 2.2: the host's own, or the one that PODSHARP_CONMON names.
rotating_conmon() {
    local candidate
    for candidate in "${PODSHARP_CONMON:-}" "$(command -v conmon)"; do
        [[ -x $candidate ]] && "$candidate" --help | grep -q -- --log-rotate && { echo "$candidate"; return; }
    done
    skip 'conmon 2.2 or later is not installed here'
}

it_loses_no_line_where_conmon_sets_logs_aside() {
    local conmon
    conmon=$(rotating_conmon) || { echo "$conmon"; exit 77; }
    run podsharp --conmon "$conmon" run -d --name long --log-opt max-size=20k --log-opt max-file=50 "$image" \
        sh -c 'i=0; while [ $i -lt 5000 ]; do echo "line $i ............................"; i=$((i+1)); done; echo end'
    equal "$errors" ''
    timeout 60 podsharp logs -f long >/tmp/followed
    equal "$(wc -l </tmp/followed)" 5001
    podsharp logs long >/tmp/read
    cmp /tmp/followed /tmp/read
    equal "$(podsharp logs --tail 3000 long | md5sum)" "$(tail -n 3000 /tmp/read | md5sum)"
    equal "$(sed -n 's/^line \([0-9]*\) .*/\1/p' /tmp/read | md5sum)" "$(seq 0 4999 | md5sum)"
    podsharp rm long
    # Two files unless more are asked for: never less than the limit's worth.
    podsharp --conmon "$conmon" run --name short --log-opt max-size=20k "$image" sh -c 'for i in $(seq 1 2000); do echo "line $i ............................"; done' >/dev/null
    local logs
    logs=$(dirname "$(podsharp inspect short --format '{{.HostConfig.LogConfig.Path}}')")
    # conmon 2.2.1 keeps two where it is told one.
    [[ -e $logs/ctr.log.1 && ! -e $logs/ctr.log.3 ]] || fail "$(ls "$logs")"
    [[ $(stat -c %s "$logs/ctr.log.1") -le 20000 ]] || fail 'above the limit'
    equal "$(podsharp logs --tail 1 short)" 'line 2000 ............................'
    podsharp rm short
    rm /tmp/followed /tmp/read
}

it_takes_the_defaults_of_containers_conf() {
    printf '[containers]\nlog_driver = "none"\nlog_size_max = 20000\n' >/tmp/containers.conf
    export CONTAINERS_CONF=/tmp/containers.conf
    podsharp create --name silent "$image" true
    equal "$(podsharp inspect silent --format '{{.HostConfig.LogConfig.Type}}')" none
    run podsharp create --name cut --log-driver k8s-file "$image" true
    equal "$errors" ''
    equal "$(podsharp inspect cut --format '{{.HostConfig.LogConfig.Size}}')" 20kB
    podsharp rm silent cut
    rm /tmp/containers.conf
}

run_suite "$@"
