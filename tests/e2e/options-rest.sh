#!/bin/bash
# Options of create and run that no other suite tries, side by side with podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    grep -q ^containers: /etc/subgid || printf 'someone:3100000:20\n' | tee -a /etc/subuid >>/etc/subgid
    grep -q ^someone: /etc/passwd || echo 'someone:x:991:991::/:/bin/false' >>/etc/passwd
    mkdir -p /tmp/with && cd /tmp/with
    printf 'FROM %s\nEXPOSE 80/tcp 90/udp\nRUN mkdir /vol && echo kept >/vol/file\nVOLUME /vol\n' "$image" >Containerfile
    podman build -q --network none -t localhost/exposes:test . >/dev/null
}

# both OPTION... -- COMMAND...: a container of either engine prints the same, errors too, and ends with the same code.
both() {
    local options=() engine from=${from:-$image}
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    for engine in podman podsharp; do
        { $engine run --rm "${options[@]}" "$from" "$@" 2>&1 && echo "code $?" || echo "code $?"; } | sed -E 's/[0-9a-f]{12,64}/ID/g; s/podsharp/podman/g' | sort >/tmp/both.$engine
    done
    diff /tmp/both.podman /tmp/both.podsharp || fail "${options[*]}: they differ"
}

# shown OPTION... -- TEMPLATE: inspect shows the same.
shown() {
    local options=() engine
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    for engine in podman podsharp; do
        $engine create --name shown "${options[@]}" "${from:-$image}" sleep 100 >/dev/null
        $engine inspect shown --format "$2" >/tmp/shown.$engine
        $engine rm -v shown >/dev/null
    done
    diff /tmp/shown.podman /tmp/shown.podsharp || fail "${options[*]}: inspect shows other things"
}

it_reads_labels_from_files() {
    printf '# a remark\none=1\ntwo=a b\n\nthree\nboth=file\n' >/tmp/labels
    shown --label-file /tmp/labels --label both=given -- '{{json .Config.Labels}}'
    podsharp pod create --network none --name labelled --label-file /tmp/labels >/dev/null
    equal "$(podsharp pod inspect labelled --format '{{.Labels.two}}')" 'a b'
    podsharp pod rm labelled
    run podsharp create --label-file /no/such/file "$image" true
    exit_is 125
    one_sentence
    rm /tmp/labels
}

it_chooses_images_by_platform() {
    equal "$(podsharp run --rm --network none --arch amd64 --os linux --pull never "$image" echo here)" here
    equal "$(podsharp run --rm --network none --platform linux/amd64 --pull never "$image" echo here)" here
    run podsharp run --rm --network none --arch arm64 --variant v8 --pull never "$image" true
    exit_is 125
    one_sentence
    run podsharp run --rm --platform linux/amd64 --arch amd64 --pull never "$image" true
    exit_is 125
    one_sentence
    run podsharp create --disable-content-trust --network none --name trusted "$image" true
    exit_is 0
    podsharp rm trusted
}

it_takes_long_names_of_short_options() {
    both --tty=false --interactive --network none -- sh -c 'tty; echo $0' </dev/null
    local id
    id=$(podsharp run --detach --tty --network none "$image" sleep 1000)
    equal "$(podsharp inspect "$id" --format '{{.Config.Tty}} {{.State.Status}}')" 'true running'
    podsharp rm -f -t 0 "$id"
}

it_passes_signals_on_or_not() {
    local proxied
    for proxied in true false; do
        podsharp run --name proxied --network none --sig-proxy=$proxied "$image" sh -c 'trap "echo got it; exit 7" TERM; echo ready; while :; do sleep 0.05; done' >/tmp/said &
        eventually 10 grep -q ready /tmp/said
        kill -TERM $!
        if [[ $proxied == true ]]; then
            wait $! && fail 'it ended well' || equal $? 7
            grep -q 'got it' /tmp/said
        else
            wait $! && fail 'it ended well' || true
            equal "$(podsharp inspect proxied --format '{{.State.Status}}')" running
        fi
        podsharp rm -f -t 0 proxied
    done
    rm /tmp/said
}

