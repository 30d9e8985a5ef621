#!/bin/bash
# Which images are accepted: policy.json and registries.d, GPG and sigstore signatures made by podman and cosign and by us, and what is wrong with bad ones.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

registry=127.0.0.1:5000
work=/tmp/trust
export GNUPGHOME=$work/gnupg COSIGN_PASSWORD=secret
lookaside=/etc/containers/registries.d/test.yaml

before_all() {
    import_image
    start_registry 5000
    mkdir -m 700 -p "$work" "$GNUPGHOME"
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$registry" >/etc/containers/registries.conf.d/test.conf
    mkdir -p /etc/containers/registries.d
    printf 'docker:\n  %s/signed:\n    lookaside: file://%s/lookaside\n  %s:\n    use-sigstore-attachments: true\n' "$registry" "$work" "$registry" >"$lookaside"
    local who
    for who in alice mallory; do
        gpg -q --batch --passphrase '' --quick-generate-key "$who@example.org" rsa2048 sign never
        gpg -q --batch --armor --export "$who@example.org" >"$work/$who.asc"
        (cd "$work" && cosign generate-key-pair --output-key-prefix "$who" 2>/dev/null)
    done
    printf secret >"$work/passphrase"
    podsharp push -q "$image" "$registry/app:1"
    podman push -q --remove-signatures --sign-by alice@example.org "$image" "$registry/signed/app:1"
    sigstore_by_podman alice "$registry/attached/app:1"
}
after_all() {
    gpgconf --kill all
    rm -rf "$work" "$lookaside" /etc/containers/registries.conf.d/test.conf
}

sigstore_by_podman() { podman push -q --remove-signatures --sign-by-sigstore-private-key "$work/$1.key" --sign-passphrase-file "$work/passphrase" "$image" "$2"; }
cosign_signs() { # KEY NAME@DIGEST
    cosign sign -y --key "$work/$1.key" --tlog-upload=false --use-signing-config=false --new-bundle-format=false --allow-insecure-registry --allow-http-registry "$2" >/dev/null
}
digest_of() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$1"; }
policy() { # REQUIREMENT...: for all images of the registry
    printf '{"default":[{"type":"reject"}],"transports":{"docker":{"%s":[%s]}}}' "$registry" "$*" >"$work/policy.json"
}
gpg_by() { printf '{"type":"signedBy","keyType":"GPGKeys","keyPath":"%s"%s}' "$work/$1.asc" "${2:+,$2}"; }
sigstore_by() { printf '{"type":"sigstoreSigned","keyPath":"%s"%s}' "$work/$1.pub" "${2:+,$2}"; }
pull() { podsharp pull -q --signature-policy "$work/policy.json" "$1"; }
podman_pulls() { podman pull -q --signature-policy "$work/policy.json" "$1"; }
# Both take it, or both refuse it; ours in one sentence that says why.
both_accept() {
    pull "$1"
    podman_pulls "$1"
}
both_refuse() { # NAME WHY
    local id
    id=$(podsharp image inspect --format '{{.Id}}' "$image")
    podsharp untag "$id"
    podsharp tag "$id" "$image"
    run podman_pulls "$1"
    [[ $status != 0 ]] || fail "podman accepts $1"
    run pull "$1"
    exit_is 125
    one_sentence
    complains "$2"
    equal "$(podsharp image inspect --format '{{.RepoTags}}' "$image")" "[$image]"
}

it_accepts_what_a_gpg_key_has_signed() {
    policy "$(gpg_by alice)"
    both_accept "$registry/signed/app:1"
    both_accept "$registry/signed/app@$(digest_of "$registry/signed/app:1")"
    # The signature stays with the image.
    [[ -n $(find /var/lib/containers/storage/overlay-images -name '*signature*' -size +0) ]] || fail "the store has no signature"
}

it_refuses_what_no_known_gpg_key_has_signed() {
    policy "$(gpg_by mallory)"
    both_refuse "$registry/signed/app:1" 'was made with the key .*, which the policy does not name'
    policy "$(gpg_by alice)"
    both_refuse "$registry/app:1" 'asks for a GPG signature, and the image has none'
}

