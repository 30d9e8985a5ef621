#!/bin/bash
# What a container is given and what is kept from it: limits, mounts, users, rights, environment, files.
# runs: testing debian12 umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

inside() { podsharp run --rm --network none "$@"; }
has_line() { grep -Eq -- "$2" <<<"$1" || fail "no /$2/ in: $1"; }

it_limits_what_a_container_uses() {
    podsharp run -d --name limits --network none --memory 64m --memory-swap 96m --memory-reservation 32m --cpus 0.5 --cpu-shares 512 \
        --cpuset-cpus 0 --pids-limit 20 "$image" sleep 100 >/dev/null
    first() { podsharp exec limits sh -c "cat $1 2>/dev/null || cat $2"; }
    equal "$(first /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes)" 67108864
    equal "$(first /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max)" 20
    equal "$(first /sys/fs/cgroup/cpuset.cpus /sys/fs/cgroup/cpuset/cpuset.cpus)" 0
    quota=$(first /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us)
    [[ $quota == 50000 || $quota == '50000 100000' ]] || fail "quota $quota"
    # Forks beyond the limit fail.
    run podsharp exec limits sh -c 'for i in $(seq 40); do sleep 3 & done; wait'
    complains "can't fork|Resource temporarily unavailable"
    podsharp rm -f -t 0 limits >/dev/null
}

it_reports_what_the_kernel_killed() {
    run podsharp run --name hungry --network none --memory 16m --memory-swap 16m "$image" sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1'
    exit_is 137
    equal "$(podsharp inspect hungry --format '{{.State.OOMKilled}} {{.State.ExitCode}}')" 'true 137'
    podsharp rm hungry
}

it_sets_ulimits_as_far_as_the_host_allows() {
    hard=$(ulimit -Hn)
    run inside --ulimit nofile=100:200 "$image" sh -c 'ulimit -Sn; ulimit -Hn'
    equal "$output" $'100\n200'
    if [[ $hard != unlimited ]]; then
        run inside --ulimit nofile=100:$((hard + 1000)) "$image" sh -c 'ulimit -Hn'
        exit_is 0
        # As root with CAP_SYS_RESOURCE it is what was asked for; without, the host's limit and a warning.
        if [[ $output == "$hard" ]]; then complains nofile; else equal "$output" $((hard + 1000)); fi
    fi
}

it_mounts_directories_and_volumes() {
    mkdir -p /tmp/shared/sub
    echo outside >/tmp/shared/file
    equal "$(inside -v /tmp/shared:/mnt "$image" sh -c 'cat /mnt/file; echo inside >/mnt/new')" outside
    equal "$(</tmp/shared/new)" inside
    run inside -v /tmp/shared:/mnt:ro "$image" sh -c 'echo no >/mnt/file'
    exit_is 1
    complains 'Read-only'
    equal "$(inside --mount type=bind,src=/tmp/shared,dst=/mnt,ro "$image" cat /mnt/file)" outside
    run inside --mount type=bind,src=/tmp/nowhere,dst=/mnt "$image" true
    exit_is 125
    one_sentence
    run inside --tmpfs /scratch:size=1m,mode=700 "$image" sh -c 'df -k /scratch | tail -n 1; stat -c %a /scratch'
    prints '1024 '
    prints '^700$'
    run inside --mount type=tmpfs,dst=/scratch,tmpfs-size=2m "$image" df -k /scratch
    prints '2048 '
    # A named volume takes what the image has there, owner and mode too, once.
    run inside -v copied:/etc "$image" sh -c 'cat /etc/passwd >/dev/null && echo more >/etc/added'
    exit_is 0
    equal "$(inside --mount type=volume,src=copied,dst=/data "$image" sh -c 'test -s /data/passwd && cat /data/added')" more
    # Empty with nocopy.
    equal "$(inside -v fresh:/etc:nocopy "$image" sh -c 'ls /etc | grep -c passwd' || true)" 0
    run podsharp volume ls -q
    prints '^copied$'
    podsharp volume rm copied fresh >/dev/null
    # Anonymous ones go with the container.
    inside -v /data "$image" sh -c 'echo gone >/data/x'
    equal "$(podsharp volume ls -q)" ''
}

