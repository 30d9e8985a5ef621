#!/bin/bash
# Host names, /etc/hosts and /etc/resolv.conf of containers, compared with podman's, line by line.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podsharp network create --subnet 10.174.0.0/24 a
    printf '# of a file\n192.0.2.9 filehost alias\n' >/tmp/hosts-file
}
after_all() { podsharp network rm -f -t 0 a; }

# What a container sees of names; addresses of networks and ids are each engine's own.
seen='cat /etc/hosts /etc/resolv.conf /etc/hostname 2>/dev/null; hostname; echo $HOSTNAME'
essence() { sed -E 's/\b[0-9a-f]{12}\b/ID/g; s/10\.(8[0-9]|174)\.0\.[0-9]+/10.NET/g'; }
# same OPTIONS...: both engines' containers see the same.
same() {
    local engine
    for engine in podman podsharp; do
        "$engine" run --rm --name same "$@" "$image" sh -c "$seen" | essence >"/tmp/$engine-seen"
    done
    diff /tmp/podman-seen /tmp/podsharp-seen || fail "$* differs from podman's"
}
# refuses WORDS OPTIONS...: neither runs it; ours says why, and has made nothing.
refuses() {
    local words=$1
    shift
    run podman run --rm --name refused "$@" "$image" true
    [[ $status != 0 ]] || fail "podman does $*"
    run podsharp run --name refused "$@" "$image" true
    exit_is 125
    one_sentence
    complains "$words"
    equal "$(podsharp ps --all --quiet)" ''
}

it_writes_the_hosts_file_that_podman_writes() {
    same --network a
    same --network a --hostname a.long.name --uts private
    same --network a --add-host 'x;y:192.0.2.7' --add-host six:fd00::7 --add-host host:host-gateway
    same --network a --hosts-file none
    same --network a --hosts-file image
    same --network a --no-hosts
    same --network a --uts host
    same --network none --hosts-file /tmp/hosts-file --add-host host:host-gateway
    same --network none --no-hostname --hostname other
}

it_writes_the_resolver_file_that_podman_writes() {
    same --network a --dns 192.0.2.53 --dns 192.0.2.54
    same --network a --dns-search example.org --dns-search example.com
    same --network a --dns-search .
    same --network a --dns-option ndots:2,use-vc
    same --network a --dns none
    same --network a --dns-search '' --dns-option ''
    # podman 5.8 gives a container on the host's network the host's outer address as the host's; later ones 127.0.0.1, as we do.
    same --network host --no-hosts --dns 192.0.2.53 --dns-search example.org --dns-option rotate
}

it_takes_the_host_for_the_gateway_of_its_own_networks_only() {
    # A parent's gateway is another machine: the host has an address of its own.
    ip link add lan0 type veth peer name lan1
    podsharp network create -d macvlan -o parent=lan0 --subnet 192.0.9.0/24 --gateway 192.0.9.254 lan
    run podsharp run --rm --network lan --add-host host:host-gateway "$image" cat /etc/hosts
    podsharp network rm lan
    ip link del lan0
    prints '^192\.0\.2\.2.host$'
    prints '^192\.0\.2\.2.host\.containers\.internal'
}

it_says_the_same_in_inspect() {
    local engine
    for engine in podman podsharp; do
        "$engine" create --name shown --network a --dns 192.0.2.53 --dns-search example.org --dns-option ndots:2 --add-host x:192.0.2.7 --hostname other "$image" true >/dev/null
        "$engine" inspect shown --format '{{json .HostConfig.Dns}} {{json .HostConfig.DnsSearch}} {{json .HostConfig.DnsOptions}} {{json .HostConfig.ExtraHosts}} {{.Config.Hostname}}' >"/tmp/$engine-shown"
        "$engine" rm shown >/dev/null
    done
    diff /tmp/podman-shown /tmp/podsharp-shown
}

it_refuses_what_does_not_go_together() {
    refuses 'no-hosts and --add-host' --no-hosts --add-host x:192.0.2.7
    refuses 'no-hosts and --hosts-file' --no-hosts --hosts-file /tmp/hosts-file
    refuses '/tmp/missing' --hosts-file /tmp/missing
    refuses 'host UTS namespace' --uts host --hostname other
    refuses '64' --hostname "$(printf 'x%.0s' {1..65})"
    refuses 'dns and the network mode: none' --network none --dns 192.0.2.53
    refuses 'dns and the network mode: none' --network none --dns-search example.org
    refuses 'not an IP address|no IP address' --dns nonsense
    refuses 'none is not allowed' --dns none --dns 192.0.2.53
    refuses 'dns none' --dns none --dns-search example.org
    refuses 'dns none' --dns none --dns-option ndots:2
    refuses 'not a valid domain' --dns-search 'bad domain'
    refuses 'invalid host entry' --add-host nonsense
    refuses 'invalid host entry' --add-host x:nonsense
    refuses 'invalid host entry' --add-host :192.0.2.7
    refuses '/nonsense' --network ns:/nonsense
    # Documented by podman, and known to neither.
    run podsharp run --link-local-ip 169.254.3.4 "$image" true
    exit_is 125
    complains 'unknown flag: --link-local-ip'
    podsharp run -d --name peer --network none "$image" sleep 1000
    run podsharp run --rm --network container:peer --dns 192.0.2.53 "$image" true
    exit_is 125
    complains 'dns and the network mode: container'
    podsharp rm -f -t 0 peer
}

it_finds_a_hosts_file_gone_when_it_starts() {
    cp /tmp/hosts-file /tmp/going
    podsharp create --name going --network none --hosts-file /tmp/going "$image" true
    rm /tmp/going
    run podsharp start going
    [[ $status != 0 ]] || fail 'it started'
    complains '/tmp/going'
    podsharp rm going
}

it_leaves_no_old_names_behind_a_change_that_was_killed() {
    local point
    podsharp network create --subnet 10.175.0.0/24 b
    for point in container.network.made container.network.names container.network.before container.network.committed; do
        podsharp run -d --name web --network a "$image" sleep 1000
        podsharp exec web sh -c 'echo 192.0.2.77 mine >>/etc/hosts'
        PODSHARP_KILL_AT=$point podsharp update --network b web || true
        podsharp ps >/dev/null
        run podsharp exec web cat /etc/hosts /etc/resolv.conf
        prints_not '10\.174\.'
        prints '^10\.175\.0\.[0-9]+.[0-9a-f]{12} web$'
        prints '^10\.175\.0\.1.host.containers.internal'
        prints '^192\.0\.2\.77 mine$'
        prints '^127\.0\.0\.1.localhost$'
        prints '^nameserver 10\.175\.0\.1$'
        podsharp rm -f -t 0 web
    done
    podsharp network rm b
}

run_suite "$@"
