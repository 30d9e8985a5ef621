#!/bin/bash
# Pods beside podman's: what is made, shared, shown and refused.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

forget() {
    podman pod rm -f -a -t 0
    podman rm -f -a -t 0
    podsharp pod rm -f -a -t 0
    podsharp rm -f -a -t 0
}

# told ENGINE POD: what inspect says of a pod, without ids, times and the engine's own names.
told() {
    "$1" pod inspect "$2" | sed 's/libpod_parent/podsharp/g; s/"podman"/"podsharp"/g' \
        | jq -S 'if type == "array" then .[0] else . end | del(.Id, .Created, .InfraContainerID, .LockNumber, .CgroupPath)
            | .Containers |= (if . then map({State, infra: (.Name | test("-infra$"))}) | sort_by(.infra, .State) else . end)'
}

# same TEMPLATE ARGUMENT...: both engines say the same, errors included (podman's without our way out).
same() {
    local engine
    for engine in podman podsharp; do
        run $engine "$@"
        printf '%s\n%s\n%s\n' "$status" "$output" "$errors" | sed 's/[0-9a-f]\{64\}/ID/g; s/[0-9a-f]\{12\}/SHORT/g; s/podsharp/podman/g; s/libpod_parent/podman/g; s/ *$//' >"/tmp/said-$engine"
    done
    diff /tmp/said-podman /tmp/said-podsharp || fail "podman says something else to: $*"
}

# refused PATTERN ARGUMENT...: both engines refuse it with podman's exit code, and ours says why.
refused() {
    local pattern=$1 code
    shift
    run podman "$@"
    code=$status
    [[ $code != 0 ]] || fail "podman doesn't refuse: $*"
    grep -Eq -- "$pattern" <<<"$errors" || fail "podman has no /$pattern/: $errors"
    run podsharp "$@"
    exit_is "$code"
    complains "$pattern"
    one_sentence
}

it_makes_what_podman_makes() {
    local engine pod
    for engine in podman podsharp; do
        $engine pod create --name plain
        $engine pod create --label a=b --label c -p 127.0.0.1:18110:80 --share +pid --exit-policy stop --name full --hostname told --dns 9.9.9.9 --dns-search example.com \
            --add-host x:1.2.3.4 --memory 100m --cpus 1.5 --cpu-shares 77 --cpuset-cpus 0 --restart on-failure:3 --shm-size 1m
        $engine pod create --infra=false bare
        $engine pod create --share none alone
        $engine pod create --network none --no-hosts --name still
        $engine create --pod full --name one "$image" sleep 100
        for pod in plain full bare alone still; do told $engine $pod | sed 's/"pod[a-z]*",$/"ENGINE",/'; done >"/tmp/told-$engine"
        $engine inspect one --format '{{.HostConfig.PidMode}} {{.HostConfig.NetworkMode}} {{.HostConfig.IpcMode}} {{.HostConfig.UTSMode}} {{.Config.Hostname}} {{.Dependencies}} {{.IsInfra}} {{.HostConfig.RestartPolicy}} {{.HostConfig.Memory}}' \
            | sed "s/$($engine pod inspect full --format '{{.InfraContainerID}}')/INFRA/g" >>"/tmp/told-$engine"
        [[ $($engine inspect one --format '{{.Pod}}') == "$($engine pod inspect full --format '{{.Id}}')" ]] || fail "$engine: another pod"
        forget
    done
    diff /tmp/told-podman /tmp/told-podsharp || fail 'not what podman makes'
}

