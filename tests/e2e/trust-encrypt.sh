#!/bin/bash
# Encrypted layers (ocicrypt): what we encrypt podman and skopeo read, and the other way round; without the right key nothing comes in.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

registry=localhost:5000 # allowed as insecure by the test host's registries.conf
work=/tmp/encrypt
layered=localhost/layered

before_all() {
    import_image
    start_registry_with 5000 'validation: {disabled: true}'
    mkdir -p "$work"
    local name
    for name in alice bob; do
        openssl genrsa -out "$work/$name.pem" 2048 2>/dev/null
        openssl rsa -in "$work/$name.pem" -pubout -out "$work/$name.pub" 2>/dev/null
    done
    # The old form is the only one with a passphrase that podman opens.
    openssl rsa -in "$work/alice.pem" -aes256 -traditional -passout pass:hush -out "$work/locked.pem" 2>/dev/null
    openssl pkcs8 -topk8 -in "$work/alice.pem" -passout pass:hush -out "$work/modern.pem" 2>/dev/null
    echo hush >"$work/passphrase"
    mkdir -p "$work/context"
    head -c 1500000 /dev/urandom >"$work/context/random"
    head -c 1500000 /dev/zero >"$work/context/zeros"
    printf 'FROM %s\nCOPY random /random\nCOPY zeros /zeros\n' "$image" >"$work/context/Containerfile"
    sha256sum <"$work/context/random" >"$work/sum"
}
after_all() { rm -rf "$work"; }

theirs() { skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
raw() { skopeo inspect --raw --tls-verify=false "docker://$registry/$1"; }
types() { raw "$1" | jq -r '[.layers[].mediaType | endswith("+encrypted")] | join(" ")'; }
# An image of three layers.
make() {
    podsharp image exists "$image" || import_image
    podsharp build -q -t "$layered" "$work/context"
}
# No layer is left that would not have to be fetched.
empty() { podsharp image prune --all --force >/dev/null; }
forget() { podsharp rmi -f "$@" >/dev/null 2>&1 || true; }
# The image as it is run: all files are those that were there before.
same() { equal "$("$1" run --rm "$2" sh -c 'sha256sum </random')" "$(cat "$work/sum")"; }
closed() {
    run "$@"
    exit_is 125
    one_sentence
    complains 'is encrypted: '
    ! podsharp image exists "${!#}" || fail 'an image came in'
}

it_encrypts_for_podman_and_skopeo() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/ours:1"
    equal "$(types ours:1)" 'true true true'
    equal "$(raw ours:1 | jq -r .mediaType)" application/vnd.oci.image.manifest.v1+json
    equal "$(raw ours:1 | jq -r '.layers[0].annotations["org.opencontainers.image.enc.pubopts"]' | base64 -d | jq -r .cipher)" AES_256_CTR_HMAC_SHA256
    run skopeo copy -q --src-tls-verify=false "docker://$registry/ours:1" "docker-archive:$work/no.tar"
    [[ $status != 0 ]] || fail 'skopeo needs no key'
    theirs --decryption-key "$work/alice.pem" "docker://$registry/ours:1" "dir:$work/ours"
    forget "$layered" "$registry/ours:1"
    podman pull -q --tls-verify=false --decryption-key "$work/alice.pem" "$registry/ours:1"
    same podman "$registry/ours:1"
    podman rmi -f "$registry/ours:1"
}

