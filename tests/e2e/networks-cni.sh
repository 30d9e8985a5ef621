#!/bin/bash
# Networks of CNI plugins, for hosts that still have them: compared and shared with podman 4, the last one that knows them.
# runs: debian12
. "${BASH_SOURCE[0]%/*}/lib.sh"

directory=/etc/cni/net.d
before_all() {
    [[ -x /usr/lib/cni/bridge ]] || skip 'no CNI plugins here'
    mkdir -p /etc/containers/containers.conf.d $directory
    printf '[network]\nnetwork_backend = "cni"\n' >/etc/containers/containers.conf.d/cni.conf
    ip link add lan0 type veth peer name lan1
    ip link set lan0 up
    import_image
    podsharp network create --subnet 10.180.0.0/24 a
}
after_all() {
    podsharp rm -f -a -t 0
    podman rm -f -a -t 0
    podsharp network rm a
    ip link del lan0
    for bridge in /sys/class/net/*/bridge; do [[ ! -e $bridge ]] || ip link del "$(basename "${bridge%/bridge}")"; done
    rm -f /etc/containers/containers.conf.d/cni.conf $directory/*
}

clean() { podsharp rm -f -a -t 0 >/dev/null; }
serve() { # NAME OPTIONS...: a web server that tells its name
    local name=$1
    shift
    podsharp run -d --name "$name" "$@" "$image" sh -c "echo $name >/tmp/index.html; exec httpd -f -p 80 -h /tmp"
}
page() { curl -sf --max-time 2 "$@"; }
address_of() { podsharp inspect "$1" --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'; }
# What connections leave where they aren't taken down.
traces_of_connections() {
    { iptables-save; iptables-legacy-save; } 2>/dev/null | grep -cE '18[01][0-9][0-9]|10[.]180[.]' || true
    find /var/lib/cni/networks -name '[0-9]*' 2>/dev/null
    ls /var/lib/cni/results 2>/dev/null
    ls /run/netns 2>/dev/null
}
# A list of plugins without what is each engine's own.
essence() {
    jq -S 'del(.args.podman_labels["io.podsharp.network"]) | (.plugins[] | select(.type == "tuning")) |= del(.capabilities)
        | walk(if type == "object" then with_entries(select(.value != {} and .value != null)) else . end)
        | (.plugins[0].bridge // "") as $bridge | if $bridge | test("^(cni-podman|podsharp)[0-9]+$") then .plugins[0].bridge = "BRIDGE" else . end
        | if $automatic == "yes" then .plugins[0].ipam.ranges |= length else . end' --arg automatic "$2" "$1"
}

it_writes_the_lists_that_podman_writes() {
    same() {
        local automatic=$1
        shift
        podman network create "$@" both >/dev/null
        essence $directory/both.conflist "$automatic" >/tmp/theirs
        podman network rm both >/dev/null
        podsharp network create "$@" both >/dev/null
        essence $directory/both.conflist "$automatic" >/tmp/ours
        podman network inspect both >/dev/null
        podsharp network rm both >/dev/null
        diff /tmp/theirs /tmp/ours || fail "network create $* differs from podman's"
    }
    same yes
    same no --subnet 10.181.0.0/24 --gateway 10.181.0.9 --ip-range 10.181.0.64/26 --label x=y --opt mtu=1400 --opt vlan=7
    same no --subnet 10.181.0.0/24 --internal
    same no --subnet 10.181.0.0/24 --subnet fd00:181::/64 --opt isolate=true
    same no -d macvlan --subnet 10.181.0.0/24 --opt parent=lan0 --opt mode=private
}

it_lists_networks_that_others_made() {
    podman network create --subnet 10.182.0.0/24 --label by=podman theirs >/dev/null
    printf '{"cniVersion": "0.4.0", "name": "single", "plugins": [{"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.183.0.0/24"}}]}' >$directory/10-single.conflist
    printf 'nonsense' >$directory/99-broken.conflist
    equal "$(podsharp network ls --format '{{.Name}} {{.Driver}}' | sort)" "$(podman network ls --format '{{.Name}} {{.Driver}}' | grep -v '^podman ' | sort)"
    equal "$(podsharp network inspect theirs | jq -c '.[0] | [.driver, .subnets, .labels, .internal, .dns_enabled]')" \
        "$(podman network inspect theirs | jq -c '.[0] | [.driver, .subnets, .labels, .internal, .dns_enabled]')"
    equal "$(podsharp run --rm --network single "$image" ip -o -4 address show eth0 | awk '{print $4}')" 10.183.0.2/24
    equal "$(podsharp run --rm --network theirs "$image" ip -o -4 address show eth0 | awk '{print $4}' | cut -d. -f1-3)" 10.182.0
    # Only what is ours is pruned.
    podsharp network create spare >/dev/null
    equal "$(podsharp network prune -f | grep -c spare)" 1
    [[ -e $directory/10-single.conflist && -e $directory/theirs.conflist ]] || fail 'pruned what is not ours'
    podsharp network create --subnet 10.180.0.0/24 a
    podman network rm theirs >/dev/null
    rm $directory/10-single.conflist $directory/99-broken.conflist
    equal "$(podsharp info --format '{{.Host.NetworkBackend}}')" cni
}

it_connects_and_publishes() {
    serve web --network a --ip 10.180.0.50 --mac-address 92:d0:c6:0a:29:33 -p 18080:80 -p 127.0.0.1:18081-18082:80-81
    equal "$(podsharp exec web ip -o -4 address show eth0 | awk '{print $4}')" 10.180.0.50/24
    equal "$(podsharp exec web cat /sys/class/net/eth0/address)" 92:d0:c6:0a:29:33
    equal "$(address_of web)" 10.180.0.50
    eventually 10 page http://192.0.2.2:18080/
    equal "$(page http://127.0.0.1:18081/)" web
    run podsharp exec web cat /etc/hosts
    prints '^10.180.0.1.host.containers.internal'
    prints '^10.180.0.50.[0-9a-f]{12} web$'
    [[ -e /var/lib/cni/results/a-$(podsharp inspect web --format '{{.Id}}')-eth0 ]] || fail 'no result is kept'
    equal "$(podsharp run --rm --network a "$image" wget -qO- http://10.180.0.50/)" web
    run podsharp run --rm --network a --ip 10.180.0.50 "$image" true
    exit_is 125
    one_sentence
    complains '10.180.0.50'
    podsharp restart -t 0 web
    eventually 10 page http://192.0.2.2:18080/
    podsharp rm -f -t 0 web
    equal "$(traces_of_connections)" 0
}

it_gives_out_addresses_together_with_podman() {
    local i
    for i in 1 2 3 4; do
        podsharp run -d --name "our$i" --network a "$image" sleep 1000 &
        podman run -d --name "their$i" --network a "$image" sleep 1000 &
    done
    wait
    equal "$({ for i in 1 2 3 4; do podsharp exec "our$i" ip -o -4 address show eth0; podman exec "their$i" ip -o -4 address show eth0; done; } | awk '{print $4}' | sort -u | wc -l)" 8
    podman rm -f -t 0 their1 their2 their3 their4
    clean
    equal "$(traces_of_connections)" 0
}

it_changes_networks_and_ports_of_what_runs() {
    local bridge
    podsharp network create --subnet 10.184.0.0/24 b >/dev/null
    serve web --network a -p 18080:80
    podsharp network connect --ip 10.184.0.60 b web
    equal "$(podsharp exec web ip -o -4 address show eth1 | awk '{print $4}')" 10.184.0.60/24
    podsharp update --publish 18081:80 web
    eventually 10 page http://192.0.2.2:18081/
    run page http://192.0.2.2:18080/
    [[ $status != 0 ]] || fail 'the old port answers'
    podsharp network disconnect a web
    equal "$(podsharp exec web ip -o -4 address | grep -c eth)" 1
    podsharp network reload web
    run podsharp network rm b
    exit_is 2
    podsharp rm -f -t 0 web
    bridge=$(podsharp network inspect b --format '{{.NetworkInterface}}')
    [[ -d /sys/class/net/$bridge/bridge ]] || fail "the network's bridge isn't there"
    podsharp network rm b
    [[ ! -e /sys/class/net/$bridge ]] || fail "the network's bridge is left"
    equal "$(traces_of_connections)" 0
}

it_refuses_what_plugins_can_not_do() {
    local words
    refused() {
        run podsharp "$@"
        exit_is 125
        one_sentence
        equal "$(podsharp ps --all --quiet)" ''
    }
    refused run --network a --network-alias x "$image" true
    complains 'aliases'
    refused run --network a:host_interface_name=x "$image" true
    for words in '--route 10.9.0.0/16,10.185.0.1' '--dns 192.0.2.53 --subnet 10.185.0.0/24' '--opt metric=5' '--opt isolate=strict' '--opt vrf=x'; do
        refused network create $words refused
    done
    refused network update --dns-add 192.0.2.53 a
    complains 'CNI'
    printf '{"cniVersion": "0.4.0", "name": "lacking", "plugins": [{"type": "nosuchplugin"}]}' >$directory/lacking.conflist
    run podsharp run --rm --network lacking "$image" true
    exit_is 125
    one_sentence
    complains 'nosuchplugin'
    printf '{"cniVersion": "0.4.0", "name": "lacking", "plugins": [{"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.186.0.0/24"}}]}' >$directory/lacking.conflist
    refused run --network lacking --ip 10.186.0.7 "$image" true
    complains 'ips'
    rm $directory/lacking.conflist
    equal "$(traces_of_connections)" 0
}

it_leaves_nothing_wherever_it_is_killed() {
    local point
    for point in container.init.netns container.init-network.committed container.init.network container.init.conmon container.cleanup.network container.cleanup.netns; do
        PODSHARP_KILL_AT=$point podsharp run --name killed --network a -p 18080:80 "$image" true || true
        podsharp rm -f -t 0 killed
        equal "$point $(traces_of_connections)" "$point 0"
    done
}

it_takes_down_what_the_backend_before_has_made() {
    serve web --network a -p 18080:80
    mv /etc/containers/containers.conf.d/cni.conf /tmp/
    podsharp rm -f -t 0 web
    mv /tmp/cni.conf /etc/containers/containers.conf.d/
    equal "$(traces_of_connections)" 0
}

# The last one: what podman believes after it isn't looked at.
it_gives_addresses_back_after_a_reboot() {
    local id
    podsharp run -d --name web --network a --ip 10.180.0.70 "$image" sleep 1000
    id=$(podsharp inspect web --format '{{.Id}}')
    [[ -e /var/lib/cni/networks/a/10.180.0.70 ]] || fail 'the book does not have it'
    # Power off: processes, mounts and links are gone, what is on the disk is not.
    pgrep -x conmon | xargs kill -9
    pgrep -x sleep | xargs kill -9
    awk '$5 ~ /\/merged$|\/shm$|\/run\/netns\/./ && $5 != "/dev/shm" {print $5}' /proc/self/mountinfo | sort -ru | xargs -n 1 umount -l
    umount -l /run/netns 2>/dev/null || true
    find /run -xdev -mindepth 1 -delete 2>/dev/null || true
    find /sys/fs/cgroup -mindepth 2 -type d -path '*podsharp/*' | sort -r | xargs rmdir
    cat /proc/sys/kernel/random/uuid >/tmp/boot-id
    mount --bind /tmp/boot-id /proc/sys/kernel/random/boot_id
    equal "$(podsharp ps -a --format '{{.Names}} {{.State}}')" 'web exited'
    [[ ! -e /var/lib/cni/networks/a/10.180.0.70 && ! -e /var/lib/cni/results/a-$id-eth0 ]] || fail 'the address is still taken'
    podsharp start web
    equal "$(address_of web)" 10.180.0.70
    podsharp rm -f -t 0 web
    umount /proc/sys/kernel/random/boot_id
    equal "$(traces_of_connections)" 0
}

run_suite "$@"
