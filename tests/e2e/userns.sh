#!/bin/bash
# User namespaces as root: maps, automatic ranges, files of the image with other owners; side by side with podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    echo 'containers:x:990:990::/:/bin/false' >>/etc/passwd
    echo containers:1000000:500000 | tee -a /etc/subuid >>/etc/subgid
    echo 'someone:x:991:991::/:/bin/false' >>/etc/passwd
    printf 'someone:3000000:10\nsomeone:3100000:20\n' | tee -a /etc/subuid >>/etc/subgid
}

seen='cat /proc/self/uid_map /proc/self/gid_map; ls -nd / /bin /bin/sh /dev/shm /etc/hosts /run/.containerenv /etc /dev/null /proc /sys | tr -s " " | cut -d " " -f 1,3,4,9,10,11; id; touch /new /etc/new; ls -ln /new /etc/new | tr -s " " | cut -d " " -f 1,3,4'

# alike OPTION... -- COMMAND: a container of either engine prints the same.
alike() {
    local options=() theirs ours
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    theirs=$(podman run --rm "${options[@]}" "$image" sh -c "exec 2>&1; $2" 2>&1) || true
    ours=$(podsharp run --rm "${options[@]}" "$image" sh -c "exec 2>&1; $2" 2>&1) || true
    equal "$ours" "$theirs"
}

it_maps_ids() {
    alike --network none --uidmap 0:100000:5000 -- "$seen"
    alike --uidmap 0:100000:5000 --gidmap 0:200000:3000 -- "$seen"
    alike --network host --uidmap 0:100000:1000 --uidmap 1000:7:1 -- "$seen"
    alike --network none --uidmap u0:100000:10 --uidmap g0:3000:11 -- "$seen"
    alike --network none --uidmap 0:@5:1 -- "$seen"
    alike --network none --subuidname someone -- "$seen"
    alike --network none --userns host -- "$seen"
    alike --network none --userns keep-id -- 'cat /proc/self/uid_map'
    alike --pid host --network none --uidmap 0:100000:5000 -- 'ls -d /proc/1; cat /proc/self/uid_map'
    alike --uidmap 0:100000:5000 --read-only -u 1234:2345 -- 'id; tail -n 1 /etc/passwd; ls -n /etc/passwd | cut -c 1-30'
}

it_gives_secrets_to_users_of_the_namespace() {
    local engine
    for engine in podman podsharp; do
        echo content | $engine secret create held -
        echo another | $engine secret create other -
        $engine run --rm --network none --uidmap 0:100000:5000 --secret held,uid=33,gid=44,mode=0440 --secret other,target=/etc/other -u 33 "$image" \
            sh -c 'exec 2>&1; ls -ldn /run/secrets /run/secrets/held /etc/other | tr -s " " | cut -d " " -f 1,3,4,9; cat /run/secrets/held /etc/other' >"/tmp/secrets-$engine"
        $engine secret rm held other
    done
    diff /tmp/secrets-podman /tmp/secrets-podsharp || fail 'not as under podman'
    grep -q '^-r--r----- 33 44 /run/secrets/held' /tmp/secrets-podsharp
}

it_gives_the_network_to_the_namespace() {
    # Its own settings and interfaces are the container's root's.
    alike --userns auto --cap-add net_admin -- 'echo 1 >/proc/sys/net/ipv4/ip_forward 2>&1; ip link add d0 type dummy 2>&1; echo $?; cat /proc/sys/net/ipv4/ping_group_range'
    podsharp run -d --name web --userns auto -p 8088:80 "$image" sh -c 'echo from the mapped one >/index.html; httpd -f -h /' >/dev/null
    eventually 10 curl -sf http://127.0.0.1:8088/
    equal "$(curl -s http://127.0.0.1:8088/)" 'from the mapped one'
    equal "$(podsharp exec web cat /proc/self/uid_map | tr -s ' ')" "$(cat "/proc/$(podsharp inspect web --format '{{.State.Pid}}')/uid_map" | tr -s ' ')"
    podsharp stop -t 0 web
    podsharp start web
    eventually 10 curl -sf http://127.0.0.1:8088/
    equal "$(podsharp exec web ls -n /index.html | tr -s ' ' | cut -d ' ' -f 3)" 0
    podsharp rm -f -t 0 web
}

range_of() { podsharp inspect "$1" --format '{{json .HostConfig.IDMappings}}'; }

