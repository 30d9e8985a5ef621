#!/bin/bash
# The mount option U: a directory of the host is its container's user's, by an idmapped mount where that can be, by a change of owners elsewhere.
# runs: testing debian12
. "${BASH_SOURCE[0]%/*}/lib.sh"

# In memory owners can be shifted; an overlay can't.
memory=/tmp/given layered=/srv/given

before_all() {
    import_image
    echo 'containers:x:990:990::/:/bin/false' >>/etc/passwd
    echo containers:1000000:500000 | tee -a /etc/subuid >>/etc/subgid
}

can_map() { [[ $(crun features 2>/dev/null | jq -r .linux.mountExtensions.idmap.enabled) == true ]]; }

# fresh PLACE: a directory of user 1000's.
fresh() {
    rm -rf "$1"
    mkdir -p "$1/sub"
    echo text >"$1/sub/file"
    ln -s file "$1/sub/link"
    chmod 4750 "$1/sub/file"
    chown -hR 1000:1001 "$1"
}

owners() { find "$1" -printf '%p %U:%G %m\n' | sort; }

# What a container sees of it, and what becomes of what it makes.
seen='ls -lnR /v | grep -v total | tr -s " " | cut -d " " -f 1,3,4,9; echo more >/v/new && chmod 640 /v/sub/file && ls -ldn /v /v/new | tr -s " " | cut -d " " -f 1,3,4,9'

it_shows_it_as_podman_does() {
    local engine place options
    for place in $memory $layered; do
        for options in '' '-u 33:44' '-u 33' '--userns auto' '--userns auto -u 33:44' '--uidmap 0:100000:5000 -u 5:0'; do
            for engine in podman podsharp; do
                fresh $place
                # shellcheck disable=SC2086
                $engine run --rm --network none $options -v $place:/v:U "$image" sh -c "$seen" >/tmp/seen.$engine
                owners $place >/tmp/owners.$engine
                [[ $engine == podman ]] || rm -rf $place
            done
            diff /tmp/seen.podman /tmp/seen.podsharp || fail "with $options in $place the container sees something else"
            if [[ $place == "$memory" ]] && can_map; then
                equal "$(cut -d ' ' -f 2 /tmp/owners.podsharp | sort -u)" 1000:1001
            elif [[ $options != *auto* ]]; then
                diff /tmp/owners.podman /tmp/owners.podsharp || fail "with $options in $place the owners differ"
            fi
        done
    done
    rm /tmp/seen.* /tmp/owners.*
}

it_lets_others_write_there_too() {
    can_map || skip 'the runtime makes no idmapped mounts'
    fresh $memory && chmod 777 $memory
    podsharp run -d --name mapped --network none -u 33:44 -v $memory:/v:U "$image" sleep 1000
    podsharp exec -u 0:0 mapped touch /v/roots
    podsharp exec -u 1000:1001 mapped touch /v/thousands
    podsharp exec -u 7:8 mapped touch /v/sevens
    equal "$(podsharp exec mapped stat -c '%u:%g' /v/roots /v/thousands /v/sevens | xargs)" '0:0 1000:1001 7:8'
    # The two have changed places.
    equal "$(stat -c '%u:%g' $memory/roots $memory/thousands $memory/sevens | xargs)" '0:0 33:44 7:8'
    podsharp rm -f -t 0 mapped
    # Nobody in the container makes files of the host's root, root neither.
    fresh $memory && chmod 777 $memory
    podsharp run -d --name mapped --network none -v $memory:/v:U "$image" sleep 1000
    podsharp exec -u 1000:1001 mapped touch /v/thousands
    podsharp exec mapped touch /v/roots
    equal "$(podsharp exec mapped stat -c '%u:%g' /v/roots /v/thousands | xargs)" '0:0 1000:1001'
    equal "$(stat -c '%u:%g' $memory/roots $memory/thousands | xargs)" '1000:1001 65534:65534'
    podsharp rm -f -t 0 mapped
    rm -rf $memory
}

