#!/bin/bash
# Signing: pushes with keys of gpg, sq and cosign, image sign, what podman and cosign think of the signatures; the trust policy's commands.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

registry=127.0.0.1:5000
work=/tmp/trust
export GNUPGHOME=$work/gnupg SEQUOIA_HOME=$work/sequoia COSIGN_PASSWORD=secret
places=/etc/containers/registries.d/test.yaml

before_all() {
    import_image
    start_registry 5000
    mkdir -m 700 -p "$work" "$GNUPGHOME"
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$registry" >/etc/containers/registries.conf.d/test.conf
    mkdir -p /etc/containers/registries.d
    printf 'docker:\n  %s:\n    use-sigstore-attachments: true\n    lookaside: file://%s/lookaside\n    lookaside-staging: file://%s/lookaside\n  %s/plain:\n    use-sigstore-attachments: false\n    lookaside: http://127.0.0.1:1/\n    lookaside-staging: http://127.0.0.1:1/\n' \
        "$registry" "$work" "$work" "$registry" >"$places"
    gpg -q --batch --passphrase '' --quick-generate-key alice@example.org rsa2048 sign never
    gpg -q --batch --passphrase secret --pinentry-mode loopback --quick-generate-key bob@example.org rsa2048 sign never
    gpg -q --batch --armor --export alice@example.org >"$work/alice.asc"
    gpg -q --batch --armor --export bob@example.org >"$work/bob.asc"
    (cd "$work" && cosign generate-key-pair --output-key-prefix alice 2>/dev/null)
    printf 'secret\nmore\n' >"$work/passphrase"
}
after_all() {
    gpgconf --kill all
    rm -rf "$work" "$places" /etc/containers/registries.conf.d/test.conf
}

policy() { printf '{"default":[{"type":"reject"}],"transports":{"docker":{"%s":[%s]}}}' "$registry" "$*" >"$work/policy.json"; }
gpg_by() { printf '{"type":"signedBy","keyType":"GPGKeys","keyPath":"%s"%s}' "$work/$1.asc" "${2:+,$2}"; }
sigstore_by() { printf '{"type":"sigstoreSigned","keyPath":"%s"%s}' "$work/$1.pub" "${2:+,$2}"; }
push() { podsharp push -q --remove-signatures "$@"; }
accepted() {
    podsharp image verify --signature-policy "$work/policy.json" "$1"
    podman pull -q --signature-policy "$work/policy.json" "$1"
    podsharp pull -q --signature-policy "$work/policy.json" "$1"
}
refused() {
    run podsharp image verify --signature-policy "$work/policy.json" "$1"
    exit_is 1
    prints "$2"
    run podman pull -q --signature-policy "$work/policy.json" "$1"
    [[ $status != 0 ]] || fail "podman accepts $1"
}

it_signs_with_gpg() {
    push --sign-by alice@example.org "$image" "$registry/gpg:1"
    policy "$(gpg_by alice)"
    accepted "$registry/gpg:1"
    policy "$(gpg_by bob)"
    refused "$registry/gpg:1" 'which the policy does not name'
    push --sign-by bob@example.org --sign-passphrase-file "$work/passphrase" "$image" "$registry/bob:1"
    accepted "$registry/bob:1"
    # Nothing is sent where the key is not to be had, and nothing pretends that it were.
    run push --sign-by nobody@example.org "$image" "$registry/nobody:1"
    exit_is 125
    one_sentence
    complains 'gpg can.t sign with the key nobody@example.org'
}

it_signs_with_sequoia() {
    local key
    sq key generate --own-key --name Alice --without-password 2>"$work/sq.log"
    key=$(grep -oE '\b[0-9A-F]{40}\b' "$work/sq.log" | head -n 1)
    sq cert export --cert "$key" >"$work/sq.asc"
    push --sign-by-sq-fingerprint "$key" "$image" "$registry/sq:1"
    policy "$(gpg_by sq)"
    accepted "$registry/sq:1"
    run push --sign-by-sq-fingerprint 1111111111111111111111111111111111111111 "$image" "$registry/sq:2"
    exit_is 125
    complains "sq can.t sign with the key 1111"
}

it_signs_with_keys_of_cosign() {
    push --sign-by-sigstore-private-key "$work/alice.key" --sign-passphrase-file "$work/passphrase" "$image" "$registry/sigstore:1"
    policy "$(sigstore_by alice)"
    accepted "$registry/sigstore:1"
    cosign verify --key "$work/alice.pub" --insecure-ignore-tlog=true --allow-http-registry --new-bundle-format=false "$registry/sigstore:1" 2>/dev/null |
        jq -e '.[0].critical.identity["docker-reference"]' >/dev/null
    # The same again, and one of cosign's beside it: each stays.
    local digest
    digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/sigstore:1")
    cosign sign -y --key "$work/alice.key" --tlog-upload=false --use-signing-config=false --new-bundle-format=false --allow-http-registry "$registry/sigstore@$digest" >/dev/null
    podsharp image sign --sign-by-sigstore-private-key "$work/alice.key" --sign-passphrase-file "$work/passphrase" "$registry/sigstore:1"
    equal "$(skopeo inspect --raw --tls-verify=false "docker://$registry/sigstore:${digest/:/-}.sig" | jq '.layers | length')" 3
    accepted "$registry/sigstore:1"
    printf 'privateKeyFile: %s\nprivateKeyPassphraseFile: %s\n' "$work/alice.key" "$work/passphrase" >"$work/parameters.yaml"
    push --sign-by-sigstore "$work/parameters.yaml" "$image" "$registry/parameters:1"
    accepted "$registry/parameters:1"
}