it_gives_pods_a_user_namespace() {
    local engine
    for engine in podman podsharp; do
        {
            $engine pod create --name mapped --uidmap 0:100000:5000 --device /dev/zero:/dev/nil >/dev/null
            $engine pod inspect mapped --format '{{json .SharedNamespaces}}' | jq -c 'sort'
            $engine run --rm --pod mapped "$image" sh -c "exec 2>&1; $seen"
            $engine run -d --name server --pod mapped "$image" sh -c 'echo from the pod >/index.html; httpd -f -h /' >/dev/null
            $engine run --rm --pod mapped -u 1234 "$image" sh -c 'until wget -qO- http://127.0.0.1/; do sleep 0.1; done 2>/dev/null; id; ls -n /dev/nil | tr -s " " | cut -d " " -f 1,3,4'
            [[ $($engine exec server readlink /proc/self/ns/user) == "$($engine run --rm --pod mapped "$image" readlink /proc/self/ns/user)" ]] && echo one namespace
            $engine run --rm --pod mapped --userns auto "$image" true 2>&1 && echo started || echo "refused: $?"
            $engine pod stop -t 0 mapped >/dev/null
            $engine pod start mapped >/dev/null
            $engine exec server cat /proc/self/uid_map
            $engine pod rm -f -t 0 mapped >/dev/null
            $engine pod create --name auto --userns auto:size=2000 >/dev/null
            $engine run --rm --pod auto "$image" sh -c 'cat /proc/self/uid_map /proc/self/gid_map; ls -ldn /bin / | tr -s " " | cut -d " " -f 3,4,9'
            $engine pod rm -f -t 0 auto >/dev/null
            $engine pod create --name host --userns host >/dev/null
            $engine run --rm --pod host "$image" cat /proc/self/uid_map
            $engine pod rm -f -t 0 host >/dev/null
            $engine pod create --name shares --share user,net >/dev/null
            $engine run --rm --pod shares "$image" cat /proc/self/uid_map
            $engine pod rm -f -t 0 shares >/dev/null
        } | sed 's/: give it to the pod$//' >"/tmp/pods-$engine"
    done
    diff /tmp/pods-podman /tmp/pods-podsharp || fail 'not as under podman'
    grep -q 'one namespace' /tmp/pods-podsharp
    # A clone has one of its own.
    podsharp pod create --name first --userns auto
    podsharp create --pod first --name inner "$image" cat /proc/self/uid_map
    podsharp pod clone first second
    equal "$(podsharp pod start first second | wc -l)" 2
    equal "$(podsharp pod inspect first second --format '{{range .Containers}}{{.Name}} {{end}}' | grep -c inner)" 2
    [[ $(range_of "$(podsharp pod inspect first --format '{{.InfraContainerID}}')") != "$(range_of "$(podsharp pod inspect second --format '{{.InfraContainerID}}')")" ]] || fail 'the same ids twice'
    podsharp pod rm -f -t 0 first second
    run podsharp pod create --infra=false --userns auto
    exit_is 125
    one_sentence
}

it_finds_ids_that_nobody_has() {
    podman run -d --name theirs --network none --userns auto "$image" sleep 1000 >/dev/null
    podsharp run -d --name first --network none --userns auto:size=300 "$image" sleep 1000 >/dev/null
    podsharp run -d --name second --network none --userns auto:uidmapping=0:5000:10,size=2000 "$image" sleep 1000 >/dev/null
    podsharp run -d --name third --network none --userns auto "$image" sleep 1000 >/dev/null
    equal "$(range_of first)" '{"UidMap":["0:1001024:300"],"GidMap":["0:1001024:300"]}'
    equal "$(range_of second)" '{"UidMap":["10:1001324:1990","0:5000:10"],"GidMap":["0:1001324:2000"]}'
    # podman knows of ours, and what is free is used again.
    podsharp rm -f -t 0 first
    podman run -d --name theirs2 --network none --userns auto:size=300 "$image" sleep 1000 >/dev/null
    equal "$(podman inspect theirs2 --format '{{json .HostConfig.IDMappings}}')" '{"UidMap":["0:1001024:300"],"GidMap":["0:1001024:300"]}'
    equal "$(podsharp inspect third --format '{{.HostConfig.UsernsMode}}')" private
    # As many as the user needs.
    equal "$(podsharp run --rm --network none --userns auto --user 5000 "$image" cat /proc/self/uid_map | tr -s ' ' | cut -d ' ' -f 4)" 5001
    podsharp run -d --name shares --network none --userns container:second "$image" sleep 1000 >/dev/null
    equal "$(podsharp exec shares readlink /proc/self/ns/user)" "$(podsharp exec second readlink /proc/self/ns/user)"
    equal "$(range_of shares)" "$(range_of second)"
    run podsharp run --rm --userns auto:size=600000 "$image" true
    exit_is 125
    complains 'not enough unused IDs in user namespace'
    one_sentence
    # Many at once never get the same.
    for number in $(seq 12); do podsharp create --name "many$number" --network none --userns auto:size=100 "$image" true >/dev/null & done
    wait
    equal "$(for number in $(seq 12); do range_of "many$number"; done | sort -u | wc -l)" 12
    podsharp rm -f -t 0 --all >/dev/null
    podman rm -f -t 0 --all >/dev/null
}

it_keeps_owners_in_volumes() {
    alike --network none --userns auto -v vol:/mnt -u 33:44 -- 'ls -nd /mnt | tr -s " " | cut -d " " -f 3,4; touch /mnt/x && ls -n /mnt | tr -s " " | cut -d " " -f 3,4'
    equal "$(stat -c %u:%g "$(podsharp volume inspect vol --format '{{.Mountpoint}}')")" 1000033:1000044
    podsharp volume rm vol >/dev/null
    podman volume rm vol >/dev/null
    mkdir -p /tmp/given/inner
    alike --network none --userns auto -v /tmp/given:/g:U -u 33:44 -- 'ls -nd /g /g/inner | tr -s " " | cut -d " " -f 3,4'
    equal "$(stat -c %u:%g /tmp/given/inner)" 1000033:1000044
}

