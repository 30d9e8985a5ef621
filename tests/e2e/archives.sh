#!/bin/bash
# Images in archives and directories: what we save others load, and the other way round, digest for digest.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

here=/tmp/archives
store=/var/lib/containers/storage

before_all() {
    import_image
    mkdir -p $here
    podman build -q -t localhost/two:1 -f - / >/dev/null <<<"FROM $image
COPY etc/services /services
RUN [\"/bin/busybox\", \"rm\", \"-rf\", \"/var\"]
LABEL a=b"
    podman tag localhost/two:1 localhost/again:2
    local format
    for format in docker-archive oci-archive; do
        podman save -q --format $format -o $here/podman.$format localhost/two:1
    done
    podman save -q --format oci-dir -o $here/podman.oci localhost/two:1
    podman save -q --format docker-dir -o $here/podman.dir localhost/two:1
    podman save -q -m -o $here/podman.both localhost/two:1 "$image"
}

id_of() { podman image inspect "$1" --format '{{.Id}}'; }
digest_of() { podman image inspect "$1" --format '{{.Digest}}'; }
forget() { podsharp rmi --force localhost/two:1 localhost/again:2 >/dev/null 2>&1 || true; }
store_is_sound() {
    podman system check >/tmp/check 2>&1 || { cat /tmp/check; fail 'podman system check finds damage'; }
    equal "$(ls $store/overlay/tempdirs $store/overlay-layers/tmp | grep -c temp-dir || true)" 0
}
restore() { forget; podman load -q -i $here/podman.docker-archive >/dev/null; podman tag localhost/two:1 localhost/again:2; }
# unpack ARCHIVE: into a directory of its own, whose name is printed.
unpack() { local to; to=$(mktemp -d); tar xf "$1" -C "$to"; echo "$to"; }

it_saves_what_podman_saves() {
    restore
    cd $here
    podsharp save -q -o ours.tar localhost/two:1
    local ours theirs name
    ours=$(unpack ours.tar) theirs=$(unpack podman.docker-archive)
    equal "$(jq -S . "$ours/manifest.json")" "$(jq -S . "$theirs/manifest.json")"
    for name in $(jq -r '.[].Layers[], .[].Config' "$ours/manifest.json"); do
        cmp "$ours/$name" "$theirs/$name"
    done
    podsharp save -q localhost/two:1 | cmp - ours.tar
    skopeo inspect --config "docker-archive:ours.tar:localhost/two:1" | jq -e '.config.Labels.a == "b"'
}

it_saves_directories_and_layouts_byte_for_byte_as_podman() {
    restore
    cd $here
    podsharp save -q --format docker-dir -o ours.dir localhost/two:1
    diff -r ours.dir podman.dir
    podman save -q --format oci-dir --uncompressed -o plain.podman localhost/two:1
    podsharp save -q --format oci-dir --uncompressed -o plain.ours localhost/two:1
    diff -r plain.ours plain.podman
    podsharp save -q --format oci-dir --uncompressed -o plain.ours localhost/again:2
    podman save -q --format oci-dir --uncompressed -o plain.podman localhost/again:2
    diff -r plain.ours plain.podman
    # A name that moves has one entry only.
    podsharp save -q --format oci-dir --uncompressed -o plain.ours localhost/again:2
    equal "$(jq '.manifests | length' plain.ours/index.json)" 2
    # Another image takes the place of the first, blobs and all.
    podsharp save -q --format docker-dir -o ours.dir "$image"
    equal "$(ls ours.dir | grep -c '^[0-9a-f]\{64\}$')" 2
    skopeo inspect dir:ours.dir >/dev/null
    run podsharp save -q --format oci-dir -o /etc localhost/two:1
    exit_is 125
    complains 'is not empty'
}

it_is_loaded_by_podman_and_skopeo_in_every_format() {
    restore
    cd $here
    local id format compress
    id=$(id_of localhost/two:1)
    for format in docker-archive oci-archive oci-dir docker-dir; do
        for compress in "" --uncompressed --compress; do
            case $format$compress in docker-archive--* | oci-*--compress | docker-dir--uncompressed) continue ;; esac
            restore
            rm -rf out
            podsharp save -q --format $format $compress -o out localhost/two:1
            forget
            podman load -q -i out
            equal "$(podman image inspect "$id" --format '{{.Id}}')" "$id"
            podman run --rm --network none "$id" /bin/busybox wc -c /services
            store_is_sound
            podman rmi -f "$id" >/dev/null
        done
    done
    restore
    podsharp save -q --format oci-archive -o out.oci localhost/two:1
    skopeo copy -q oci-archive:out.oci:localhost/two:1 dir:copied
    equal "sha256:$(sha256sum copied/manifest.json | cut -d' ' -f1)" "$(tar xOf out.oci index.json | jq -r '.manifests[0].digest')"
}