it_reads_what_skopeo_encrypts() {
    make
    podsharp push -q "$layered" "$registry/plain:1"
    theirs --encryption-key "jwe:$work/alice.pub" --encryption-key "jwe:$work/bob.pub" "docker://$registry/plain:1" "docker://$registry/theirs:1"
    forget "$layered"
    closed podsharp pull -q "$registry/theirs:1"
    podsharp pull -q --decryption-key "$work/bob.pem" "$registry/theirs:1"
    same podsharp "$registry/theirs:1"
    # The manifest in the store tells of the layers as they are here; the one it came with still leads to it.
    podsharp image exists "$registry/theirs@$(raw theirs:1 | sha256sum | sed 's/^/sha256:/;s/ .*//')"
    podsharp image inspect --format '{{.ManifestType}}' "$registry/theirs:1"
    podsharp push -q "$registry/theirs:1" "$registry/again:1"
    equal "$(types again:1)" 'false false false'
    equal "$(raw again:1 | jq -c '[.layers[].digest]')" "$(raw plain:1 | jq -c '[.layers[].digest]')"
    same podman "$registry/theirs:1"
    forget "$registry/theirs:1"
}

it_records_it_as_podman_does() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/record:1"
    # What is there already is described as it is there: so nothing is.
    empty
    podsharp pull -q --decryption-key "$work/alice.pem" "$registry/record:1"
    podman image inspect "$registry/record:1" | jq -S '.[0] | {Id, Digest, RepoDigests: (.RepoDigests | sort), RootFS}' >"$work/ours.json"
    forget "$registry/record:1"
    podman pull -q --tls-verify=false --decryption-key "$work/alice.pem" "$registry/record:1"
    podman image inspect "$registry/record:1" | jq -S '.[0] | {Id, Digest, RepoDigests: (.RepoDigests | sort), RootFS}' >"$work/theirs.json"
    podman rmi -f "$registry/record:1"
    diff "$work/ours.json" "$work/theirs.json"
}

it_stays_closed_without_the_right_key() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/closed:1"
    closed podsharp pull -q "$registry/closed:1"
    complains 'a private key is needed'
    closed podsharp pull -q --decryption-key "$work/bob.pem" "$registry/closed:1"
    complains 'none of the private keys opens it'
    # Also where the store has all layers: who has no key gets no name for them.
    closed podsharp run --rm "$registry/closed:1" true
    podsharp run --rm --decryption-key "$work/bob.pem" --decryption-key "$work/alice.pem" "$registry/closed:1" sh -c 'sha256sum </random' >"$work/out"
    equal "$(tail -n 1 "$work/out")" "$(cat "$work/sum")"
    forget "$registry/closed:1"
}

it_opens_keys_with_passphrases() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/locked:1"
    local key
    for key in locked.pem:hush locked.pem:pass=hush "locked.pem:file=$work/passphrase" locked.pem:fd=9 modern.pem:hush; do
        podsharp pull -q --decryption-key "$work/$key" "$registry/locked:1" 9<"$work/passphrase"
        forget "$registry/locked:1"
    done
    for key in locked.pem:secret modern.pem:secret; do
        run podsharp pull -q --decryption-key "$work/$key" "$registry/locked:1"
        exit_is 125
        one_sentence
        complains "key file $work/${key%:*} can.t be opened by this passphrase"
        [[ $errors != *secret* ]] || fail 'it tells the passphrase'
    done
    run podsharp pull -q --decryption-key "$work/locked.pem" "$registry/locked:1"
    exit_is 125
    complains 'needs a passphrase'
    run podsharp pull -q --decryption-key "$work/none.pem" "$registry/locked:1"
    exit_is 125
    one_sentence
    complains "$work/none.pem can.t be read"
    # podman opens the same.
    podman pull -q --tls-verify=false --decryption-key "$work/locked.pem:hush" "$registry/locked:1"
    podman rmi "$registry/locked:1"
}