it_copies_exports_and_commits_as_the_container_sees_it() {
    echo text >/tmp/text
    for engine in podman podsharp; do
        $engine run -d --name files --network none --userns auto "$image" sh -c 'touch /mine; chown 7:8 /mine; sleep 1000' >/dev/null
        eventually 5 $engine exec files test -e /mine
        $engine cp /tmp/text files:/copied
        $engine cp files:/mine /tmp/back
        $engine cp -a=false /tmp/text files:/plain
        {
            $engine exec files ls -n /copied /mine /plain | tr -s ' ' | cut -d ' ' -f 1,3,4,9
            stat -c %u:%g /tmp/back
            # podman exports what the host sees.
            [[ $engine == podman ]] && printf -- '%s\n' '-rw-r--r-- 0/0 copied' '-rw-r--r-- 7/8 mine' '-rwxr-xr-x 0/0 bin/busybox' 'drwxr-xr-x 0/0 bin/' | sort
            [[ $engine == podman ]] || $engine export files | tar tv --numeric-owner | grep -E ' (copied|mine|bin/busybox|bin/)$' | tr -s ' ' | cut -d ' ' -f 1,2,6 | sort
        } >/tmp/$engine.files
        $engine stop -t 0 files >/dev/null
        $engine cp /tmp/text files:/later
        $engine start files >/dev/null
        $engine exec files ls -n /later | tr -s ' ' | cut -d ' ' -f 3,4 >>/tmp/$engine.files
        $engine commit -q files "localhost/of-$engine:test" >/dev/null
        podsharp run --rm --network none "localhost/of-$engine:test" ls -n /copied /mine | tr -s ' ' | cut -d ' ' -f 1,3,4,9 >>/tmp/$engine.files
        $engine rm -f -t 0 files >/dev/null
        podsharp rmi "localhost/of-$engine:test" >/dev/null
    done
    cat /tmp/podman.files
    equal "$(cat /tmp/podsharp.files)" "$(cat /tmp/podman.files)"
}

it_refuses_maps_that_cant_be() {
    refused() {
        run podsharp create --name never "${@:2}" "$image" true
        exit_is 125
        one_sentence
        complains "$1"
        run podsharp container exists never
        exit_is 1
    }
    refused 'nomap is only supported in rootless mode' --userns nomap
    refused 'unrecognized namespace mode foo passed' --userns foo
    refused 'UID setting is malformed' --uidmap 0:1:2:3
    refused 'no subuid ranges found for user "nobody9"' --subuidname nobody9
    refused 'root is not mapped' --uidmap 1:100000:5
    refused 'maps ids of the container that another maps too' --uidmap 0:1:5 --uidmap 4:9:2
    refused "can't be extended" --uidmap +1:5:1
    refused 'leave one of them out' --userns auto --uidmap 0:1:5
    refused 'no such' --userns container:nobody
    refused 'no user namespace at' --userns ns:/nowhere
    run podsharp run --rm --network none --uidmap 0:100000:100 --user 5000 "$image" true
    [[ $status == 12[567] ]] || fail "exit code $status"
    one_sentence
    complains 'does not exist in this user namespace'
}

it_joins_a_namespace_at_a_path() {
    unshare --user --map-users 0:70000:500 --map-groups 0:80000:500 sleep 1000 &
    holder=$!
    eventually 5 grep -q 70000 "/proc/$holder/uid_map"
    run podsharp run --rm --network none --userns "ns:/proc/$holder/ns/user" "$image" sh -c "$seen"
    kill "$holder"
    exit_is 0
    prints '70000 +500'
    prints 'uid=0\(root\)'
    prints '^-rw-r--r-- 0 0'
}

it_starts_at_once_whatever_the_image_holds() {
    # Twenty thousand files: nothing is done to any of them.
    mkdir -p /tmp/large/bin
    (cd /tmp/large && tar xf "$image_tar" && mkdir many && cd many && for directory in $(seq 20); do mkdir $directory; (cd $directory && touch $(seq 1000)); done)
    tar cf /tmp/large.tar -C /tmp/large .
    podsharp import /tmp/large.tar localhost/large:test >/dev/null
    begin=$EPOCHREALTIME
    equal "$(podsharp run --rm --network none --userns auto localhost/large:test stat -c %u:%g /many/7/77)" 0:0
    took=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d", (b - a) * 1000 }')
    echo "first start: $took ms"
    [[ $took -lt 3000 ]] || fail "it took $took ms"
    podsharp rmi localhost/large:test >/dev/null
    rm -rf /tmp/large /tmp/large.tar
}

it_leaves_nothing() { equal "$(podsharp ps -aq)" ''; equal "$(podman ps -aq)" ''; }

run_suite "$@"
