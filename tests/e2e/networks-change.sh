#!/bin/bash
# Several networks for a container, and changes of networks and ports while it runs, compared with podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podsharp network create --subnet 10.170.0.0/24 a
    podsharp network create --subnet 10.171.0.0/24 b
    podsharp network create --subnet 10.172.0.0/24 c
}
after_all() { podsharp network rm -f -t 0 a b c; }

clean() { podsharp rm -f -a -t 0 >/dev/null; }
serve() { # NAME OPTIONS...: a web server that tells its name
    local name=$1
    shift
    podsharp run -d --name "$name" "$@" "$image" sh -c "echo $name >/tmp/index.html; exec httpd -f -p 80 -h /tmp"
}
page() { curl -sf --max-time 2 "$@"; }
addresses() { podsharp exec "$1" ip -o -4 address | awk '$2 != "lo" {print $2, $4}' | sort; }
names() { cut -d' ' -f4 "/run/containers/networks/aardvark-dns/$1" | tail -n +2; }
rules() { { nft list ruleset; iptables-save; } 2>/dev/null | grep -cE "dport ${1:-18[01]..}" || true; }

it_gives_a_container_several_networks() {
    clean
    serve web --network a:ip=10.170.0.50,mac=92:d0:c6:0a:29:33,alias=x,alias=y,interface_name=foo0 --network b:host_interface_name=hostside0 --network bridge
    equal "$(addresses web | head -n 2)" $'eth0 10.171.0.2/24\neth1 10.87.0.2/16'
    equal "$(addresses web | tail -n 1)" 'foo0 10.170.0.50/24'
    equal "$(podsharp exec web cat /sys/class/net/foo0/address)" 92:d0:c6:0a:29:33
    [[ -d /sys/class/net/hostside0 ]] || fail 'no such interface on the host'
    eventually 10 podsharp run --rm --network a "$image" wget -qO- http://y/
    equal "$(podsharp run --rm --network b "$image" wget -qO- http://web/)" web
    run podsharp run --rm --network c "$image" wget -qO- -T 2 http://web/
    [[ $status != 0 ]] || fail 'found across networks'
    run podsharp run --rm --network a --network a "$image" true
    exit_is 125
    run podsharp run --rm --network a:interface_name=x0 --network b:interface_name=x0 "$image" true
    exit_is 125
    run podsharp run --rm --network a:ip=10.170.0.50 "$image" true
    exit_is 125
    complains 'in use by'
}

it_connects_and_disconnects_what_runs_as_podman_does() {
    local engine
    clean
    for engine in podman podsharp; do
        "$engine" run -d --name web --network a "$image" sleep 1000 >/dev/null
        "$engine" network connect --alias zz c web
        run "$engine" network connect c web
        exit_is 125
        complains 'is already connected to network c'
        "$engine" exec web ip -o -4 address | awk '{print $2, $4}' | sed 's/[.][0-9]*[/]/./' >"/tmp/$engine-addresses"
        "$engine" exec web cat /etc/hosts | sed 's/[0-9a-f]\{12\}/ID/; s/^\(10[.][0-9]*[.]0\)[.][0-9]*\t/\1.N\t/' >"/tmp/$engine-hosts"
        "$engine" exec web grep nameserver /etc/resolv.conf | sort >"/tmp/$engine-resolv"
        names c | sed 's/[0-9a-f]\{12\}/ID/' >"/tmp/$engine-names"
        "$engine" network disconnect a web
        "$engine" exec web ip -o -4 address | awk '{print $2, $4}' | sed 's/[.][0-9]*[/]/./' >>"/tmp/$engine-addresses"
        "$engine" exec web grep nameserver /etc/resolv.conf >>"/tmp/$engine-resolv"
        "$engine" inspect web --format '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{$v.Gateway}} {{len $v.Aliases}}{{println}}{{end}}' >"/tmp/$engine-inspect"
        for words in 'connect nonsense web' 'connect c nonsense' 'disconnect a web' 'disconnect nonsense web'; do
            run "$engine" network $words
            exit_is 125
        done
        "$engine" rm -f -t 0 web >/dev/null
    done
    for what in addresses hosts resolv names inspect; do diff "/tmp/podman-$what" "/tmp/podsharp-$what" || fail "$what"; done
}

it_keeps_what_a_change_makes_over_a_restart_and_a_clone() {
    clean
    serve web --network a
    podsharp network connect --ip 10.172.0.60 c web
    podsharp network disconnect a web
    podsharp restart -t 0 web
    equal "$(addresses web)" 'eth1 10.172.0.60/24'
    podsharp create --name idle --network a "$image" sleep 1000
    podsharp network connect b idle
    podsharp network disconnect a idle
    podsharp start idle
    equal "$(addresses idle | cut -d. -f1-3)" 'eth1 10.171.0'
    podsharp network disconnect b idle
    equal "$(addresses idle)" ''
    podsharp restart -t 0 idle
    equal "$(addresses idle)" ''
    podsharp network connect b idle
    equal "$(addresses idle | cut -d' ' -f1)" eth0
    for mode in none host; do
        podsharp create --name "$mode" --network "$mode" "$image" true
        run podsharp network connect a "$mode"
        exit_is 125
        complains "network mode is \"$mode\""
        run podsharp network disconnect a "$mode"
        exit_is 125
    done
}