it_publishes_all_ports() {
    from=localhost/exposes:test shown --publish-all -- '{{.HostConfig.PublishAllPorts}}'
    podsharp run -d --name all --publish-all localhost/exposes:test sleep 1000
    equal "$(podsharp port all | cut -d ' ' -f 1 | sort | xargs)" '80/tcp 90/udp'
    podsharp rm -f -t 0 -v all
}

it_gives_an_address_of_version_6() {
    podsharp network create --ipv6 --subnet fd00:77::/64 --subnet 10.77.0.0/24 six >/dev/null
    equal "$(podsharp run --rm --network six --ip6 fd00:77::9 --ip 10.77.0.9 "$image" ip -o addr show eth0 | grep -oE 'fd00:77::9/64|10.77.0.9/24' | sort | xargs)" '10.77.0.9/24 fd00:77::9/64'
    run podsharp create --network six --ip6 fd00:78::9 "$image" true
    exit_is 125
    one_sentence
    podsharp network rm six >/dev/null
}

it_treats_volumes_of_images_as_asked() {
    local mode
    export from=localhost/exposes:test
    for mode in anonymous ignore tmpfs; do
        both --network none --image-volume $mode -- sh -c 'cat /vol/file; grep -c " /vol " /proc/self/mounts; grep " /vol tmpfs" /proc/self/mounts | cut -d " " -f 3,4; true'
    done
    unset from
}

it_leaves_memory_out_of_what_is_read_only() {
    both --network none --read-only --read-only-tmpfs=false -- sh -c 'for d in /tmp /run /var/tmp /dev /dev/shm; do touch $d/x 2>/dev/null && echo "$d writable"; done; true'
    both --network none --read-only -- sh -c 'for d in /tmp /run /var/tmp /dev /dev/shm; do touch $d/x 2>/dev/null && echo "$d writable"; done; true'
}

it_sets_periods_and_memory_nodes() {
    shown --cpu-period 50000 --cpu-quota 25000 --cpuset-mems 0 --cpuset-cpus 0 -- '{{.HostConfig.CpuPeriod}} {{.HostConfig.CpuQuota}} {{.HostConfig.CpusetMems}} {{.HostConfig.CpusetCpus}}'
    both --network none --cpu-period 50000 --cpu-quota 25000 -- sh -c 'cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_period_us /sys/fs/cgroup/cpu/cpu.cfs_quota_us'
    local option engine
    for option in --cpuset-cpus --cpuset-mems; do
        for engine in podman podsharp; do
            run $engine create --network none $option 977 "$image" true
            exit_is 125
            complains '^Error: requested (CPUs|memory nodes) are not available - requested 977, available: [0-9,-]+'
        done
        run podsharp create --network none $option 0-x "$image" true
        exit_is 125
        one_sentence
    done
}

it_takes_groups_of_somebody() {
    both --network none --subuidname someone --subgidname someone -- cat /proc/self/uid_map /proc/self/gid_map
}

# podded OPTION... -- COMMAND: a container of a pod of either engine with these options prints the same.
podded() {
    local options=() engine
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    for engine in podman podsharp; do
        $engine pod create --name podded --network none "${options[@]}" >/dev/null
        $engine run --rm --pod podded "$image" sh -c "$2; true" 2>&1 | sed -E 's/[0-9a-f]{12}/ID/g' >/tmp/podded.$engine
        $engine pod rm -f -t 0 podded >/dev/null
    done
    diff /tmp/podded.podman /tmp/podded.podsharp || fail "${options[*]}: the containers of the pods differ"
}

