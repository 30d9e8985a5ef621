#!/bin/bash
# Damage of every kind is made for real, found, repaired, and gone then, for podman's own check, too.
. "${BASH_SOURCE[0]%/*}/lib.sh"

graph=/var/lib/containers/storage
runroot=/run/containers/storage
state=$graph/podsharp

before_all() { import_image; }

# Each test begins with the image and nothing else.
fresh() {
    podsharp rm --all --force --time 0 >/dev/null
    podsharp image exists "$image" || import_image >/dev/null
    healthy
}

healthy() {
    run podsharp system check
    exit_is 0
    equal "$output" ''
    run podman system check
    exit_is 0
}

# found KIND COST [JQ CONDITION]: the check finds it and fails. Without --quick unless $quick is set.
found() {
    run podsharp system check ${quick:+--quick} --format json --max "${max:-24h}"
    exit_is 125
    complains 'damage detected in local storage'
    jq -e --arg kind "$1" --arg cost "$2" "any(.[]; .Kind == \$kind and .Cost == \$cost and (${3:-true}))" <<<"$output" >/dev/null || fail "no finding $1 at the price $2"
}

repaired() {
    run podsharp system check --max "${max:-24h}" "${1:---repair}"
    exit_is 0
    prints 'repaired: '
    healthy
}

layer_of() { podsharp image inspect "$1" --format '{{json .GraphDriver.Data.UpperDir}}' | tr -d '"'; }
layer_id() { basename "$(dirname "$(layer_of "$1")")"; }
sql() { sqlite3 -cmd '.timeout 5000' $state/state.db "$1" >/dev/null; }
# edit FILE JQ: changes a list of the store.
edit() { jq -c "$2" "$1" >/tmp/edited && cat /tmp/edited >"$1" && rm /tmp/edited; }
gone_id=$(printf '0123456789abcdef%.0s' {1..4})

it_finds_nothing_wrong_with_a_store_in_use() {
    fresh
    podsharp run -d --name busy -p 8099:80 -v data:/data "$image" sleep 1000
    podsharp run -d --name frozen --network none "$image" sleep 1000
    podsharp pause frozen
    podsharp create --name made "$image" true
    podsharp mount made
    podsharp run --name ended --network none "$image" true
    podsharp init "$(podsharp create --name ready "$image" true)"
    podman run -d --name theirs "$image" sleep 1000
    run podsharp system check
    exit_is 0
    equal "$output" ''
    # While containers come and go, nothing of theirs is taken for damage.
    (for _ in {1..8}; do podsharp run --rm -p 8098:80 "$image" true; done) &
    for _ in {1..5}; do
        run podsharp system check --quick
        exit_is 0
    done
    wait
    podsharp unmount made
    podsharp unpause frozen
    podman rm -f -t 0 theirs
    podsharp rm -f -t 0 busy frozen made ended ready
    podsharp volume rm data
    healthy
}

it_finds_a_changed_file_of_a_layer() {
    fresh
    local file
    file=$(layer_of "$image")/etc/passwd
    touch -r "$file" /tmp/times
    printf X | dd of="$file" conv=notrunc 2>/dev/null
    touch -r /tmp/times "$file"
    run podsharp system check --quick
    exit_is 0
    run podman system check
    exit_is 125
    found LayerContent Images '.Problem | contains("passwd")'
    repaired
    run podsharp image exists "$image"
    exit_is 1
}

it_finds_other_owners_permissions_times_and_files() {
    fresh
    local root
    root=$(layer_of "$image")
    chmod 0600 "$root/etc/passwd"
    chown 1:1 "$root/etc/group"
    touch "$root/etc"
    touch "$root/new"
    rm "$root/etc/hostname" 2>/dev/null || true
    run podman system check
    exit_is 125
    for words in '/etc/passwd has the mode 0600' '/etc/group belongs to 1:1' '/etc was written to' '/new was added'; do
        found LayerContent Images ".Problem | contains(\"$words\")"
    done
    repaired
}

it_finds_what_tells_the_content_missing() {
    fresh
    rm "$graph/overlay-layers/$(layer_id "$image").tar-split.gz"
    found LayerContent Images '.Problem | contains("tar-split")'
    repaired
}

it_finds_files_of_a_layer_missing() {
    fresh
    rm -r "$(layer_of "$image")"
    found LayerFiles Images
    repaired
    import_image
    # What only says how to mount it is made anew; nothing is lost.
    local layer link
    layer=$(layer_id "$image")
    link=$(<"$graph/overlay/$layer/link")
    rm "$graph/overlay/l/$link"
    rm -r "$graph/overlay/$layer/work"
    quick=1 found LayerFiles Nothing
    repaired
    podsharp image exists "$image"
    [[ -L $graph/overlay/l/$link ]] || fail 'the short link is not back'
    podman run --rm --network none "$image" true
    podsharp run --rm --network none "$image" true
}