it_leaves_open_connections_alone_where_another_network_changes() {
    clean
    serve web --network a
    podsharp run -d --name reader --network a "$image" sh -c 'sleep 1000 | nc -l -p 9000 | while read -r line; do echo "$line" >/tmp/got; done'
    eventually 5 podsharp exec reader sh -c 'netstat -ltn | grep -q :9000'
    podsharp run -d --name writer --network a "$image" sh -c "while :; do echo tick; sleep 0.1; done | nc $(addresses reader | sed 's/eth0 //; s:/.*::') 9000"
    eventually 10 podsharp exec reader grep -q tick /tmp/got
    podsharp network connect b writer
    podsharp network disconnect b writer
    podsharp exec reader rm /tmp/got
    eventually 5 podsharp exec reader grep -q tick /tmp/got
}

it_reloads_rules_that_somebody_has_flushed() {
    clean
    local before
    serve web -p 18080:80 --network a
    eventually 10 page http://127.0.0.1:18080/
    before=$(addresses web)
    nft flush ruleset
    run page http://127.0.0.1:18080/
    [[ $status != 0 ]] || fail 'the rules are still there'
    equal "$(podsharp network reload web)" "$(podsharp inspect web --format '{{.Id}}')"
    eventually 5 page http://127.0.0.1:18080/
    equal "$(addresses web)" "$before"
    equal "$(podsharp network reload --all | wc -l)" 1
    podsharp stop -t 0 web
    run podsharp network reload web
    exit_is 125
    complains 'cannot reload network unless container network has been configured'
}

it_changes_published_ports_of_what_runs() {
    clean
    local before
    serve web -p 18080:80 --network a
    eventually 10 page http://127.0.0.1:18080/
    before=$(podsharp inspect web --format '{{.State.Pid}} {{json .NetworkSettings.Networks}}')
    podsharp update --publish 18081:80 --publish 127.0.0.1:18082:80 web
    eventually 5 page http://127.0.0.1:18081/
    equal "$(page http://127.0.0.1:18082/)" web
    run page http://127.0.0.1:18080/
    [[ $status != 0 ]] || fail 'the old port answers'
    equal "$(podsharp inspect web --format '{{.State.Pid}} {{json .NetworkSettings.Networks}}')" "$before"
    equal "$(podsharp port web)" $'80/tcp -> 0.0.0.0:18081\n80/tcp -> 127.0.0.1:18082'
    podsharp update --publish '' web
    equal "$(podsharp port web)" ''
    equal "$(rules)" 0
    podsharp restart -t 0 web
    podsharp update -p 18080:80 web
    eventually 5 page http://127.0.0.1:18080/
}

it_keeps_ports_that_were_published_late_from_other_containers() {
    clean
    serve web --network a
    podsharp update --publish 18080:80 --publish 18083:81/udp web
    for wanted in 18080:80 18079-18081:79-81 127.0.0.1:18080:80 18083:53/udp; do
        run podsharp run --name other --network b -p "$wanted" "$image" true
        exit_is 125
        complains '180.*is already in use by the container web'
        equal "$(podsharp ps --all --format '{{.Names}}')" web
    done
    podsharp create --name other --network b -p 18080:80 "$image" true
    run podsharp start other
    exit_is 125
    complains 'in use by the container web'
    serve third --network b
    run podsharp update --publish 18080:80 third
    exit_is 125
    complains 'in use by the container web'
    podsharp update --publish 18081:80 web
    podsharp start -a other
    podsharp restart -t 0 web
    podsharp update --publish 18080:80 third
    podsharp stop -t 0 web third
    podsharp run --rm --network b -p 18080-18081:80-81 "$image" true
}

it_changes_nothing_where_a_port_is_taken_or_the_set_up_fails() {
    clean
    serve other -p 18090:80 --network b
    serve web -p 18080:80 --network a
    run podsharp update --publish 18090:80 web
    exit_is 125
    one_sentence
    complains '18090/tcp.*container other'
    equal "$(page http://127.0.0.1:18080/)" web
    # netavark refuses a second interface of this name in the middle of the set-up.
    podsharp exec --privileged web ip link add taken0 type veth peer name taken1 || skip 'no veth here'
    run podsharp update --network a --network c:interface_name=taken0 --publish 18081:80 web
    exit_is 125
    equal "$(page http://127.0.0.1:18080/)" web
    equal "$(podsharp inspect web --format '{{range $k, $v := .NetworkSettings.Networks}}{{$k}}{{end}}')" a
    run page http://127.0.0.1:18081/
    [[ $status != 0 ]] || fail 'the new port answers'
    equal "$(rules 18081)" 0
    run podsharp update --network none web
    exit_is 125
}

