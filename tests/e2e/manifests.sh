#!/bin/bash
# Lists of images for several platforms, beside podman's on one store.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

registry=localhost:5000
store=/var/lib/containers/storage/overlay-images

before_all() {
    import_image
    start_registry 5000
    local platform
    for platform in amd64 arm64 arm/v7; do
        podsharp build -q --platform "linux/$platform" -t "localhost/t:${platform/\//}" -f - / >/dev/null <<<"FROM scratch
COPY etc/services /services-$platform"
    done
    podsharp push -q localhost/t:arm64 "$registry/t:arm64"
}

same_for_both() {
    diff <(podman manifest inspect "$1") <(podsharp manifest inspect "$1") || fail 'podman sees another list'
}
is_sound() {
    podman system check >/tmp/check 2>&1 || { cat /tmp/check; fail 'podman system check finds damage'; }
    podsharp system check >/tmp/check 2>&1 || { cat /tmp/check; fail 'podsharp system check finds damage'; }
}
list_file() { echo "$store/$(jq -r ".[] | select(.names | index(\"localhost/$1:latest\")).id" "$store/images.json")/manifest"; }
digest_of() { podsharp image inspect "localhost/t:$1" --format '{{.Digest}}'; }
forget() { podsharp manifest rm -i "$@" >/dev/null; }

it_makes_lists_that_podman_reads_and_changes() {
    forget both
    run podsharp manifest create both localhost/t:amd64
    exit_is 0
    local id=$output
    prints '^[0-9a-f]{64}$'
    same_for_both both
    equal "$(podman manifest add both containers-storage:localhost/t:arm64)" "$id"
    same_for_both both
    run podsharp manifest inspect both
    equal "$(jq -r '[.manifests[].platform.architecture] | join(" ")' <<<"$output")" "amd64 arm64"
    podsharp manifest add --annotation k=v --os-version 1.2 both localhost/t:armv7
    same_for_both both
    podman manifest annotate --arch s390x both "$(digest_of armv7)"
    same_for_both both
    podsharp manifest remove both "$(digest_of amd64)"
    same_for_both both
    is_sound
    run podsharp manifest rm both
    equal "$output" "Untagged: localhost/both:latest
Deleted: $id"
    run podman manifest exists both
    exit_is 1
}

# changes ENGINE: the same steps; what they lead to is printed.
changes() {
    local engine=$1
    "$engine" manifest rm -i steps >/dev/null
    "$engine" manifest create --annotation a=b steps containers-storage:localhost/t:amd64
    "$engine" manifest add --arch riscv64 --variant v9 --os-version 1.2 --annotation x=y --annotation z=1 steps containers-storage:localhost/t:arm64
    "$engine" manifest add steps docker://$registry/t:arm64
    "$engine" manifest annotate --annotation k=v --arch s390x --os-features one,two --os-version 9 steps "$(digest_of amd64)"
    "$engine" manifest annotate --index --annotation top=1 --subject containers-storage:localhost/t:arm64 steps
    "$engine" manifest add steps containers-storage:localhost/t:armv7
    "$engine" manifest add steps containers-storage:localhost/t:amd64
    "$engine" manifest remove steps "$(digest_of arm64)"
} >/dev/null

it_comes_to_the_same_bytes_as_podman() {
    changes podman
    cp "$(list_file steps)" /tmp/expected
    changes podsharp
    diff /tmp/expected "$(list_file steps)"
    same_for_both steps
    forget steps
    podman manifest create plain containers-storage:localhost/t:amd64 >/dev/null
    podman manifest annotate --features f1,f2 plain "$(digest_of amd64)" >/dev/null
    podman manifest inspect plain >/tmp/expected
    forget plain
    podsharp manifest create plain containers-storage:localhost/t:amd64
    podsharp manifest annotate --features f1,f2 plain "$(digest_of amd64)"
    podsharp manifest inspect plain | diff /tmp/expected -
    same_for_both plain
    forget plain
}

it_makes_and_shows_an_empty_list_as_podman_does() {
    podsharp manifest create none
    same_for_both none
    is_sound
    forget none
}

it_amends_a_list_and_makes_none_twice() {
    podsharp manifest create again localhost/t:amd64
    run podsharp manifest create again localhost/t:arm64
    exit_is 125
    one_sentence
    complains 'already in use'
    run podsharp manifest create --amend again localhost/t:arm64
    exit_is 0
    equal "$(podsharp manifest inspect again | jq '.manifests | length')" 2
    run podsharp manifest create --amend localhost/t:amd64 localhost/t:arm64
    exit_is 125
    complains 'not a manifest list'
    forget again
}

it_takes_local_images_before_a_registry_is_asked() {
    podsharp tag localhost/t:armv7 $registry/t:arm64
    podsharp manifest create near $registry/t:arm64
    podsharp manifest create far docker://$registry/t:arm64
    equal "$(podsharp manifest inspect near | jq -r '.manifests[].platform.architecture')" arm
    equal "$(podsharp manifest inspect far | jq -r '.manifests[].platform.architecture')" arm64
    podsharp untag localhost/t:armv7 $registry/t:arm64
    forget near far
}

it_takes_all_images_of_a_list_or_the_one_for_the_host() {
    podsharp manifest create source localhost/t:amd64 localhost/t:arm64
    podman manifest push -q source "$registry/source:1"
    podsharp manifest create --all all "docker://$registry/source:1"
    equal "$(podsharp manifest inspect all | jq -r '[.manifests[].platform.architecture] | join(" ")')" 'amd64 arm64'
    podsharp manifest create one "docker://$registry/source:1"
    equal "$(podsharp manifest inspect one | jq -r '[.manifests[].platform.architecture] | join(" ")')" amd64
    podsharp manifest create --all local source
    equal "$(podsharp manifest inspect local | jq -r '[.manifests[].platform.architecture] | join(" ")')" 'amd64 arm64'
    same_for_both local
    run podsharp manifest inspect "$registry/source:1"
    equal "$output" "$(podman manifest inspect "$registry/source:1")"
    run podsharp manifest inspect "$registry/t:arm64"
    exit_is 125
    complains 'not a manifest list'
    forget source all one local
}

it_refuses_what_makes_no_sense() {
    podsharp manifest create some localhost/t:amd64
    local word
    for word in 'add nolist localhost/t:amd64' 'add localhost/t:amd64 localhost/t:arm64' "add some $registry/nothing:1" 'add some oci:/tmp/x' \
        "add --arch arm64 some localhost/t:amd64 localhost/t:arm64" 'annotate some' 'annotate --arch arm64 some' \
        "annotate --index --annotation a=b some $(digest_of amd64)" "annotate --index --arch arm64 some" "annotate --annotation a=b some $(digest_of arm64)" \
        "remove some $(digest_of arm64)" 'remove some localhost/t:amd64' 'inspect localhost/t:amd64' 'exists localhost/t:amd64' 'rm localhost/t:amd64'; do
        run podsharp manifest $word
        exit_is 125
        one_sentence
    done
    run podsharp manifest rm nothing
    exit_is 1
    run podsharp manifest exists nothing
    exit_is 1
    run podsharp manifest exists some
    exit_is 0
    equal "$(podsharp manifest inspect some | jq '.manifests | length')" 1
    forget some
}

it_stands_for_the_image_of_a_platform() {
    podsharp manifest create for localhost/t:amd64 localhost/t:arm64
    podsharp manifest create others localhost/t:arm64
    equal "$(podsharp image inspect for --format '{{.Id}}')" "$(podman image inspect for --format '{{.Id}}')"
    run podsharp image exists for
    exit_is 0
    run podsharp image exists others
    exit_is "$(code=0; podman image exists others || code=$?; echo $code)"
    run podsharp image inspect others
    exit_is 125
    complains 'none for linux/amd64'
    equal "$(podsharp inspect "$(podsharp create --platform linux/arm64 --name of-list for sh)" --format '{{.Image}}')" "$(podsharp image inspect localhost/t:arm64 --format '{{.Id}}')"
    podsharp rm of-list
    podsharp save -q -o /tmp/for.tar for
    podman save -q -o /tmp/for2.tar for
    equal "$(tar xOf /tmp/for.tar manifest.json | jq -c '.[0].Config, .[0].RepoTags')" "$(tar xOf /tmp/for2.tar manifest.json | jq -c '.[0].Config, .[0].RepoTags')"
    podsharp tag others others2
    equal "$(podsharp images -q --no-trunc others2)" "$(podsharp images -q --no-trunc others)"
    run podsharp rmi others2
    equal "$output" 'Untagged: localhost/others2:latest'
    forget for others
}

it_keeps_the_images_of_lists_from_being_pruned() {
    podsharp build -q --platform linux/arm64 -t localhost/kept -f - / <<<"FROM scratch
COPY etc/passwd /kept"
    podsharp manifest create keeper localhost/kept
    local id
    id=$(podsharp image inspect --format '{{.Id}}' "$(podsharp images -q localhost/kept)")
    podsharp untag localhost/kept
    equal "$(podsharp images -q --no-trunc --filter dangling=true | grep -c "$id" || true)" 0
    podsharp image prune -f
    podman image prune -f
    podsharp image exists "$id"
    is_sound
    forget keeper
    podsharp image prune -f
    run podsharp image exists "$id"
    exit_is 1
}

# After a look at the list, and without the temporary files that a killed writer always leaves.
is_recovered() {
    podsharp manifest exists killed >/dev/null || true
    podman system check >/tmp/check 2>&1 || { cat /tmp/check; fail 'podman system check finds damage'; }
    podsharp system check --repair >/tmp/check 2>&1 || { cat /tmp/check; fail 'podsharp system check finds more than leftovers'; }
    is_sound
}

it_leaves_a_sound_list_wherever_it_is_killed() {
    local point
    for point in storage.list.locked storage.image.data storage.image.recorded; do
        forget killed
        podsharp manifest create killed localhost/t:amd64
        run env PODSHARP_KILL_AT=$point podsharp manifest add killed localhost/t:arm64
        exit_is 137
        is_recovered
        podsharp manifest inspect killed | jq -e '.manifests | length == 1 or length == 2' >/dev/null
        same_for_both killed
        is_sound
        podsharp manifest add killed localhost/t:armv7
        run env PODSHARP_KILL_AT=$point podsharp manifest remove killed "$(digest_of amd64)"
        exit_is 137
        is_recovered
        same_for_both killed
        podman manifest add killed containers-storage:localhost/t:amd64
        same_for_both killed
    done
    for point in storage.image.data storage.image.recorded; do
        forget made
        run env PODSHARP_KILL_AT=$point podsharp manifest create made localhost/t:amd64
        exit_is 137
        is_recovered
        podsharp manifest create --amend made localhost/t:amd64
        same_for_both made
    done
    forget killed made
}

it_changes_one_list_from_both_engines_at_once() {
    podsharp manifest create shared
    local n
    for n in 1 2 3 4 5 6; do
        podsharp build -q -t "localhost/member:$n" -f - / <<<"FROM scratch
LABEL n=$n" >/dev/null
    done
    local pids=()
    for n in 1 3 5; do podsharp manifest add shared "containers-storage:localhost/member:$n" & pids+=($!); done
    for n in 2 4 6; do podman manifest add shared "containers-storage:localhost/member:$n" & pids+=($!); done
    wait "${pids[@]}"
    equal "$(podsharp manifest inspect shared | jq '.manifests | length')" 6
    same_for_both shared
    is_sound
    forget shared
}

run_suite "$@"