it_finds_layers_missing_below_and_in_images() {
    fresh
    mkdir -p /tmp/context
    printf 'FROM %s\nRUN touch /made\n' "$image" >/tmp/context/Containerfile
    podman build -q --network none -t localhost/upper:1 /tmp/context
    rm -r /tmp/context
    local base
    base=$(layer_id "$image")
    edit $graph/overlay-layers/layers.json "map(select(.id != \"$base\"))"
    quick=1 found LayerParent Images
    quick=1 found ImageLayer Images
    quick=1 found StoreLeftover Nothing
    repaired
    run podsharp images -q
    equal "$output" ''
}

it_finds_a_layer_that_nothing_uses() {
    fresh
    local id
    id=$(podsharp image inspect "$image" --format '{{.Id}}')
    edit $graph/overlay-images/images.json '[]'
    rm -r "$graph/overlay-images/$id"
    # A young one may be just on its way.
    run podsharp system check --quick
    exit_is 0
    run podman system check --max 0s
    exit_is 125
    max=0s found LayerUnreferenced Nothing
    max=0s repaired
    [[ $(jq length $graph/overlay-layers/layers.json) == 0 ]] || fail 'the layer is still there'
}

it_finds_damaged_data_of_an_image() {
    fresh
    local id directory
    id=$(podsharp image inspect "$image" --format '{{.Id}}')
    directory=$graph/overlay-images/$id
    cp -a "$directory" /tmp/data
    rm "$directory/manifest"
    run podman system check --quick
    exit_is 125
    quick=1 found ImageData Images '.Problem | contains("is missing")'
    cp -a /tmp/data/manifest "$directory/manifest"
    echo >>"$directory/manifest"
    quick=1 found ImageData Images '.Problem | contains("bytes instead of")'
    cp -a /tmp/data/manifest "$directory/manifest"
    # The same length: only the digest tells.
    config=$(grep -l '"rootfs"' "$directory"/* | head -n 1)
    sed -i 's/linux/linuX/' "$config"
    quick=1 found ImageData Images '.Problem | contains("another content")'
    rm -r /tmp/data
    repaired
}

it_keeps_containers_unless_it_is_forced() {
    fresh
    podsharp create --name victim "$image" true
    rm "$graph/overlay-images/$(podsharp image inspect "$image" --format '{{.Id}}')/manifest"
    quick=1 found ImageData Containers '.Remedy | contains("container victim")'
    run podsharp system check --repair
    exit_is 125
    complains 'still present after repair attempt'
    podsharp container exists victim || fail 'a container was removed without force'
    repaired --force
    run podsharp container exists victim
    exit_is 1
    # Another engine's is not ours to remove.
    import_image
    podman create --name theirs "$image" true
    rm "$graph/overlay-images/$(podsharp image inspect "$image" --format '{{.Id}}')/manifest"
    run podsharp system check --force
    exit_is 125
    prints 'container theirs belongs to another engine'
    podman container exists theirs
    podman rm theirs
    repaired
}

it_finds_a_container_without_its_layer() {
    fresh
    podsharp create --name hollow "$image" true
    local id layer
    id=$(podsharp inspect hollow --format '{{.Id}}')
    layer=$(jq -r ".[] | select(.id == \"$id\") | .layer" $graph/overlay-containers/containers.json)
    edit $graph/overlay-layers/layers.json "map(select(.id != \"$layer\"))"
    quick=1 found ContainerLayer Containers
    repaired --repair-lossy
    run podsharp ps -aq
    equal "$output" ''
}

it_finds_files_without_a_record() {
    fresh
    mkdir -p "$graph/overlay/$gone_id/diff" "$graph/overlay-images/$gone_id" "$graph/overlay/tempdirs/temp-dir-123"
    touch "$graph/overlay/tempdirs/lock-123" "$graph/overlay-layers/$gone_id.tar-split.gz"
    quick=1 found StoreLeftover Nothing
    equal "$(jq '[.[] | select(.Kind == "StoreLeftover")] | length' <<<"$output")" 4
    repaired
    [[ ! -e $graph/overlay/$gone_id && ! -e $graph/overlay/tempdirs/lock-123 ]] || fail 'something is left'
}

it_finds_a_damaged_state() {
    fresh
    podsharp create --name kept "$image" true
    cp -a $state /tmp/state
    sql 'PRAGMA wal_checkpoint(TRUNCATE)'
    rm -f $state/state.db-wal $state/state.db-shm
    printf 'no database' | dd of=$state/state.db conv=notrunc 2>/dev/null
    run podsharp system check --quick --format json
    exit_is 125
    jq -e 'any(.[]; .Kind == "StateDatabase" and .Cost == "Impossible")' <<<"$output"
    run podsharp system check --quick --repair
    exit_is 125
    rm -r $state
    mv /tmp/state $state
    podsharp container exists kept
    podsharp rm kept
    healthy
}

it_finds_a_container_that_another_program_took() {
    fresh
    podsharp create --name taken "$image" true
    podman rm -f "$(podsharp inspect taken --format '{{.Id}}')"
    quick=1 found ContainerLost Containers '.Problem | contains("taken")'
    run podsharp system check --repair
    exit_is 125
    repaired --force
    run podsharp ps -aq
    equal "$output" ''
}

it_finds_notes_about_what_is_gone() {
    fresh
    podsharp volume create noted >/dev/null
    sql "INSERT INTO volume_users VALUES ('noted', '$gone_id')"
    quick=1 found StateReference Nothing
    repaired
    podsharp volume rm noted
}

it_finds_mounts_that_nobody_needs() {
    fresh
    podsharp create --name still "$image" true
    local id layer
    id=$(podsharp inspect still --format '{{.Id}}')
    layer=$(jq -r ".[] | select(.id == \"$id\") | .layer" $graph/overlay-containers/containers.json)
    podsharp mount still
    # The count is lost, as after a kill between the mount and the note.
    edit $runroot/overlay-layers/mountpoints.json '[]'
    mkdir -p "$runroot/overlay-containers/$id/userdata/shm"
    mount -t tmpfs shm "$runroot/overlay-containers/$id/userdata/shm"
    mkdir -p "$graph/overlay/tempdirs/temp-dir-77/0-x/merged"
    mount -t tmpfs left "$graph/overlay/tempdirs/temp-dir-77/0-x/merged"
    quick=1 found LeakedMount Nothing
    equal "$(jq '[.[] | select(.Kind == "LeakedMount")] | length' <<<"$output")" 3
    repaired
    ! grep -E "$layer/merged|$id/userdata/shm|temp-dir-77" /proc/self/mountinfo || fail 'something is still mounted'
    podsharp rm still
}

it_finds_mounts_that_are_only_counted() {
    fresh
    podsharp create --name counted "$image" true
    local id layer
    id=$(podsharp inspect counted --format '{{.Id}}')
    layer=$(jq -r ".[] | select(.id == \"$id\") | .layer" $graph/overlay-containers/containers.json)
    podsharp mount counted
    umount "$graph/overlay/$layer/merged"
    quick=1 found MountCount Nothing
    repaired
    equal "$(<$runroot/overlay-layers/mountpoints.json)" '[]'
    podsharp rm counted
}

it_finds_network_namespaces_that_nobody_needs() {
    fresh
    podsharp create --name off -p 8097:80 "$image" true
    local ours id
    id=$(podsharp inspect off --format '{{.Id}}')
    ours=/run/netns/netns-${id:0:8}-${id:8:4}-${id:12:4}-${id:16:4}-${id:20:12}
    mkdir -p /run/netns
    for file in "$ours" /run/netns/netns-01234567-89ab-cdef-0123-456789abcdef /run/netns/netns-01234567-89ab-4def-8123-456789abcdef /run/netns/mine; do
        touch "$file"
        unshare --net="$file" true
    done
    quick=1 found LeakedNamespace Nothing
    # What may be podman's, and what somebody made by hand, is left alone.
    equal "$(jq '[.[] | select(.Kind == "LeakedNamespace")] | length' <<<"$output")" 2
    repaired
    equal "$(ls /run/netns | sort | paste -sd,)" mine,netns-01234567-89ab-4def-8123-456789abcdef
    # One in which somebody lives is not leaked, whoever that is.
    touch /run/netns/netns-01234567-89ab-cdef-0123-456789abcdef
    unshare --net=/run/netns/netns-01234567-89ab-cdef-0123-456789abcdef sleep 1000 &
    local sleeper=$!
    eventually 5 sh -c "[ \$(readlink /proc/$sleeper/ns/net) != \$(readlink /proc/self/ns/net) ]"
    healthy
    kill $sleeper
    wait $sleeper || true
    umount /run/netns/mine /run/netns/netns-01234567-*
    rm /run/netns/mine /run/netns/netns-01234567-*
    podsharp rm off
}

it_finds_addresses_kept_for_nobody() {
    fresh
    podsharp create --name idle "$image" true
    sql "INSERT INTO addresses VALUES ('podsharp', '10.87.77.1', '$gone_id')"
    sql "INSERT INTO addresses VALUES ('podsharp', '10.87.77.2', '$(podsharp inspect idle --format '{{.Id}}')')"
    quick=1 found AddressLease Nothing '.Problem | contains("10.87.77.1")'
    quick=1 found AddressLease Nothing '.Problem | contains("container idle")'
    repaired
    podsharp rm idle
}

it_finds_what_a_lost_container_left_in_the_network() {
    fresh
    podsharp run -d --name stays -p 8095:80 "$image" sleep 1000
    podsharp run -d --name goes -p 8096:80 "$image" sleep 1000
    local id pid conmon
    id=$(podsharp inspect goes --format '{{.Id}}')
    pid=$(podsharp inspect goes --format '{{.State.Pid}}')
    conmon=$(podsharp inspect goes --format '{{.State.ConmonPid}}')
    kill -KILL "$conmon"
    kill -KILL "$pid"
    eventually 5 sh -c "! kill -0 $pid 2>/dev/null"
    # Its row and its storage go, as after the loss of the state; what it had in the kernel stays.
    umount -l "$runroot/overlay-containers/$id/userdata/shm"
    sql "DELETE FROM containers WHERE id = '$id'"
    podman rm -f "$id"
    grep -q 8096 <<<"$(nft list ruleset)" || fail 'there is no rule to be found'
    quick=1 found PortRules Nothing '.Problem | contains("8096")'
    quick=1 found NetworkName Nothing
    quick=1 found AddressLease Nothing
    quick=1 found LockFile Nothing
    quick=1 found RunFiles Nothing
    repaired
    ! nft list ruleset | grep 8096 || fail 'the rule is still there'
    grep -q 8095 <<<"$(nft list ruleset)" || fail 'another container lost its rule'
    ! grep -rq "$id" /run/containers/networks || fail 'netavark still knows it'
    podsharp rm -f -t 0 stays
}

it_finds_locks_copies_and_volumes_that_are_left() {
    fresh
    mkdir -p $runroot/podsharp/locks $state/volumes/.removed-old-1/_data $state/bin/0123456789abcdef0123456789abcdef
    touch "$runroot/podsharp/locks/container-$gone_id" $runroot/podsharp/locks/volume-old.lock "$runroot/podsharp/exits/$gone_id"
    touch -d '1 hour ago' $state/bin/0123456789abcdef0123456789abcdef
    quick=1 found LockFile Nothing '.Path | contains("container-")'
    quick=1 found LockFile Nothing '.Path | contains("volume-old")'
    quick=1 found RunFiles Nothing
    quick=1 found ExecutableCopy Nothing
    quick=1 found VolumeLeftover Nothing
    repaired
    ! ls -A $runroot/podsharp/locks | grep -E "$gone_id|old" || fail 'a lock is left'
    [[ ! -e $state/volumes/.removed-old-1 ]] || fail 'the volume is left'
    # A lock that is held belongs to somebody at work.
    flock_path=$runroot/podsharp/locks/container-$gone_id
    python3 -c 'import fcntl, os, sys, struct, time; f = open(sys.argv[1], "w"); fcntl.fcntl(f, 37, struct.pack("hhllhxxxx", 1, 0, 0, 0, 0)); print("held", flush=True); time.sleep(100)' "$flock_path" >/tmp/held &
    local holder=$!
    eventually 5 grep -q held /tmp/held
    run podsharp system check --quick
    exit_is 0
    kill $holder
    wait $holder || true
    repaired
    rm /tmp/held
}

it_speaks_as_podman_does() {
    fresh
    podsharp create --name words "$image" true
    local id
    id=$(podsharp image inspect "$image" --format '{{.Id}}')
    cp "$graph/overlay-images/$id/manifest" /tmp/manifest
    rm "$graph/overlay-images/$id/manifest"
    run podsharp system check --quick
    exit_is 125
    prints "^Damaged image $id:\$"
    prints '^1 error occurred:$'
    local ours=$errors
    run podman system check --quick
    prints "^Damaged image $id:\$"
    equal "$ours" "$errors"
    cp /tmp/manifest "$graph/overlay-images/$id/manifest"
    run podsharp system check --max nonsense
    exit_is 125
    one_sentence
    podsharp rm words
    rm /tmp/manifest
    healthy
}

after_all() { podman rm --all --force >/dev/null; podman network prune -f >/dev/null; rm -f /dev/shm/libpod_lock; }

run_suite "$@"