it_takes_users_and_groups_from_the_image() {
    mkdir -p /tmp/users/etc
    tar -C /tmp/users -xf "$image_tar"
    printf 'root:x:0:0::/root:/bin/sh\nalice:x:1500:1600::/home/alice:/bin/sh\n' >/tmp/users/etc/passwd
    printf 'root:x:0:\nalice:x:1600:\nextra:x:1700:alice\n' >/tmp/users/etc/group
    tar -C /tmp/users -cf - . | podsharp import -q --change USER=alice --change ENV=FROM=image --change WORKDIR=/tmp --change 'CMD ["id"]' - localhost/users:1 >/dev/null
    users=localhost/users:1
    run inside $users
    prints 'uid=1500\(alice\) gid=1600\(alice\) .*1700\(extra\)'
    run inside $users sh -c 'echo $HOME $FROM $PWD'
    equal "$output" '/home/alice image /tmp'
    run inside -u 0 $users id -u
    equal "$output" 0
    run inside -u alice:extra $users id -g
    equal "$output" 1700
    run inside -u 4321:8765 --group-add extra --group-add 9999 $users id -G
    has_line "$output" 8765
    has_line "$output" 1700
    has_line "$output" 9999
    run inside -u nobody-here $users true
    exit_is 125
    one_sentence
    podsharp rmi $users >/dev/null
}

it_follows_the_rules_of_the_environment() {
    printf 'FILE=1\n# comment\nBOTH=file\nHOSTVAR\n' >/tmp/env
    HOSTVAR=host run inside --env-file /tmp/env -e BOTH=option -e EMPTY= -e HOSTVAR "$image" env
    has_line "$output" '^FILE=1$'
    has_line "$output" '^BOTH=option$'
    has_line "$output" '^EMPTY=$'
    has_line "$output" '^HOSTVAR=host$'
    has_line "$output" '^PATH=/usr/local/sbin:'
    has_line "$output" '^container='
    has_line "$output" '^HOME=/root$'
    has_line "$output" '^HOSTNAME='
    equal "$(inside --entrypoint echo "$image" given)" given
    equal "$(inside --entrypoint '["echo", "a b"]' "$image" c)" 'a b c'
}

it_makes_hosts_resolv_conf_and_hostname() {
    podsharp run -d --name files --hostname inner --add-host other:1.2.3.4 --dns 9.9.9.9 --dns-search example.org --dns-option ndots:3 "$image" sleep 100 >/dev/null
    hosts=$(podsharp exec files cat /etc/hosts)
    has_line "$hosts" '^1\.2\.3\.4[[:space:]]+other'
    has_line "$hosts" '^10\..*[[:space:]]+inner files'
    has_line "$hosts" '^127\.0\.0\.1[[:space:]]+localhost'
    resolv=$(podsharp exec files cat /etc/resolv.conf)
    has_line "$resolv" '^search example\.org'
    has_line "$resolv" '^options ndots:3'
    equal "$(podsharp exec files hostname)" inner
    equal "$(podsharp exec files cat /etc/hostname)" inner
    run podsharp exec files ls /run/.containerenv
    exit_is 0
    podsharp rm -f -t 0 files >/dev/null
    equal "$(podsharp run --rm "$image" hostname | tr -d '\n' | wc -c)" 12
}

it_keeps_the_host_out_of_reach() {
    status_of() { inside "$@" "$image" grep -E 'CapEff|Seccomp:|NoNewPrivs' /proc/self/status; }
    default=$(status_of)
    has_line "$default" 'CapEff:[[:space:]]+00000000800405fb'
    has_line "$default" 'Seccomp:[[:space:]]+2'
    has_line "$default" 'NoNewPrivs:[[:space:]]+0'
    has_line "$(status_of --cap-drop all)" 'CapEff:[[:space:]]+0000000000000000'
    has_line "$(status_of --cap-drop all --cap-add net_admin)" 'CapEff:[[:space:]]+0000000000001000'
    has_line "$(status_of --security-opt seccomp=unconfined)" 'Seccomp:[[:space:]]+0'
    has_line "$(status_of --security-opt no-new-privileges)" 'NoNewPrivs:[[:space:]]+1'
    # An ordinary user in the container has none.
    has_line "$(status_of -u 1000)" 'CapEff:[[:space:]]+0000000000000000'
    run inside "$image" sh -c 'mount -t tmpfs none /tmp; echo x >/proc/sys/kernel/hostname; cat /proc/kcore; ls /dev/vda /dev/mem'
    complains 'mount:.*(denied|permitted)'
    complains 'Read-only|denied'
    prints_not '/dev/(vda|mem)'
    run inside --read-only "$image" sh -c 'echo no >/file; echo yes >/tmp/file && cat /tmp/file'
    equal "$output" yes
    complains 'Read-only'
    run inside --sysctl net.ipv4.ip_unprivileged_port_start=7 "$image" cat /proc/sys/net/ipv4/ip_unprivileged_port_start
    equal "$output" 7
    run inside --shm-size 3m "$image" df -k /dev/shm
    prints '3072 '
}

