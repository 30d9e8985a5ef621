#!/bin/bash
# An ordinary user's containers on bridge networks, compared with podman's.
# runs: rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/keeper.sh"
own=/run/user/$EUID/containers/podsharp/rootless-netns
# Containers that run the host's Python.
python=(-v /usr:/usr:ro -v /usr/lib:/lib:ro -v /usr/lib64:/lib64:ro -v /tests:/tests:ro)
# No name server answers here: whoever asks for what isn't there is told soon.
impatient=(--dns-option timeout:1 --dns-option attempts:1)

before_all() {
    start_keeper
    import_image
    podman import -q "$image_tar" "$image"
    podsharp network create --subnet 10.170.0.0/24 a
    podsharp network create --subnet 10.171.0.0/24 b
    podsharp network create --subnet 10.172.0.0/24 --subnet fd00:172::/64 six
}

after_all() {
    podsharp network rm -f -t 0 a b six
    stop_keeper
}

clean() {
    # Where a test has failed that stops one.
    pkill -CONT -f 'bin/podsharp update' || true
    podsharp rm -f -a -t 0 >/dev/null
    podman rm -f -a -t 0 >/dev/null
    eventually 10 nothing_is_left
}
# Of a user's namespace and all that goes with it: no file, no process.
nothing_is_left() { [[ ! -e $own ]] && ! pgrep 'pasta|slirp4netns|aardvark-dns' && ! pgrep -f forward-ports && ! ls "/run/user/$EUID/netns" | grep .; }
serve() { # NAME OPTIONS...: a web server that tells its name
    local name=$1
    shift
    podsharp run -d --name "$name" "$@" "$image" sh -c "echo $name >/tmp/index.html; exec httpd -f -p 80 -h /tmp"
}
page() { curl -sf --max-time 2 "$@"; }
no_page() { ! curl -s --max-time 2 "$@"; }
host_page() { # TEXT PORT: a web server of the host, whose process id is in /tmp/page.pid
    python3 -c 'import socket, sys
listener = socket.create_server(("", int(sys.argv[2])))
while True:
    try:
        with listener.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + sys.argv[1].encode())
    except OSError: # whoever asked has lost patience
        pass' "$@" &
    echo $! >/tmp/page.pid
}
echo_server() { # NAME OPTIONS...
    podsharp run -d --name "$1" "${python[@]}" "${@:2}" "$image" python3 /tests/e2e/echo-server.py 7000
}
talk() { python3 "$e2e_here/echo-client.py" "$@"; }
pid_of() { pgrep -f "$1"; }
is_stopped() { grep -q 'State:.T' "/proc/$(pid_of "$1")/status"; }

it_gives_a_container_what_podman_gives() {
    local engine network
    clean
    for network in a six; do
        for engine in podman podsharp; do
            "$engine" run --name same --hostname host --network "$network" "$image" \
                sh -c 'ip -o address show dev eth0 scope global; ip route; ip -6 route | grep default; cat /etc/hosts /etc/resolv.conf' |
                sed -E 's/10[.](17[02])[.]0[.][0-9]+([/\t]| *$)/10.\1.0.N\2/g; s/fd00:172:[0-9a-f:]*([/\t])/fd00:172::N\1/g' >"/tmp/$engine-seen"
            "$engine" inspect same --format '{{.HostConfig.NetworkMode}} {{range $name, $n := .NetworkSettings.Networks}}{{$name}}{{end}}' >>"/tmp/$engine-seen"
            "$engine" rm same >/dev/null
        done
        diff /tmp/podman-seen /tmp/podsharp-seen || fail "differs in the network $network"
        for engine in podman podsharp; do
            "$engine" run -d --name same --network "$network" -p 18080:80 -p 127.0.0.1:18081:81/udp "$image" sleep 1000 >/dev/null
            "$engine" inspect same --format '{{json .NetworkSettings}}' | jq -S . |
                sed -E 's/"(10[.]17[02][.]0|fd00:172):?[.:][0-9a-f:]*"/"\1.N"/; s/"([0-9a-f]{2}:){5}[0-9a-f]{2}"/MAC/; s/"[0-9a-f]{12}"/ID/; s/netns-[0-9a-f-]+/netns/' >"/tmp/$engine-seen"
            "$engine" rm -f -t 0 same >/dev/null
        done
        diff /tmp/podman-seen /tmp/podsharp-seen || fail "inspect differs in the network $network"
    done
    eventually 10 nothing_is_left
}

