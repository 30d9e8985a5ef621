#!/bin/bash
# Containers that slirp4netns connects, compared with podman's.
# runs: testing debian12
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

page() { curl -sf --max-time 2 "$@"; }
serve='echo "$NAME" >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
none_is_left() { ! pgrep -x slirp4netns; }
# What a container sees of its network; hardware addresses and ids are its own.
seen='ip -o -4 address; ip route; cat /sys/class/net/tap0/mtu /etc/hosts; head -n 1 /etc/resolv.conf'
essence() { sed -E 's/\b[0-9a-f]{12}\b/ID/g; s/ host\.docker\.internal//'; } # podman 4 doesn't know that name

it_connects_as_podman_does() {
    local options engine
    for options in slirp4netns slirp4netns:mtu=1400,cidr=10.44.0.0/24,enable_ipv6=false,port_handler=slirp4netns slirp4netns:allow_host_loopback=true,outbound_addr=192.0.2.2; do
        for engine in podman podsharp; do
            "$engine" run --rm --name same --network "$options" "$image" sh -c "$seen" | essence >"/tmp/$engine-seen"
            "$engine" create --name shown --network "$options" "$image" true >/dev/null
            "$engine" inspect shown --format '{{.HostConfig.NetworkMode}}' | cut -d: -f1 >>"/tmp/$engine-seen"
            "$engine" rm shown >/dev/null
        done
        diff /tmp/podman-seen /tmp/podsharp-seen || fail "$options differs from podman's"
    done
    eventually 5 none_is_left
}

it_has_ipv6_unless_told_otherwise() {
    # At once: nobody looks for another machine with the address.
    podsharp run --rm --network slirp4netns "$image" sh -c 'for i in 1 2 3 4 5 6 7 8 9; do ip -6 address show dev tap0 | grep -q "scope global" && exit 0; sleep 0.3; done; exit 1'
    equal "$(podsharp run --rm --network slirp4netns:enable_ipv6=false "$image" ip -6 address show dev tap0 | grep -c global || true)" 0
}

it_forwards_ports_and_holds_them() {
    podsharp run -d --name web --network slirp4netns -p 18080:80 -p 127.0.0.1:18081-18082:80-81 -p 18053:53/udp -e NAME=slirp "$image" sh -c "$serve"
    eventually 10 page http://127.0.0.1:18080/
    equal "$(page http://192.0.2.2:18080/)" slirp
    equal "$(page http://127.0.0.1:18081/)" slirp
    run page http://192.0.2.2:18081/
    [[ $status != 0 ]] || fail 'published on another address too'
    run podsharp run --rm --network slirp4netns -p 18080:80 "$image" true
    exit_is 125
    one_sentence
    complains '18080/tcp.*slirp4netns'
    podsharp restart -t 0 web
    eventually 10 page http://127.0.0.1:18080/
    equal "$(pgrep -cx slirp4netns)" 1
    podsharp rm -f -t 0 web
    eventually 5 none_is_left
    run page http://127.0.0.1:18080/
    [[ $status != 0 ]] || fail 'the port still answers'
}

it_goes_with_a_user_namespace_and_with_a_pod() {
    podsharp run --rm --network slirp4netns --uidmap 0:200000:5000 --gidmap 0:200000:5000 "$image" ip -o -4 address show tap0
    podsharp pod create --name both --network slirp4netns -p 18080:80
    podsharp run -d --pod both -e NAME=pod "$image" sh -c "$serve"
    eventually 10 page http://127.0.0.1:18080/
    podsharp pod rm -f -t 0 both
    eventually 5 none_is_left
}

it_refuses_what_it_can_not_do() {
    local options
    for options in nonsense nonsense=1 mtu=1 mtu=x cidr=10.0.0.0 cidr=fd00::/64 enable_ipv6=maybe allow_host_loopback=1 outbound_addr=nowhere0 outbound_addr6=nowhere0 port_handler=other; do
        run podman run --rm --network "slirp4netns:$options" "$image" true
        [[ $status != 0 ]] || fail "podman takes $options"
        run podsharp run --network "slirp4netns:$options" "$image" true
        exit_is 125
        one_sentence
        equal "$(podsharp ps --all --quiet)" ''
    done
    for options in '-p 18080:80/sctp' '-p [::1]:18080:80' '--network podsharp' '--ip 10.0.2.7' '--network-alias x'; do
        run podsharp run --network slirp4netns $options "$image" true
        exit_is 125
        one_sentence
    done
    run podsharp run --network slirp4netns:port_handler=rootlesskit "$image" true
    exit_is 125
    complains 'rootlesskit'
    run podsharp --network-cmd-path /nowhere/slirp4netns run --network slirp4netns "$image" true
    exit_is 125
    complains '/nowhere/slirp4netns'
    mv /usr/bin/slirp4netns /usr/bin/elsewhere
    run podsharp run --network slirp4netns "$image" true
    complains 'slirp4netns.*(not|install)'
    run podsharp --network-cmd-path /usr/bin/elsewhere run --rm --network slirp4netns "$image" true
    mv /usr/bin/elsewhere /usr/bin/slirp4netns
    exit_is 0
    equal "$(podsharp ps --all --quiet)" ''
}

it_leaves_nothing_wherever_it_is_killed() {
    local point
    for point in container.init.netns container.init.network container.init.conmon container.start.runtime container.cleanup.network container.cleanup.netns; do
        PODSHARP_KILL_AT=$point podsharp run --name killed --network slirp4netns -p 18080:80 "$image" true || true
        podsharp rm -f -t 0 killed
        eventually 5 none_is_left
        equal "$point $(ls /run/netns)" "$point "
    done
}

run_suite "$@"