it_names_what_is_wrong_with_a_gpg_signature() {
    local digest place file
    podman push -q --remove-signatures --sign-by alice@example.org "$image" "$registry/signed/other:1"
    digest=$(digest_of "$registry/signed/other:1")
    place=$work/lookaside/signed/other@${digest/:/=}
    file=$place/signature-1
    policy "$(gpg_by alice)"
    both_accept "$registry/signed/other:1"
    # Another name: the signature of one repository is none for another.
    mkdir -p "$work/lookaside/signed/copy@${digest/:/=}"
    cp "$file" "$work/lookaside/signed/copy@${digest/:/=}/"
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --remove-signatures "docker://$registry/signed/other:1" "docker://$registry/signed/copy:1"
    both_refuse "$registry/signed/copy:1" "it is for the name $registry/signed/other:1, which is not accepted"
    # Another manifest.
    printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"sha256:%064d"},"type":"atomic container signature"},"optional":{}}' \
        "$registry/signed/other:1" 7 | gpg -q --batch --local-user alice@example.org --sign >"$work/foreign"
    cp "$file" "$work/good"
    cp "$work/foreign" "$file"
    both_refuse "$registry/signed/other:1" 'it signs another manifest \(sha256:0*7\)'
    # Changed, cut, and no signature at all.
    python3 -c 'import sys; data = bytearray(open(sys.argv[1], "rb").read()); data[-20] ^= 1; open(sys.argv[2], "wb").write(data)' "$work/good" "$file"
    both_refuse "$registry/signed/other:1" 'it is damaged or was tampered with|can.t be checked|is not a message signed'
    head -c 100 "$work/good" >"$file"
    both_refuse "$registry/signed/other:1" 'it is not a message signed with OpenPGP|can.t be checked'
    echo nonsense >"$file"
    both_refuse "$registry/signed/other:1" 'it is not a message signed with OpenPGP'
    # More in it than there should be.
    printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},"type":"atomic container signature","more":1},"optional":{}}' \
        "$registry/signed/other:1" "$digest" | gpg -q --batch --local-user alice@example.org --sign >"$file"
    both_refuse "$registry/signed/other:1" 'what it signs is not understood'
    # A bad one beside a good one does no harm.
    cp "$work/good" "$place/signature-2"
    both_accept "$registry/signed/other:1"
}

it_refuses_keys_that_have_expired_or_were_revoked() {
    gpg -q --batch --passphrase '' --faked-system-time 20200101T000000 --quick-generate-key past@example.org rsa2048 sign 2020-02-01 2>/dev/null
    gpg -q --batch --armor --export past@example.org >"$work/past.asc"
    local digest
    digest=$(digest_of "$registry/app:1")
    mkdir -p "$work/lookaside/signed/past@${digest/:/=}"
    printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},"type":"atomic container signature"},"optional":{}}' \
        "$registry/signed/past:1" "$digest" |
        gpg -q --batch --faked-system-time 20200115T000000 --local-user past@example.org --sign >"$work/lookaside/signed/past@${digest/:/=}/signature-1" 2>/dev/null
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "docker://$registry/app:1" "docker://$registry/signed/past:1"
    policy "$(gpg_by past)"
    both_refuse "$registry/signed/past:1" 'the key [0-9A-F]* has expired'
    gpg -q --batch --passphrase '' --quick-generate-key gone@example.org rsa2048 sign never
    printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},"type":"atomic container signature"},"optional":{}}' \
        "$registry/signed/past:1" "$digest" | gpg -q --batch --local-user gone@example.org --sign >"$work/lookaside/signed/past@${digest/:/=}/signature-1"
    sed 's/^:---/---/' "$GNUPGHOME"/openpgp-revocs.d/"$(gpg --list-keys --with-colons gone@example.org | awk -F: '/^fpr/ {print $10; exit}')".rev | gpg -q --batch --import
    gpg -q --batch --armor --export gone@example.org >"$work/gone.asc"
    policy "$(gpg_by gone)"
    both_refuse "$registry/signed/past:1" 'the key [0-9A-F]* has been revoked'
}

it_takes_names_as_the_policy_says() {
    local digest place=$registry/signed/app
    digest=$(digest_of "$place:1")
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --remove-signatures "docker://$place:1" "docker://$place:2"
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --remove-signatures "docker://$place:1" "docker://$registry/signed/mirror/app:1"
    mkdir -p "$work/lookaside/signed/mirror"
    cp -r "$work/lookaside/signed/app@${digest/:/=}" "$work/lookaside/signed/mirror/"
    policy "$(gpg_by alice)"
    both_refuse "$place:2" 'which is not accepted for this image'
    policy "$(gpg_by alice '"signedIdentity":{"type":"matchRepository"}')"
    both_accept "$place:2"
    both_refuse "$registry/signed/mirror/app:1" 'which is not accepted for this image'
    policy "$(gpg_by alice '"signedIdentity":{"type":"matchExact"}')"
    both_refuse "$place@$digest" 'which is not accepted for this image'
    policy "$(gpg_by alice "\"signedIdentity\":{\"type\":\"exactReference\",\"dockerReference\":\"$place:1\"}")"
    both_accept "$registry/signed/mirror/app:1"
    policy "$(gpg_by alice "\"signedIdentity\":{\"type\":\"exactRepository\",\"dockerRepository\":\"$registry/elsewhere\"}")"
    both_refuse "$place:1" 'which is not accepted for this image'
    policy "$(gpg_by alice "\"signedIdentity\":{\"type\":\"remapIdentity\",\"prefix\":\"$registry/signed/mirror\",\"signedPrefix\":\"$registry/signed\"}")"
    both_accept "$registry/signed/mirror/app:1"
    both_accept "$place:1"
}

