#!/bin/bash
# Copies of images between places, beside skopeo's: the same digests where nothing has to change, the same blobs, nothing sent twice.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

plain=localhost:5000   # allowed as insecure by the test host's registries.conf
private=127.0.0.1:5001 # basic auth
other=127.0.0.1:5005   # another registry
faulty=127.0.0.1:5004  # the first one, behind a proxy that does harm

before_all() {
    import_image
    htpasswd -Bbn user pa:ss >/tmp/htpasswd
    start_registry_with 5000
    start_registry_with 5001 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd}}"
    start_registry 5005
    setsid python3 "$e2e_here/fault-proxy.py" 5004 5000 /tmp/faults /tmp/faults.log >/tmp/registry/5004.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5004/v2/
    head -c 3000000 /dev/urandom >/tmp/random
    cp /etc/hosts /tmp/hosts
    local arch
    for arch in amd64 arm64; do
        podman build -q --platform linux/$arch -t localhost/many:$arch -f - /tmp >/dev/null <<<"FROM scratch
COPY hosts /etc/hosts
COPY random /random
LABEL arch=$arch"
        podman push -q localhost/many:$arch "$plain/many:$arch"
    done
    podman manifest create localhost/list
    podman manifest add --tls-verify=false localhost/list "docker://$plain/many:amd64"
    podman manifest add --tls-verify=false localhost/list "docker://$plain/many:arm64"
    podman manifest push --all localhost/list "docker://$plain/many:1"
    podman push -q --format v2s2 localhost/many:amd64 "$plain/many:docker"
}