it_lists_as_podman_does() {
    local engine
    for engine in podman podsharp; do
        $engine pod create --label a=b one
        $engine pod create two
        $engine create --pod two --name "c1-$engine" "$image" sleep 100
        $engine create --pod two --name "c2-$engine" "$image" sleep 100
        $engine pod start two
        $engine stop -t 0 "c2-$engine"
    done
    for engine in '{{.Name}} {{.Status}} {{.NumberOfContainers}} {{.ContainerStatuses}} {{.Labels}} {{.Label "a"}} {{.Networks}} {{.Restarts}} {{.Cgroup}}' 'table {{.Name}}\t{{.Status}}'; do
        same pod ps --format "$engine"
    done
    for engine in name=t status=degraded status=created label=a label=a=b label=c ctr-number=3 ctr-status=exited ctr-status=stopped until=1h network=nope; do
        same pod ps --filter $engine --format '{{.Name}}'
    done
    # podman looks at the first container's name only. An infra container's may have any hexadecimal letters in it.
    equal "$(podsharp pod ps --filter ctr-names=^c1- --format '{{.Name}}')" two
    same pod ps --sort name --format '{{.Name}}' --noheading
    same pod ps --latest --format '{{.Name}}'
    same pod ps --ctr-names --noheading --filter name=nope
    same pod ls --sort status --format '{{.Name}}'
    same ps --filter pod=two --format '{{.Names}} {{.PodName}} {{.IsInfra}} {{.Networks}}'
    equal "$(podsharp pod ps --format json | jq -c 'map(keys)')" "$(podman pod ps --format json | jq -c 'map(keys)')"
    equal "$(podsharp pod ps --ctr-ids --ctr-names --ctr-status --ns | sed -n 1p | tr -s ' ')" "$(podman pod ps --ctr-ids --ctr-names --ctr-status --ns | sed -n 1p | tr -s ' ')"
    run podsharp pod ps
    prints "^$(podsharp pod inspect two --format '{{.Id}}' | cut -c1-12)  two +Degraded"
    equal "$(podsharp pod ps -q --no-trunc | sort)" "$(podsharp pod ps --format json | jq -r '.[].Id' | sort)"
    refused 'invalid filter' pod ps --filter foo=bar
    refused 'not a valid pod status' pod ps --filter status=foo
    refused 'cannot be used together' pod ps -q --format '{{.Name}}'
    forget
}

it_shares_what_is_asked_for() {
    podsharp pod create --name shared -p 18111:8080
    podsharp create --pod shared --name server "$image" sh -c 'while :; do echo hello | nc -l -p 8080; done'
    podsharp create --pod shared --name client "$image" sleep 100
    equal "$(podsharp pod start shared)" shared
    # On localhost, by the pod's names, and from the host by the pod's port.
    eventually 10 podsharp exec client sh -c 'nc -w 1 127.0.0.1 8080 </dev/null | grep hello'
    eventually 10 podsharp exec client sh -c 'nc -w 1 server 8080 </dev/null | grep hello'
    eventually 10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/18111; grep -q hello <&3'
    equal "$(podsharp exec client hostname)" shared
    equal "$(podsharp exec client cat /etc/hosts | awk '/^127.0.0.1/ {print $2}' | sort | xargs)" 'client localhost server'
    local kind
    for kind in net ipc uts; do equal "$(podsharp exec client readlink /proc/1/ns/$kind)" "$(podsharp exec server readlink /proc/1/ns/$kind)"; done
    for kind in pid mnt; do [[ $(podsharp exec client readlink /proc/1/ns/$kind) != "$(podsharp exec server readlink /proc/1/ns/$kind)" ]] || fail "$kind is shared"; done
    podsharp exec server sh -c 'echo there >/dev/shm/file'
    equal "$(podsharp exec client cat /dev/shm/file)" there
    # One that has ended is not named any more, and after a restart it is again.
    podsharp stop -t 0 server
    podsharp exec client sh -c '! grep server /etc/hosts'
    podsharp start server
    podsharp exec client grep -c server /etc/hosts
    # Its own where it is asked for.
    equal "$(podsharp run --rm --pod shared --network none --uts private --hostname own "$image" sh -c 'hostname; ls /sys/class/net')" $'own\nlo'
    podsharp pod create --share pid,uts --name less
    podsharp run -d --pod less --name first "$image" sleep 1234
    podsharp run -d --pod less --name second "$image" sleep 100
    podsharp exec second ps | grep -q 'sleep 1234' || fail 'processes are not shared'
    [[ $(podsharp exec first readlink /proc/self/ns/net) != "$(podsharp exec second readlink /proc/self/ns/net)" ]] || fail 'the network is shared'
    forget
}

