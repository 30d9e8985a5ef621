#!/bin/bash
# Images: registries of every kind, damaged and interrupted pulls, and the store shared with podman, buildah and skopeo.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

plain=localhost:5000      # allowed as insecure by the test host's registries.conf
strict=127.0.0.1:5000     # the same registry under a name that is not
private=127.0.0.1:5001    # basic auth
tls=localhost:5002        # TLS with an authority of its own

before_all() {
    import_image
    start_registry 5000
    htpasswd -Bbn user pa:ss >/tmp/htpasswd
    start_registry_with 5001 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd}}"
    make_certificate
    start_registry_with 5002 "" ", tls: {certificate: /tmp/ca/server.crt, key: /tmp/ca/server.key}"
    podman build -q -t localhost/two:1 -f - / >/dev/null <<<"FROM $image
COPY etc/services /services
RUN [\"/bin/busybox\", \"rm\", \"-rf\", \"/var\"]
LABEL a=b"
    podman push -q localhost/two:1 "$plain/two:oci"
    podman push -q --format v2s2 localhost/two:1 "$plain/two:s2"
    podman push -q --compression-format zstd localhost/two:1 "$plain/two:zstd"
    podman push -q --tls-verify=false --creds user:pa:ss localhost/two:1 "$private/two:1"
    podman push -q --tls-verify=false localhost/two:1 "$tls/two:1"
    head -c 30000000 /dev/urandom >/tmp/random
    podman build -q -t localhost/big:1 -f - /tmp >/dev/null <<<"FROM $image
COPY random /random"
    podman push -q localhost/big:1 "$plain/big:1"
    podman rmi -f localhost/two:1 localhost/big:1 >/dev/null
}

make_certificate() {
    mkdir -p /tmp/ca
    openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/ca/ca.key -out /tmp/ca/ca.crt -days 2 -subj /CN=authority 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -keyout /tmp/ca/server.key -out /tmp/ca/server.csr -subj /CN=localhost 2>/dev/null
    openssl x509 -req -in /tmp/ca/server.csr -CA /tmp/ca/ca.crt -CAkey /tmp/ca/ca.key -CAcreateserial -days 2 \
        -extfile <(echo subjectAltName=DNS:localhost) -out /tmp/ca/server.crt 2>/dev/null
}

forget() { podsharp rmi --force "$@" >/dev/null 2>&1 || true; }
data_of_blob() { echo "/tmp/registry/5000/docker/registry/v2/blobs/sha256/${1:7:2}/${1:7}/data"; }
layers_of() { skopeo inspect --tls-verify=false --raw "docker://$1" | jq -r '.layers[].digest'; }
nothing_staged() {
    local store=/var/lib/containers/storage
    equal "$(ls "$store/overlay/tempdirs" "$store/overlay-layers/tmp" | grep -c temp-dir || true)" 0
}
store_is_sound() { podman system check >/tmp/check 2>&1 || { cat /tmp/check; fail 'podman system check finds damage'; }; }

it_pulls_oci_schema2_and_zstd_images() {
    local tag
    for tag in oci s2 zstd; do
        forget "$plain/two:oci" "$plain/two:s2" "$plain/two:zstd"
        run podsharp pull "$plain/two:$tag"
        exit_is 0
        equal "$(podman run --rm --network none "$plain/two:$tag" /bin/busybox wc -c /services)" "$(wc -c </etc/services) /services"
        run podman run --rm --network none "$plain/two:$tag" /bin/busybox ls -d /var
        exit_is 1
        equal "$(podman image inspect "$plain/two:$tag" --format '{{.Digest}}')" \
            "$(skopeo inspect --tls-verify=false "docker://$plain/two:$tag" | jq -r .Digest)"
    done
    skopeo inspect "containers-storage:$plain/two:zstd" >/dev/null
    buildah images --quiet "$plain/two:zstd" >/dev/null
    store_is_sound
}

it_shares_layers_with_what_podman_pulled() {
    local before
    forget "$plain/two:oci" "$plain/two:s2" "$plain/two:zstd"
    podman pull -q "$plain/two:oci"
    before=$(ls /var/lib/containers/storage/overlay | wc -l)
    podsharp pull "$plain/two:zstd"
    equal "$(ls /var/lib/containers/storage/overlay | wc -l)" "$before"
    podman push -q --tls-verify=false "$plain/two:zstd" "$plain/two:back"
}

it_speaks_plain_http_only_where_it_may() {
    run podsharp pull "$strict/two:oci"
    exit_is 125
    one_sentence
    complains 'answers without TLS'
    podsharp pull --tls-verify=false "$strict/two:oci"
}