it_finds_containers_by_name() {
    clean
    serve web --network a --network-alias www
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://web/)" web
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://www/)" web
    run podsharp run --rm --network b "${impatient[@]}" "$image" wget -qO- -T 2 http://web/
    [[ $status != 0 ]] || fail 'found across networks'
    # What isn't a container's name is asked of the host's servers, where pasta has them.
    equal "$(head -n 1 "$own/networks/aardvark-dns/a")" '10.170.0.1 169.254.1.1'
    podsharp network update --dns-add 192.0.2.9 a
    equal "$(head -n 1 "$own/networks/aardvark-dns/a")" '10.170.0.1 192.0.2.9'
    podsharp network update --dns-drop 192.0.2.9 a
    equal "$(head -n 1 "$own/networks/aardvark-dns/a")" '10.170.0.1 169.254.1.1'
    equal "$(pgrep -c pasta)" 1
}

it_takes_several_networks_addresses_and_names() {
    clean
    serve web --network a:ip=10.170.0.50,mac=92:d0:c6:0a:29:33,alias=x,interface_name=foo0 --network six:ip=10.172.0.50,ip6=fd00:172::50 --network bridge
    equal "$(podsharp exec web ip -o -4 address show dev foo0 | awk '{print $4}')" 10.170.0.50/24
    equal "$(podsharp exec web cat /sys/class/net/foo0/address)" 92:d0:c6:0a:29:33
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://x/)" web
    equal "$(podsharp run --rm --network six "$image" wget -qO- 'http://[fd00:172::50]/')" web
    run podsharp run --rm --network a:ip=10.170.0.50 "$image" true
    exit_is 125
    complains 'in use by'
}

it_reaches_the_host_but_not_from_an_internal_network() {
    clean
    host_page 'from the host' 18085
    eventually 10 page http://192.0.2.2:18085/
    equal "$(podsharp run --rm --network a "$image" wget -qO- -T 5 http://host.containers.internal:18085/)" 'from the host'
    podsharp network create --internal --subnet 10.173.0.0/24 inner
    serve web --network inner
    run podsharp run --rm --network inner "$image" wget -qO- -T 2 http://192.0.2.2:18085/
    [[ $status != 0 ]] || fail 'reached from an internal network'
    equal "$(podsharp run --rm --network inner "$image" wget -qO- http://web/)" web
    kill "$(</tmp/page.pid)"
    rm /tmp/page.pid
    podsharp network rm -f -t 0 inner
    eventually 10 nothing_is_left
}