# Between a process's end and its cleanup either engine says stopped, and exited then.
it_keeps_its_state_as_podman_does() {
    local engine
    for engine in podman podsharp; do
        {
            $engine pod create --name life
            $engine create --pod life --name l1 "$image" sleep 100
            $engine create --pod life --name l2 "$image" sleep 100
            tell() { echo "$* $($engine pod ps --format '{{.Status}} {{.ContainerStatuses}}')"; }
            tell created
            $engine start l1; tell 'one is started'
            $engine pod start life; tell started
            $engine pod pause life; tell paused
            $engine pod unpause life; tell resumed
            $engine stop -t 0 l1; tell 'one has ended'
            $engine pod start life; tell 'started again'
            $engine pod stop -t 0 life; tell stopped
            $engine pod stop -t 0 life; tell 'stopped again'
            $engine pod restart life; tell restarted
            $engine pod kill -s KILL life
            eventually 10 bash -c "$engine pod ps --format '{{.Status}}' | grep Exited"
            tell killed
            $engine rm l2; tell 'one is removed'
            $engine pod rm life; tell gone
            $engine events --stream=false --since 5m --filter type=pod --format '{{.Status}} {{.Name}}' | grep ' life$'
        } | sed 's/[0-9a-f]\{64\}/ID/g; s/stopped/exited/g' >"/tmp/life-$engine"
        forget
    done
    diff /tmp/life-podman /tmp/life-podsharp || fail 'another life than under podman'
}

it_refuses_what_podman_refuses() {
    local engine
    for engine in podman podsharp; do
        $engine pod create --name there
        $engine pod create --name running
        $engine run -d --pod running --name "r1-$engine" "$image" sleep 100
    done
    refused 'in use' pod create --name there
    refused 'published or exposed ports must be defined when the pod is created' create --pod there -p 90:90 "$image" true
    refused 'networks must be defined when the pod is created' create --pod there --ip 10.88.0.9 "$image" true
    refused 'extra host entries must be specified on the pod' create --pod there --add-host a:1.2.3.4 "$image" true
    refused 'cannot set hostname when joining the pod UTS namespace' create --pod there --hostname x "$image" true
    refused 'no pod with name or ID nope found: no such pod' create --pod nope "$image" true
    refused "init-ctr value must be 'always' or 'once'" create --pod there --init-ctr bad "$image" true
    refused 'must specify pod value with init-ctr' create --init-ctr once "$image" true
    refused 'cannot add init-ctr to a running pod' create --pod running --init-ctr once "$image" true
    refused 'without an infra container' pod create --infra=false --share net
    refused 'must have an infra container to publish' pod create --infra=false -p 80:80
    refused 'invalid kernel namespace to share: foo' pod create --share foo
    refused 'mount sharing functionality not supported' pod create --share mnt
    refused 'cannot define the pod as the cgroup parent' pod create --share cgroup
    refused 'invalid pod exit policy: "foo"' pod create --exit-policy foo
    refused 'cannot specify --name and NAME' pod create --name a b
    refused 'without --name' pod create --replace
    refused 'not all containers could be removed' pod rm running
    run podsharp rm -f "$(podsharp pod inspect there --format '{{.InfraContainerID}}')"
    exit_is 125
    complains 'is the infra container of pod'
    for engine in start stop kill pause unpause restart rm inspect; do refused 'no such pod' pod $engine nope; done
    for engine in start stop kill pause restart rm; do refused 'at least one name or id' pod $engine; done
    run podsharp pod exists nope
    exit_is 1
    run podsharp pod rm -i nope
    exit_is 0
    equal "$output" ''
    refused 'reading pod ID file' pod rm --pod-id-file /tmp/nope
    refused 'force option must be specified' pod rm -t 1 there
    # Nothing was made of all that.
    equal "$(podsharp pod ps -q | wc -l) $(podsharp ps -aq | wc -l)" '2 3'
    equal "$(podsharp pod ps --filter name=running --format '{{.Status}}')" Running
    forget
}

