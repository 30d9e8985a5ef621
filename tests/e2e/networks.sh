#!/bin/bash
# Networks on netavark and aardvark-dns: addresses, names, ports, and that nothing is left.
# runs: testing debian12
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

address_of() { podsharp inspect "$1" --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'; }
serve() { # NAME PORT-OPTIONS...: a web server that tells its name
    local name=$1
    shift
    podsharp rm -f -i -t 0 "$name" >/dev/null
    podsharp run -d --name "$name" "$@" "$image" sh -c "echo $name >/tmp/index.html; exec httpd -f -p 80 -h /tmp"
}
page() { curl -sf --max-time 2 "$@"; }
rules() { { nft list ruleset; iptables-save; } 2>/dev/null | grep -cE '10\.8[0-9]\.|1[89]0[0-9][0-9]' || true; }

it_gives_every_container_an_address_of_its_own() {
    local i addresses
    for i in 1 2 3 4 5 6; do podsharp run -d --name "n$i" "$image" sleep 100 & done
    wait
    addresses=$(for i in 1 2 3 4 5 6; do address_of "n$i"; done)
    equal "$(sort -u <<<"$addresses" | grep -c .)" 6
    podsharp rm -f -t 0 n1 n2 n3 n4 n5 n6
}

it_finds_other_containers_by_name_and_alias() {
    serve web --network-alias www
    eventually 10 podsharp run --rm "$image" wget -qO- http://web/
    equal "$(podsharp run --rm "$image" wget -qO- http://web/)" web
    equal "$(podsharp run --rm "$image" wget -qO- http://www/)" web
    equal "$(podsharp run --rm "$image" wget -qO- "http://$(podsharp inspect web --format '{{.Id}}' | cut -c1-12)/")" web
    podsharp rm -f -t 0 web
}

it_publishes_ports_on_an_address_in_ranges_and_for_udp() {
    serve web -p 127.0.0.1:18080:80 -p 18090-18092:79-81 -p 18053:53/udp
    eventually 10 page http://127.0.0.1:18080/
    equal "$(page http://192.0.2.2:18091/)" web
    run page http://192.0.2.2:18080/
    [[ $status != 0 ]] || fail 'published on another address too'
    run podsharp ps --format '{{.Ports}}'
    prints '127.0.0.1:18080->80/tcp'
    prints '0.0.0.0:18090-18092->79-81/tcp'
    prints '0.0.0.0:18053->53/udp'
    podsharp rm -f -t 0 web
    run page http://127.0.0.1:18080/
    [[ $status != 0 ]] || fail 'the port still answers'
}

it_chooses_a_host_port() {
    local port
    serve web -p 80
    port=$(podsharp ps --format '{{.Ports}}' | sed -n 's/.*:\([0-9]*\)->80.*/\1/p')
    eventually 10 page "http://127.0.0.1:$port/"
    podsharp rm -f -t 0 web
}

it_names_the_holder_of_a_taken_port_and_leaves_nothing() {
    serve web -p 18080:80
    run podsharp run --name other -p 18080:80 "$image" true
    exit_is 125
    one_sentence
    complains '18080/tcp.*container web'
    podsharp rm -f -t 0 web other
    mkdir -p /tmp/served
    echo host >/tmp/served/index.html
    busybox httpd -f -p 18080 -h /tmp/served &
    eventually 10 page http://127.0.0.1:18080/
    run podsharp run --rm -p 18080:80 "$image" true
    exit_is 125
    complains "busybox .*process $!"
    kill $!
    equal "$(podsharp ps --all --quiet)" ''
}

it_refuses_overlapping_ports_and_bad_ones() {
    run podsharp run --rm -p 18080:80 -p 18080:81 "$image" true
    exit_is 125
    one_sentence
    run podsharp run --rm -p 70000:80 "$image" true
    exit_is 125
    one_sentence
    run podsharp run --rm --network no-such-network "$image" true
    exit_is 125
    complains 'no-such-network'
}

it_keeps_a_wanted_address_and_refuses_a_taken_one() {
    local subnet
    subnet=$(sed -n 's/.*"subnet": "\([0-9]*\.[0-9]*\)\..*/\1/p' /etc/containers/networks/podsharp.json)
    podsharp run -d --name fixed --ip "$subnet.7.7" "$image" sleep 100
    equal "$(address_of fixed)" "$subnet.7.7"
    run podsharp run --rm --ip "$subnet.7.7" "$image" true
    exit_is 125
    complains 'in use by'
    run podsharp run --rm --ip 203.0.113.5 "$image" true
    exit_is 125
    complains '203.0.113.5'
    podsharp rm -f -t 0 fixed
}

it_writes_hosts_and_resolv_conf() {
    run podsharp run --rm --name me --hostname myhost --add-host db:192.0.2.77 "$image" cat /etc/hosts
    prints '^192\.0\.2\.77[[:space:]]db$'
    prints 'myhost me$'
    prints 'host\.containers\.internal'
    run podsharp run --rm "$image" cat /etc/resolv.conf
    prints '^search dns\.podman'
    prints '^nameserver 10\.'
    run podsharp run --rm --network host --dns 192.0.2.53 --dns-search example.org --dns-option ndots:3 "$image" cat /etc/resolv.conf
    prints '^nameserver 192\.0\.2\.53$'
    prints '^search example\.org$'
    prints '^options ndots:3$'
}

it_does_without_a_network_and_with_the_hosts_and_anothers() {
    run podsharp run --rm --network none "$image" ip -o link
    equal "$(grep -c . <<<"$output")" 1
    equal "$(podsharp run --rm --network host "$image" ip -o link | wc -l)" "$(ip -o link | wc -l)"
    serve web
    eventually 10 podsharp run --rm --network container:web "$image" wget -qO- http://127.0.0.1/
    podsharp rm -f -t 0 web
}

it_restarts_with_its_ports() {
    serve web -p 18080:80
    eventually 10 page http://127.0.0.1:18080/
    podsharp restart -t 0 web
    eventually 10 page http://127.0.0.1:18080/
    podsharp stop -t 0 web
    run page http://127.0.0.1:18080/
    [[ $status != 0 ]] || fail 'the port still answers'
    podsharp start web
    eventually 10 page http://127.0.0.1:18080/
    podsharp rm -f -t 0 web
}

it_shares_its_network_with_podman() {
    has podman || skip 'no podman here'
    serve web
    eventually 10 podsharp run --rm "$image" wget -qO- http://web/
    podman network inspect podsharp >/dev/null
    equal "$(podman run --rm --network podsharp "$image" wget -qO- http://web/)" web
    run podsharp run --rm --network podman "$image" true
    exit_is 125
    complains "podman's|belongs to podman"
    podsharp rm -f -t 0 web
}

it_keeps_its_network_over_a_podman_network_prune() {
    has podman || skip 'no podman here'
    serve web
    podman network prune -f
    eventually 10 podsharp run --rm "$image" wget -qO- http://web/
    podsharp rm -f -t 0 web
}

it_takes_down_a_network_whose_namespace_vanished() {
    local namespace
    serve web -p 18080:80
    namespace=$(podsharp inspect web --format '{{.NetworkSettings.SandboxKey}}')
    [[ -e $namespace ]] || skip 'inspect does not name the namespace'
    # The kernel takes its interfaces away in its own time: a process that lingers makes that time long.
    nsenter --net="$namespace" sleep 0.4 &
    sleep 0.05
    umount -l "$namespace"
    rm "$namespace"
    podsharp rm -f -t 0 web
    equal "$(rules)" 0
    run ip -o link show type bridge
    prints_not podsharp
}

it_shows_networks_as_podman_does() {
    local engine mode
    # The same but for process ids.
    settings() { "$1" inspect "$2" --format '{{json .NetworkSettings}}' | sed 's:/proc/[0-9]*/:/proc/PID/:' | jq -S .; }
    for engine in podman podsharp; do
        for mode in none host; do
            "$engine" create --name "$engine-$mode" --network "$mode" "$image" sleep 100 >/dev/null
            settings "$engine" "$engine-$mode" >"/tmp/$engine-created-$mode"
            "$engine" start "$engine-$mode" >/dev/null
            settings "$engine" "$engine-$mode" >"/tmp/$engine-running-$mode"
        done
        "$engine" run -d --name "$engine-joined" --network "container:$engine-none" "$image" sleep 100 >/dev/null
        settings "$engine" "$engine-joined" >"/tmp/$engine-running-joined"
        "$engine" rm -f -t 0 "$engine-joined" >/dev/null
        "$engine" rm -f -t 0 "$engine-none" "$engine-host" >/dev/null
    done
    for mode in none host; do
        equal "$(jq -r ".Networks[\"$mode\"].NetworkID" "/tmp/podsharp-created-$mode" "/tmp/podsharp-running-$mode")" "$mode"$'\n'"$mode"
    done
    # podman 4 leaves some of it out.
    [[ $(podman --version) != *' 4.'* ]] || return 0
    for mode in created-none created-host running-none running-host running-joined; do
        diff "/tmp/podman-$mode" "/tmp/podsharp-$mode" || fail "$mode differs from podman's"
    done
}

it_leaves_nothing_wherever_it_is_killed() {
    local point
    for point in container.init.mounted container.init.netns container.init.network container.init.conmon container.start.runtime \
        container.cleanup.runtime container.cleanup.network container.cleanup.netns container.cleanup.unmounted; do
        PODSHARP_KILL_AT=$point podsharp run --name killed -p 18080:80 "$image" true || true
        podsharp rm -f -t 0 killed
        equal "$point $(rules)" "$point 0"
        equal "$point $(ls /run/netns)" "$point "
        run ip -o link show type bridge
        prints_not podsharp
    done
}

it_leaves_nothing_when_killed_at_any_moment() {
    local round pid
    for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
        setsid podsharp run -d --name "any$round" -p 18080:80 "$image" sleep 100 >/dev/null 2>&1 &
        pid=$!
        sleep "0.0$((round * 7 % 10))$((round * 3 % 10))"
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        podsharp rm -f -i -t 0 "any$round" >/dev/null
    done
    podsharp ps --all --quiet
    equal "$(podsharp ps --all --quiet)" ''
    equal "$(rules)" 0
    equal "$(ls /run/netns)" ''
}

it_leaves_no_rule_bridge_or_name_server() {
    equal "$(podsharp ps --all --quiet)" ''
    equal "$(rules)" 0
    run ip -o link show type bridge
    prints_not podsharp
    eventually 5 sh -c '! pgrep aardvark-dns'
}

run_suite "$@"