it_logs_in() {
    run podsharp pull --tls-verify=false "$private/two:1"
    exit_is 125
    complains 'authentication required.*log in'
    run podsharp pull --tls-verify=false --creds user:wrong "$private/two:1"
    exit_is 125
    complains 'not accepted'
    podsharp pull --tls-verify=false --creds user:pa:ss "$private/two:1"
    forget "$private/two:1"
    podman login --tls-verify=false --authfile /tmp/auth.json -u user --password-stdin "$private" <<<pa:ss
    podsharp pull --tls-verify=false --authfile /tmp/auth.json "$private/two:1"
    forget "$private/two:1"
    podman login --tls-verify=false -u user --password-stdin "$private" <<<pa:ss
    podsharp pull --tls-verify=false "$private/two:1"
    podman logout "$private"
}

it_trusts_an_authority_of_the_registry_only() {
    run podsharp pull "$tls/two:1"
    exit_is 125
    complains 'certificate of localhost:5002 is not accepted: no known authority'
    podsharp pull --cert-dir /tmp/ca "$tls/two:1" 2>/dev/null && fail 'a directory with a stray key was accepted'
    mkdir -p "/etc/containers/certs.d/$tls" /etc/containers/certs.d/127.0.0.1:5002
    cp /tmp/ca/ca.crt "/etc/containers/certs.d/$tls/"
    cp /tmp/ca/ca.crt /etc/containers/certs.d/127.0.0.1:5002/
    podsharp pull "$tls/two:1"
    run podsharp pull 127.0.0.1:5002/two:1
    exit_is 125
    complains 'it is for another host name'
}

it_chooses_from_an_index_by_platform() {
    podman manifest create localhost/index:1 >/dev/null
    echo one >/tmp/one
    local arch
    for arch in amd64 arm64 s390x; do
        echo "$arch" >/tmp/arch
        podman build -q --platform "linux/$arch" -t "localhost/index-$arch" -f - /tmp >/dev/null <<<"FROM scratch
COPY arch /arch"
        podman manifest add localhost/index:1 "localhost/index-$arch" >/dev/null
    done
    podman manifest push -q --all localhost/index:1 "docker://$plain/index:1"
    podman manifest push -q --all --format v2s2 localhost/index:1 "docker://$plain/index:s2"
    podman manifest rm localhost/index:1 >/dev/null
    podman rmi -f localhost/index-amd64 localhost/index-arm64 localhost/index-s390x >/dev/null
    local tag
    for tag in 1 s2; do
        podman rmi --all --force >/dev/null
        podsharp pull "$plain/index:$tag"
        equal "$(podman image inspect "$plain/index:$tag" --format '{{.Architecture}}')" amd64
        podsharp pull --platform linux/arm64 "$plain/index:$tag"
        equal "$(podman image inspect "$plain/index:$tag" --format '{{.Architecture}}')" arm64
        equal "$(podsharp image inspect "$plain/index:$tag" --format '{{.Digest}}')" \
            "sha256:$(skopeo inspect --tls-verify=false --raw "docker://$plain/index:$tag" | sha256sum | cut -d' ' -f1)"
    done
    run podsharp pull --platform linux/riscv64 "$plain/index:1"
    exit_is 125
    complains 'linux/amd64, linux/arm64'
    store_is_sound
}

it_pulls_by_digest() {
    local digest
    digest=$(skopeo inspect --tls-verify=false "docker://$plain/two:s2" | jq -r .Digest)
    podsharp pull "$plain/two@$digest"
    equal "$(podman image inspect "$plain/two@$digest" --format '{{.Digest}}')" "$digest"
    run podsharp pull "$plain/two@sha256:$(printf '0%.0s' {1..64})"
    exit_is 125
    complains 'manifest unknown'
}

it_refuses_damaged_layers_and_leaves_nothing() {
    local blob file
    blob=$(layers_of "$plain/big:1" | tail -n 1)
    file=$(data_of_blob "$blob")
    cp "$file" /tmp/blob
    podsharp rmi "$plain/big:1" 2>/dev/null || true

    printf x | dd of="$file" bs=1 seek=1000000 conv=notrunc status=none
    run podsharp pull "$plain/big:1"
    exit_is 125
    one_sentence

    gzip -c /etc/services >"$file"
    truncate -s "$(stat -c %s /tmp/blob)" "$file"
    run podsharp pull "$plain/big:1"
    exit_is 125

    head -c 1000000 /tmp/blob >"$file"
    run podsharp pull "$plain/big:1"
    exit_is 125
    complains 'has 1000000 bytes instead of'

    cp /tmp/blob "$file"
    nothing_staged
    equal "$(podsharp images --quiet "$plain/big")" ''
    podsharp pull "$plain/big:1"
    store_is_sound
}