it_makes_a_pod_for_a_container() {
    local engine
    for engine in podman podsharp; do
        $engine run -d --pod new:fresh -p 18112:80 --hostname zz --add-host h:1.2.3.4 --name f1 "$image" sleep 100
        {
            $engine inspect f1 --format '{{.Config.Hostname}} {{.NetworkSettings.Ports}} {{.HostConfig.PortBindings}}'
            $engine pod inspect fresh --format '{{.InfraConfig.PortBindings}} {{.InfraConfig.HostAdd}} {{.State}}'
            $engine exec f1 grep -c 1.2.3.4 /etc/hosts
        } >"/tmp/fresh-$engine"
        run $engine run -d --pod new:fresh --name f2 "$image" sleep 100
        exit_is 125
        complains 'in use'
        run $engine create --pod new: "$image" true
        exit_is 125
        complains 'at least one character'
        # A container that can't be made leaves no pod.
        run $engine create --pod new:not --name f1 "$image" true
        exit_is 125
        run $engine pod exists not
        exit_is 1
        $engine pod create --pod-id-file /tmp/pod-id --name by-file
        $engine run --rm --pod-id-file /tmp/pod-id "$image" hostname >>"/tmp/fresh-$engine"
        $engine pod stop -t 0 --pod-id-file /tmp/pod-id >>"/tmp/fresh-$engine"
        $engine pod rm --pod-id-file /tmp/pod-id
        [[ ! -e /tmp/pod-id ]] || fail 'the file with the id is left'
        forget
    done
    diff /tmp/fresh-podman /tmp/fresh-podsharp || fail 'not as under podman'
}

it_replaces_and_prunes() {
    local first
    first=$(podsharp pod create --name again)
    podsharp run -d --pod again "$image" sleep 100
    [[ $(podsharp pod create --name again --replace) != "$first" ]] || fail 'the same pod'
    equal "$(podsharp pod ps --format '{{.Name}} {{.NumberOfContainers}}')" 'again 1'
    podsharp pod create --name runs
    podsharp run -d --pod runs "$image" sleep 100
    podsharp pod create --name over
    podsharp run --pod over "$image" true
    podsharp pod stop -t 0 over
    local over
    over=$(podsharp pod inspect over --format '{{.Id}}')
    equal "$(podsharp pod prune -f)" "$over"
    equal "$(podsharp pod ps --sort name --format '{{.Name}}' | xargs)" 'again runs'
    # rm of all containers takes the pods along, as under podman.
    podsharp rm -f -a -t 0
    equal "$(podsharp pod ps -q)$(podsharp ps -aq)" ''
}

it_takes_an_image_for_the_infra_container() {
    podsharp pod create --infra-image "$image" --infra-command 'sleep 99' --infra-name holder --name imaged
    podsharp pod start imaged
    equal "$(podsharp ps --filter name=holder --format '{{.Image}} {{.IsInfra}}')" "$image true"
    podsharp exec holder ps | grep -q 'sleep 99'
    equal "$(podsharp inspect holder --format '{{.Path}} {{.Args}}')" 'sleep [99]'
    forget
}

it_gives_mounts_and_security_options_to_the_containers() {
    local engine
    mkdir -p /tmp/given
    echo here >/tmp/given/file
    for engine in podman podsharp; do
        $engine pod create --name giving -v /tmp/given:/given:ro -v kept:/kept --security-opt no-new-privileges
        $engine create --pod giving --name taker "$image" cat /given/file
        $engine start -a taker >"/tmp/giving-$engine"
        $engine inspect taker | jq -c '.[0].Mounts[] | [.Destination, .RW]' | sort >>"/tmp/giving-$engine"
        forget
        $engine volume rm kept
    done
    diff /tmp/giving-podman /tmp/giving-podsharp || fail 'not as under podman'
    # podman keeps this one from them, in spite of its manual.
    podsharp pod create --name giving --security-opt no-new-privileges
    equal "$(podsharp run --rm --pod giving "$image" grep NoNewPrivs /proc/self/status | tr -dc 0-9)" 1
    forget
}

# A pod is stopped with its last container under the policy stop, however that ends; under continue it runs on.
it_ends_with_its_last_container_if_asked_to() {
    podsharp pod create --exit-policy stop --name ending
    podsharp create --pod ending --name quick "$image" true
    podsharp create --pod ending --name slow "$image" sleep 1
    podsharp pod start ending
    equal "$(podsharp pod ps --format '{{.Status}}' | grep -c -E 'Running|Degraded')" 1
    eventually 10 bash -c "podsharp pod ps --format '{{.Status}}' | grep Exited"
    podsharp run --rm --pod ending "$image" true
    eventually 10 bash -c "podsharp ps -a --filter name=infra --format '{{.State}}' | grep exited"
    # One that can't start leaves nothing running either.
    podsharp pod create --exit-policy continue --name lasting
    podsharp run --pod lasting "$image" true
    sleep 0.5
    equal "$(podsharp pod ps --filter name=lasting --format '{{.Status}}')" Degraded
    # Restarted ones don't count as ended.
    podsharp pod create --exit-policy stop --restart on-failure:2 --name again
    podsharp run -d --pod again --name failing "$image" sh -c 'echo . >>/count; exit 3'
    eventually 20 bash -c "podsharp pod ps --filter name=again --format '{{.Status}}' | grep Exited"
    equal "$(podsharp inspect failing --format '{{.RestartCount}}')" 2
    forget
}