it_publishes_ports() {
    clean
    serve web --network a -p 18080:80 -p 127.0.0.1:18081-18082:80-81 -p '[::1]:18083:80' -p 80
    eventually 10 page http://127.0.0.1:18080/
    equal "$(page http://192.0.2.2:18080/)" web
    equal "$(page http://127.0.0.1:18081/)" web
    equal "$(page 'http://[::1]:18083/')" web
    equal "$(page "http://127.0.0.1:$(podsharp port web 80/tcp | grep -vE ':1808' | cut -d: -f2)/")" web
    no_page http://192.0.2.2:18081/ || fail 'published on another address too'
    # Where nobody listens in the container a caller is told at once.
    run curl -s --max-time 20 http://127.0.0.1:18082/
    [[ $status == 7 || $status == 56 ]] || fail "curl ended with $status"
    run podsharp run --rm --network b -p 18080:80 "$image" true
    exit_is 125
    one_sentence
    complains '18080/tcp is already in use by the container web'
    run podsharp run --rm --network a -p 80:80 "$image" true
    exit_is 125
    one_sentence
    complains 'must not bind the host port 80/tcp.*ip_unprivileged_port_start'
    run podsharp run --rm --network a -p 18089:80/sctp "$image" true
    exit_is 125
    one_sentence
    complains "sctp ports can't be forwarded"
    equal "$(podsharp ps -aq | wc -l)" 1
    podsharp restart -t 0 web
    eventually 10 page http://127.0.0.1:18080/
    podsharp stop -t 0 web
    eventually 10 nothing_is_left
    no_page http://127.0.0.1:18080/ || fail 'the port still answers'
}

it_forwards_every_byte_and_the_end_of_a_direction() {
    clean
    echo_server echo --network six -p 17000:7000 -p 17000:7000/udp
    eventually 10 talk tcp 127.0.0.1 17000 1 10
    talk tcp 127.0.0.1 17000 1 20000000
    talk tcp ::1 17000 1 100000
    talk tcp 127.0.0.1 17000 200 5000
    talk udp 127.0.0.1 17000 20 1000
    talk udp ::1 17000 3 60000
    # Answers come from the address that was spoken to.
    talk udp 127.0.0.2 17000 2 10
    # Whoever goes away without a word is no trouble for the others.
    for _ in 1 2 3 4 5; do timeout 0.2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/17000; head -c 1000000 /dev/zero >&3; sleep 5' || true; done
    talk tcp 127.0.0.1 17000 10 5000
    podsharp rm -f -t 0 echo
}

it_lets_connections_wait_that_it_has_no_descriptors_for() {
    clean
    podsharp create --name echo "${python[@]}" --network a -p 17000:7000 "$image" python3 /tests/e2e/echo-server.py 7000
    # The forwarder has room for a handful.
    inside bash -c 'ulimit -n 140; exec /podsharp/bin/podsharp start echo'
    eventually 10 talk tcp 127.0.0.1 17000 1 10
    talk tcp 127.0.0.1 17000 60 5000
    talk tcp 127.0.0.1 17000 1 1000000
}

it_connects_and_disconnects_what_runs() {
    clean
    serve web --network a -p 18080:80
    eventually 10 page http://127.0.0.1:18080/
    local forwarder
    forwarder=$(pid_of forward-ports)
    podsharp network connect --alias second b web
    equal "$(podsharp run --rm --network b "$image" wget -qO- http://second/)" web
    equal "$(pid_of forward-ports)" "$forwarder" # connections go on
    podsharp network disconnect a web
    eventually 10 page http://127.0.0.1:18080/
    run podsharp run --rm --network a "${impatient[@]}" "$image" wget -qO- -T 2 http://web/
    [[ $status != 0 ]] || fail 'found where it is no more'
    podsharp network reload web
    eventually 10 page http://127.0.0.1:18080/
    podsharp network disconnect b web
    no_page http://127.0.0.1:18080/ || fail 'answers without a network'
    podsharp network connect a web
    eventually 10 page http://127.0.0.1:18080/
    podsharp rm -f -t 0 web
    eventually 10 nothing_is_left
}

it_changes_the_ports_of_what_runs() {
    clean
    serve web --network a -p 18080:80
    serve other --network a -p 18082:80
    podsharp update --publish 18080:80 --publish 18081:80 web
    eventually 10 page http://127.0.0.1:18081/
    equal "$(page http://127.0.0.1:18080/)" web
    run podsharp update --publish 18082:80 web
    exit_is 125
    complains '18082/tcp is already in use by the container other'
    equal "$(page http://127.0.0.1:18081/)" web
    podsharp update --publish 18080-18081:80-81 web
    podsharp update --publish 18080-18083:80-83 web 2>/dev/null && fail 'took a port of another container'
    podsharp network disconnect a other
    podsharp update --publish 18080-18083:80-83 web
    eventually 10 page http://127.0.0.1:18080/
    podsharp update --publish '' web
    no_page http://127.0.0.1:18081/ || fail 'the port still answers'
    podsharp network connect a other
    eventually 10 page http://127.0.0.1:18082/
}

