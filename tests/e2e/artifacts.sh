#!/bin/bash
# OCI artifacts: podman's store, its commands, registries, artifacts about images.
# runs: testing rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
if [[ $EUID != 0 ]]; then
    . "$e2e_here/keeper.sh"
    podsharp_in_directory
fi

registry=127.0.0.1:5000
work=/tmp/artifacts

before_all() {
    [[ $EUID == 0 ]] || start_keeper
    start_registry
    import_image
    mkdir -p "$work/files"
    cd "$work/files"
    echo hello >a.txt
    printf '{"spdxVersion": "SPDX-2.3"}\n' >sbom.json
    printf '\x89PNG\r\n\x1a\n' >b.png
    printf '<html>' >c.html
    printf ' <?xml version="1.0"?>' >d.xml
    printf '#!/bin/sh\n' >e.sh
    gzip -nc a.txt >f.gz
    head -c 4096 /bin/ls >g
    : >empty
    printf '\0\1\2' >binary
    printf 'BM' >h.bmp
    printf '%%PDF-1.7' >i.pdf
    printf 'PK\3\4' >j.zip
    head -c 700000 /dev/urandom >big
}

after_all() { [[ $EUID == 0 ]] || stop_keeper; }

store() { podman info -f '{{.Store.GraphRoot}}'; }
blobs() { find "$(store)/artifacts/blobs" -type f | sort; }
none() { podsharp artifact rm -qa >/dev/null 2>&1 || podsharp artifact rm -a >/dev/null; }
push() { podsharp artifact push -q --tls-verify=false "$@"; }
pull() { podsharp artifact pull -q --tls-verify=false "$@"; }
# The manifest without the time of its making.
timeless() { jq -S 'del(.Manifest.annotations["org.opencontainers.image.created"], .Digest, .Name)'; }
# same_answer ARGUMENTS...: both engines say and return the same, but for the words before the cause.
same_answer() {
    run podman artifact "$@"
    local theirs="$status $output $(tail -n 1 <<<"$errors" | sed 's/^Error: //')"
    run podsharp artifact "$@"
    local ours="$status $output $(grep '^Error: ' <<<"$errors" | tail -n 1 | sed 's/^Error: //')"
    [[ $ours == "$theirs"* ]] || fail "ours: $ours, theirs: $theirs"
}

it_makes_the_artifacts_that_podman_makes() {
    cd "$work/files"
    podman artifact add localhost/theirs:1 *
    podsharp artifact add localhost/ours:1 *
    equal "$(podsharp artifact inspect localhost/ours:1 | timeless)" "$(podman artifact inspect localhost/theirs:1 | timeless)"
    podman artifact add --type application/x.y --annotation k=v --annotation a=b=c --file-type text/q localhost/theirs:2 a.txt b.png
    podsharp artifact add --type application/x.y --annotation k=v --annotation a=b=c --file-type text/q localhost/ours:2 a.txt b.png
    podman artifact add --append --annotation z=1 localhost/theirs:2 c.html
    podsharp artifact add --append --annotation z=1 localhost/ours:2 c.html
    equal "$(podsharp artifact inspect localhost/ours:2 | timeless)" "$(podman artifact inspect localhost/theirs:2 | timeless)"
    podsharp artifact add --replace localhost/ours:2 c.html
    podman artifact add --replace localhost/theirs:2 c.html
    equal "$(podsharp artifact inspect localhost/ours:2 | timeless)" "$(podman artifact inspect localhost/theirs:2 | timeless)"
}

it_shares_the_store_with_podman() {
    none
    cd "$work/files"
    podsharp artifact add localhost/x:1 a.txt big
    podman artifact add localhost/y a.txt
    equal "$(podsharp artifact ls --no-trunc --format '{{.Repository}} {{.Tag}} {{.Digest}} {{.Size}} {{.VirtualSize}}')" \
        "$(podman artifact ls --no-trunc --format '{{.Repository}} {{.Tag}} {{.Digest}} {{.Size}} {{.VirtualSize}}')"
    run podsharp artifact ls
    equal "$(head -n 1 <<<"$output" | tr -s ' ')" 'REPOSITORY TAG DIGEST CREATED SIZE'
    prints '^localhost/x +1 +[0-9a-f]{12} '
    mkdir -p "$work/out"
    podman artifact extract localhost/x:1 "$work/out"
    cmp big "$work/out/big"
    rm -r "$work/out"
    mkdir "$work/out"
    podsharp artifact extract localhost/y:latest "$work/out"
    cmp a.txt "$work/out/a.txt"
    podman artifact rm localhost/x:1
    equal "$(podsharp artifact ls --noheading --format '{{.Repository}}')" localhost/y
    podsharp artifact rm localhost/y
    equal "$(podman artifact ls --noheading)" ""
    equal "$(blobs)" ""
}