it_encrypts_some_layers_only() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" --encrypt-layer -1 "$layered" "$registry/some:1"
    equal "$(types some:1)" 'false false true'
    podsharp push -q --encryption-key "jwe:$work/alice.pub" --encrypt-layer 0,1 --compression-format zstd --force-compression "$layered" "$registry/some:2"
    equal "$(raw some:2 | jq -r '[.layers[].mediaType | sub(".*tar"; "")] | join(" ")')" '+zstd+encrypted +zstd+encrypted +zstd'
    forget "$layered"
    local tag
    for tag in 1 2; do
        closed podsharp pull -q "$registry/some:$tag"
        podsharp pull -q --decryption-key "$work/alice.pem" "$registry/some:$tag"
        same podsharp "$registry/some:$tag"
        forget "$registry/some:$tag"
        podman pull -q --tls-verify=false --decryption-key "$work/alice.pem" "$registry/some:$tag"
        same podman "$registry/some:$tag"
        podman rmi -f "$registry/some:$tag"
    done
    make
    local option
    for option in '--encrypt-layer 3' '--encrypt-layer x'; do
        # shellcheck disable=SC2086
        run podsharp push -q --encryption-key "jwe:$work/alice.pub" $option "$layered" "$registry/none:1"
        exit_is 125
        one_sentence
    done
    run podsharp push -q --encrypt-layer 0 "$layered" "$registry/none:1"
    exit_is 125
    complains 'no key'
    run podsharp push -q --encryption-key "jwe:$work/alice.pub" --format v2s2 "$layered" "$registry/none:1"
    exit_is 125
    complains 'no encrypted layers'
    run podsharp push -q --encryption-key "jwe:$work/alice.pem" "$layered" "$registry/none:1"
    exit_is 125
    complains 'not an RSA public key'
    run podsharp push -q --encryption-key pgp:alice "$layered" "$registry/none:1"
    exit_is 125
    complains 'of the kind pgp'
    ! raw none:1 >/dev/null 2>&1 || fail 'something was pushed'
}

it_never_gives_out_the_plain_layer() {
    make
    # Known at the registry, and in another repository of it: for whom a layer is encrypted, it must not lie there open under the image's manifest.
    podsharp push -q "$layered" "$registry/known:1"
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/known:2"
    equal "$(types known:2)" 'true true true'
    equal "$(comm -12 <(raw known:1 | jq -r '.layers[].digest' | sort) <(raw known:2 | jq -r '.layers[].digest' | sort))" ''
}

it_notices_what_was_changed() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/changed:1"
    local digest file forged upload
    digest=$(raw changed:1 | jq -r '.layers[1].digest')
    file=/tmp/registry/5000/docker/registry/v2/blobs/sha256/${digest:7:2}/${digest#sha256:}/data
    printf '\377\376' | dd of="$file" bs=1 seek=700000 conv=notrunc status=none
    empty
    run podsharp pull -q --decryption-key "$work/alice.pem" "$registry/changed:1"
    exit_is 125
    one_sentence
    complains 'has the digest|decompressed|encrypted with its key'
    ! podsharp image exists "$registry/changed:1" || fail 'a changed image came in'
    # With a manifest that fits the changed blob only the key's code, and the content, are left to tell.
    forged=sha256:$(sha256sum <"$file" | cut -d ' ' -f 1)
    upload=$(curl -s -D - -o /dev/null -X POST "http://$registry/v2/changed/blobs/uploads/" | sed -n 's/^[Ll]ocation: //p' | tr -d '\r')
    curl -sf -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$file" "$upload&digest=$forged"
    raw changed:1 | jq -c --arg old "$digest" --arg new "$forged" '(.layers[] | select(.digest == $old)).digest |= $new' |
        curl -sf -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary @- "http://$registry/v2/changed/manifests/2"
    run podsharp pull -q --decryption-key "$work/alice.pem" "$registry/changed:2"
    exit_is 125
    one_sentence
    complains 'decompressed|encrypted with its key|the content of layer'
    ! podsharp image exists "$registry/changed:2" || fail 'a forged image came in'
}

