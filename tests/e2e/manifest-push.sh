#!/bin/bash
# Lists of images sent to registries and files, beside podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

registry=localhost:5000
private=localhost:5001

before_all() {
    import_image
    start_registry 5000
    htpasswd -Bbn user pa:ss >/tmp/htpasswd
    start_registry_with 5001 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd}}"
    local platform
    for platform in amd64 arm64 arm/v7; do
        podsharp build -q --platform "linux/$platform" -t "localhost/t:${platform/\//}" -f - / >/dev/null <<<"FROM scratch
COPY etc/services /services-$platform"
    done
    podsharp push -q localhost/t:armv7 "$registry/t:armv7"
    podsharp manifest create --annotation a=b local localhost/t:amd64 localhost/t:arm64
    podsharp manifest create mixed localhost/t:amd64 "docker://$registry/t:armv7"
    podsharp manifest create foreign localhost/t:arm64
}

raw() { skopeo inspect --raw --tls-verify=false "docker://$1"; }
shape() { jq -c '[.mediaType, .annotations, [.manifests[] | [.mediaType, .platform, .annotations]]]'; }
clear_registry() { rm -rf "/tmp/registry/5000/docker/registry/v2/repositories/$1"; }

it_sends_what_podman_sends() {
    local list form
    for list in local mixed; do
        for form in '' '--format v2s2' '--add-compression zstd'; do
            podman manifest push -q $form $list "$registry/theirs:1"
            run podsharp manifest push $form $list "$registry/ours:1"
            exit_is 0
            diff <(raw "$registry/theirs:1" | shape) <(raw "$registry/ours:1" | shape)
            clear_registry theirs
            clear_registry ours
        done
    done
    podsharp manifest push -q --digestfile /tmp/digest local "$registry/ours:2"
    equal "$(cat /tmp/digest)" "sha256:$(raw "$registry/ours:2" | sha256sum | cut -d ' ' -f 1)"
}

it_sends_images_that_run() {
    podsharp manifest push -q mixed "docker://$registry/run:1"
    podman pull -q --platform linux/arm/v7 "$registry/run:1" >/dev/null
    equal "$(podman image inspect "$registry/run:1" --format '{{.Architecture}} {{.RootFS.Layers}}')" "$(podman image inspect localhost/t:armv7 --format '{{.Architecture}} {{.RootFS.Layers}}')"
    podman rmi "$registry/run:1"
    podsharp pull -q "$registry/run:1"
    equal "$(podsharp image inspect "$registry/run:1" --format '{{.Architecture}}')" amd64
    podsharp rmi "$registry/run:1"
    # A registry's image goes as it is.
    local digest
    digest=$(raw "$registry/t:armv7" | sha256sum | cut -d ' ' -f 1)
    equal "$(raw "$registry/run:1" | jq -r '.manifests[1].digest')" "sha256:$digest"
    local zstd
    podsharp manifest push -q --compression-format zstd --force-compression local "$registry/zstd:1"
    zstd=$(raw "$registry/zstd:1" | jq -r '.manifests[0].digest')
    equal "$(raw "$registry/zstd@$zstd" | jq -r '.layers[0].mediaType')" application/vnd.oci.image.layer.v1.tar+zstd
}

it_sends_nothing_twice() {
    podsharp manifest push -q local "$registry/twice:1"
    run podsharp manifest push local "$registry/twice:2"
    exit_is 0
    complains 'already exists'
    equal "$(raw "$registry/twice:1")" "$(raw "$registry/twice:2")"
}

it_writes_directories_and_archives() {
    cd /tmp
    run podsharp manifest push -q local oci:out-oci:one
    exit_is 0
    equal "$(skopeo inspect --raw oci:/tmp/out-oci:one | jq -r '[.manifests[].platform.architecture] | join(" ")')" 'amd64 arm64'
    podsharp manifest push -q local oci-archive:/tmp/out.tar
    equal "$(skopeo inspect --raw oci-archive:/tmp/out.tar | jq '.manifests | length')" 2
    podsharp manifest push -q mixed dir:/tmp/out-dir
    equal "$(skopeo inspect --raw dir:/tmp/out-dir | jq '.manifests | length')" 2
    skopeo copy -q --all oci:/tmp/out-oci:one --dest-tls-verify=false "docker://$registry/copied:1"
    run podsharp manifest push local docker-archive:/tmp/out2.tar
    exit_is 125
    one_sentence
    rm -rf /tmp/out-oci /tmp/out.tar /tmp/out-dir
}

it_pushes_a_list_as_podman_does() {
    podsharp push -q local "$registry/push:1"
    equal "$(raw "$registry/push:1" | jq -r .mediaType)" application/vnd.oci.image.manifest.v1+json
    podsharp push -q foreign "$registry/push:2"
    podman push -q foreign "$registry/push:3"
    diff <(raw "$registry/push:2" | shape) <(raw "$registry/push:3" | shape)
}

it_removes_a_list_only_once_it_is_sent() {
    podsharp manifest create once localhost/t:amd64
    run podsharp manifest push --rm once localhost:1/nowhere:1
    exit_is 125
    podsharp manifest exists once
    podsharp manifest push -q --rm once "$registry/once:1"
    run podsharp manifest exists once
    exit_is 1
}

it_obeys_the_policy_for_images_of_registries() {
    mkdir -p ~/.config/containers
    echo '{"default": [{"type": "insecureAcceptAnything"}], "transports": {"docker": {"'$registry'/t": [{"type": "reject"}]}}}' >~/.config/containers/policy.json
    run podsharp manifest push mixed "$registry/refused:1"
    rm ~/.config/containers/policy.json
    exit_is 125
    complains 'policy'
    run skopeo inspect --tls-verify=false "docker://$registry/refused:1"
    [[ $status != 0 ]] || fail 'the list was sent'
}

it_tells_what_is_wrong() {
    run podsharp manifest push --all=false local "$registry/empty:1"
    exit_is 125
    one_sentence
    run podsharp manifest push --tls-verify=false local "$private/t:1"
    exit_is 125
    complains '401 Unauthorized'
    podsharp manifest push -q --tls-verify=false --creds user:pa:ss mixed "$private/t:1"
    run podsharp manifest push localhost/t:amd64 "$registry/t:1"
    exit_is 125
    complains 'not a manifest list'
    run podsharp manifest push -f nope local "$registry/t:1"
    exit_is 125
    podsharp build -q -t localhost/gone -f - / >/dev/null <<<"FROM scratch
LABEL gone=1"
    podsharp manifest create broken localhost/t:amd64 localhost/gone
    podsharp rmi localhost/gone
    run podsharp manifest push broken "$registry/broken:1"
    exit_is 125
    one_sentence
    complains 'is not at .* any more'
    run skopeo inspect --tls-verify=false "docker://$registry/broken:1"
    [[ $status != 0 ]] || fail 'half of the list was sent'
    podsharp manifest rm broken
}

run_suite "$@"