it_accepts_sigstore_signatures_of_podman_and_of_cosign() {
    policy "$(sigstore_by alice)"
    both_accept "$registry/attached/app:1"
    both_refuse "$registry/app:1" 'asks for a sigstore signature, and the image has none'
    cosign_signs alice "$registry/app@$(digest_of "$registry/app:1")"
    # cosign signs for the repository.
    both_refuse "$registry/app:1" "it is for the name $registry/app, which is not accepted"
    policy "$(sigstore_by alice '"signedIdentity":{"type":"matchRepository"}')"
    both_accept "$registry/app:1"
    policy "$(sigstore_by mallory '"signedIdentity":{"type":"matchRepository"}')"
    both_refuse "$registry/app:1" 'it was made with another key, or was tampered with'
    # Of several keys one is enough, of several requirements each must be met.
    policy '{"type":"sigstoreSigned","keyPaths":["'"$work/mallory.pub\",\"$work/alice.pub"'"],"signedIdentity":{"type":"matchRepository"}}'
    both_accept "$registry/app:1"
    policy "$(sigstore_by alice '"signedIdentity":{"type":"matchRepository"}'),$(sigstore_by mallory '"signedIdentity":{"type":"matchRepository"}')"
    both_refuse "$registry/app:1" 'it was made with another key, or was tampered with'
    policy "$(sigstore_by alice '"rekorPublicKeyPath":"'"$work/alice.pub"'","signedIdentity":{"type":"matchRepository"}')"
    both_refuse "$registry/app:1" 'it bears no receipt of a log'
}

it_checks_certificates_and_the_receipts_of_logs_without_asking_anybody() {
    python3 "$e2e_here/sigstore-authority.py" "$work" "$registry" fulcio/app "$(digest_of "$registry/app:1")" ||
        fail "no signature was made"
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --remove-signatures "docker://$registry/app:1" "docker://$registry/fulcio/app:1"
    fulcio() { # ISSUER EMAIL [AUTHORITY [LOG]]
        policy '{"type":"sigstoreSigned","fulcio":{"caPath":"'"$work/${3:-root}.crt"'","oidcIssuer":"'"$1"'","subjectEmail":"'"$2"'"},"rekorPublicKeyPath":"'"$work/${4:-log}.pub"'"}'
    }
    fulcio https://issuer.example.org carol@example.org
    both_accept "$registry/fulcio/app:1"
    fulcio https://issuer.example.org dave@example.org
    both_refuse "$registry/fulcio/app:1" 'its certificate is for carol@example.org, not for dave@example.org'
    fulcio https://other.example.org carol@example.org
    both_refuse "$registry/fulcio/app:1" 'comes from the issuer https://issuer.example.org, which the policy does not name'
    fulcio https://issuer.example.org carol@example.org other
    both_refuse "$registry/fulcio/app:1" 'no authority that the policy names has given it out'
    fulcio https://issuer.example.org carol@example.org root alice
    both_refuse "$registry/fulcio/app:1" 'its receipt was not given by a log that the policy names'
    # The log took it in when the certificate was no longer valid.
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --remove-signatures "docker://$registry/app:1" "docker://$registry/late/app:1"
    python3 "$e2e_here/sigstore-authority.py" "$work" "$registry" late/app "$(digest_of "$registry/app:1")" late
    fulcio https://issuer.example.org carol@example.org
    both_refuse "$registry/late/app:1" 'it was not valid at the time'
    # Authorities of one's own: no log, and the certificate must be valid now.
    policy '{"type":"sigstoreSigned","pki":{"caRootsPath":"'"$work/root.crt"'","subjectEmail":"carol@example.org"}}'
    both_refuse "$registry/fulcio/app:1" 'it was not valid at the time'
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --remove-signatures "docker://$registry/app:1" "docker://$registry/own/app:1"
    python3 "$e2e_here/sigstore-authority.py" "$work" "$registry" own/app "$(digest_of "$registry/app:1")" own
    both_accept "$registry/own/app:1"
    policy '{"type":"sigstoreSigned","pki":{"caRootsPath":"'"$work/root.crt"'","subjectHostname":"build.example.org"}}'
    both_accept "$registry/own/app:1"
    policy '{"type":"sigstoreSigned","pki":{"caRootsPath":"'"$work/root.crt"'","subjectHostname":"example.org"}}'
    both_refuse "$registry/own/app:1" 'its certificate is not for the host example.org'
}

