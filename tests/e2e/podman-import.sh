#!/bin/bash
# What podman has is defined here, too, and podman's database is not touched by it.
. "${BASH_SOURCE[0]%/*}/lib.sh"

database=/var/lib/containers/storage/db.sql

before_all() {
    echo 'containers:x:990:990::/:/bin/false' >>/etc/passwd
    echo containers:1000000:500000 | tee -a /etc/subuid >>/etc/subgid
    podman import -q "$image_tar" "$image"
    podman network create --subnet 10.99.0.0/24 net1
    podman volume create --label a=b data
    podman run --rm --network none -v data:/d "$image" sh -c 'echo content >/d/file; chown 5:6 /d/file; chmod 4755 /d/file; ln -s file /d/link; mkdir /d/sub; chmod 1777 /d/sub'
    podman create --name full --label l=m -e A=B -e C= -v data:/data:nocopy -v /etc:/hostetc:ro --tmpfs /t:size=1m -v /anon \
        -p 8080:80/tcp -p 127.0.0.1:9000-9002:9000-9002/udp --memory 50m --cpus 1.5 \
        --stop-signal INT --stop-timeout 7 --hostname hh --add-host a:1.2.3.4 --dns 9.9.9.9 --dns-search example.org --cap-add NET_ADMIN --cap-drop CHOWN \
        --ulimit core=100:200 --sysctl net.ipv4.ip_unprivileged_port_start=80 --read-only --user 1:2 -w /tmp -t -i --annotation an=no \
        --pids-limit 55 --shm-size 1m --entrypoint '["/bin/sh","-c"]' --security-opt no-new-privileges --security-opt label=type:own_t --security-opt label=level:s0:c1,c2 \
        --security-opt apparmor=unconfined --umask 0077 "$image" 'echo hi'
}