it_runs_init_containers_as_podman_does() {
    local engine
    for engine in podman podsharp; do
        {
            $engine pod create --name prepared
            $engine create --pod prepared --init-ctr once --name "once-$engine" "$image" sh -c 'echo once >>/dev/shm/order'
            $engine create --pod prepared --init-ctr always --name "always-$engine" "$image" sh -c 'echo always >>/dev/shm/order'
            $engine create --pod prepared --name "main-$engine" "$image" sleep 100
            $engine pod start prepared
            $engine exec "main-$engine" cat /dev/shm/order
            $engine pod ps --format '{{.Status}} {{.ContainerNames}} {{.ContainerStatuses}}'
            $engine pod stop -t 0 prepared
            $engine create --pod prepared --init-ctr always --name "bad-$engine" "$image" false
            $engine pod start prepared 2>&1 | sed 's/: its log tells.*//' || true
            $engine pod ps --format '{{.Status}} {{.ContainerStatuses}}'
        } | sed 's/[0-9a-f]\{64\}/ID/g; s/[0-9a-f]\{12\}-infra/INFRA/g; s/podsharp/podman/g; s/stopped/exited/g' >"/tmp/init-$engine"
        forget
    done
    diff /tmp/init-podman /tmp/init-podsharp || fail 'not as under podman'
}

it_limits_all_containers_together() {
    [[ -d /sys/fs/cgroup/memory ]] || skip 'this host has no cgroup version 1'
    local engine id parent
    for engine in podman podsharp; do
        $engine pod create --name limited --memory 64m --cpus 0.5 --cpu-shares 77 --cpuset-cpus 0
        $engine run -d --pod limited --name "under-$engine" "$image" sleep 100
        id=$($engine pod inspect limited --format '{{.CgroupPath}}')
        cat /sys/fs/cgroup/memory"$id"/memory.{limit,memsw.limit}_in_bytes /sys/fs/cgroup/cpu*"$id"/cpu.{shares,cfs_quota_us,cfs_period_us} /sys/fs/cgroup/cpuset"$id"/cpuset.cpus >"/tmp/limits-$engine"
        parent=$($engine inspect "under-$engine" --format '{{.HostConfig.CgroupParent}}')
        equal "$parent" "$id"
    done
    diff /tmp/limits-podman /tmp/limits-podsharp || fail 'not the limits that podman sets'
    # 64 MiB for both containers together.
    run podsharp run --rm --pod limited --memory-swap -1 "$image" sh -c 'head -c 200m /dev/zero | tail >/dev/null'
    [[ $status != 0 ]] || fail 'there is no limit'
    run podsharp pod create --memory 64m --share-parent=false --name nothing
    exit_is 0
    complains 'no effect'
    forget
}