it_follows_seccomp_profiles_of_files_and_images() {
    tried='mkdir /tmp/made; echo $?; grep Seccomp: /proc/self/status | tr -s "\t" " "'
    profile='{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}'
    echo "$profile" >/tmp/profile.json
    run inside --security-opt seccomp=/tmp/profile.json "$image" sh -c "$tried"
    equal "$output" $'1\nSeccomp: 2'
    complains 'Function not implemented'
    for broken in '{' '[]' '{"syscalls": 3}' '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"]}]}'; do
        echo "$broken" >/tmp/broken.json
        run podsharp create --name never --security-opt seccomp=/tmp/broken.json "$image" true
        exit_is 125
        one_sentence
        complains 'is not a seccomp profile'
    done
    podsharp create --name labelled --network none "$image" true >/dev/null
    podsharp commit -q -c "LABEL io.containers.seccomp.profile='$profile'" labelled localhost/labelled:test >/dev/null
    podsharp rm labelled >/dev/null
    run podsharp run --rm --network none --seccomp-policy image localhost/labelled:test sh -c "$tried"
    equal "$output" $'1\nSeccomp: 2'
    podsharp rmi localhost/labelled:test >/dev/null
    run podsharp create --seccomp-policy image "$image" true
    exit_is 125
    complains 'no seccomp policy defined by image'
    run inside --security-opt proc-opts=hidepid=2 "$image" grep ' /proc proc' /proc/mounts
    prints 'hidepid=(2|invisible)'
}

it_gives_privileged_containers_everything() {
    run inside --privileged "$image" sh -c 'grep Seccomp: /proc/self/status; mount -t tmpfs none /tmp && echo mounted; grep CapEff /proc/self/status'
    prints 'Seccomp:[[:space:]]+0'
    prints '^mounted$'
    bounding=$(awk '/CapBnd/ {print $2}' /proc/self/status)
    prints "CapEff:[[:space:]]+$bounding"
}

it_runs_an_init() {
    run inside --init "$image" sh -c 'cat /proc/1/cmdline | tr "\0" " "; echo; echo $$'
    prints '(catatonit|/dev/init|/run/podman-init)'
    prints_not '^1$'
}

# The container's first process inherits nothing of the caller: no ignored or blocked signal, no descriptor, no umask.
it_hands_nothing_of_the_caller_down() {
    for runtime in crun runc; do
        run bash -c "trap '' HUP PIPE USR1; umask 077; exec 9</etc/passwd 12</etc/group; cd /tmp
            podsharp --runtime $runtime run --rm --network none $image grep -E 'SigIgn|SigBlk' /proc/self/status
            podsharp --runtime $runtime run --rm --network none $image sh -c 'ls /proc/1/fd; umask; pwd'"
        has_line "$output" 'SigBlk:[[:space:]]+0000000000000000'
        has_line "$output" 'SigIgn:[[:space:]]+0000000000000000'
        equal "$(grep -E '^[0-9]$|^[0-9][0-9]$' <<<"$output" | tr '\n' ' ')" '0 1 2 '
        has_line "$output" '^0022$'
        has_line "$output" '^/$'
    done
}

it_shares_namespaces_when_asked() {
    equal "$(inside --pid host "$image" readlink /proc/self/ns/pid)" "$(readlink /proc/self/ns/pid)"
    equal "$(inside --uts host "$image" hostname)" "$(hostname)"
    equal "$(inside --ipc host "$image" readlink /proc/self/ns/ipc)" "$(readlink /proc/self/ns/ipc)"
    podsharp run -d --name owner --network none "$image" sleep 100 >/dev/null
    equal "$(podsharp run --rm --pid container:owner --network container:owner --ipc container:owner "$image" sh -c 'readlink /proc/self/ns/pid; readlink /proc/self/ns/net; readlink /proc/self/ns/ipc')" \
        "$(podsharp exec owner sh -c 'readlink /proc/self/ns/pid; readlink /proc/self/ns/net; readlink /proc/self/ns/ipc')"
    podsharp rm -f -t 0 owner >/dev/null
}

run_suite "$@"