it_fails_closed() {
    local bad
    for bad in '{}' '{"default":[]}' '{"default":[{"type":"insecureAcceptAnything","more":1}]}' '{"default":[{"type":"insecureAcceptAnything"}],"transport":{}}' \
        '{"default":[{"type":"unheardOf"}]}' '{"default":[{"type":"reject"}],"default":[{"type":"insecureAcceptAnything"}]}' 'nonsense' \
        '{"default":[{"type":"signedBy","keyType":"GPGKeys"}]}' '{"default":[{"type":"signedBy","keyPath":"/k"}]}' \
        '{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","keyData":"AAAA"}]}' \
        '{"default":[{"type":"sigstoreSigned","fulcio":{"caPath":"/c","oidcIssuer":"i","subjectEmail":"e"}}]}' \
        '{"default":[{"type":"sigstoreSigned","keyPath":"/k","signedIdentity":{"type":"matchAnything"}}]}' \
        '{"default":[{"type":"insecureAcceptAnything"}],"transports":{"dir":{"relative":[{"type":"reject"}]}}}'; do
        printf '%s' "$bad" >"$work/policy.json"
        both_refuse "$registry/app:1" 'policy.json is not valid'
    done
    policy '{"type":"signedBy","keyType":"GPGKeys","keyPath":"/nowhere"}'
    both_refuse "$registry/signed/app:1" 'the key file /nowhere, which the signature policy names, can.t be read'
    policy '{"type":"signedBaseLayer","baseLayerIdentity":{"type":"matchExact"}}'
    both_refuse "$registry/signed/app:1" 'asks for signedBaseLayer, which can.t be checked'
    rm "$work/policy.json"
    both_refuse "$registry/app:1" 'policy.json is not valid'
}

it_takes_the_narrowest_scope() {
    local accept='[{"type":"insecureAcceptAnything"}]' reject='[{"type":"reject"}]'
    scopes() { printf '{"default":%s,"transports":{"docker":{%s}}}' "$1" "$2" >"$work/policy.json"; }
    scopes "$accept" "\"$registry\":$reject,\"$registry/signed/app\":$accept"
    both_accept "$registry/signed/app:1"
    both_refuse "$registry/app:1" 'policy.json rejects it'
    scopes "$accept" "\"$registry\":$accept,\"$registry/app:1\":$reject"
    both_refuse "$registry/app:1" 'policy.json rejects it'
    scopes "$accept" "\"*.0.0.1\":$reject"
    both_refuse "$registry/app:1" 'policy.json rejects it'
    scopes "$reject" "\"\":$accept"
    both_accept "$registry/app:1"
}

it_asks_the_policy_whatever_brings_an_image() {
    podsharp save -q -o "$work/app.tar" "$image"
    podsharp save -q --format oci-dir -o "$work/app.oci" "$image"
    ln -sfn "$work" "$work/link"
    local accept='[{"type":"insecureAcceptAnything"}]' reject='[{"type":"reject"}]' tool
    printf '{"default":%s,"transports":{"docker-archive":{"":%s},"oci":{"%s":%s}}}' "$reject" "$accept" "$work/app.oci" "$accept" >"$work/policy.json"
    for tool in podsharp podman; do
        "$tool" load -q --signature-policy "$work/policy.json" -i "$work/app.tar"
        "$tool" load -q --signature-policy "$work/policy.json" -i "$work/link/app.oci"
        run "$tool" import -q --signature-policy "$work/policy.json" "$image_tar" none
        exit_is 125
    done
    complains 'rejected'
    printf '{"default":%s,"transports":{"docker-archive":{"":%s},"oci":{"%s":%s}}}' "$accept" "$reject" "$work/app.oci" "$reject" >"$work/policy.json"
    for tool in podman podsharp; do
        run "$tool" load -q --signature-policy "$work/policy.json" -i "$work/app.tar"
        exit_is 125
        run "$tool" pull -q --signature-policy "$work/policy.json" "oci:$work/link/app.oci"
        exit_is 125
    done
    one_sentence
    complains 'policy.json rejects it'
    # Containers and builds pull by the same rule.
    policy "$(gpg_by mallory)"
    run podsharp run --rm --pull always --signature-policy "$work/policy.json" "$registry/signed/app:1" true
    exit_is 125
    complains 'which the policy does not name'
    printf 'FROM %s/signed/app:1\n' "$registry" >"$work/Containerfile"
    run podsharp build -q --pull=always --signature-policy "$work/policy.json" -f "$work/Containerfile" "$e2e_here"
    exit_is 125
    complains 'which the policy does not name'
    policy "$(gpg_by alice)"
    podsharp run --rm --pull always --signature-policy "$work/policy.json" "$registry/signed/app:1" true
    podsharp build -q --pull=always --signature-policy "$work/policy.json" -f "$work/Containerfile" "$work/lookaside"
}

run_suite "$@"