it_shows_logs_processes_and_use_as_podman_does() {
    local engine options
    for engine in podman podsharp; do
        $engine pod create --name shown
        $engine create --pod shown --name "one-$engine" "$image" sh -c 'echo first; sleep 1; echo third >&2; sleep 100'
        $engine create --pod shown --name "two-$engine" "$image" sh -c 'sleep 0.5; echo second; sleep 100'
        $engine pod start shown
    done
    eventually 10 bash -c 'podsharp pod logs shown 2>&1 | grep third'
    for options in '-n' '--tail 1 -n' '--color -n' ''; do
        for engine in podman podsharp; do
            # shellcheck disable=SC2086
            $engine pod logs $options shown 2>&1 | sed 's/[0-9a-f]\{12\} /SHORT /; s/podsharp/podman/g' | sort >"/tmp/logs-$engine"
        done
        diff /tmp/logs-podman /tmp/logs-podsharp || fail "other logs with: $options"
    done
    equal "$(podsharp pod logs -c one-podsharp shown 2>/dev/null)" first
    # In the order of time, whichever container wrote it.
    equal "$(podsharp pod logs -n shown 2>&1 | awk '{print $2}' | xargs)" 'first second third'
    refused 'is not in pod' pod logs -c nope shown
    refused 'no such pod' pod logs nope
    for engine in podman podsharp; do $engine pod top shown pid comm >"/tmp/top-$engine"; done
    diff <(sort /tmp/top-podman) <(sort /tmp/top-podsharp) || fail 'other processes'
    equal "$(podsharp pod top shown | sed -n 1p | tr -s ' ')" "$(podman pod top shown | sed -n 1p | tr -s ' ')"
    for engine in podman podsharp; do
        $engine pod stats --no-stream --format json shown | jq -c 'map([keys, .PIDS]) | sort' >"/tmp/stats-$engine"
        $engine pod stats --no-stream shown | sed -n 1p | tr -s ' ' >>"/tmp/stats-$engine"
        # podman prints a heading before any template.
        $engine pod stats --no-stream --format '{{.Name}}' shown | sed '/^NAME$/d; s/[0-9a-f]\{12\}/SHORT/; s/podsharp/podman/' | sort >>"/tmp/stats-$engine"
    done
    diff /tmp/stats-podman /tmp/stats-podsharp || fail 'other figures'
    refused 'no such pod' pod stats --no-stream nope
    forget
}

it_clones_as_podman_does() {
    local engine
    for engine in podman podsharp; do
        $engine pod create --name origin --label a=b -p 127.0.0.1:18114:80 --add-host x:1.2.3.4 --infra-name "holder-$engine"
        $engine create --pod origin --name "c1-$engine" -e A=b "$image" sleep 100
        $engine create --pod origin --init-ctr always --name "c2-$engine" "$image" true
        $engine pod clone origin
        $engine pod clone origin named
        {
            $engine pod ps --sort name --format '{{.Name}} {{.Status}} {{.ContainerNames}} {{.Labels}}'
            $engine pod inspect named | jq -cS 'if type == "array" then .[0] else . end | [.Labels, .InfraConfig.PortBindings, .NumContainers]'
            $engine pod start named
            $engine exec "c1-$engine-clone1" sh -c 'hostname; echo $A'
            $engine pod ps --filter name=named --format '{{.Status}} {{.NumberOfContainers}}'
        } | sed 's/[0-9a-f]\{64\}/ID/g; s/podsharp/podman/g' >"/tmp/clone-$engine"
        [[ $engine == podsharp ]] || forget
    done
    diff /tmp/clone-podman /tmp/clone-podsharp || fail 'not the clones that podman makes'
    # What podman's options of clone do not change, in spite of its manual.
    podsharp pod clone --label c=d --hostname other --memory 64m --destroy --start named limited
    equal "$(podsharp pod ps --filter name=named -q)" ''
    equal "$(podsharp pod ps --filter name=limited --format '{{.Status}} {{.Labels}}')" 'Running map[c:d]'
    equal "$(podsharp pod inspect limited --format '{{.MemoryLimit}} {{.InfraConfig.HostAdd}}')" '67108864 [x:1.2.3.4]'
    equal "$(podsharp exec c1-podsharp-clone2 hostname)" other
    forget
}

it_removes_all_that_was_made() {
    local id
    podsharp pod create --name traces -p 18113:80
    podsharp run -d --pod traces "$image" sleep 100
    id=$(podsharp pod inspect traces --format '{{.Id}}')
    [[ -d /sys/fs/cgroup/memory/podsharp/$id || -d /sys/fs/cgroup/podsharp/$id ]] || fail 'the pod has no control group'
    podsharp pod rm -f -t 0 traces
    equal "$(find /sys/fs/cgroup -path "*$id*" 2>/dev/null)" ''
    equal "$(find /run/containers/storage/podsharp/locks -name '*pod-*' 2>/dev/null)" ''
    equal "$(podsharp ps -aq)" ''
    run podsharp system check
    exit_is 0
}

run_suite "$@"
