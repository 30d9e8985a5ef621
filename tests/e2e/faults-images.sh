#!/bin/bash
# Pulls, imports and removals of images that are killed or find the disk full: the next one succeeds, nothing is left.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

registry=127.0.0.1:5000
remote=$registry/busybox:test

before_all() {
    mkdir -p /etc/containers/registries.conf.d
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$registry" >/etc/containers/registries.conf.d/test.conf
    start_registry
    import_image
    skopeo copy -q --dest-tls-verify=false "containers-storage:$image" "docker://$remote"
    podsharp rmi "$image"
    mkdir -p /tmp/other
    echo x >/tmp/other/file
    tar -C /tmp/other -cf /tmp/other.tar .
}

gone() { [[ -z $(podsharp images -q) ]]; }

# each_point COMMAND... -- POINT...: after the death the same command succeeds, and the image runs.
each_point() {
    local command=() point
    while [[ $1 != -- ]]; do command+=("$1"); shift; done
    shift
    for point in "$@"; do
        status=0
        output=$(PODSHARP_KILL_AT=$point "${command[@]}" 2>&1) || status=$?
        [[ $status == 137 ]] || fail "at $point: exit code $status instead of death: $output"
        output=$(podsharp images 2>&1) || fail "after $point: $output"
        output=$("${command[@]}" 2>&1) || fail "again after $point: $output"
        output=$(podsharp run --rm --pull=never --network none "$fault_image" echo usable 2>&1) || fail "after $point: $output"
        output=$(podsharp rmi "$fault_image" 2>&1) || fail "rmi after $point: $output"
    done
    gone || fail "$(podsharp images)"
    nothing_left
    equal "$(jq length "$graph_root/overlay-layers/layers.json")" 0
}

it_survives_a_kill_during_pull() {
    fault_image=$remote
    each_point podsharp pull -q "$remote" -- storage.staging.made storage.staging.unpacked storage.layer.recorded \
        storage.layer.placed storage.layer.committed storage.image.data storage.image.recorded storage.layer.kept
}

it_survives_a_kill_during_import() {
    fault_image=$image
    each_point podsharp import -q "$image_tar" "$image" -- storage.staging.made storage.staging.unpacked storage.layer.placed \
        storage.layer.committed storage.image.data
}

it_survives_a_kill_during_load() {
    fault_image=$image
    import_image
    podsharp save -q -o /tmp/load.tar "$image"
    gzip -kf /tmp/load.tar
    podsharp rmi "$image"
    local archive
    for archive in /tmp/load.tar /tmp/load.tar.gz; do
        each_point podsharp load -q -i $archive -- storage.staging.made storage.staging.unpacked storage.layer.recorded \
            storage.layer.placed storage.layer.committed storage.image.data storage.image.recorded storage.layer.kept
    done
}

# Nobody pulls that image again: whatever writes next clears it away, its layers too, which would belong to no image for ever.
it_clears_away_what_a_killed_pull_has_left() {
    local point
    for point in storage.staging.made storage.staging.unpacked storage.layer.recorded storage.layer.placed storage.layer.committed storage.image.data; do
        run env PODSHARP_KILL_AT=$point podsharp pull -q "$remote"
        exit_is 137
        run podsharp import -q /tmp/other.tar localhost/other
        exit_is 0
        nothing_left
        equal "$(jq length "$graph_root/overlay-layers/layers.json")" 1
        equal "$(find "$graph_root/overlay-images" -mindepth 1 -maxdepth 1 ! -name '*.lock' ! -name '*.json' | wc -l)" 1
        equal "$(find "$graph_root/overlay-layers" "$graph_root/overlay/l" -mindepth 1 ! -name '*.lock' ! -name '*.json' ! -name tmp | wc -l)" 2
        podsharp rmi localhost/other
    done
}

it_survives_a_kill_during_rmi() {
    local point
    for point in storage.image.layers-condemned storage.image.dropped storage.image.layers-marked storage.layer.moved-away storage.layer.dropped; do
        import_image
        run env PODSHARP_KILL_AT=$point podsharp rmi "$image"
        exit_is 137
        podsharp rmi --ignore "$image" || podsharp rmi "$image" || true
        gone || fail "after $point: $(podsharp images)"
    done
    import_image
    podsharp rmi "$image"
    nothing_left
    equal "$(jq length "$graph_root/overlay-layers/layers.json")" 0
}

# podman is asked about the wreck before podsharp has touched it again.
it_leaves_nothing_that_podman_trips_over() {
    local point
    for point in storage.staging.unpacked storage.layer.recorded storage.layer.placed storage.image.data; do
        run env PODSHARP_KILL_AT=$point podsharp pull -q "$remote"
        exit_is 137
        run podman pull -q "$remote"
        exit_is 0
        run podman run --rm --network none --cgroups disabled "$remote" echo fine
        equal "$output" fine
        run podman rmi "$remote"
        exit_is 0
    done
    nothing_left
}

it_says_that_the_disk_is_full() {
    mkdir -p /tmp/small
    mount -t tmpfs -o size=600k tmpfs /tmp/small
    small() { podsharp --root /tmp/small/root --runroot /tmp/small/run "$@"; }
    run small pull -q "$remote"
    exit_is 125
    one_sentence
    complains 'full|space'
    run small import -q "$image_tar" "$image"
    exit_is 125
    one_sentence
    complains 'full|space'
    equal "$(small images -q)" ''
    equal "$(find /tmp/small/root/overlay -mindepth 1 -maxdepth 1 -type d ! -name l ! -name tempdirs)" ''
    equal "$(find /tmp/small/root/overlay -type f ! -name .has-mount-program)" ''
    # Once there is room it works.
    mount -o remount,size=40m /tmp/small
    run small pull -q "$remote"
    exit_is 0
    # A container on a full disk is not half-made.
    head -c 100m /dev/zero >/tmp/small/ballast 2>/dev/null || true
    run small create --name full "$remote" true
    exit_is 125
    one_sentence
    complains 'full|space'
    rm /tmp/small/ballast
    equal "$(small ps -aq)" ''
    run small create --name full "$remote" true
    exit_is 0
    small rm full
    small rmi "$remote"
    umount -R /tmp/small || umount -l /tmp/small
}

run_suite "$@"