it_has_what_was_before_when_a_port_is_taken_meanwhile() {
    clean
    serve web --network a -p 18080:80
    inside env PODSHARP_STOP_AT=container.network.made /podsharp/bin/podsharp update --publish 18081:80 web 2>/tmp/late &
    eventually 10 is_stopped 'bin/podsharp update --publish'
    host_page late 18081
    eventually 10 page http://127.0.0.1:18081/
    kill -CONT "$(pid_of 'bin/podsharp update --publish')"
    wait %1 && fail 'took a port of another program'
    grep -q '18081/tcp is already in use' /tmp/late
    eventually 10 page http://127.0.0.1:18080/
    equal "$(podsharp port web)" '80/tcp -> 0.0.0.0:18080'
    kill "$(</tmp/page.pid)"
    rm /tmp/page.pid
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://web/)" web
    podsharp rm -f -t 0 web
    eventually 10 nothing_is_left
}

it_is_checked_for_what_nobody_uses() {
    clean
    serve web --network a
    # As if its state had been lost.
    inside umount "/run/user/$EUID/netns/$(ls "$own/users")"
    run podsharp system check --quick
    prints 'rootless-netns'
    podsharp system check --quick --repair
    [[ ! -e $own ]] || fail 'it is still there'
    podsharp rm -f -t 0 web
    eventually 10 nothing_is_left
}

it_connects_pods() {
    clean
    podsharp pod create --name both --network a -p 18080:80
    podsharp run -d --pod both --name web "$image" sh -c 'echo pod >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
    eventually 10 page http://127.0.0.1:18080/
    equal "$(podsharp run --rm --pod both "$image" wget -qO- http://localhost/)" pod
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://both/)" pod
    podsharp pod stop -t 0 both
    eventually 10 nothing_is_left
    podsharp pod start both
    eventually 10 page http://127.0.0.1:18080/
    podsharp pod rm -f -t 0 both
    eventually 10 nothing_is_left
}

it_has_a_user_namespace_and_a_network() {
    clean
    equal "$(podsharp run --rm --network a --userns keep-id "$image" id -u)" "$EUID"
    serve web --network a
    equal "$(podsharp run --rm --network a --userns auto:size=500 "$image" wget -qO- http://web/)" web
}

it_goes_out_by_slirp4netns_where_that_is_configured() {
    clean
    printf '[network]\ndefault_rootless_network_cmd = "slirp4netns"\n' >/tmp/slirp.conf
    slirp() { inside env CONTAINERS_CONF_OVERRIDE=/tmp/slirp.conf /podsharp/bin/podsharp "$@"; }
    slirp run -d --name web --network a -p 18080:80 "$image" sh -c 'echo slirp >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
    eventually 10 page http://127.0.0.1:18080/
    equal "$(slirp run --rm --network a "$image" grep host.containers.internal /etc/hosts | cut -f1)" 192.0.2.2
    equal "$(head -n 1 "$own/networks/aardvark-dns/a")" '10.170.0.1 10.0.2.3'
    equal "$(pgrep -c slirp4netns)" 1
    slirp rm -f -t 0 web
    eventually 10 nothing_is_left
}