it_gives_pods_what_podman_gives_them() {
    local engine
    printf '1.2.3.4 base\n' >/tmp/base-hosts
    mkdir -p /tmp/shared && echo content >/tmp/shared/file
    for engine in podman podsharp; do
        $engine pod create --name hosts --hosts-file /tmp/base-hosts >/dev/null
        equal "$engine $($engine run --rm --pod hosts "$image" grep -c base /etc/hosts)" "$engine 1"
        $engine pod rm -f -t 0 hosts >/dev/null
    done
    podded --no-hostname -- 'cat /etc/hostname'
    podded --uidmap 0:100000:5000 --gidmap 0:200000:4000 -- 'cat /proc/self/uid_map /proc/self/gid_map'
    podded --volume /tmp/shared:/shared:ro -- 'cat /shared/file; touch /shared/new'
    podded --shm-size-systemd 3m --shm-size 2m -- 'grep " /dev/shm " /proc/self/mounts | grep -o "size=[0-9]*k"'
    # podman's pods pass on volumes alone, no directories of the host.
    podsharp create --name lends --network none -v /tmp/shared:/lent "$image" true >/dev/null
    podsharp pod create --name borrows --network none --volumes-from lends >/dev/null
    equal "$(podsharp run --rm --pod borrows "$image" cat /lent/file)" content
    podsharp pod rm -f -t 0 borrows >/dev/null
    podsharp rm lends >/dev/null
    mkdir -p /etc/cdi
    printf '{"cdiVersion":"0.5.0","kind":"nvidia.com/gpu","devices":[{"name":"all","containerEdits":{"env":["GPU=here"]}}]}' >/etc/cdi/gpu.json
    # podman keeps it to the infra container.
    podsharp pod create --name counts --network none --gpus all >/dev/null
    equal "$(podsharp run --rm --pod counts "$image" sh -c 'echo $GPU')" here
    podsharp pod rm -f -t 0 counts >/dev/null
    rm /etc/cdi/gpu.json
    podsharp pod create --name ports --publish 127.0.0.1:18399:80 >/dev/null
    equal "$(podsharp pod inspect ports --format '{{json .InfraConfig.PortBindings}}')" '{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"18399"}]}'
    podsharp pod rm ports >/dev/null
    # podman warns and discards it.
    run podsharp pod create --name weighs --network none --blkio-weight 100
    [[ $status == 0 ]] || one_sentence
    podsharp pod rm --ignore weighs >/dev/null
    rm -r /tmp/base-hosts /tmp/shared
}

it_names_the_host_of_a_pod_as_podman() {
    local engine
    for engine in podman podsharp; do
        $engine pod create -h short --network none --name named >/dev/null
        equal "$($engine pod inspect named --format '{{.Hostname}}')" short
        $engine pod rm named >/dev/null
    done
}

it_removes_in_the_order_of_requirements() {
    podsharp create --name one --network none "$image" true
    podsharp create --name two --requires one --network none "$image" true
    podsharp create --name stays --requires two --network none "$image" true
    run podsharp rm one two
    exit_is 125
    equal "$(podsharp ps -aq | wc -l)" 3
    podsharp rm stays
    run podsharp rm one two
    exit_is 0
    equal "$(xargs <<<"$output")" 'two one'
}

it_makes_nothing_of_what_can_not_be() {
    podsharp network create --subnet 10.78.0.0/24 one >/dev/null
    podsharp run -d --name first --network one --ip 10.78.0.9 "$image" sleep 1000
    run podsharp run -d --name second --network one --ip 10.78.0.9 "$image" sleep 1000
    exit_is 125
    one_sentence
    complains 'the address 10.78.0.9 in the network one is in use by container'
    run podsharp container exists second
    exit_is 1
    podsharp rm -f -t 0 first
    podsharp network rm one >/dev/null
    printf '{"defaultAction":"SCMP_ACT_NOPE"}' >/tmp/profile
    run podsharp create --network none --security-opt seccomp=/tmp/profile "$image" true
    exit_is 125
    one_sentence
    printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":0,"op":"SCMP_CMP_NOPE"}]}]}' >/tmp/profile
    run podsharp create --network none --security-opt seccomp=/tmp/profile "$image" true
    exit_is 125
    one_sentence
    rm /tmp/profile
    equal "$(podsharp ps -aq)" ''
}

after_all() { podman image rm -f localhost/exposes:test >/dev/null; rm -rf /tmp/with /tmp/both.* /tmp/shown.* /tmp/podded.*; rm -f /dev/shm/libpod_lock; }

run_suite "$@"