# The same things of a container, as its engine's inspect tells them.
facts() {
    "$1" inspect "$2" | jq -S '.[0] | {
        Config: (.Config | {Hostname, User, Tty, OpenStdin, Env: (.Env | map(select(test("^(TERM|HOME|HOSTNAME|container)=") | not)) | sort), Cmd, WorkingDir, Entrypoint,
            Labels, StopSignal, Umask, StopTimeout}),
        Mounts: (.Mounts | map(select(.Type == "bind" or .Type == "volume") | {Type, Destination, RW, Name: (if .Destination == "/anon" then "anonymous" else .Name end)}) | sort_by(.Destination)),
        Host: (.HostConfig | {PortBindings, CapAdd, CapDrop, Dns, DnsSearch, ExtraHosts, ReadonlyRootfs, Memory, MemorySwap, CpuPeriod, CpuQuota, PidsLimit, ShmSize,
            Privileged, AutoRemove, Init, SecurityOpt, Core: ((.Ulimits // []) | map(select(.Name == "RLIMIT_CORE")))}),
        Image: .Image, ImageName}'
}

it_defines_the_same_container() {
    local before
    before=$(sha256sum $database)
    run podsharp container import-podman full
    exit_is 0
    equal "$output" podsharp-full
    complains '^Warning: full: the volume data is made, empty'
    complains '^Warning: full: the volume without a name on /anon begins empty'
    equal "$(grep -c '^Warning' <<<"$errors")" 2
    diff <(facts podsharp podsharp-full) <(facts podman full) || fail 'the definitions differ'
    equal "$(sha256sum $database)" "$before"
    [[ ! -e $database-journal && ! -e $database-wal ]] || fail 'something was written beside the database'
    podsharp rm -v podsharp-full
    podsharp volume rm data
    run podman ps -a --format '{{.Names}}'
    equal "$output" full
}

it_runs_as_podmans_does() {
    podman create --name same -e WHO=me -w /tmp --user 7 --hostname there --cap-drop all --network none "$image" sh -c 'echo $WHO; pwd; id -u; hostname; grep CapEff /proc/self/status'
    podsharp container import-podman --new-name ours same
    equal "$(podsharp start --attach ours)" "$(podman start --attach same)"
    podsharp rm ours
    podman rm same
    # Also with what it was given for systemd.
    podman create --name boots --systemd always --shm-size-systemd 3m --network none "$image" sh -c 'grep -E " (/run|/tmp|/run/lock|/var/log/journal|/sys/fs/cgroup.*) " /proc/self/mounts'
    podsharp container import-podman --new-name ours boots
    equal "$(podsharp start --attach ours)" "$(podman start --attach boots)"
    equal "$(podsharp inspect ours --format '{{.Config.StopSignal}} {{.Config.SystemdMode}}')" "$(podman inspect boots --format '{{.Config.StopSignal}} {{.Config.SystemdMode}}')"
    podsharp rm ours
    podman rm boots
}

it_reads_while_podman_is_at_work() {
    (for n in {1..12}; do podman create --name "busy$n" "$image" true >/dev/null; podman rm "busy$n" >/dev/null; done) &
    for n in {1..8}; do
        run podsharp container import-podman --dry-run full
        exit_is 0
    done
    wait
    podman ps -aq >/dev/null
}

it_copies_a_volume_with_owners_and_modes() {
    run podsharp volume import-podman --copy-data data
    exit_is 0
    equal "$output" data
    list() { (cd "$1" && find . -printf '%p %M %U %G %s %l %T@\n' | sort); }
    diff <(list "$(podman volume inspect data --format '{{.Mountpoint}}')") <(list "$(podsharp volume inspect data --format '{{.Mountpoint}}')") || fail 'the files differ'
    equal "$(podsharp volume inspect data --format '{{.Labels.a}}')" b
    # A container takes it as it is: nothing of the image is copied over it.
    equal "$(podsharp run --rm --network none -v data:/etc "$image" cat /etc/file)" content
    run podsharp volume import-podman data --dry-run
    equal "$output" podsharp-data
    run podsharp volume import-podman --new-name other data
    exit_is 0
    equal "$(ls -A "$(podsharp volume inspect other --format '{{.Mountpoint}}')")" ''
    podsharp volume rm data other
}

it_leaves_no_half_a_volume_when_it_is_killed() {
    run env PODSHARP_KILL_AT=volume.import.copied podsharp volume import-podman --copy-data data
    exit_is 137
    run podsharp volume exists data
    exit_is 1
    run podsharp system check --quick --format json
    jq -e 'any(.[]; .Kind == "VolumeLeftover")' <<<"$output"
    run podsharp system check --quick --repair
    exit_is 0
    run env PODSHARP_KILL_AT=volume.import.placed podsharp volume import-podman --copy-data data
    exit_is 137
    # The content is there; the volume takes it over.
    podsharp volume create data
    equal "$(cat "$(podsharp volume inspect data --format '{{.Mountpoint}}')/file")" content
    podsharp volume rm data
}

it_says_what_it_can_not_carry_over() {
    podman create --name odd --network net1:ip=10.99.0.7,alias=x --restart on-failure:3 --requires full "$image" true
    run podsharp container import-podman --dry-run odd
    exit_is 0
    complains 'odd: the network net1 belongs to podman'
    complains 'odd: the address 10.99.0.7 in the network net1'
    complains 'odd: that it requires podman.s container .* import that one first'
    run podsharp container import-podman odd
    exit_is 0
    equal "$(podsharp inspect podsharp-odd --format '{{range $k, $v := .NetworkSettings.Networks}}{{$k}}{{end}}')" podsharp
    equal "$(podsharp inspect podsharp-odd --format '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}')" 'on-failure 3'
    podsharp rm podsharp-odd
    podman rm odd
}

# same NAME TEMPLATE: the container has it from podman's.
same() { equal "$(podsharp inspect "podsharp-$1" --format "$2")" "$(podman inspect "$1" --format "$2")"; }

it_carries_users_over() {
    podman create --name maps --network none --uidmap 0:100000:5000 --gidmap 0:200000:4000 "$image" cat /proc/self/uid_map /proc/self/gid_map
    podman create --name automatic --network none --userns auto:size=2000 "$image" sh -c 'cat /proc/self/uid_map | tr -s " " | cut -d " " -f 4; stat -c %u /bin'
    podman create --name hosts --network none --userns host "$image" cat /proc/self/uid_map
    podman create --name with --network none --userns container:maps "$image" cat /proc/self/uid_map
    podman pod create --name users --network none --userns auto
    podman create --name inside --pod users "$image" true
    for name in maps automatic hosts with; do
        run podsharp container import-podman $name
        exit_is 0
        equal "$errors" ''
        [[ $name == with ]] || equal "$(podsharp start -a podsharp-$name)" "$(podman start -a $name)"
    done
    same maps '{{json .HostConfig.IDMappings}} {{.HostConfig.UsernsMode}}'
    same automatic '{{.HostConfig.UsernsMode}}'
    same hosts '{{.HostConfig.UsernsMode}}'
    run podsharp container import-podman inside
    exit_is 0
    complains 'inside: the user namespace is the container.s own'
    [[ $(podsharp inspect podsharp-inside --format '{{json .HostConfig.IDMappings.UidMap}}') == *1024* ]] || fail 'it has no user namespace of its own'
    podsharp rm -f -t 0 --all
    podman pod rm -f users
    podman rm with
    podman rm maps automatic hosts
}

it_carries_devices_and_checks_over() {
    podman create --name devices --network none --device /dev/zero:/dev/nil:rw --device /dev/full:r --device-cgroup-rule 'c 1:3 r' --device-cgroup-rule 'b *:* m' "$image" \
        sh -c 'ls -ln /dev/nil /dev/full | tr -s " " | cut -d " " -f 1,3-6,10; head -c 3 /dev/nil | od -An -tx1; mknod /dev/b b 8 0 && echo made; echo x >/dev/full'
    podman create --name checked --network none --health-cmd true --health-interval 5s --health-start-period 3s --health-retries 2 --health-on-failure kill \
        --health-startup-cmd false --health-startup-interval 7s --health-startup-success 2 --health-log-destination events_logger --health-max-log-count 3 --health-max-log-size 200 "$image" sleep 100
    podman create --name few --network none --health-cmd '["true", "x"]' --health-interval disable "$image" sleep 100
    podman create --name none --network none --no-healthcheck --requires few "$image" sleep 100
    run podsharp container import-podman devices checked few none
    exit_is 0
    equal "$errors" ''
    equal "$(podsharp start -a podsharp-devices 2>&1)" "$(podman start -a devices 2>&1)"
    same devices '{{json .HostConfig.Devices}}'
    for name in checked few none; do
        same $name '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}}'
        same $name '{{.Config.HealthLogDestination}} {{.Config.HealthMaxLogCount}} {{.Config.HealthMaxLogSize}}'
    done
    podsharp start podsharp-none
    equal "$(podsharp inspect podsharp-few --format '{{.State.Status}}')" running
    podsharp rm -f -t 0 --all
    podman rm none
    podman rm few checked devices
}

it_carries_namespaces_over() {
    podman create --name host --network host --pid host --ipc host --uts host --privileged "$image" true
    podman create --name peer --network container:full "$image" true
    podman create --name member --pod new:pod1 "$image" true
    run podsharp container import-podman host
    exit_is 0
    equal "$(podsharp inspect podsharp-host --format '{{.HostConfig.NetworkMode}} {{.HostConfig.PidMode}} {{.HostConfig.IpcMode}} {{.HostConfig.UTSMode}} {{.HostConfig.Privileged}}')" 'host host host host true'
    # The one whose network it shares comes with it, or was there.
    run podsharp container import-podman full peer
    exit_is 0
    equal "$output" $'podsharp-full\npodsharp-peer'
    equal "$(podsharp inspect podsharp-peer --format '{{.HostConfig.NetworkMode}}')" container:podsharp-full
    run podsharp container import-podman member
    exit_is 0
    complains 'member: it is in the pod pod1; here it is on its own'
    podsharp rm --all
    podman pod rm -f pod1
    podman rm host peer
    podsharp volume rm --all
}

it_refuses_what_is_not_there() {
    run podsharp container import-podman nothing
    exit_is 125
    one_sentence
    complains 'podman has no container "nothing"'
    run podsharp container import-podman
    exit_is 125
    run podsharp container import-podman --all --database /tmp/none.sql
    exit_is 125
    complains 'no database of podman at /tmp/none.sql'
    printf 'no database' >/tmp/broken.sql
    run podsharp container import-podman --all --database /tmp/broken.sql
    exit_is 125
    one_sentence
    rm /tmp/broken.sql
    # A newer schema than is known isn't guessed at.
    cp $database /tmp/newer.sql
    sqlite3 /tmp/newer.sql 'UPDATE DBConfig SET SchemaVersion = 2'
    run podsharp container import-podman --all --database /tmp/newer.sql
    exit_is 125
    complains 'another schema'
    rm /tmp/newer.sql
}

after_all() { podman rm --all --force >/dev/null; podman volume rm --all >/dev/null; podman network rm net1 >/dev/null; podman network prune -f >/dev/null; rm -f /dev/shm/libpod_lock; }

run_suite "$@"