it_works_beside_podmans_namespace() {
    clean
    podman run -d --name theirs --network a -p 18090:80 "$image" sh -c 'echo theirs >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
    serve ours --network a -p 18080:80
    eventually 10 page http://127.0.0.1:18080/
    run podsharp run --rm --network a -p 18090:80 "$image" true
    exit_is 125
    complains '18090/tcp is already in use'
    podsharp rm -f -t 0 ours
    eventually 10 test ! -e "$own"
    equal "$(page http://127.0.0.1:18090/)" theirs
    equal "$(podman run --rm --network a "$image" wget -qO- http://theirs/)" theirs
    podman rm -f -t 0 theirs
}

it_brings_back_what_was_killed() {
    clean
    serve web --network a -p 18080:80
    eventually 10 page http://127.0.0.1:18080/
    kill -9 "$(pid_of forward-ports)" "$(pgrep -x 'pasta.*')" "$(pgrep -x aardvark-dns)"
    eventually 5 no_page http://127.0.0.1:18080/
    # The next start brings back the way out, and the names.
    podsharp run --rm --network a "$image" true
    equal "$(pgrep -c pasta)" 1
    podsharp network reload web
    eventually 10 page http://127.0.0.1:18080/
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://web/)" web
    # Even the whole namespace.
    inside umount -l "$own/netns"
    podsharp network reload web
    eventually 10 page http://127.0.0.1:18080/
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://web/)" web
    equal "$(pgrep -c 'pasta|aardvark-dns')" 2
    podsharp rm -f -t 0 web
    eventually 10 nothing_is_left
}

it_survives_a_kill_at_each_step_of_a_start() {
    local point
    clean
    for point in network.rootless.made network.rootless.connected network.rootless.joined container.init.network network.forwarder.started container.init.forwarder container.init.bundle container.init.conmon; do
        inside env PODSHARP_KILL_AT=$point /podsharp/bin/podsharp run -d --name web --network a -p 18080:80 "$image" sleep 1000 && fail "not killed at $point"
        # Another container comes first: it finds what there is.
        podsharp run --rm --network a "$image" true
        podsharp rm -f -t 0 web
        nothing_is_left || fail "something is left after $point"
        podsharp run --rm --network a -p 18080:80 "$image" true
    done
}

it_survives_a_kill_at_each_step_of_an_end() {
    local point
    clean
    for point in container.cleanup.network network.rootless.left network.rootless.ended network.rootless.deleted container.cleanup.netns; do
        serve web --network a -p 18080:80
        # conmon's exit command must not be quicker than the one that is killed.
        podsharp rm -f -t 0 other >/dev/null 2>&1 || true
        inside env PODSHARP_KILL_AT=$point /podsharp/bin/podsharp rm -f -t 0 web || true
        eventually 10 bash -c "! pgrep -x conmon"
        podsharp ps -a >/dev/null
        podsharp rm -f -t 0 -i web
        nothing_is_left || fail "something is left after $point"
    done
}

it_survives_a_kill_while_ports_change() {
    local point
    clean
    for point in container.network.down network.forwarder.started container.network.names; do
        serve web --network a -p 18080:80
        inside env PODSHARP_KILL_AT=$point /podsharp/bin/podsharp update --publish 18081:80 web && fail "not killed at $point"
        podsharp ps >/dev/null
        eventually 10 page http://127.0.0.1:18081/
        no_page http://127.0.0.1:18080/ || fail "the former port still answers after $point"
        podsharp rm -f -t 0 web
        nothing_is_left || fail "something is left after $point"
    done
}

it_starts_and_ends_many_at_once() {
    clean
    local number
    for number in 1 2 3 4 5 6; do
        podsharp run -d --name "many$number" --network a -p "1810$number:80" "$image" sh -c "echo $number >/tmp/index.html; exec httpd -f -p 80 -h /tmp" &
    done
    wait
    for number in 1 2 3 4 5 6; do eventually 10 page "http://127.0.0.1:1810$number/"; done
    equal "$(pgrep -c pasta)" 1
    for number in 1 2 3 4 5 6; do podsharp rm -f -t 0 "many$number" & done
    wait
    eventually 10 nothing_is_left
}

run_suite "$@"