it_says_why_it_can_not_sign() {
    local key=--sign-by-sigstore-private-key
    wrong() { # WHY OPTION...
        run push "${@:2}"
        exit_is 125
        one_sentence
        complains "$1"
    }
    printf wrong >"$work/wrong"
    wrong 'the passphrase is wrong' $key "$work/alice.key" --sign-passphrase-file "$work/wrong" "$image" "$registry/no:1"
    wrong 'PUBLIC KEY.*, not a key that cosign or skopeo made' $key "$work/alice.pub" --sign-passphrase-file "$work/passphrase" "$image" "$registry/no:1"
    wrong 'the private key /nowhere can.t be used' $key /nowhere --sign-passphrase-file "$work/passphrase" "$image" "$registry/no:1"
    wrong 'can.t be asked for: standard input is not a terminal' $key "$work/alice.key" "$image" "$registry/no:1"
    wrong 'only one of' $key "$work/alice.key" --sign-by alice@example.org --sign-passphrase-file "$work/passphrase" "$image" "$registry/no:1"
    wrong 'use-sigstore-attachments' $key "$work/alice.key" --sign-passphrase-file "$work/passphrase" "$image" "$registry/plain:1"
    wrong 'lookaside-staging' --sign-by alice@example.org "$image" "$registry/plain:1"
    printf 'privateKeyFile: %s\nrekorURL: https://rekor.example.org\n' "$work/alice.key" >"$work/parameters.yaml"
    wrong 'services on the network that the engine doesn.t talk to' --sign-by-sigstore "$work/parameters.yaml" "$image" "$registry/no:1"
    run skopeo inspect --tls-verify=false "docker://$registry/no:1"
    [[ $status != 0 ]] || fail "it was pushed"
}

it_signs_what_is_at_the_registry() {
    push "$image" "$registry/late:1"
    podsharp image sign --sign-by alice@example.org "docker://$registry/late:1"
    policy "$(gpg_by alice)"
    accepted "$registry/late:1"
    podsharp image sign --sign-by alice@example.org -d "$work/elsewhere" "$registry/late:1"
    equal "$(find "$work/elsewhere" -name 'signature-1' | wc -l)" 1
    [[ -n $(find "$work/elsewhere/late@sha256="* -name signature-1) ]]
    # Signatures go along with a copy that keeps the manifest, and a push that would change it says so.
    podsharp image copy -q "docker://$registry/late:1" "docker://$registry/copied/late:1"
    policy "$(gpg_by alice "\"signedIdentity\":{\"type\":\"exactReference\",\"dockerReference\":\"$registry/late:1\"}")"
    accepted "$registry/copied/late:1"
    podsharp push -q "$registry/copied/late:1" "$registry/copied/again:1"
    accepted "$registry/copied/again:1"
    run podsharp push -q --format v2s2 "$registry/copied/late:1" "$registry/copied/changed:1"
    exit_is 125
    complains 'for which its signatures don.t hold'
}

it_shows_and_sets_the_policy_as_podman() {
    local tool
    for tool in podman podsharp; do
        printf '{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker-daemon":{"":[{"type":"reject"}]}}}' >"$work/$tool.json"
        "$tool" image trust set --policypath "$work/$tool.json" -t reject example.org
        "$tool" image trust set --policypath "$work/$tool.json" -f "$work/alice.asc" -f "$work/bob.asc" "$registry/team"
        "$tool" image trust set --policypath "$work/$tool.json" -t sigstoreSigned -f "$work/alice.pub" example.net/x
        "$tool" image trust set --policypath "$work/$tool.json" -t reject default
        "$tool" image trust set --policypath "$work/$tool.json" -t accept example.org
        for bad in "-t bogus example.org" "-t signedBy example.org" "-t accept -f $work/alice.asc example.org"; do
            run "$tool" image trust set --policypath "$work/$tool.json" $bad
            exit_is 125
        done
    done
    equal "$(jq -S . "$work/podsharp.json")" "$(jq -S . "$work/podman.json")"
    # podman asks gpg2 for the owners, which Debian doesn't have.
    mkdir -p "$work/bin"
    ln -sf "$(command -v gpg)" "$work/bin/gpg2"
    show() { PATH=$work/bin:$PATH "$1" image trust show --policypath "$work/podman.json" "${@:2}" 2>&1 | sed 's/ *$//'; }
    equal "$(show podsharp)" "$(show podman)"
    equal "$(show podsharp -n)" "$(show podman -n)"
    equal "$(show podsharp --json | jq -S .)" "$(show podman --json | jq -S .)"
    equal "$(show podsharp --raw)" "$(show podman --raw)"
}

run_suite "$@"
