#!/bin/bash
# Published ports, compared with podman's: all exposed ones, ranges, chosen ones, addresses, udp and sctp, and ports that are taken.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podsharp import --change 'EXPOSE 80' --change 'EXPOSE 90/udp' "$image_tar" localhost/exposing:1
}
after_all() { podman rm -f -a -t 0; }

serve='echo "$NAME" >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
page() { curl -sf --max-time 2 "$@"; }
# podman's order is that of a Go map.
sorted='map_values(if . then sort_by(.HostPort) else . end)'
chosen() { sed -E 's/\b[3-6][0-9]{4}\b/HOST/g'; }
# shown OPTIONS...: how both engines show a container's ports, which is to be the same; chosen host ports are "HOST".
shown() {
    local engine
    for engine in podman podsharp; do
        "$engine" run -d --name shown "$@" localhost/exposing:1 sleep 1000 >/dev/null
        {
            "$engine" port shown | chosen | sort
            "$engine" inspect shown --format '{{json .NetworkSettings.Ports}}' | jq -S "$sorted" | chosen
            "$engine" inspect shown --format '{{json .HostConfig.PortBindings}}' | jq -S "$sorted" | chosen
            "$engine" ps --format '{{.Ports}}' | sed 's/, /\n/g' | chosen | sort
        } >"/tmp/$engine-shown"
        "$engine" rm -f -t 0 shown >/dev/null
    done
    diff /tmp/podman-shown /tmp/podsharp-shown || fail "$* is shown otherwise than by podman"
}
# refuses WORDS OPTIONS...: neither runs it; ours says why, and has made nothing.
refuses() {
    local words=$1
    shift
    podsharp rm -f -a -t 0 >/dev/null
    run podman run --rm "$@" "$image" true
    [[ $status != 0 ]] || fail "podman does $*"
    run podsharp run --name refused "$@" "$image" true
    exit_is 125
    one_sentence
    complains "$words"
    equal "$(podsharp ps --all --quiet)" ''
}

it_shows_published_ports_as_podman_does() {
    shown -p 18080:80
    shown -p 18080-18082:80-82 -p 127.0.0.1:18053:53/udp -p 18054:53/udp
    shown -p 18080:80 -p 18080:80 --expose 7000-7001 --expose 7003
    shown -p 80 -p 127.0.0.1::81
    shown -P
    shown -P -p 18080:80 --expose 7000/udp
    shown -p ''
}

it_publishes_all_exposed_ports_on_ports_of_their_own() {
    local tcp udp
    podsharp run -d --name web -P --expose 7000-7002 -e NAME=all localhost/exposing:1 sh -c "$serve"
    equal "$(podsharp port web | cut -d' ' -f1 | tr '\n' ' ')" '80/tcp 90/udp 7000/tcp 7001/tcp 7002/tcp '
    equal "$(podsharp port web | sed 's/.*://' | sort -u | wc -l)" 5
    tcp=$(podsharp port web 80 | sed 's/.*://')
    eventually 10 page "http://127.0.0.1:$tcp/"
    equal "$(page "http://192.0.2.2:$tcp/")" all
    # It keeps its ports over a restart.
    podsharp restart -t 0 web
    eventually 10 page "http://127.0.0.1:$tcp/"
    podsharp rm -f -t 0 web
}

it_publishes_a_range_port_by_port() {
    podsharp run -d --name web -p 18090-18092:79-81 -e NAME=range "$image" sh -c "$serve"
    eventually 10 page http://127.0.0.1:18091/
    run page http://127.0.0.1:18090/
    [[ $status != 0 ]] || fail 'a port of the range leads elsewhere'
    equal "$(podsharp port web 81)" 0.0.0.0:18092
    run podsharp port web 82
    exit_is 125
    run podsharp run --rm -p 18092:80 "$image" true
    exit_is 125
    complains '18092/tcp.*container web'
    podsharp rm -f -t 0 web
}