it_moves_what_runs_to_other_networks() {
    clean
    local before
    serve web -p 18080:80 --network a --network b
    before=$(addresses web | grep ' 10.171')
    podsharp update --network b --network c:alias=moved web
    equal "$(addresses web | grep ' 10.171')" "$before"
    equal "$(addresses web | cut -d. -f2 | tr '\n' ' ')" '172 171 '
    eventually 5 page http://127.0.0.1:18080/
    equal "$(podsharp run --rm --network c "$image" wget -qO- http://moved/)" web
    equal "$(podsharp run --rm --network a "$image" ip -o -4 address show eth0 | awk '{print $4}' | cut -d. -f1-3)" 10.170.0
}

it_finishes_a_change_that_was_killed() {
    local point
    clean
    serve web -p 18080:80 --network a
    for point in container.network-begin.before container.network-begin.committed container.network.down container.network.made container.network.committed; do
        PODSHARP_KILL_AT=$point podsharp update --publish 18081:80 --network a --network b web || true
        # Whoever looks at it puts it in order: it was changed, or it wasn't.
        podsharp ps >/dev/null
        case $(podsharp port web) in
            *18080) equal "$(addresses web | wc -l)" 1; eventually 5 page http://127.0.0.1:18080/; equal "$point $(rules 18081)" "$point 0" ;;
            *18081) equal "$(addresses web | wc -l)" 2; eventually 5 page http://127.0.0.1:18081/; equal "$point $(rules 18080)" "$point 0" ;;
            *) fail "at $point: $(podsharp port web)" ;;
        esac
        podsharp update --publish 18080:80 --network a web
        eventually 5 page http://127.0.0.1:18080/
    done
    for point in container.network-begin.committed container.network.made; do
        PODSHARP_KILL_AT=$point podsharp network connect b web || true
        podsharp rm -f -t 0 web
        equal "$point $(rules)" "$point 0"
        equal "$point $(ls /run/netns)" "$point "
        run ip -o link show type bridge
        prints_not podsharp
        serve web -p 18080:80 --network a
    done
    podsharp rm -f -t 0 web
    equal "$(podsharp system check --quick | grep -ciE 'address|rule|namespace' || true)" 0
}

it_connects_by_pasta_as_root() {
    clean
    has pasta || skip 'no pasta here'
    serve web --network pasta -p 18080:80 -p 127.0.0.1:18081:80
    eventually 10 page http://127.0.0.1:18080/
    equal "$(page http://127.0.0.1:18081/)" web
    equal "$(page http://192.0.2.2:18080/)" web
    equal "$(rules)" 0
    equal "$(podsharp ps --format '{{.Networks}}')" pasta
    run podsharp exec web cat /etc/resolv.conf /etc/hosts
    prints '^nameserver 169.254.1.1$'
    prints '^169.254.1.2.host.containers.internal host.docker.internal$'
    prints '^192.0.2.2.[0-9a-f]* web$'
    # The host, by the name that it has for containers.
    mkdir -p /tmp/served
    echo host >/tmp/served/index.html
    busybox httpd -f -p 18090 -h /tmp/served &
    eventually 5 page http://127.0.0.1:18090/
    equal "$(podsharp exec web wget -qO- http://host.containers.internal:18090/)" host
    kill $!
    run podsharp run --rm --network pasta -p 18080:80 "$image" true
    exit_is 125
    complains '18080/tcp.*pasta'
    podsharp restart -t 0 web
    eventually 10 page http://127.0.0.1:18080/
    run podsharp network connect a web
    exit_is 125
    podsharp rm -f -t 0 web
    eventually 5 sh -c '! pgrep -x "pasta|pasta.avx2"'
    run podsharp run --rm --network pasta:--nonsense "$image" true
    exit_is 125
    one_sentence
    run podsharp run --rm --network pasta --network a "$image" true
    exit_is 125
    equal "$(podsharp run --rm --network pasta:--mtu,1400 "$image" cat /sys/class/net/eth0/mtu)" 1400
    PODSHARP_KILL_AT=container.init.network podsharp run --name web --network pasta -p 18080:80 "$image" true || true
    podsharp rm -f -t 0 web
    eventually 5 sh -c '! pgrep -x "pasta|pasta.avx2"'
    equal "$(ls /run/netns)" ''
}

it_tells_of_it_in_podmans_events() {
    clean
    local since id
    serve web --network a
    sleep 1
    since=$(date +%s)
    id=$(podsharp inspect web --format '{{.Id}}')
    podsharp network connect b web
    podsharp network disconnect b web
    equal "$(podsharp events --since "$since" --stream=false --filter type=network | cut -d' ' -f5-)" \
        "network connect $id (container=$id, name=b)"$'\n'"network disconnect $id (container=$id, name=b)"
}

run_suite "$@"
