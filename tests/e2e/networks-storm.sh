#!/bin/bash
# Many containers on one network: none gets an address that another has, and no name is lost. STORM says how many (200).
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

test_timeout=600
many=${STORM:-200}
at_once=8

before_all() {
    import_image
    podsharp network create storm
}
after_all() { podsharp network rm -f -t 0 storm; }

entries() { tail -n +2 /run/containers/networks/aardvark-dns/storm 2>/dev/null; }
each() { seq "$1" "$2" | xargs -P "$at_once" -I N sh -c "$3" >/dev/null; }

it_gives_each_of_many_parallel_starts_an_address_and_a_name() {
    local start=$EPOCHREALTIME addresses
    each 1 "$many" "podsharp run -d --name sN --network storm $image sleep 1000"
    echo "# $many containers started in $(bc_time "$start") s"
    addresses=$(podsharp network inspect storm | jq -r '.[0].containers[].interfaces.eth0.subnets[0].ipnet' | sort)
    equal "$(wc -l <<<"$addresses")" "$many"
    equal "$(uniq -d <<<"$addresses")" ''
    # What the state says is what the containers have.
    for n in 1 $((many / 2)) "$many"; do
        grep -qx "$(podsharp exec "s$n" ip -o -4 address show eth0 | awk '{print $4}')" <<<"$addresses" || fail "s$n has another address"
    done
    equal "$(entries | wc -l)" "$many"
    equal "$(entries | awk '{print $2 "/20"}' | sort)" "$addresses"
    podsharp exec s1 sh -c "for n in \$(seq 1 $many); do nslookup s\$n >/dev/null 2>&1 || echo s\$n; done" >/tmp/lost
    equal "$(cat /tmp/lost)" ''
}

it_keeps_names_right_while_containers_come_and_go() {
    local start=$EPOCHREALTIME
    # Half of them go while others come, and those that stay are asked for all the time.
    podsharp exec s1 sh -c "while [ ! -e /tmp/end ]; do for n in 1 3 5; do nslookup s\$n >/dev/null 2>&1 || echo lost s\$n; done; done" >/tmp/lost &
    { seq 2 2 "$many" | xargs -P "$at_once" -I N podsharp rm -f -t 0 sN >/dev/null; } &
    local going=$!
    each 1 $((many / 2)) "podsharp run -d --name tN --network storm $image sleep 1000"
    wait "$going"
    podsharp exec s1 touch /tmp/end
    wait
    echo "# $((many / 2)) went while $((many / 2)) came, in $(bc_time "$start") s"
    equal "$(cat /tmp/lost)" ''
    equal "$(entries | awk '{print $2}' | sort | uniq -d)" ''
    equal "$(entries | wc -l)" "$many"
    podsharp exec s1 sh -c "for n in \$(seq 1 $((many / 2))); do nslookup t\$n >/dev/null 2>&1 || echo t\$n; done" >/tmp/lost
    equal "$(cat /tmp/lost)" ''
    # aardvark-dns answers for no name of one that is gone.
    run podsharp exec s1 nslookup s2
    [[ $status != 0 ]] || fail 's2 is still known'
}

it_leaves_nothing_of_them() {
    podsharp ps --all --quiet | xargs -P "$at_once" -n 1 podsharp rm -f -t 0 >/dev/null
    equal "$(entries)" ''
    equal "$(ls /run/netns)" ''
    run ip -o link show type bridge
    prints_not podsharp
    equal "$(podsharp system check --quick | grep -ciE 'address|rule|namespace|name ' || true)" 0
}

run_suite "$@"