it_copies_encrypted_layers_as_they_are() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/pass:1"
    podsharp image copy -q --src-tls-verify=false --dest-tls-verify=false "docker://$registry/pass:1" "docker://$registry/passed:1"
    equal "$(raw passed:1)" "$(raw pass:1)"
    podsharp image copy -q --src-tls-verify=false --dest-tls-verify=false --dest-compress-format zstd --dest-force-compress-format "docker://$registry/pass:1" "docker://$registry/passed:2"
    equal "$(raw passed:2 | jq -c .layers)" "$(raw pass:1 | jq -c .layers)"
    podsharp image copy -q --src-tls-verify=false "docker://$registry/pass:1" "oci:$work/layout:1"
    equal "$(skopeo inspect --raw "oci:$work/layout:1")" "$(raw pass:1)"
    run podsharp image copy -q --src-tls-verify=false "docker://$registry/pass:1" "docker-archive:$work/no.tar"
    exit_is 125
    one_sentence
    complains 'has encrypted layers'
    run podsharp pull -q "oci:$work/layout:1"
    exit_is 125
    one_sentence
    complains 'has encrypted layers'
}

it_encrypts_and_decrypts_copies() {
    make
    podsharp push -q "$layered" "$registry/copies:1"
    local copy=(podsharp image copy -q --src-tls-verify=false --dest-tls-verify=false)
    "${copy[@]}" --encryption-key "jwe:$work/alice.pub" --encrypt-layer 1 "docker://$registry/copies:1" "docker://$registry/copies:2"
    equal "$(types copies:2)" 'false true false'
    "${copy[@]}" --decryption-key "$work/alice.pem" "docker://$registry/copies:2" "docker://$registry/copies:3"
    equal "$(raw copies:3 | jq -c .layers)" "$(raw copies:1 | jq -c .layers)"
    theirs --decryption-key "$work/alice.pem" "docker://$registry/copies:2" "docker://$registry/copies:4"
    equal "$(raw copies:4 | jq -c .layers)" "$(raw copies:1 | jq -c .layers)"
    "${copy[@]}" --encryption-key "jwe:$work/alice.pub" "containers-storage:$layered" "oci:$work/sealed:1"
    equal "$(skopeo inspect --raw "oci:$work/sealed:1" | jq -r '[.layers[].mediaType | endswith("+gzip+encrypted")] | join(" ")')" 'true true true'
    podsharp image copy -q --decryption-key "$work/alice.pem" "oci:$work/sealed:1" "docker-archive:$work/plain.tar"
    equal "$(tar -xOf "$work/plain.tar" manifest.json | jq '.[0].Layers | length')" 3
    forget "$layered"
    podsharp image copy -q --decryption-key "$work/alice.pem" "oci:$work/sealed:1" containers-storage:localhost/from:1
    same podsharp localhost/from:1
    forget localhost/from:1
    run "${copy[@]}" --decryption-key "$work/bob.pem" "docker://$registry/copies:2" "docker://$registry/copies:5"
    exit_is 125
    one_sentence
    complains 'none of the private keys'
    run "${copy[@]}" --decryption-key "$work/bob.pem" --encryption-key "jwe:$work/alice.pub" "docker://$registry/copies:2" "docker://$registry/copies:5"
    exit_is 125
    complains 'cannot be specified together'
}

it_builds_upon_encrypted_images() {
    make
    podsharp push -q --encryption-key "jwe:$work/alice.pub" "$layered" "$registry/base:1"
    printf 'FROM %s\nRUN sha256sum </random >/sum\n' "$registry/base:1" >"$work/Containerfile"
    run podsharp build -q -t localhost/upon -f "$work/Containerfile" "$work/context"
    [[ $status != 0 ]] || fail 'a build needs no key'
    complains 'is encrypted: '
    podsharp build -q --decryption-key "$work/alice.pem" -t localhost/upon -f "$work/Containerfile" "$work/context"
    equal "$(podsharp run --rm localhost/upon cat /sum)" "$(cat "$work/sum")"
    podsharp create --name later --decryption-key "$work/alice.pem" --pull always "$registry/base:1" true
    # No key stays with a container.
    ! podsharp inspect later | grep -q "decryption.*hush" || fail 'a passphrase is kept'
    podsharp rm later
    forget localhost/upon "$registry/base:1"
}

run_suite "$@"
