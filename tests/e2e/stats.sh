#!/bin/bash
# stats, once and continuously; ps --watch, exec --wait; beside podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podman import "$image_tar" "$image" >/dev/null 2>&1 || true
}

gone() { podsharp rm -f -v -t 0 "$@" >/dev/null; }

# For SECONDS, then Ctrl+C.
watch_for() { timeout -s INT "$@" || [[ $? == 124 || $? == 130 ]]; }

it_measures_the_share_between_two_looks() {
    podsharp run -d --name busy "$image" sh -c 'sleep 3; while :; do :; done' >/dev/null
    watch_for 7 podsharp stats --no-reset --interval 1 --format '{{.CPUPerc}} {{.AVGCPU}}' busy >/tmp/shares
    cat /tmp/shares
    [[ $(wc -l </tmp/shares) -ge 5 ]] || fail 'too few looks'
    # Idle at first, busy at the end; the average lags behind.
    awk 'NR == 2 && $1 + 0 > 20 { exit 1 }' /tmp/shares || fail 'busy before it was'
    tail -n 1 /tmp/shares | awk '{ exit !($1 + 0 > 20 && $1 + 0 > $2 + 0) }' || fail 'no share of its own'
    gone busy
}

it_shows_what_comes_and_goes() {
    podsharp run -d --name first "$image" sleep 100 >/dev/null
    (watch_for 8 podsharp stats --interval 1 --no-reset --format '{{.Name}}' >/tmp/names) &
    sleep 2.5
    podsharp run -d --name second "$image" sleep 100 >/dev/null
    sleep 2
    gone first
    sleep 1.5
    wait
    [[ $(head -n 1 /tmp/names) == first && $(tail -n 1 /tmp/names) == second ]] || fail "$(cat /tmp/names)"
    gone second
}

it_clears_only_a_terminal() {
    podsharp run -d --name one "$image" sleep 100 >/dev/null
    ! podsharp stats --no-stream one | grep -q $'\e' || fail 'escapes in a pipe'
    script -qec "podsharp stats --no-stream one" /dev/null </dev/null | grep -q $'\e\\[2J' || fail 'no new page on a terminal'
    ! script -qec "podsharp stats --no-stream --no-reset one" /dev/null </dev/null | grep -q $'\e\\[2J' || fail 'a new page in spite of --no-reset'
    gone one
}

it_is_podmans_for_what_does_not_run_and_for_wrong_words() {
    local tool words
    for tool in podman podsharp; do
        "$tool" run --name "ended-$tool" "$image" true >/dev/null
        equal "$("$tool" stats --no-stream --format '{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDS}}' "ended-$tool")" "ended-$tool 0.00% 0B / 0B 0"
        equal "$("$tool" stats --no-stream --all --format json | jq -r '.[] | .name + " " + .cpu_time')" "ended-$tool 0s"
        for words in '--no-stream nobody' '--interval 0' '--all x' '--all --latest'; do
            # shellcheck disable=SC2086
            run "$tool" stats $words
            exit_is 125
        done
        equal "$("$tool" stats --no-stream --format '{{.Name}}')" ''
        "$tool" rm "ended-$tool" >/dev/null
    done
}

it_ends_when_what_it_watches_is_removed() {
    podsharp run -d --name going "$image" sleep 100 >/dev/null
    (sleep 1.5; gone going) &
    run timeout 10 podsharp stats --interval 1 --format '{{.Name}}' going
    exit_is 125
    complains 'no container with name or ID "going"'
    wait
}

it_watches_a_list() {
    podsharp create --name listed "$image" true >/dev/null
    watch_for 3.5 podsharp ps -a --watch 1 --format '{{.Names}}' >/tmp/list
    [[ $(grep -c listed /tmp/list) -ge 3 ]] || fail "$(cat /tmp/list)"
    run podsharp ps --watch 1 --latest
    exit_is 125
    gone listed
}

it_waits_for_what_is_about_to_run() {
    (sleep 1; podsharp run -d --name soon "$image" sleep 100 >/dev/null) &
    equal "$(podsharp exec --wait 10 soon echo here)" here
    wait
    run podsharp exec --wait 1 nobody true
    exit_is 125
    complains 'timed out waiting for container: nobody'
    gone soon
}

run_suite "$@"
