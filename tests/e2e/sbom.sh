#!/bin/bash
# Bills of materials: build --sbom and its kin, as podman builds them, and push --sbom. The scanner is made here of busybox.
# runs: testing rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
if [[ $EUID != 0 ]]; then
    . "$e2e_here/keeper.sh"
    podsharp_in_directory
fi

registry=127.0.0.1:5000
work=/tmp/sbom

before_all() {
    [[ $EUID == 0 ]] || start_keeper
    start_registry
    import_image
    mkdir -p "$work/scanner" "$work/context" "$work/more"
    # One component for each file at the top of what it scans.
    cat >"$work/scanner/scan" <<'SCAN'
#!/bin/sh
cd "$2" || exit 1
first=1
case $1 in
cyclonedx) printf '{"bomFormat": "CycloneDX", "place": "first", "components": [' ;;
spdx) printf '{"spdxVersion": "SPDX-2.3", "packages": [' ;;
esac >"$3"
for name in *; do
    [ -f "$name" ] || continue
    [ -n "$first" ] || printf ', ' >>"$3"
    first=
    case $1 in
    cyclonedx) printf '{"name": "%s", "version": "1", "purl": "pkg:test/%s@1"}' "$name" "$name" ;;
    spdx) printf '{"name": "%s", "versionInfo": "1", "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:test/%s@1"}]}' "$name" "$name" ;;
    esac >>"$3"
done
printf ']}\n' >>"$3"
SCAN
    chmod 755 "$work/scanner/scan"
    printf 'FROM %s\nCOPY scan /scan\n' "$image" >"$work/scanner/Containerfile"
    podsharp build -q -t localhost/scanner "$work/scanner"
    echo a >"$work/context/alpha"
    echo b >"$work/context/beta"
    echo m >"$work/more/mu"
    printf 'FROM %s\nCOPY alpha /alpha\nCOPY alpha /omega\n' "$image" >"$work/context/Containerfile"
}

after_all() { [[ $EUID == 0 ]] || stop_keeper; }

# scan ENGINE FORM OPTIONS...: a build with a scan of the image and of the context.
scan() {
    local engine=$1 form=$2 strategy=merge-cyclonedx-by-component-name-and-version isolation=()
    shift 2
    [[ $form == cyclonedx ]] || strategy=merge-spdx-by-package-name-and-versioninfo
    [[ $engine == podsharp ]] || isolation=(--isolation chroot)
    "$engine" build -q "${isolation[@]}" --sbom-scanner-image localhost/scanner --sbom-merge-strategy "$strategy" \
        --sbom-scanner-command "/scan $form {ROOTFS} {OUTPUT}" --sbom-scanner-command "/scan $form {CONTEXT} {OUTPUT}" "$@" "$work/context"
}

it_writes_the_bill_that_podman_writes() {
    local form
    for form in cyclonedx spdx; do
        scan podsharp "$form" --sbom-output "$work/ours.json" --sbom-purl-output "$work/ours.purl" -t localhost/ours
        scan podman "$form" --sbom-output "$work/theirs.json" --sbom-purl-output "$work/theirs.purl" -t localhost/theirs
        equal "$(jq -S . "$work/ours.json")" "$(jq -S . "$work/theirs.json")"
        # podman's list lacks what only the last scan but one has: it is written anew for each.
        jq -e --slurpfile theirs "$work/theirs.purl" '.image_contents.dependencies as $ours | $theirs[0].image_contents.dependencies - $ours == []' "$work/ours.purl"
        grep -q pkg:test/omega@1 "$work/ours.purl"
        grep -q pkg:test/beta@1 "$work/ours.purl"
    done
    # A scan leaves no image behind.
    local before
    before=$(podsharp images -aq | sort -u)
    scan podsharp spdx --sbom-output "$work/again.json" -t localhost/ours
    equal "$(podsharp images -aq | sort -u)" "$before"
}

it_puts_the_bill_into_the_image() {
    scan podsharp cyclonedx --sbom-image-output /bills/bill.json --sbom-image-purl-output /bills/bill.purl -t localhost/inside
    run podsharp run --rm --network none localhost/inside cat /bills/bill.json
    exit_is 0
    equal "$(jq -r '[.components[].name] | join(" ")' <<<"$output")" 'alpha omega Containerfile beta'
    run podsharp run --rm --network none localhost/inside cat /bills/bill.purl
    prints 'pkg:test/omega@1'
    podsharp rmi -f localhost/inside
}

it_scans_further_contexts_and_by_a_shell() {
    podsharp build -q --sbom-scanner-image localhost/scanner --sbom-merge-strategy cat --sbom-output "$work/shell" --build-context "more=$work/more" \
        --sbom-scanner-command 'ls {CONTEXT} | sort > {OUTPUT}' "$work/context"
    equal "$(paste -sd' ' "$work/shell")" 'Containerfile alpha beta mu'
}

it_says_what_is_wrong() {
    local line
    while read -r line; do
        # shellcheck disable=SC2086 # words
        run podsharp build -q $line "$work/context"
        exit_is 125
        one_sentence
        ours=$(tail -n 1 <<<"$errors")
        # shellcheck disable=SC2086 # words
        run podman build -q $line "$work/context"
        [[ $ours == "$(tail -n 1 <<<"$errors")"* ]] || fail "podman says $(tail -n 1 <<<"$errors")"
    done <<'WRONG'
--sbom bogus --sbom-output /tmp/x
--sbom syft
--sbom-scanner-image localhost/scanner --sbom-output /tmp/x
--sbom-scanner-image localhost/scanner --sbom-scanner-command a --sbom-scanner-command b --sbom-output /tmp/x
--sbom-scanner-image localhost/scanner --sbom-scanner-command a --sbom-merge-strategy bogus --sbom-output /tmp/x
WRONG
    run podsharp build -q --sbom-scanner-image localhost/scanner --sbom-scanner-command '/scan spdx {ROOTFS} /dev/null' --sbom-merge-strategy cat --sbom-output "$work/none" "$work/context"
    [[ $status != 0 ]]
    complains 'has not written'
    run podsharp build -q --sbom-scanner-image localhost/scanner --sbom-scanner-command 'false {ROOTFS}' --sbom-merge-strategy cat --sbom-output "$work/none" "$work/context"
    [[ $status != 0 && ! -e $work/none ]]
}

it_sends_the_bill_with_the_image() {
    scan podsharp spdx --sbom-output "$work/bill.json" -t localhost/pushed
    run podsharp push -q --tls-verify=false --sbom "$work/context/alpha" localhost/pushed "$registry/pushed:1"
    exit_is 125
    complains 'neither SPDX nor CycloneDX'
    podsharp push -q --tls-verify=false --sbom "$work/bill.json" localhost/pushed "$registry/pushed:1"
    local digest
    digest=$(podsharp artifact referrers --tls-verify=false --type application/spdx+json --format '{{.Digest}}' "$registry/pushed:1")
    podsharp artifact pull -q --tls-verify=false "$registry/pushed@$digest"
    podsharp artifact extract "$registry/pushed@$digest" "$work/back.json"
    cmp "$work/bill.json" "$work/back.json"
    podsharp artifact rm -a
}

run_suite "$@"