it_keeps_blobs_that_another_artifact_needs() {
    none
    cd "$work/files"
    podsharp artifact add localhost/x a.txt b.png
    podsharp artifact add localhost/y a.txt
    podsharp artifact rm localhost/x
    podsharp artifact extract localhost/y "$work/kept"
    cmp a.txt "$work/kept"
    equal "$(blobs | wc -l)" 3
    none
    equal "$(blobs)" ""
}

it_answers_as_podman_does() {
    none
    cd "$work/files"
    podsharp artifact add localhost/x a.txt b.png
    rm -f "$work/nowhere"
    same_answer add localhost/x a.txt
    same_answer add --append localhost/x a.txt
    same_answer add --append localhost/nix a.txt
    same_answer add --append --type a/b localhost/x c.html
    same_answer add --append --replace localhost/x c.html
    same_answer add localhost/z a.txt a.txt
    same_answer add --annotation bad localhost/z a.txt
    same_answer add --annotation org.opencontainers.image.title=t localhost/z a.txt b.png
    same_answer inspect nix
    same_answer inspect 1234
    same_answer extract localhost/nix "$work/nowhere"
    same_answer extract localhost/x "$work/nowhere"
    same_answer extract --title q localhost/x "$work/nowhere"
    same_answer extract --digest sha256:12 localhost/x "$work/nowhere"
    same_answer extract --title a.txt --digest sha256:12 localhost/x "$work/nowhere"
    same_answer rm
    same_answer rm -a localhost/x
    same_answer rm localhost/nix
    same_answer rm -i localhost/nix
    [[ ! -e $work/nowhere ]]
    for word in 'Bad:1:2' 'localhost/x nofile' "localhost/z $work"; do
        # shellcheck disable=SC2086 # two words
        run podsharp artifact add $word ${word##* }
        exit_is 125
        one_sentence
    done
    equal "$(podsharp artifact ls --noheading | wc -l)" 1
}

it_finds_artifacts_by_their_digest() {
    none
    cd "$work/files"
    local digest
    digest=$(podsharp artifact add localhost/x:1 a.txt)
    for name in "${digest:0:10}" "$digest" "sha256:$digest" "localhost/x@sha256:$digest"; do
        equal "$(podsharp artifact inspect -f '{{.Name}} {{.Digest}}' "$name")" "localhost/x:1 sha256:$digest"
    done
    equal "$(podsharp artifact rm "${digest:0:10}")" "$digest"
}

it_lets_no_title_lead_out_of_the_directory() {
    none
    cd "$work/files"
    mkdir -p "$work/inner"
    podsharp artifact add --annotation org.opencontainers.image.title=../evil localhost/x a.txt
    run podsharp artifact extract localhost/x "$work/inner"
    exit_is 125
    complains 'invalid name: "../evil"'
    [[ ! -e $work/evil ]]
    podsharp artifact extract localhost/x "$work/fine"
    cmp a.txt "$work/fine"
}

it_notices_a_damaged_file() {
    none
    cd "$work/files"
    local digest blob
    digest=$(podsharp artifact add localhost/x a.txt)
    blob=$(store)/artifacts/blobs/sha256/$(sha256sum a.txt | cut -d ' ' -f 1)
    echo jello >"$blob"
    run podsharp artifact extract localhost/x "$work/damaged"
    exit_is 125
    complains 'does not have the digest'
    run push localhost/x "$registry/damaged:1"
    exit_is 125
    podsharp artifact add --replace localhost/x a.txt
    podsharp artifact extract localhost/x "$work/mended"
    cmp a.txt "$work/mended"
    digest=$(podsharp artifact inspect -f '{{.Digest}}' localhost/x)
    echo >"$(store)/artifacts/blobs/sha256/${digest#sha256:}"
    podsharp artifact add localhost/y b.png
    run podsharp artifact inspect localhost/x
    exit_is 125
    complains 'missing or damaged'
    podsharp artifact rm localhost/x
    equal "$(podman artifact ls --noheading --format '{{.Repository}}')" localhost/y
}

it_pushes_and_pulls() {
    none
    cd "$work/files"
    local ours theirs
    ours=$(podsharp artifact add --type application/x.y --annotation k=v "$registry/ours:1" a.txt big)
    run podsharp artifact push --tls-verify=false --digestfile "$work/digest" "$registry/ours:1"
    exit_is 0
    complains 'Writing manifest'
    equal "$(<"$work/digest")" "sha256:$ours"
    theirs=$(podman artifact add "$registry/theirs" a.txt b.png)
    podman artifact push -q --tls-verify=false "$registry/theirs"
    none
    podman artifact pull -q --tls-verify=false "$registry/ours:1"
    pull "$registry/theirs"
    equal "$(podsharp artifact ls --noheading --no-trunc --format '{{.Repository}} {{.Tag}} {{.Digest}}')" "$registry/ours 1 $ours"$'\n'"$registry/theirs  $theirs"
    pull "$registry/ours@sha256:$ours"
    equal "$(podsharp artifact inspect -f '{{.Digest}}' "$registry/ours@sha256:$ours")" "sha256:$ours"
    push "$registry/ours:1" "$registry/elsewhere:2"
    equal "$(skopeo inspect --raw --tls-verify=false "docker://$registry/elsewhere:2" | sha256sum | cut -d ' ' -f 1)" "$ours"
    rm -rf "$work/out"
    mkdir "$work/out"
    podman artifact extract "$registry/ours:1" "$work/out"
    cmp big "$work/out/big"
    # Pulled again, nothing is fetched that is there.
    run podsharp artifact pull --tls-verify=false "$registry/ours:1"
    exit_is 0
    complains 'already exists'
    run pull "$registry/none:1"
    exit_is 125
    one_sentence
    run push localhost/none
    exit_is 125
    complains 'artifact does not exist'
}

it_attaches_artifacts_to_images() {
    none
    cd "$work/files"
    podsharp push -q --tls-verify=false "$image" "$registry/app:1"
    local subject first second
    subject=$(skopeo inspect --tls-verify=false -f '{{.Digest}}' "docker://$registry/app:1")
    equal "$(podsharp artifact referrers --tls-verify=false --noheading "$registry/app:1")" ""
    first=$(podsharp artifact attach --tls-verify=false --type application/spdx+json --annotation by=me "$registry/app:1" sbom.json)
    second=$(podsharp artifact attach --tls-verify=false --type application/x.y "$registry/app@$subject" a.txt)
    equal "$(podsharp artifact referrers --tls-verify=false --format '{{.Digest}} {{.Type}}' "$registry/app:1")" \
        "$first application/spdx+json"$'\n'"$second application/x.y"
    equal "$(podsharp artifact referrers --tls-verify=false --type application/x.y --format '{{.Name}}' "$registry/app:1")" "$registry/app@$second"
    # This registry has no referrers API: the list stands under a tag that others look at, too.
    equal "$(skopeo inspect --raw --tls-verify=false "docker://$registry/app:${subject/:/-}" | jq -r '.mediaType, .manifests[].digest' | paste -sd' ')" \
        "application/vnd.oci.image.index.v1+json $first $second"
    pull "$registry/app@$first"
    podsharp artifact extract "$registry/app@$first" "$work/sbom"
    cmp sbom.json "$work/sbom"
    equal "$(podsharp artifact inspect "$registry/app@$first" | jq -r '.Manifest | .artifactType, .subject.digest, .annotations.by' | paste -sd' ')" "application/spdx+json $subject me"
    # An artifact with a subject is found where it is pushed, too.
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false --preserve-digests "docker://$registry/app:1" "docker://$registry/copy:1"
    push "$registry/app@$first" "$registry/copy@$first"
    equal "$(podsharp artifact referrers --tls-verify=false --format '{{.Digest}}' "$registry/copy:1")" "$first"
    run podsharp artifact attach --tls-verify=false "$registry/none:1" a.txt
    exit_is 125
    one_sentence
}

# both_mount MOUNT COMMAND: a container with the mount prints the same under both engines.
both_mount() {
    run podman run --rm --network none --cgroups disabled --mount "type=artifact,$1" "$image" sh -c "$2"
    local theirs="$status $output"
    run podsharp run --rm --network none --mount "type=artifact,$1" "$image" sh -c "$2"
    equal "$status $output" "$theirs"
}

it_mounts_artifacts_as_podman_does() {
    none
    cd "$work/files"
    podsharp artifact add localhost/one a.txt
    podsharp artifact add localhost/two a.txt e.sh
    local hex show='ls -ln /data* | grep -v total; cat /data 2>/dev/null'
    hex=$(sha256sum a.txt | cut -d ' ' -f 1)
    both_mount src=localhost/one,dst=/data "$show"
    both_mount src=localhost/one,dst=/data,name=q "$show"
    both_mount src=localhost/one,dst=/etc 'cat /etc/a.txt'
    both_mount src=localhost/one,dst=/etc,name=q 'cat /etc/q'
    both_mount src=localhost/one,dst=/etc/passwd 'cat /etc/passwd'
    both_mount src=localhost/two,dst=/data "$show"
    both_mount src=localhost/two,dst=/data,name=q "$show"
    both_mount src=localhost/two,dst=/data,title=e.sh "$show"
    both_mount src=localhost/two,target=/etc,title=e.sh 'cat /etc/e.sh'
    both_mount "source=localhost/two,destination=/etc,digest=sha256:$hex" "cat /etc/sha256-$hex"
    both_mount src=localhost/one,dst=/data 'echo x >/data; rm /data; ls /data'
    for mount in src=localhost/two,dst=/bin/sh src=localhost/two,dst=/data,title=q src=localhost/two,dst=/data,title=a.txt,digest=sha256:11 src=localhost/nix,dst=/data; do
        # (podman's code is 126, as for a command that can't be run.)
        run podsharp run --rm --network none --mount "type=artifact,$mount" "$image" true
        exit_is 125
        one_sentence
    done
    for mount in src=localhost/one,dst=/data,ro src=localhost/one dst=/data src=localhost/one,dst=data; do
        both_mount "$mount" true
    done
    cmp a.txt "$(store)/artifacts/blobs/sha256/$hex"
}

it_mounts_what_the_artifact_is_at_each_start() {
    none
    cd "$work/files"
    podsharp artifact add localhost/one a.txt
    podsharp create --name mounted --network none --mount type=artifact,src=localhost/one,dst=/data "$image" cat /data
    equal "$(podsharp start -a mounted)" hello
    podsharp artifact add --replace localhost/one e.sh
    equal "$(podsharp start -a mounted)" '#!/bin/sh'
    podsharp artifact rm localhost/one
    run podsharp start -a mounted
    complains 'artifact does not exist'
    [[ $status != 0 ]]
    # What runs keeps what it was given.
    podsharp artifact add localhost/one a.txt
    podsharp run -d --name keeper --network none --mount type=artifact,src=localhost/one,dst=/data "$image" sleep 100
    podsharp artifact rm localhost/one
    equal "$(podsharp exec keeper cat /data)" hello
    podsharp rm -f -t 0 keeper mounted
}

it_takes_a_container_with_an_artifact_over_from_podman() {
    none
    cd "$work/files"
    podman artifact add localhost/two a.txt e.sh
    podman create --name theirs --network none --mount type=artifact,src=localhost/two,dst=/data,title=e.sh,name=q "$image" cat /data
    podsharp system import-podman theirs || podsharp container import-podman theirs || skip 'no such command'
    equal "$(podsharp start -a podsharp-theirs)" '#!/bin/sh'
    podsharp rm podsharp-theirs
    podman rm -f theirs
}

# A killed process leaves an artifact that is there as a whole or not at all, a store that podman reads, and nothing that isn't named after the next change.
it_survives_a_kill_at_every_step() {
    none
    cd "$work/files"
    local point
    for point in artifact.noted artifact.placed artifact.recorded; do
        run env PODSHARP_KILL_AT=$point podsharp artifact add localhost/killed big
        exit_is 137
        podman artifact ls
        [[ -z $(podsharp artifact ls --noheading) ]] || podsharp artifact rm localhost/killed
        podsharp artifact add localhost/other a.txt
        podsharp artifact rm localhost/other
        equal "$(blobs)" ""
        equal "$(find "$(store)/podsharp/artifacts" -type f -o -mindepth 1 -type d)" ""
    done
    for point in artifact.noted artifact.recorded; do
        podsharp artifact add localhost/killed big
        run env PODSHARP_KILL_AT=$point podsharp artifact rm localhost/killed
        exit_is 137
        podman artifact ls
        podsharp artifact rm -i localhost/killed
        podsharp artifact add localhost/other a.txt
        podsharp artifact rm localhost/other
        equal "$(blobs)" ""
    done
}

# (podman loses some of its own when several add at once, so only ours are counted while it doesn't write.)
it_stands_many_at_once() {
    none
    cd "$work/files"
    local i
    podman artifact add localhost/theirs:1 a.txt b.png
    for i in 1 2 3 4 5 6; do podsharp artifact add "localhost/ours:$i" a.txt big & done
    for i in 1 2 3; do podman artifact inspect localhost/theirs:1 >/dev/null & done
    wait
    equal "$(podsharp artifact ls --noheading --format '{{.Repository}}:{{.Tag}}' | sort | paste -sd' ')" \
        "localhost/ours:1 localhost/ours:2 localhost/ours:3 localhost/ours:4 localhost/ours:5 localhost/ours:6 localhost/theirs:1"
    # Whatever is lost while both write, what is there is whole.
    for i in 2 3 4; do podman artifact add "localhost/theirs:$i" a.txt b.png & podsharp artifact rm "localhost/ours:$i" & done
    wait
    local name
    for name in $(podman artifact ls --noheading --format '{{.Repository}}:{{.Tag}}'); do
        rm -f "$work/still"
        podsharp artifact extract --title a.txt "$name" "$work/still"
        equal "$(<"$work/still")" hello
    done
    # (What podman has lost leaves its blobs behind.)
    none
    equal "$(podman artifact ls --noheading)" ""
}

run_suite "$@"