it_publishes_on_one_address() {
    podsharp run -d --name web -p 127.0.0.1:18080:80 -p 192.0.2.2:18081:80 -e NAME=one "$image" sh -c "$serve"
    eventually 10 page http://127.0.0.1:18080/
    eventually 10 page http://192.0.2.2:18081/
    run page http://192.0.2.2:18080/
    [[ $status != 0 ]] || fail 'published on another address too'
    # The same port of another address is free.
    podsharp run -d --name other -p 192.0.2.2:18080:80 -e NAME=other "$image" sh -c "$serve"
    eventually 10 page http://192.0.2.2:18080/
    equal "$(page http://192.0.2.2:18080/)" other
    equal "$(page http://127.0.0.1:18080/)" one
    podsharp rm -f -t 0 web other
}

it_forwards_udp() {
    local inside
    podsharp run -d --name udp -p 18053:53/udp "$image" sleep 1000
    nsenter --net="$(podsharp inspect udp --format '{{.NetworkSettings.SandboxKey}}')" python3 -c 'import socket
inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inside.bind(("", 53))
while True:
    data, sender = inside.recvfrom(100)
    if data: inside.sendto(b"got " + data, sender)' &
    inside=$!
    answers() { [[ $(echo "$1" | socat -t 1 - "UDP:$2:18053") == "got $1" ]]; }
    eventually 10 answers one 192.0.2.2
    eventually 10 answers two 127.0.0.1
    kill "$inside"
    # The same number is free for tcp.
    podsharp run --rm -p 18053:53 "$image" true
    run podsharp run --rm -p 18053:53/udp "$image" true
    exit_is 125
    complains '18053/udp.*container udp'
    podsharp rm -f -t 0 udp
}

it_has_a_rule_for_sctp() {
    local engine
    for engine in podman podsharp; do
        "$engine" run -d --name sctp -p 18099:99/sctp "$image" sleep 1000 >/dev/null
        "$engine" port sctp
        { nft list ruleset; iptables-save; } 2>/dev/null | grep -E 'sctp.*18099' | grep -c . || true
        "$engine" rm -f -t 0 sctp >/dev/null
    done >/tmp/sctp
    equal "$(sed -n 1,2p /tmp/sctp)" "$(sed -n 3,4p /tmp/sctp)"
    [[ $(sed -n 2p /tmp/sctp) -gt 0 ]] || fail 'no rule for sctp'
}

it_refuses_what_podman_refuses() {
    refuses 'range' -p 80-82:90-91
    refuses '70000' -p 70000:80
    refuses '70000' -p 80:70000
    refuses 'tcp, udp or sctp' -p 80:80/foo
    refuses "not one of this host's" -p 203.0.113.4:80:80
    refuses 'lower port' -p 82-80:82-80
    refuses 'not a port' -p a:b
    refuses 'overlap' -p 18080:80 -p 18080:81
    refuses 'overlap' -p 18080:80 -p 127.0.0.1:18080:80
    refuses '70000' --expose 70000
    refuses 'lower port' --expose 80-70
    refuses 'tcp, udp or sctp' --expose 80/foo
    run podsharp run --rm --network host -p 18080:80 "$image" true
    exit_is 0
    complains 'published ports are not used'
}

it_names_the_holder_before_anything_is_made() {
    local holder
    python3 -c 'import socket, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 18100))
tcp = socket.socket()
tcp.bind(("0.0.0.0", 18101))
tcp.listen()
open("/tmp/holding", "w").close()
time.sleep(1000)' &
    holder=$!
    eventually 10 test -e /tmp/holding
    for port in 18100:53/udp 18101:80 18099-18102:79-82; do
        run podsharp run --name taken -p "$port" "$image" true
        exit_is 125
        one_sentence
        complains "1810[01]/(tcp|udp).* by python3 \(process $holder\)"
        equal "$(podsharp ps --all --quiet; ls /run/netns 2>/dev/null)" ''
    done
    # What is made for later finds out when it is started.
    podsharp create --name later -p 18101:80 "$image" true
    run podsharp start later
    exit_is 125
    complains "18101/tcp.* by python3"
    kill "$holder"
    wait "$holder" || true
    podsharp start -a later
    podsharp rm later
}

run_suite "$@"