it_loads_what_podman_saved_as_podman_loads_it() {
    cd $here
    local file ours theirs
    for file in podman.docker-archive podman.oci-archive podman.dir; do
        forget
        ours=$(podsharp load -q -i $file)
        ours+=" $(digest_of "${ours#Loaded image: }")"
        podman rmi -f "$(jq -r '.[0].Config' <(tar xOf podman.docker-archive manifest.json) | cut -d. -f1)" >/dev/null
        theirs=$(podman load -q -i $file)
        theirs+=" $(digest_of "${theirs#Loaded image: }")"
        equal "$ours" "$theirs"
        podman run --rm --network none localhost/two:1 /bin/busybox wc -c /services 2>/dev/null || [[ $file == podman.dir ]]
        podman rmi -f --all >/dev/null
        import_image
        store_is_sound
    done
    # podman loses the names that are in a layout; docker load keeps them, and so do we.
    equal "$(podsharp load -q -i podman.oci)" 'Loaded image: localhost/two:1'
}

it_loads_from_a_pipe_and_compressed_archives() {
    cd $here
    local id
    restore
    id=$(id_of localhost/two:1)
    gzip -kf podman.docker-archive
    zstd -qf podman.oci-archive
    gzip -c podman.oci-archive >podman.oci-archive.gz
    local file
    for file in podman.docker-archive podman.docker-archive.gz podman.oci-archive podman.oci-archive.zst podman.oci-archive.gz; do
        forget
        equal "$(podsharp load -q <$file)" 'Loaded image: localhost/two:1'
        forget
        equal "$(cat $file | podsharp load -q)" 'Loaded image: localhost/two:1'
        equal "$(id_of localhost/two:1)" "$id"
        forget
        equal "$(podsharp load -q -i $file)" 'Loaded image: localhost/two:1'
    done
    store_is_sound
}

it_saves_and_loads_several_images() {
    restore
    cd $here
    podsharp save -q -m -o both.tar localhost/two:1 "$image" localhost/again:2
    equal "$(tar xOf both.tar manifest.json | jq -c '[.[].RepoTags]')" "[[\"localhost/two:1\",\"localhost/again:2\"],[\"$image\"]]"
    forget
    run podsharp load -q -i both.tar
    equal "$output" "$(printf 'Loaded image: %s\n' localhost/two:1 localhost/again:2 "$image")"
    forget
    podman load -q -i both.tar
    forget
    podsharp load -q -i podman.both
    podsharp save -q -m --format oci-archive -o both.oci localhost/two:1 "$image"
    forget
    run podsharp load -q -i both.oci
    equal "$output" "$(printf 'Loaded image: %s\n' localhost/two:1 "$image")"
    # Without -m the further words are names.
    podsharp save -q -o named.tar localhost/two:1 other:3 localhost/again:2
    equal "$(tar xOf named.tar manifest.json | jq -c '[.[].RepoTags]')" '[["localhost/two:1","localhost/other:3","localhost/again:2"]]'
    podsharp save -q -o unnamed.tar "$(id_of localhost/two:1)"
    equal "$(tar xOf unnamed.tar manifest.json | jq -c '.[0].RepoTags')" '[]'
    equal "$(podsharp load -q -i unnamed.tar)" "Loaded image: sha256:$(id_of localhost/two:1)"
}

it_refuses_what_podman_refuses() {
    restore
    cd $here
    run podsharp save --compress -o x localhost/two:1
    exit_is 125
    complains 'can only be set when'
    run podsharp save --format xx localhost/two:1
    exit_is 125
    run podsharp save -q -o none.tar localhost/none
    exit_is 125
    complains 'localhost/none: image not known'
    [[ ! -e none.tar ]] || fail 'an archive was left'
    run script -qec 'podsharp save localhost/two:1' /dev/null
    exit_is 125
    prints 'refusing to save to terminal'
    run podsharp save --format oci-dir localhost/two:1
    exit_is 125
    run podsharp load -q -i /nonexistent
    exit_is 125
    one_sentence
    run podsharp load -q -i /etc
    exit_is 125
    complains 'holds no image'
    run podsharp load -q -i /etc/services
    exit_is 125
    one_sentence
    run podsharp load -q -i "$image_tar"
    exit_is 125
    complains 'holds no image.*import'
}

it_loads_old_and_new_archives_of_docker() {
    restore
    local id tree layer old
    id=$(id_of localhost/two:1)
    # Up to Docker 24: a directory for each layer, and a link where a layer is there already.
    tree=$(unpack $here/podman.docker-archive) old=$(mktemp -d)
    cd "$old"
    local names=()
    for layer in $(jq -r '.[0].Layers[]' "$tree/manifest.json"); do
        mkdir "${layer%.tar}"
        cp "$tree/$layer" "${layer%.tar}/layer.tar"
        echo -n 1.0 >"${layer%.tar}/VERSION"
        echo '{"id":"x"}' >"${layer%.tar}/json"
        names+=("${layer%.tar}/layer.tar")
    done
    mkdir linked
    ln -s "../${names[0]}" linked/layer.tar
    names[0]=linked/layer.tar
    cp "$tree/$(jq -r '.[0].Config' "$tree/manifest.json")" "$id.json"
    jq -n --arg c "$id.json" '[{Config: $c, RepoTags: ["two:1"], Layers: $ARGS.positional}]' --args "${names[@]}" >manifest.json
    tar cf ../old.tar *
    forget
    run podsharp load -q -i ../old.tar
    exit_is 0
    local ours=$output
    equal "$(podman image inspect "$id" --format '{{.Id}}')" "$id"
    podman rmi -f "$id" >/dev/null
    equal "$ours" "$(podman load -q -i ../old.tar)"
    podman rmi -f "$id" >/dev/null
    # From Docker 25 on: an OCI layout with a manifest.json beside it.
    tree=$(unpack $here/podman.oci-archive)
    cd "$tree"
    jq --arg n docker.io/library/two:1 '.manifests[0].annotations = {"io.containerd.image.name": $n, "org.opencontainers.image.ref.name": "1"}' index.json >new
    mv new index.json
    jq -n --arg c "blobs/sha256/$id" --argjson l "$(jq '[.layers[].digest | sub(":"; "/") | "blobs/" + .]' "blobs/sha256/$(jq -r '.manifests[0].digest' index.json | cut -d: -f2)")" \
        '[{Config: $c, RepoTags: ["two:1"], Layers: $l}]' >manifest.json
    tar cf ../new.tar *
    equal "$(podsharp load -q -i ../new.tar)" 'Loaded image: docker.io/library/two:1'
    equal "$(podman image inspect docker.io/library/two:1 --format '{{.Id}}')" "$id"
    podman rmi -f "$id" >/dev/null
    store_is_sound
}

it_says_when_the_disk_is_full() {
    restore
    local format
    mkdir -p /tmp/small
    mount -t tmpfs -o size=1m none /tmp/small
    for format in docker-archive oci-dir docker-dir; do
        run timeout 30 podsharp save -q --format $format --uncompressed -o /tmp/small/out localhost/two:1
        exit_is 125
        one_sentence
        [[ ! -e /tmp/small/out ]] || fail "$format: something was left"
    done
    umount /tmp/small
}

it_pulls_from_archives_and_directories() {
    restore
    local id source name
    id=$(id_of localhost/two:1)
    cd $here
    podsharp save -q -m -o both.tar localhost/two:1 "$image"
    for source in docker-archive:both.tar:localhost/two:1 docker-archive:both.tar:@0 oci-archive:podman.oci-archive oci:podman.oci oci:podman.oci:localhost/two:1 dir:podman.dir; do
        podsharp rmi --force "$id" >/dev/null
        equal "$(podsharp pull -q $source)" "$id"
        equal "$(podman image inspect "$id" --format '{{len .NamesHistory}}')" "$([[ $source == dir:* ]] && echo 0 || echo 1)"
    done
    run podsharp pull -q docker-archive:both.tar:localhost/none
    exit_is 125
    complains "has no image localhost/none:latest: it has localhost/two:1, $image"
    run podsharp pull -q docker-archive:both.tar:@2
    exit_is 125
    run podsharp pull -q oci:/nonexistent
    exit_is 125
    one_sentence
    store_is_sound
}

run_suite "$@"
