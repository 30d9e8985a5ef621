#!/bin/bash
# Layers come out of the store byte for byte as they came in, whoever wrote them: each one's digest is the one that the configuration names.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

# A tree with all that a tar can tell: hard links, long names, names that are no text, attributes, holes, devices, odd owners, modes and times.
make_tree() { # DIRECTORY
    rm -rf "$1"
    mkdir -p "$1/dir/$(printf 'd%.0s' {1..90})/$(printf 'e%.0s' {1..90})" "$1/empty"
    echo one >"$1/one"
    ln "$1/one" "$1/dir/hard"
    ln -s ../one "$1/dir/soft"
    ln -s "/$(printf 'target/%.0s' {1..30})" "$1/long-link"
    echo long >"$1/dir/$(printf 'd%.0s' {1..90})/$(printf 'e%.0s' {1..90})/$(printf 'f%.0s' {1..150})"
    echo latin >"$1/"$'caf\xe9'
    echo greek >"$1/ελληνικά"
    truncate -s 3M "$1/holes"
    echo end >>"$1/holes"
    head -c 100000 /dev/urandom >"$1/random"
    : >"$1/nothing"
    setfattr -n user.note -v remark "$1/one"
    setcap cap_net_bind_service+ep "$1/random" 2>/dev/null || setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 "$1/random"
    mknod "$1/null" c 1 3
    mkfifo "$1/fifo"
    chmod 4755 "$1/one"
    chmod 1777 "$1/empty"
    chown 1234:4321 "$1/random"
    chown 3000000000:3000000000 "$1/nothing"
    touch -d '1969-12-31T23:00:00.5Z' "$1/ελληνικά"
    touch -d '2040-02-03T04:05:06.789Z' "$1/dir"
}

# exact IMAGE: we save its layers, and each is what the configuration promises.
exact() {
    local out config layer i=0
    out=$(mktemp -d)
    podsharp save -q "$1" | tar xf - -C "$out"
    config=$out/$(jq -r '.[0].Config' "$out/manifest.json")
    for layer in $(jq -r '.[0].Layers[]' "$out/manifest.json"); do
        equal "sha256:$(sha256sum "$out/$layer" | cut -d' ' -f1)" "$(jq -r ".rootfs.diff_ids[$i]" "$config")"
        i=$((i + 1))
    done
    [[ $i -gt 0 ]] || fail "$1 has no layer"
    equal "$i" "$(jq '.rootfs.diff_ids | length' "$config")"
    rm -rf "$out"
}

# unpacked IMAGE: the files are those of the tree.
unpacked() {
    local mount
    mount=$(podsharp image mount "$1")
    diff -r --no-dereference "$2" "$mount" 2>&1 | grep -vE 'is a (fifo|character special file)|^Only in .*: (proc|sys|dev|etc|run)$' && fail 'the files differ'
    equal "$(stat -c '%a %u %g %Y' "$mount/random")" "$(stat -c '%a %u %g %Y' "$2/random")"
    equal "$(stat -c %i "$mount/one")" "$(stat -c %i "$mount/dir/hard")"
    equal "$(getfattr --only-values -n user.note "$mount/one")" remark
    podsharp image unmount "$1" >/dev/null
}

it_rebuilds_layers_of_every_tar_format() {
    local tree=/tmp/tree format
    make_tree $tree
    for format in gnu posix; do
        # bsdtar and old tars know fewer things: GNU's and POSIX's formats are those that can hold them all.
        tar --format=$format --xattrs --xattrs-include='*' -C $tree -cf /tmp/$format.tar . 2>/dev/null
        podsharp import /tmp/$format.tar localhost/rebuilt:$format
        exact localhost/rebuilt:$format
        equal "$(podsharp image inspect localhost/rebuilt:$format --format '{{index .RootFS.Layers 0}}')" "sha256:$(sha256sum /tmp/$format.tar | cut -d' ' -f1)"
        [[ $format == gnu ]] || unpacked localhost/rebuilt:$format $tree
    done
    podman run --rm --network none localhost/rebuilt:posix true 2>/dev/null || true
    for format in ustar v7; do
        tar --format=$format -C /etc -cf /tmp/$format.tar services hosts passwd
        podsharp import /tmp/$format.tar localhost/rebuilt:$format
        exact localhost/rebuilt:$format
    done
    # Padding to a record, and none at all, belong to the digest.
    tar --format=gnu -b 200 -C /etc -cf /tmp/padded.tar services
    podsharp import /tmp/padded.tar localhost/rebuilt:padded
    exact localhost/rebuilt:padded
    head -c -10240 /tmp/padded.tar >/tmp/short.tar
    podsharp import /tmp/short.tar localhost/rebuilt:short
    exact localhost/rebuilt:short
}

it_rebuilds_layers_that_podman_wrote() {
    make_tree /tmp/tree
    tar -C /tmp/tree --xattrs --xattrs-include='*' -cf /tmp/tree.tar . 2>/dev/null
    podman import -q /tmp/tree.tar localhost/theirs:import
    exact localhost/theirs:import
    cp -a /tmp/tree /tmp/tree-context
    podman build -q --layers -t localhost/theirs:build -f - /tmp/tree-context >/dev/null <<<"FROM $image
COPY . /tree
RUN [\"/bin/busybox\", \"rm\", \"-rf\", \"/tree/dir\", \"/home\"]
RUN [\"/bin/busybox\", \"mkdir\", \"-p\", \"/tree/dir\", \"/home/new\"]"
    exact localhost/theirs:build
    podman run --name changed --network none "$image" sh -c 'rm -rf /home; mkdir /home; echo x >/home/x; ln /home/x /home/y' || true
    podman commit -q changed localhost/theirs:commit
    podman rm changed
    exact localhost/theirs:commit
    rm -rf /tmp/tree-context
}

it_rebuilds_layers_that_buildah_and_skopeo_wrote() {
    local container
    make_tree /tmp/tree
    container=$(buildah from "$image")
    buildah copy -q "$container" /tmp/tree /tree
    buildah run --network none "$container" /bin/busybox rm -rf /tree/dir
    buildah commit -q --rm "$container" localhost/theirs:buildah
    exact localhost/theirs:buildah
    container=$(buildah from --pull-never localhost/theirs:buildah)
    buildah run --network none "$container" /bin/busybox sh -c 'rm -rf /tree; mkdir /tree; touch /tree/z'
    buildah commit -q --rm "$container" localhost/theirs:squashed
    exact localhost/theirs:squashed
    podsharp save -q --format oci-dir -o /tmp/carried localhost/theirs:buildah
    podsharp rmi --force localhost/theirs:buildah localhost/theirs:squashed
    skopeo copy -q oci:/tmp/carried:localhost/theirs:buildah containers-storage:localhost/theirs:skopeo
    exact localhost/theirs:skopeo
}

it_gives_nothing_out_that_was_changed() {
    local file
    podsharp import -c LABEL=changed=1 /tmp/posix.tar localhost/rebuilt:changed
    file=$(podsharp image inspect localhost/rebuilt:changed --format '{{.GraphDriver.Data.UpperDir}}')/random
    printf x | dd of="$file" bs=1 seek=500 conv=notrunc status=none
    run podsharp save -q -o /tmp/changed.tar localhost/rebuilt:changed
    exit_is 125
    one_sentence
    complains 'random has been changed'
    [[ ! -e /tmp/changed.tar ]] || fail 'an archive was left'
    podsharp rmi --force localhost/rebuilt:changed localhost/rebuilt:posix >/dev/null
}

run_suite "$@"