it_shows_it_at_each_start() {
    fresh $memory
    podsharp create --name again --network none --userns auto -u 33:44 -v $memory:/v:U "$image" sh -c 'echo x >>/v/count; stat -c "%u:%g" /v/count'
    equal "$(podsharp start -a again; podsharp start -a again)" $'33:44\n33:44'
    ! can_map || equal "$(stat -c %u:%g $memory/count)" 1000:1001
    podsharp rm again
    # Read-only, in a pod, and through another container's mounts.
    fresh $memory
    podsharp pod create --name shared --network none --userns auto
    podsharp run -d --name first --pod shared -u 5:6 -v $memory:/v:ro,U "$image" sleep 1000
    equal "$(podsharp exec first stat -c '%u:%g' /v/sub/file)" 5:6
    equal "$(podsharp run --rm --network none --volumes-from first -u 9:9 "$image" stat -c '%u:%g' /v/sub/file)" 9:9
    ! can_map || equal "$(stat -c %u:%g $memory/sub/file)" 1000:1001
    podsharp pod rm -f -t 0 shared
    rm -rf $memory
}

it_changes_owners_where_a_mount_can_not() {
    # Through a mount the user would make files of the host's root.
    rm -rf $memory && mkdir -p $memory/sub
    equal "$(podsharp run --rm --network none -u 33:44 -v $memory:/v:U "$image" stat -c '%u:%g' /v/sub)" 33:44
    equal "$(stat -c %u:%g $memory/sub)" 33:44
    # Several owners.
    fresh $memory && chown 7 $memory/sub/file
    equal "$(podsharp run --rm --network none -u 33:44 -v $memory:/v:U "$image" stat -c '%u:%g' /v/sub /v/sub/file | xargs)" '33:44 33:44'
    equal "$(owners $memory | cut -d ' ' -f 2 | sort -u)" 33:44
    # Another mount below.
    fresh $memory && mount -t tmpfs -o uid=1000,gid=1001 below $memory/sub
    equal "$(podsharp run --rm --network none -u 33:44 -v $memory:/v:U "$image" stat -c '%u:%g' /v/sub)" 33:44
    equal "$(stat -c %u:%g $memory $memory/sub | xargs)" '33:44 33:44'
    umount $memory/sub
    # A volume belongs to its containers: others see who owns it.
    podsharp volume create --uid 1000 owned
    podsharp run --rm --network none -u 33:44 -v owned:/v:U "$image" true
    equal "$(podsharp run --rm --network none -v owned:/v "$image" stat -c '%u:%g' /v)" 33:44
    podsharp volume rm owned
    run podsharp run --rm --network none -u 33 -v /etc:/v:U "$image" true
    exit_is 125
    one_sentence
    rm -rf $memory
}

it_works_with_runc() {
    has runc || skip 'needs runc'
    fresh $memory
    podsharp --runtime runc run --rm --network none -u 33:44 -v $memory:/v:U "$image" sh -c "$seen" >/tmp/seen
    equal "$(grep -c ' 33 44' /tmp/seen)" 5
    [[ $(runc features 2>/dev/null | jq -r .linux.mountExtensions.idmap.enabled) != true ]] || equal "$(stat -c %u:%g $memory/new)" 1000:1001
    fresh $memory
    podsharp --runtime runc run --rm --network none --userns auto -u 33:44 -v $memory:/v:U "$image" sh -c "$seen" >/tmp/seen
    equal "$(grep -c ' 33 44' /tmp/seen)" 5
    rm -rf $memory /tmp/seen
}

# podman 5.8 fails with the running one and forgets the map with the other.
it_copies_as_the_running_container_sees_it() {
    local state
    can_map || skip 'the runtime makes no idmapped mounts'
    echo text >/tmp/text && chown 3:4 /tmp/text
    fresh $memory && chown -hR 1000:1001 $memory
    podsharp create --name copied --network none --uidmap 0:100000:5000 -u 33:44 -v $memory:/u:U -v kept:/i:idmap "$image" sleep 1000
    for state in stopped running; do
        podsharp cp /tmp/text copied:/i/$state
        podsharp cp -a=false /tmp/text copied:/i/$state-own
        podsharp cp /tmp/text copied:/u/$state
        podsharp start copied
    done
    equal "$(podsharp exec copied stat -c '%u:%g' /i/stopped /i/stopped-own /u/stopped | xargs)" "$(podsharp exec copied stat -c '%u:%g' /i/running /i/running-own /u/running | xargs)"
    equal "$(stat -c '%u:%g' $memory/stopped $memory/running | xargs)" '1000:1001 1000:1001'
    local data; data=$(podsharp volume inspect kept --format '{{.Mountpoint}}')
    equal "$(stat -c '%u:%g' $data/stopped $data/stopped-own | xargs)" "$(stat -c '%u:%g' $data/running $data/running-own | xargs)"
    podsharp rm -f -t 0 copied
    podsharp volume rm kept
    rm -rf $memory /tmp/text
}

run_suite "$@"