copy() { podsharp image copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
theirs() { skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
raw() { skopeo inspect --raw --tls-verify=false "$1"; }
digest_of() { echo "sha256:$(raw "$1" | sha256sum | cut -d ' ' -f 1)"; }
harm() { printf '%s\n' "$@" >/tmp/faults; : >/tmp/faults.log; }
count() { grep -c -- "$1" /tmp/faults.log || true; }

it_copies_an_image_between_registries_as_it_is() {
    run podsharp image copy --src-tls-verify=false --dest-tls-verify=false --digestfile /tmp/digest "docker://$plain/many:amd64" "docker://$other/one:1"
    exit_is 0
    equal "$output" ''
    complains 'Writing manifest to image destination'
    equal "$(cat /tmp/digest)" "$(digest_of "docker://$plain/many:amd64")"
    equal "$(digest_of "docker://$other/one:1")" "$(cat /tmp/digest)"
    # All of it is there: skopeo reads every blob.
    theirs "docker://$other/one:1" dir:/tmp/one
    copy "docker://$plain/many:amd64" "docker://$other/one@$(cat /tmp/digest)"
    run copy "docker://$plain/many:arm64" "docker://$other/one@$(cat /tmp/digest)"
    exit_is 125
    complains 'has the digest'
}

it_copies_a_list_or_the_image_for_this_host() {
    copy --all "docker://$plain/many:1" "docker://$other/all:1"
    equal "$(digest_of "docker://$other/all:1")" "$(digest_of "docker://$plain/many:1")"
    theirs --all "docker://$other/all:1" dir:/tmp/all
    copy "docker://$plain/many:1" "docker://$other/system:1"
    theirs "docker://$plain/many:1" "docker://$other/system:2"
    equal "$(digest_of "docker://$other/system:1")" "$(digest_of "docker://$other/system:2")"
    copy --platform linux/arm64 "docker://$plain/many:1" "docker://$other/system:arm"
    equal "$(digest_of "docker://$other/system:arm")" "$(digest_of "docker://$plain/many:arm64")"
    # The list alone, once what it names is there.
    copy --multi-arch index-only "docker://$plain/many:1" "docker://$other/all:only"
    equal "$(digest_of "docker://$other/all:only")" "$(digest_of "docker://$plain/many:1")"
    run copy --multi-arch index-only "docker://$plain/many:1" "docker://$other/nothing:1"
    exit_is 125
    one_sentence
}

it_sends_nothing_that_the_registry_has_or_can_take_over() {
    harm
    copy "docker://$faulty/many:amd64" "docker://$faulty/mounted:1"
    equal "$(count 'PATCH')" 0
    [[ $(count 'mount=') -gt 0 ]] || fail 'nothing was mounted'
    equal "$(digest_of "docker://$plain/mounted:1")" "$(digest_of "docker://$plain/many:amd64")"
    run podsharp image copy --src-tls-verify=false --dest-tls-verify=false "docker://$plain/many:amd64" "docker://$plain/mounted:2"
    exit_is 0
    complains 'already exists'
}

it_changes_form_and_compression_when_asked() {
    local list arch
    copy --format v2s2 "docker://$plain/many:amd64" "docker://$other/forms:docker"
    theirs --format v2s2 "docker://$plain/many:amd64" "docker://$other/forms:theirs"
    equal "$(digest_of "docker://$other/forms:docker")" "$(digest_of "docker://$other/forms:theirs")"
    copy --all --format v2s2 "docker://$plain/many:1" "docker://$other/forms:list"
    theirs --all --format v2s2 "docker://$plain/many:1" "docker://$other/forms:their-list"
    equal "$(raw "docker://$other/forms:list" | jq -S .)" "$(raw "docker://$other/forms:their-list" | jq -S .)"
    copy --all --dest-compress-format zstd --dest-compress-level 5 "docker://$plain/many:1" "docker://$other/zstd:1"
    list=$(raw "docker://$other/zstd:1")
    for arch in amd64 arm64; do
        skopeo copy -q --src-tls-verify=false --override-arch $arch "docker://$other/zstd:1" dir:/tmp/zstd-$arch
        equal "$(jq -r '.layers[].mediaType' /tmp/zstd-$arch/manifest.json | sort -u)" application/vnd.oci.image.layer.v1.tar+zstd
        # The same configuration, whose digests of the layers skopeo has not looked at: our pull does.
        equal "$(jq -r .config.digest /tmp/zstd-$arch/manifest.json)" "$(raw "docker://$plain/many:$arch" | jq -r .config.digest)"
    done
    podsharp --root /tmp/zstd-root --runroot /tmp/zstd-run pull -q --tls-verify=false "$other/zstd:1" >/dev/null
    umount -R /tmp/zstd-root/overlay 2>/dev/null || true
    run copy --format v2s2 --dest-compress-format zstd "docker://$plain/many:amd64" "docker://$other/forms:none"
    exit_is 125
    one_sentence
    run copy --preserve-digests --format v2s2 "docker://$plain/many:amd64" "docker://$other/forms:none"
    exit_is 125
    complains 'another digest'
}

it_logs_in_at_both_ends() {
    run copy "docker://$plain/many:amd64" "docker://$private/app:1"
    exit_is 125
    one_sentence
    complains 'log in'
    copy --dest-creds user:pa:ss "docker://$plain/many:amd64" "docker://$private/app:1"
    run podsharp image copy --src-tls-verify=false --dest-tls-verify=false --dest-creds user:wrong "docker://$plain/many:amd64" "docker://$private/app:2"
    exit_is 125
    ! grep -q wrong <<<"$errors" || fail 'the password is in the error'
    # Two registries at once, one of them logged in to.
    podsharp login --tls-verify=false -u user -p pa:ss --authfile /tmp/auth.json "$private"
    copy --authfile /tmp/auth.json "docker://$private/app:1" "docker://$other/from-private:1"
    copy --src-username user --src-password pa:ss "docker://$private/app:1" "docker://$other/from-private:2"
    run copy --authfile /tmp/auth.json --src-no-creds "docker://$private/app:1" "docker://$other/from-private:3"
    exit_is 125
    equal "$(digest_of "docker://$other/from-private:2")" "$(digest_of "docker://$plain/many:amd64")"
}

it_writes_directories_and_archives_as_skopeo_does() {
    local kind
    copy "docker://$plain/many:amd64" dir:/tmp/d1
    theirs "docker://$plain/many:amd64" dir:/tmp/d2
    diff -r /tmp/d1 /tmp/d2
    copy --all "docker://$plain/many:1" dir:/tmp/d1 # in the place of what was there
    theirs --all "docker://$plain/many:1" dir:/tmp/d3
    diff -r /tmp/d1 /tmp/d3
    copy --all "docker://$plain/many:1" oci:/tmp/o1:many:1
    theirs --all "docker://$plain/many:1" oci:/tmp/o2:many:1
    diff -r /tmp/o1/blobs /tmp/o2/blobs
    equal "$(jq -cS .manifests /tmp/o1/index.json)" "$(jq -cS .manifests /tmp/o2/index.json)"
    # Several in one layout, a name that moves on.
    copy "docker://$plain/many:amd64" oci:/tmp/o1:amd64
    copy "docker://$plain/many:arm64" oci:/tmp/o1:amd64
    equal "$(jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' /tmp/o1/index.json | tr '\n' ' ')" 'many:1 amd64 '
    equal "$(skopeo inspect --raw oci:/tmp/o1:amd64)" "$(raw "docker://$plain/many:arm64")"
    copy --all "docker://$plain/many:1" oci-archive:/tmp/o1.tar:many
    equal "$(skopeo inspect --raw oci-archive:/tmp/o1.tar:many)" "$(raw "docker://$plain/many:1")"
    copy "docker://$plain/many:1" docker-archive:/tmp/a1.tar:localhost/many:1 --additional-tag localhost/many:2
    theirs "docker://$plain/many:1" docker-archive:/tmp/a2.tar:localhost/many:1 --additional-tag localhost/many:2
    mkdir -p /tmp/a1 /tmp/a2
    tar -C /tmp/a1 -xf /tmp/a1.tar
    tar -C /tmp/a2 -xf /tmp/a2.tar
    equal "$(jq -cS . /tmp/a1/manifest.json)" "$(jq -cS . /tmp/a2/manifest.json)"
    for file in $(jq -r '.[0].Config, .[0].Layers[]' /tmp/a1/manifest.json); do cmp "/tmp/a1/$file" "/tmp/a2/$file"; done
    run copy "docker://$plain/many:1" docker-archive:/tmp/a1.tar:localhost/many:3
    exit_is 125
    complains "modifying existing"
    mkdir /tmp/other && touch /tmp/other/file
    for kind in dir oci; do
        run copy "docker://$plain/many:1" $kind:/tmp/other
        exit_is 125
        complains 'not empty'
    done
}

it_reads_directories_and_archives() {
    local place
    mkdir /tmp/in
    theirs --all "docker://$plain/many:1" oci:/tmp/in/oci:x:y
    theirs --all "docker://$plain/many:1" oci-archive:/tmp/in/oci.tar:x
    theirs --all "docker://$plain/many:1" dir:/tmp/in/dir
    tar -C /tmp/in/oci -czf /tmp/in/oci.tar.gz .
    for place in oci:/tmp/in/oci:x:y oci:/tmp/in/oci oci:/tmp/in/oci:@0 oci-archive:/tmp/in/oci.tar:x oci-archive:/tmp/in/oci.tar.gz dir:/tmp/in/dir; do
        copy --all "$place" "docker://$other/from-files:1"
        equal "$(digest_of "docker://$other/from-files:1")" "$(digest_of "docker://$plain/many:1")"
    done
    podman save -q -m -o /tmp/in/two.tar localhost/many:amd64 localhost/many:arm64
    gzip -k /tmp/in/two.tar
    for place in docker-archive:/tmp/in/two.tar:localhost/many:arm64 docker-archive:/tmp/in/two.tar.gz:@1; do
        copy "$place" "docker://$other/from-archive:1"
        equal "$(raw "docker://$other/from-archive:1" | jq -r .config.digest)" "$(raw "docker://$plain/many:arm64" | jq -r .config.digest)"
        equal "$(raw "docker://$other/from-archive:1" | jq -r '.layers[].mediaType' | sort -u)" application/vnd.docker.image.rootfs.diff.tar.gzip
        theirs "docker://$other/from-archive:1" "dir:/tmp/in/again"
    done
    while read -r place; do
        run copy "$place" dir:/tmp/in/none
        exit_is 125
        one_sentence
    done <<'REFUSED'
docker-archive:/tmp/in/two.tar
docker-archive:/tmp/in/two.tar:localhost/none
docker-archive:/tmp/in/none.tar
oci:/tmp/in/oci:none
oci:/tmp/in/none
oci:/tmp/in
dir:/tmp/in
oci-archive:/tmp/in/two.tar:@7
REFUSED
    [[ ! -e /tmp/in/none ]] || fail 'something was made'
    # A blob that is another.
    printf x | dd of="$(find /tmp/in/dir -size +1M)" bs=1 seek=1000 conv=notrunc status=none
    run copy dir:/tmp/in/dir "docker://$other/damaged:1"
    exit_is 125
    complains 'has the digest'
    run raw "docker://$other/damaged:1"
    [[ $status != 0 ]] || fail 'a damaged image was written'
}

it_copies_to_and_from_the_store() {
    copy "docker://$plain/many:1" "containers-storage:localhost/copied:1"
    equal "$(podman image inspect --format '{{.Id}}' localhost/copied:1)" "$(podman image inspect --format '{{.Id}}' localhost/many:amd64)"
    copy --platform linux/arm64 "docker://$plain/many:1" containers-storage:localhost/copied:arm
    equal "$(podman image inspect --format '{{.Architecture}}' localhost/copied:arm)" arm64
    copy containers-storage:localhost/copied:1 "docker://$other/from-store:1"
    copy containers-storage:localhost/copied:1 oci:/tmp/from-store:x
    copy containers-storage:localhost/copied:1 dir:/tmp/from-store-dir
    equal "$(skopeo inspect --config --raw oci:/tmp/from-store:x)" "$(skopeo inspect --config --raw --tls-verify=false "docker://$other/from-store:1")"
    copy dir:/tmp/from-store-dir containers-storage:localhost/copied:2
    copy oci:/tmp/from-store:x containers-storage:localhost/copied:3
    equal "$(podman image inspect --format '{{.Id}}' localhost/copied:2 localhost/copied:3 | sort -u)" "$(podman image inspect --format '{{.Id}}' localhost/copied:1)"
    run copy --all "docker://$plain/many:1" containers-storage:localhost/copied:4
    exit_is 125
    complains 'no list'
    run copy containers-storage:localhost/none dir:/tmp/none
    exit_is 125
    podsharp rmi localhost/copied:1 localhost/copied:2 localhost/copied:3 localhost/copied:arm
    podman system check
}

it_reads_zstd_chunked_as_zstd() {
    podman push -q --compression-format zstd:chunked --force-compression localhost/many:amd64 "$plain/chunked:1"
    raw "docker://$plain/chunked:1" | grep -q zstd-chunked || fail 'it is not chunked'
    copy "docker://$plain/chunked:1" "docker://$other/chunked:1"
    equal "$(digest_of "docker://$other/chunked:1")" "$(digest_of "docker://$plain/chunked:1")"
    copy --dest-compress-format gzip --dest-force-compress-format "docker://$plain/chunked:1" "docker://$other/chunked:gzip"
    equal "$(raw "docker://$other/chunked:gzip" | jq -r '.layers[].mediaType' | sort -u)" application/vnd.oci.image.layer.v1.tar+gzip
    ! raw "docker://$other/chunked:gzip" | grep -q zstd || fail 'the description speaks of zstd'
    copy "docker://$plain/chunked:1" containers-storage:localhost/chunked
    equal "$(podman image inspect --format '{{.Id}}' localhost/chunked)" "$(podman image inspect --format '{{.Id}}' localhost/many:amd64)"
    podsharp untag localhost/chunked
    copy "docker://$plain/chunked:1" docker-archive:/tmp/chunked.tar
    run copy --dest-compress-format zstd:chunked "docker://$plain/many:amd64" "docker://$other/none:1"
    exit_is 125
    complains 'zstd:chunked'
}

it_looks_at_images_where_they_are() {
    local place
    for place in "docker://$plain/many:1" "docker://$plain/many:docker" "docker://$plain/chunked:1"; do
        podsharp image inspect --tls-verify=false "$place" >/tmp/ours.json
        skopeo inspect --tls-verify=false "$place" >/tmp/theirs.json
        # The order of tags is the registry's, another each time; our times have seven digits.
        diff <(jq -S '.RepoTags |= sort | .Created |= .[:26]' /tmp/ours.json) <(jq -S '.RepoTags |= sort | .Created |= .[:26]' /tmp/theirs.json)
        equal "$(podsharp image inspect --raw --tls-verify=false "$place" | sha256sum)" "$(raw "$place" | sha256sum)"
        equal "$(podsharp image inspect --config --tls-verify=false "$place" | sha256sum)" "$(skopeo inspect --config --raw --tls-verify=false "$place" | sha256sum)"
    done
    equal "$(podsharp image inspect --remote -n --platform linux/arm64 --format '{{.Architecture}} {{.RepoTags}}' "$plain/many:1")" 'arm64 []'
    theirs --all "docker://$plain/many:1" oci:/tmp/inspected:x
    podsharp image inspect oci:/tmp/inspected:x | jq -e '.Layers | length == 2'
    equal "$(podsharp image inspect "containers-storage:$image" | jq -r .Os)" linux
    run podsharp image inspect --raw "$image"
    exit_is 125
    complains 'remote'
    run podsharp image inspect --remote "$plain/none:1"
    exit_is 125
    one_sentence
    # Nothing was pulled.
    ! podsharp image exists "$plain/many:1" || fail 'it was pulled'
}

it_removes_images_from_registries() {
    start_registry_with 5006 '' ', headers: {X-Test: [a]}'
    sed -i 's|^storage: {|&delete: {enabled: true}, |' /tmp/registry/5006.yml
    kill "$(tail -n 1 /tmp/registry/pids)"
    docker-registry serve /tmp/registry/5006.yml >/tmp/registry/5006.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5006/v2/
    copy "docker://$plain/many:amd64" docker://127.0.0.1:5006/app:1
    run podsharp image delete --tls-verify=false --dry-run 127.0.0.1:5006/app:1
    exit_is 0
    prints 'Would delete: 127.0.0.1:5006/app:1'
    run podsharp image delete --tls-verify=false docker://127.0.0.1:5006/app:1
    exit_is 0
    prints "^Deleted: 127.0.0.1:5006/app:1 .$(digest_of "docker://$plain/many:amd64")"
    run podsharp image delete --tls-verify=false 127.0.0.1:5006/app:1
    exit_is 125
    one_sentence
    run podsharp image delete "docker://$plain/many:amd64"
    exit_is 125
    one_sentence
    complains "doesn't allow"
    digest_of "docker://$plain/many:amd64"
    run podsharp image delete "containers-storage:$image"
    exit_is 125
    complains 'rmi'
}

it_keeps_within_what_a_registry_allows() {
    local limits='RateLimit-Limit: 100;w=21600\r\nRateLimit-Remaining: 0\r\n'
    harm 'GET /manifests/ 2 answer HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n'
    copy --retry-times 3 "docker://$faulty/many:amd64" "docker://$other/limited:1"
    equal "$(count 'GET /v2/many/manifests/amd64')" 3
    # It isn't waited for hours.
    harm "GET /manifests/ 9 answer HTTP/1.1 429 Too Many Requests\\r\\nRetry-After: 3600\\r\\n${limits}Content-Length: 0\\r\\n\\r\\n"
    run copy "docker://$faulty/many:amd64" "docker://$other/limited:2"
    exit_is 125
    one_sentence
    complains '100 manifests in 6 hours are allowed, 0 are left'
    complains 'wait 60 minutes'
    equal "$(count 'GET /v2/many/manifests/amd64')" 1
    harm
}

it_copies_sets_as_skopeo_does() {
    local suite
    copy "docker://$plain/many:amd64" "docker://$plain/set/app:1"
    copy "docker://$plain/many:arm64" "docker://$plain/set/app:1.10"
    copy "docker://$plain/many:arm64" "docker://$plain/set/app:latest"
    mkdir /tmp/ours /tmp/theirs
    sync() { podsharp image sync --src-tls-verify=false --dest-tls-verify=false "$@"; }
    run sync --src docker --dest dir --dry-run "$plain/set/app" /tmp/ours
    exit_is 0
    complains '3/3 would copy'
    equal "$(ls /tmp/ours)" ''
    for suite in '' --scoped; do
        sync --all --src docker --dest dir $suite "$plain/set/app" /tmp/ours
        skopeo sync --all --src docker --dest dir --src-tls-verify=false $suite "$plain/set/app" /tmp/theirs
    done
    diff -r /tmp/ours /tmp/theirs
    run sync --all --src docker --dest dir "$plain/set/app" /tmp/ours
    equal "$(grep -c skipped <<<"$errors")" 3
    rm -r /tmp/ours/localhost:5000
    sync --src dir --dest docker --append-suffix -x --digestfile /tmp/digests /tmp/ours "$other/ours"
    equal "$(sort /tmp/digests | sed 's/ .*//' | uniq | wc -l)" 2
    equal "$(skopeo list-tags --tls-verify=false "docker://$other/ours/app" | jq -c '.Tags | sort')" '["1-x","1.10-x","latest-x"]'
    equal "$(digest_of "docker://$other/ours/app:1.10-x")" "$(digest_of "docker://$plain/many:arm64")"
    cat >/tmp/sync.yaml <<YAML
$plain:
  tls-verify: false
  images:
    set/app: [1.10]
  images-by-semver:
    set/app: ">= 1, < 1.5"
$private:
  images:
    none: []
YAML
    run sync --src yaml --dest docker /tmp/sync.yaml "$other/yaml"
    exit_is 125
    run sync --src docker --dest docker --keep-going "$plain/set/app:none" "$other/none"
    exit_is 125
    complains '1 of 1 images could not be copied'
    sed -i "/^$private/,\$d" /tmp/sync.yaml
    sync --src yaml --dest docker /tmp/sync.yaml "$other/yaml"
    skopeo sync --src yaml --dest docker --dest-tls-verify=false /tmp/sync.yaml "$other/theirs"
    equal "$(skopeo list-tags --tls-verify=false "docker://$other/yaml/app" | jq -c '.Tags | sort')" "$(skopeo list-tags --tls-verify=false "docker://$other/theirs/app" | jq -c '.Tags | sort')"
    run sync --src dir --dest dir /tmp/ours /tmp/theirs
    exit_is 125
    one_sentence
    run sync --dest dir /tmp/ours /tmp/theirs
    exit_is 125
}

it_is_not_cheated_and_says_what_it_cannot_do() {
    local line
    while read -r line; do
        run copy $line
        exit_is 125
        one_sentence
    done <<REFUSED
docker-daemon:app:1 docker://$other/none:1
docker://$plain/many:amd64 docker-daemon:app:1
many:1 docker://$other/none:1
bogus:x docker://$other/none:1
docker:$plain/many docker://$other/none:1
docker://$plain/missing:1 docker://$other/none:1
--all --multi-arch all docker://$plain/many:1 docker://$other/none:1
--multi-arch bogus docker://$plain/many:1 docker://$other/none:1
--dest-compress docker://$plain/many:1 docker://$other/none:1
--dest-force-compress-format docker://$plain/many:1 docker://$other/none:1
--dest-compress-format gzip --dest-compress-level 10 docker://$plain/many:1 docker://$other/none:1
REFUSED
    run raw "docker://$other/none:1"
    [[ $status != 0 ]] || fail 'something was written'
}

run_suite "$@"
