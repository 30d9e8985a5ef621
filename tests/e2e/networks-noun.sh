#!/bin/bash
# The noun network: create, ls, inspect, exists, rm, prune, update, compared with podman's; files that both read.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    # A parent for macvlan and ipvlan, with a subnet that the host has.
    ip link add lan0 type veth peer name lan1
    ip address add 192.0.9.1/24 dev lan0
    ip link set lan0 up
    ip link set lan1 up
}
after_all() { ip link del lan0; }

directory=/etc/containers/networks
# What a test before has left, where it failed.
clean() { podsharp rm -f -a -t 0; podman rm -f -a -t 0; rm -f "$directory"/[a-o]*.json "$directory"/taken.json "$directory"/p1.json; }
# A network file without what two networks never have in common, and without our label and the division of addresses.
essence() {
    jq -S 'del(.id, .created, .labels["io.podsharp.network"], .subnets[]?.lease_range) | if .labels == {} then del(.labels) else . end
        | if (.network_interface // "") | test("^(podman|podsharp)[0-9]+$") then .network_interface = "BRIDGE" else . end
        | if .subnets then .subnets |= map(if (.subnet | test("^(10[.]|fd)")) and $automatic == "yes" then {gateway: has("gateway")} else . end) else . end' \
        --arg automatic "${2:-no}" "$1"
}
# same NAME AUTOMATIC OPTIONS...: both make a network; their files say the same.
same() {
    local automatic=$1
    shift
    podman network create "$@" both >/dev/null
    essence "$directory/both.json" "$automatic" >/tmp/theirs
    podman network rm both >/dev/null
    podsharp network create "$@" both >/dev/null
    essence "$directory/both.json" "$automatic" >/tmp/ours
    podman network inspect both >/tmp/read
    podsharp network rm both >/dev/null
    diff /tmp/theirs /tmp/ours || fail "network create $* differs from podman's"
}
# refuses OPTIONS...: both refuse, with the same exit code.
refuses() {
    local theirs
    theirs=0
    podman network create "$@" no-such >/dev/null 2>&1 || theirs=$?
    run podsharp network create "$@" no-such
    exit_is "$theirs"
    one_sentence
    [[ ! -e $directory/no-such.json ]] || fail 'made nevertheless'
}

it_writes_the_files_that_podman_writes() {
    clean
    same yes
    same yes --ipv6
    same yes --internal
    same yes --internal --disable-dns
    same yes --subnet fd09::/64 --ipv6
    same no --subnet 10.170.0.0/24 --gateway 10.170.0.254 --label a=b --opt mtu=1400 --opt isolate=1 --dns 9.9.9.9,1.1.1.1 --route 10.180.0.0/16,10.170.0.3,200 --route 10.181.0.0/16,10.170.0.3 --interface-name mybridge
    same no --subnet 10.170.0.0/24 --subnet fd00:7::/64 --gateway 10.170.0.2 --gateway fd00:7::2
    same no --subnet 10.170.0.9/24 --opt isolate=strict --opt vrf=blue --opt no_default_route=t --opt metric=7
    same yes --opt com.docker.network.driver.mtu=1300 --opt com.docker.network.bridge.name=docked
    same yes --ipam-driver none
    same yes --ipam-driver dhcp
    same yes --driver macvlan
    same no --driver macvlan --opt parent=lan0 --subnet 192.0.9.0/24 --gateway 192.0.9.1 --opt mode=bridge --opt mtu=1300
    same no --driver macvlan --opt parent=lan0 --internal
    same no --driver ipvlan --opt parent=lan0 --opt mode=l3 --subnet 10.171.0.0/24
    same no --driver ipvlan --ipam-driver none
    same no --interface-name lan0 --opt mode=unmanaged --subnet 192.0.9.0/24 --gateway 192.0.9.1
    same no --label 'text=with "quotes" & <signs>' --subnet 10.170.0.0/24
}

it_refuses_what_podman_refuses() {
    clean
    podsharp network create --subnet 10.170.0.0/24 --interface-name taken0 taken
    refuses --subnet 10.170.0.128/25
    refuses --subnet 192.0.9.128/25
    refuses --subnet 10.88.7.0/24
    refuses --subnet 10.70.0.0/33
    refuses --subnet nonsense
    refuses --subnet 10.172.0.0/24 --gateway 10.173.0.1
    refuses --subnet 10.172.0.0/24 --ip-range 10.173.0.0/26
    refuses --gateway 10.172.0.1
    refuses --ip-range 10.172.0.0/26
    refuses --opt nonsense=1
    refuses --opt mtu=x
    refuses --opt vlan=5000
    refuses --opt isolate=perhaps
    refuses --opt mode=perhaps
    refuses --opt parent=lan0
    refuses --driver nonsense
    refuses --driver macvlan --opt mode=nonsense
    refuses --driver macvlan --opt parent=nonsense0
    refuses --driver ipvlan
    refuses --driver ipvlan --opt mode=bridge --ipam-driver none
    refuses --driver macvlan --ipam-driver host-local
    refuses --ipam-driver nonsense
    refuses --ipam-driver none --subnet 10.172.0.0/24
    refuses --dns nonsense
    refuses --dns 1.1.1.1 --disable-dns
    refuses --route nonsense
    refuses --route 10.9.0.5/16,10.172.0.1
    refuses --route 10.9.0.0/16,10.172.0.1,x
    refuses --interface-name a/b
    refuses --interface-name longer-than-15-characters
    refuses --interface-name taken0
    refuses --label =x
    for name in host none bridge 'bad name' taken podman; do
        run podsharp network create "$name"
        exit_is 125
        one_sentence
    done
    equal "$(podsharp network create --ignore taken)" taken
    podsharp network rm taken
}

it_lists_and_shows_networks_as_podman_does() {
    clean
    podsharp network create --subnet 10.170.0.0/24 --label a=b --label c n1 >/dev/null
    podsharp network create --driver macvlan n2 >/dev/null
    list() { diff <(podman network ls "$@" | grep -vE '(^| )podman( |$)') <(podsharp network ls "$@" | grep -vE '(^| )podman( |$)') || fail "network ls $*"; }
    list --filter name=n
    list --filter name=n --no-trunc
    list --noheading --filter name=n
    list --quiet --filter driver=macvlan
    list --filter label=a
    list --filter label=a=c
    list --filter dangling=true
    list --filter name=n1 --format '{{.ID}} {{.Name}} {{.Driver}} {{.NetworkInterface}} {{.IPv6Enabled}} {{.Internal}} {{.DNSEnabled}} {{.Options}}'
    list --filter name=n1 --format '{{.Labels}}'
    diff <(podman network ls --filter name=n. --format json) <(podsharp network ls --filter name=n. --format json)
    diff <(podman network inspect n1 n2) <(podsharp network inspect n1 n2)
    diff <(podman inspect n1 | jq -S .) <(podsharp inspect n1 | jq -S .)
    equal "$(podsharp network inspect "$(podsharp network inspect n1 --format '{{.ID}}' | cut -c1-10)" --format '{{.Name}}')" n1
    run podsharp network inspect nonsense n1
    exit_is 125
    complains 'network nonsense: unable to find network with name or ID nonsense: network not found'
    prints '"n1"'
    run podsharp network ls --filter nonsense=1
    exit_is 125
    podsharp network exists n1
    run podsharp network exists nonsense
    exit_is 1
    podsharp network rm n1 n2
}

it_shows_the_containers_on_a_network() {
    clean
    podsharp network create n1
    podsharp run -d --name c1 --network n1 "$image" sleep 100
    run podsharp network inspect n1
    equal "$(jq -r '.[0].containers[].name' <<<"$output")" c1
    equal "$(jq -r '.[0].containers[].interfaces.eth0.subnets[0].ipnet' <<<"$output")" "$(podsharp exec c1 ip -o -4 address show eth0 | awk '{print $4}')"
    equal "$(jq -r '.[0].containers[].interfaces.eth0.mac_address' <<<"$output")" "$(podsharp exec c1 cat /sys/class/net/eth0/address)"
    podsharp rm -f -t 0 c1
    podsharp network rm n1
}

it_does_not_remove_a_network_in_use() {
    clean
    podsharp network create n1
    podsharp create --name c1 --network n1 "$image" sleep 100
    run podsharp network rm n1
    exit_is 2
    complains 'has associated containers with it'
    equal "$(podsharp network rm -f -t 0 n1)" n1
    run podsharp container exists c1
    exit_is 1
    podsharp network create n1
    podman create --name p1 --network n1 "$image" sleep 100
    run podsharp network rm -f n1
    exit_is 2
    complains "podman's: p1"
    podman rm p1
    podsharp network rm n1
    run podsharp network rm n1
    exit_is 1
    podsharp network rm -f n1
    for name in podsharp podman; do
        run podsharp network rm "$name"
        exit_is 125
    done
    run podsharp create --network n1 "$image" true
    exit_is 125
    complains 'network not found'
}

it_prunes_what_nobody_uses() {
    clean
    podsharp network create --label a=b n1
    podsharp network create n2
    podsharp network create n3
    podsharp network create n4
    podman network create p1
    podsharp create --name c1 --network n3 "$image" sleep 100
    podman create --name c2 --network n4 "$image" sleep 100
    equal "$(podsharp network prune --dry-run)" $'n1\nn2'
    equal "$(podsharp network prune -f --filter label=a)" n1
    equal "$(podsharp network prune -f)" n2
    podsharp network exists p1
    podman rm c2
    podsharp rm c1
    podsharp network rm n3 n4 p1
}

it_tells_of_networks_in_podmans_events() {
    clean
    local since id
    sleep 1
    since=$(date +%s)
    podsharp network create n1
    id=$(podsharp network inspect n1 --format '{{.ID}}')
    podsharp network rm n1
    equal "$(podsharp events --since "$since" --stream=false --filter type=network | cut -d' ' -f5-)" "network create $id (name=n1, type=bridge)"$'\n'"network remove $id (name=n1, type=bridge)"
}

it_divides_addresses_with_podman() {
    clean
    local ours theirs
    podsharp network create --subnet 10.170.0.0/24 --ip-range 10.170.0.64-10.170.0.95 n1
    ours=$(for _ in 1 2 3; do podsharp run -d --network n1 "$image" sleep 100; done | while read -r id; do podsharp exec "$id" ip -o -4 address show eth0 | awk '{print $4}'; done)
    theirs=$(for _ in 1 2 3; do podman run -d --network n1 "$image" sleep 100; done | while read -r id; do podman exec "$id" ip -o -4 address show eth0 | awk '{print $4}'; done)
    equal "$ours" $'10.170.0.64/24\n10.170.0.65/24\n10.170.0.66/24'
    equal "$theirs" $'10.170.0.80/24\n10.170.0.81/24\n10.170.0.82/24'
    podman rm -f -t 0 -a
    podsharp rm -f -t 0 -a
    podsharp network rm n1
    # Too few to divide: all of them are ours.
    podsharp network create --subnet 10.170.0.0/30 n1
    podsharp run -d --name c1 --network n1 "$image" sleep 100
    run podman run --rm --network n1 "$image" true
    [[ $status != 0 ]] || fail 'podman has an address, too'
    run podsharp run --rm --network n1 "$image" true
    exit_is 125
    complains 'all addresses of 10.170.0.0/30 in the network n1 are in use'
    podsharp rm -f -t 0 c1
    podsharp network rm n1
}

it_joins_networks_of_podmans_only_where_podman_gives_out_a_part() {
    clean
    podman network create p1
    run podsharp run --rm --network p1 "$image" true
    exit_is 125
    one_sentence
    complains "belongs to podman.*ipam.db"
    podman network rm p1
    podman network create --subnet 10.170.0.0/24 --ip-range 10.170.0.128/25 p1
    podsharp run -d --name c1 --network p1 "$image" sleep 100
    equal "$(podsharp exec c1 ip -o -4 address show eth0 | awk '{print $4}')" 10.170.0.2/24
    equal "$(podman run --rm --network p1 "$image" ip -o -4 address show eth0 | awk '{print $4}')" 10.170.0.129/24
    podsharp rm -f -t 0 c1
    podman network rm p1
    # Nobody keeps books on its addresses.
    podman network create --ipam-driver none p1
    equal "$(podsharp run --rm --network p1 "$image" ip -o -4 address show eth0)" ''
    podman network rm p1
}

it_connects_containers_to_a_dual_stack_network() {
    clean
    podsharp network create --ipv6 n1
    podsharp run -d --name web --network n1 "$image" sh -c 'echo web >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
    eventually 10 podsharp run --rm --network n1 "$image" wget -qO- http://web/
    local v6
    v6=$(podsharp inspect web --format '{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}')
    equal "$(podsharp run --rm --network n1 "$image" wget -qO- "http://[$v6]/")" web
    podsharp rm -f -t 0 web
    podsharp network rm n1
}

it_applies_internal_mtu_and_options() {
    clean
    podsharp network create --internal --opt mtu=1342 n1
    equal "$(podsharp run --rm --network n1 "$image" cat /sys/class/net/eth0/mtu)" 1342
    equal "$(podsharp run --rm --network n1 "$image" ip route | grep -c default || true)" 0
    podsharp network rm n1
    podsharp network create --subnet 10.170.0.0/24 --route 10.180.0.0/16,10.170.0.3,200 n1
    run podsharp run --rm --network n1 "$image" ip route
    prints '10.180.0.0/16 via 10.170.0.3 dev eth0 .*metric 200'
    podsharp network rm n1
}

it_puts_containers_on_a_parent_interface() {
    clean
    podsharp network create --driver macvlan --opt parent=lan0 --subnet 192.0.9.0/24 --gateway 192.0.9.1 --ip-range 192.0.9.64/26 n1
    ip netns add peer
    ip link set lan1 netns peer
    ip -n peer address add 192.0.9.2/24 dev lan1
    ip -n peer link set lan1 up
    mkdir -p /tmp/served
    echo peer >/tmp/served/index.html
    ip netns exec peer busybox httpd -f -p 192.0.9.2:80 -h /tmp/served &
    equal "$(podsharp run --rm --network n1 "$image" wget -qO- http://192.0.9.2/)" peer
    kill $!
    run podsharp run --rm --network n1 "$image" ip -o -4 address show eth0
    prints '192\.0\.9\.(6[4-9]|7[0-9])/24'
    ip -n peer link set lan1 netns 1
    ip netns del peer
    podsharp network rm n1
}

it_changes_name_servers_while_containers_run() {
    clean
    podsharp network create --dns 192.0.2.53 n1
    podsharp run -d --name c1 --network n1 "$image" sleep 100
    equal "$(sed -n 1p /run/containers/networks/aardvark-dns/n1 | cut -d' ' -f2)" 192.0.2.53
    podsharp network update n1 --dns-add 192.0.2.54 --dns-drop 192.0.2.53
    equal "$(podsharp network inspect n1 --format '{{.NetworkDNSServers}}')" '[192.0.2.54]'
    equal "$(podman network inspect n1 --format '{{.NetworkDNSServers}}')" '[192.0.2.54]'
    eventually 5 grep -q 192.0.2.54 /run/containers/networks/aardvark-dns/n1
    run podsharp network update n1 --dns-drop 192.0.2.99
    exit_is 125
    podsharp rm -f -t 0 c1
    podsharp network rm n1
}

it_keeps_a_network_that_a_container_comes_to_use_meanwhile() {
    clean
    podsharp network create n1
    PODSHARP_KILL_AT=network.remove.aside podsharp network rm n1 || true
    run podsharp create --network n1 "$image" true
    exit_is 125
    equal "$(podsharp ps --all --quiet)" ''
    podsharp network create n1
    podsharp network rm n1
    equal "$(ls "$directory" | grep -v podsharp.json || true)" ''
}

run_suite "$@"
