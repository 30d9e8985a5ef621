#!/bin/bash
# Logs and events.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

it_shows_whole_lines_of_both_streams() {
    podsharp run --name talk "$image" sh -c 'echo one; echo two >&2; printf "three"; sleep 0.3; echo " goes on"; printf prompt' >/dev/null 2>&1
    run podsharp logs talk
    equal "$output" $'one\nthree goes on\nprompt'
    equal "$errors" two
    podsharp rm talk
}

it_keeps_the_order_of_both_streams_on_one_terminal() {
    podsharp run --name both "$image" sh -c 'for i in 1 2 3; do echo out$i; sleep 0.1; echo err$i >&2; sleep 0.1; done' >/dev/null 2>&1
    equal "$(podsharp logs both 2>&1)" $'out1\nerr1\nout2\nerr2\nout3\nerr3'
    podsharp rm both
}

it_shows_the_last_lines_and_times() {
    podsharp run --name count "$image" sh -c 'for i in 1 2 3 4 5; do echo $i; done' >/dev/null
    equal "$(podsharp logs --tail 2 count)" $'4\n5'
    equal "$(podsharp logs --tail 0 count)" ''
    run podsharp logs -t --tail 1 count
    prints '^20[0-9-]+T[0-9:.]+.* 5$'
    equal "$(podsharp logs --since 1h count | wc -l)" 5
    equal "$(podsharp logs --until 1h count | wc -l)" 0
    podsharp rm count
}

it_follows_to_the_end_of_the_container() {
    podsharp run -d --name slow "$image" sh -c 'for i in 1 2 3; do echo $i; sleep 0.3; done'
    equal "$(timeout 20 podsharp logs -f slow)" $'1\n2\n3'
    podsharp rm -f -t 0 slow
}

it_takes_a_long_line_whole() {
    podsharp run --name long "$image" sh -c 'head -c 100000 /dev/zero | tr "\0" x; echo' >/dev/null
    equal "$(podsharp logs --tail 1 long | wc -c)" 100001
    podsharp rm long
}

it_keeps_up_with_a_log_that_is_cut() {
    podsharp run -d --name cut --log-opt max-size=64k "$image" sh -c 'i=0; while [ $i -lt 5000 ]; do echo "line $i ........................................"; i=$((i+1)); done; sleep 1; echo end'
    run timeout 30 podsharp logs -f cut
    exit_is 0
    prints '^end$'
    podsharp rm -f -t 0 cut
}

it_keeps_no_log_if_asked() {
    podsharp run --name quiet --log-driver none "$image" echo hidden >/dev/null
    run podsharp logs quiet
    [[ $status != 0 ]] || equal "$output" ''
    podsharp rm quiet
}

it_tells_what_happened() {
    podsharp run --rm --name event-one --label a=b "$image" sh -c 'exit 3' || true
    run podsharp events --stream=false --filter container=event-one
    equal "$(grep -oE ' (create|init|start|died|cleanup|remove) ' <<<"$output" | tr -d '\n ')" createinitstartdiedremove
    run podsharp events --stream=false --filter event=died --filter label=a=b
    prints event-one
    run podsharp events --stream=false --filter nonsense=x
    [[ $status != 0 ]] || fail 'took an unknown filter'
}

run_suite "$@"