it_survives_kills() {
    local i pid
    for i in 1 2 3 4 5 6; do
        forget "$plain/big:1"
        podsharp pull "$plain/big:1" >/dev/null 2>&1 &
        pid=$!
        sleep "0.$((i * 7))"
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" || true
        [[ $i != 3 ]] || podman images >/dev/null
    done
    podsharp pull "$plain/big:1"
    podman pull -q "$plain/big:1"
    store_is_sound
    nothing_staged
}

it_stops_at_once_and_leaves_nothing() {
    local pid code registry pause
    registry=$(head -n 1 /tmp/registry/pids)
    for pause in 0.1 0.08 0.06 0.05 0.04 0.03 0.02 0.06 0.04 0.02; do
        forget "$plain/big:1"
        # A shell's background command ignores SIGINT otherwise.
        env --default-signal=INT podsharp pull "$plain/big:1" >/dev/null 2>&1 &
        pid=$!
        sleep $pause
        kill -STOP "$registry"
        sleep 0.3
        kill -INT "$pid" 2>/dev/null || true
        code=0
        wait "$pid" || code=$?
        kill -CONT "$registry"
        [[ $code == 0 ]] || break # else it was faster than we
    done
    equal "$code" 130
    equal "$(podsharp images --quiet "$plain/big")" ''
    nothing_staged
}

it_pulls_one_image_from_many_processes() {
    local i pids=()
    forget "$plain/big:1"
    for i in 1 2 3; do
        podsharp pull -q "$plain/big:1" & pids+=($!)
        podman pull -q "$plain/big:1" & pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i" || fail 'a pull failed'; done
    store_is_sound
}

it_says_what_is_wrong_in_one_sentence() {
    local name
    for name in "$plain/none:1" "$plain/two:none" 127.0.0.1:9/x no.such.host.invalid/x UPPER 'a b' "$plain/two:"; do
        run podsharp pull --retry 0 "$name"
        exit_is 125
        one_sentence
    done
    run podsharp rmi nothing
    exit_is 1
}

it_obeys_the_pull_policy() {
    forget "$plain/two:oci"
    run podsharp pull --policy never "$plain/two:oci"
    exit_is 125
    podsharp pull --policy missing "$plain/two:oci"
    podsharp pull --policy missing "$plain/two:oci"
    podsharp pull --policy newer "$plain/two:oci"
    podsharp tag "$plain/two:oci" "$plain/local-only:1"
    podsharp pull --policy newer "$plain/local-only:1"
    run podsharp pull --policy always "$plain/local-only:1"
    exit_is 125
}

it_keeps_the_signature_policy() {
    cp /etc/containers/policy.json /tmp/policy
    echo '{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker":{"localhost:5000/two":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k"}]}}}' >/etc/containers/policy.json
    run podsharp pull "$plain/two:oci"
    cp /tmp/policy /etc/containers/policy.json
    exit_is 125
    complains 'policy'
}

it_imports_archives_of_every_kind() {
    gzip -c "$image_tar" >/tmp/image.tar.gz
    zstd -qf "$image_tar" -o /tmp/image.tar.zst
    local kind
    import_image
    for kind in tar tar.gz tar.zst; do
        [[ $kind == tar ]] && cp "$image_tar" /tmp/image.tar
        podsharp import --change 'CMD ["/bin/busybox", "echo", "imported"]' --change ENV=X=1 --message words "/tmp/image.$kind" "imported:$kind"
        equal "$(podman run --rm --network none "localhost/imported:$kind")" imported
        equal "$(podman image inspect "imported:$kind" --format '{{.Comment}}')" words
    done
    podsharp import - localhost/from-stdin <"$image_tar"
    head -c 100000 /tmp/image.tar.gz >/tmp/cut.tar.gz
    run podsharp import /tmp/cut.tar.gz localhost/cut
    exit_is 125
    one_sentence
    nothing_staged
    store_is_sound
}

it_tags_untags_and_removes_as_podman_does() {
    import_image
    podsharp tag "$image" short registry.example.com/a/b:2
    podman image exists localhost/short:latest
    podsharp untag "$image" registry.example.com/a/b:2
    run podman image exists registry.example.com/a/b:2
    exit_is 1
    run podsharp rmi "$(podsharp images --quiet --no-trunc localhost/short)"
    exit_is 125
    podsharp rmi short
    podman create --name user-of-it --network none "$image" true >/dev/null
    run podsharp rmi "$image"
    exit_is 2
    complains user-of-it
    podman rm user-of-it
    store_is_sound
}

run_suite "$@"
