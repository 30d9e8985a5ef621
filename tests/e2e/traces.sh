# What a container leaves behind when it should leave nothing. Sourced after lib.sh by suites about faults.

graph_root=/var/lib/containers/storage
run_root=/run/containers/storage

# Kills at step points: see faults.sh.

# at_each POINT...: `prepare NAME`, then `operation NAME` which dies at the point, then `afterwards NAME`.
at_each() {
    local point name
    for point in "$@"; do
        name=${point//./-}
        prepare "$name" >/dev/null
        status=0
        output=$(PODSHARP_KILL_AT=$point operation "$name" 2>&1) || status=$?
        [[ $status == 137 || $status == "${otherwise:-137}" ]] || fail "at $point: exit code $status instead of death: $output"
        output=$(podsharp ps --all --format '{{.Names}} {{.State}}' 2>&1) || fail "after $point: $output"
        output=$(afterwards "$name" 2>&1) || fail "after $point: $output"
        output=$(podsharp rm --force --volumes --time 0 --ignore "$name" 2>&1) || fail "rm after $point: $output"
    done
    nothing_left
}

state() { podsharp inspect "$1" --format '{{.State.Status}}'; }
make() { podsharp create --name "$1" --network podsharp -p 127.0.0.1:18100:80 -v /data "$image" sleep 100; }
commits() { printf "container.$1.%s\n" before committed logged; }

# The default network with few addresses.
small_network() {
    mkdir -p /etc/containers/containers.conf.d
    printf '[network]\ndefault_subnet = "10.87.0.0/29"\n' >/etc/containers/containers.conf.d/small-network.conf
}

# One line for each thing that no container accounts for.
left_overs() {
    podsharp ps --all --quiet | sed 's/^/container /'
    podsharp volume ls --quiet | sed 's/^/volume /'
    awk '$5 ~ /\/merged$|\/shm$|\/run\/netns\/./ && $5 != "/dev/shm" {print "mount", $5}' /proc/self/mountinfo
    find /run/netns -mindepth 1 2>/dev/null | sed 's/^/network namespace /'
    ps -eo pid=,comm=,args= | awk '$2 == "conmon" || $2 == "sleep" || $2 == "aardvark-dns" {print "process", $0}'
    find /sys/fs/cgroup -mindepth 2 -type d -path '*podsharp/*' 2>/dev/null | sed 's/^/cgroup /'
    nft list ruleset 2>/dev/null | grep -E 'dnat ip|saddr 10\.87|daddr 10\.87|oifname "podsharp' | sed 's/^/nft rule /'
    ip -o link show type bridge | awk '$2 ~ /^podsharp/ {print "link", $2}'
    find "$run_root"/podsharp/{exits,persist} "$graph_root"/overlay-containers "$run_root"/overlay-containers \
        -mindepth 1 -maxdepth 1 ! -name '*containers.*' ! -name '.tmp*' 2>/dev/null | sed 's/^/file /'
    find "$graph_root"/podsharp/volumes -mindepth 1 -maxdepth 1 2>/dev/null | sed 's/^/volume directory /'
    find "$graph_root/overlay" -mindepth 1 -maxdepth 1 -type d ! -name l ! -name tempdirs ! -name 'compat*' | sort | sed 's|.*/||' |
        comm -23 - <(jq -r '.[].id' "$graph_root/overlay-layers/layers.json" | sort) | sed 's/^/layer directory /'
    jq -r '.[] | select(."diff-digest" == null) | "layer " + .id' "$graph_root/overlay-layers/layers.json"
    find "$graph_root/overlay-layers/tmp" "$graph_root"/*/tempdirs -mindepth 1 -maxdepth 1 2>/dev/null | sed 's/^/staged /'
    jq -r '.[]?.id | "container record " + .' "$graph_root/overlay-containers/containers.json" 2>/dev/null || true
    jq -r '.[]?.id | "mount point " + .' "$run_root/overlay-layers/mountpoints.json" 2>/dev/null || true
}

# Fails with the list of what is left. What goes by itself (a process that ends) is waited for.
nothing_left() {
    local deadline=$((SECONDS + 5)) left
    while left=$(left_overs) && [[ -n $left ]]; do
        [[ $SECONDS -lt $deadline ]] || fail "left behind ($(wc -l <<<"$left")):"$'\n'"$(head -n 12 <<<"$left")"
        sleep 0.2
    done
    addresses_are_free
    store_is_clean
}

store_is_clean() {
    local report
    # podman 4 can't check.
    [[ $(podman --version) == *" 5."* ]] || return 0
    report=$(podman system check 2>&1) || fail "podman system check: $report"
}

# All five addresses of the small network at once.
addresses_are_free() {
    [[ -f /etc/containers/containers.conf.d/small-network.conf ]] || return 0
    local i report
    for i in 1 2 3 4 5; do
        report=$(podsharp run -d --name "address$i" --network podsharp "$image" sleep 100 2>&1) || fail "an address is not free: $report"
    done
    podsharp rm --force --time 0 address{1..5} >/dev/null
}
