#!/bin/bash
# Pushes: what arrives is what podman and skopeo expect, nothing is sent twice, and what breaks on the way is mended.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

plain=localhost:5000   # allowed as insecure by the test host's registries.conf
private=127.0.0.1:5001 # basic auth
tokens=127.0.0.1:5002  # a token service
faulty=127.0.0.1:5004  # the plain one, behind a proxy that does harm
other=127.0.0.1:5005   # another registry

before_all() {
    import_image
    htpasswd -Bbn user pa:ss >/tmp/htpasswd
    start_registry 5000
    start_registry_with 5001 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd}}"
    start_token_registry 5002 5003
    start_registry 5005
    setsid python3 "$e2e_here/fault-proxy.py" 5004 5000 /tmp/faults /tmp/faults.log >/tmp/registry/5004.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    head -c 30000000 /dev/urandom >/tmp/random
    head -c 3000000 /dev/urandom >/tmp/random2
    podman build -q -t localhost/layers:1 -f - /tmp >/dev/null <<<"FROM $image
COPY random /random
RUN [\"/bin/busybox\", \"ln\", \"/random\", \"/linked\"]
COPY random2 /random2
LABEL a=b"
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5004/v2/
    : >/tmp/faults.log
}

push() { podsharp push --tls-verify=false "$@"; }
raw() { skopeo inspect --raw --tls-verify=false "docker://$1"; }
digest_of() { raw "$1" | sha256sum | cut -d ' ' -f 1; }
layers_of() { raw "$1" | jq -r '.layers[].digest'; }
id_of() { raw "$1" | jq -r .config.digest; }
blobs() { find /tmp/registry/5000/docker/registry/v2/blobs -name data | wc -l; }
harm() { printf '%s\n' "$@" >/tmp/faults; : >/tmp/faults.log; }
count() { grep -c -- "$1" /tmp/faults.log || true; }

# Both pull it back into an empty store: the same image id, the same layers, a container that runs.
arrives_whole() { # NAME LOCAL
    local store=/tmp/store-$RANDOM
    equal "$(id_of "$1")" "sha256:$(podman image inspect --format '{{.Id}}' "$2")"
    podman --root $store/podman --runroot $store/run pull -q --tls-verify=false "$1" >/dev/null
    podsharp --root $store/podsharp --runroot $store/run2 pull -q --tls-verify=false "$1" >/dev/null
    equal "$(podman --root $store/podman --runroot $store/run image inspect --format '{{.RootFS.Layers}}' "$1")" \
        "$(podman image inspect --format '{{.RootFS.Layers}}' "$2")"
    podman --root $store/podman --runroot $store/run system reset --force >/dev/null 2>&1 || true
    umount -R $store/podman/overlay $store/podsharp/overlay 2>/dev/null || true
    rm -rf $store
}

it_pushes_what_podman_would_push() {
    podman push -q localhost/layers:1 "$plain/theirs:1"
    run push localhost/layers:1 "$plain/ours:1"
    exit_is 0
    equal "$output" ''
    complains 'Writing manifest to image destination'
    arrives_whole "$plain/ours:1" localhost/layers:1
    # The same but for how the layers were compressed.
    equal "$(raw "$plain/ours:1" | jq -c 'del(.layers[].digest, .layers[].size)')" "$(raw "$plain/theirs:1" | jq -c 'del(.layers[].digest, .layers[].size)')"
}

it_pushes_a_layer_that_it_made_itself() {
    push "$image" "$plain/busybox:1"
    arrives_whole "$plain/busybox:1" "$image"
}

it_pushes_in_dockers_form_and_in_zstd() {
    push --format v2s2 localhost/layers:1 "$plain/forms:docker"
    equal "$(raw "$plain/forms:docker" | jq -r .mediaType)" application/vnd.docker.distribution.manifest.v2+json
    equal "$(raw "$plain/forms:docker" | jq -r '.layers[0].mediaType')" application/vnd.docker.image.rootfs.diff.tar.gzip
    arrives_whole "$plain/forms:docker" localhost/layers:1
    push --compression-format zstd --compression-level 7 localhost/layers:1 "$plain/forms:zstd"
    equal "$(raw "$plain/forms:zstd" | jq -r '.layers[0].mediaType')" application/vnd.oci.image.layer.v1.tar+zstd
    arrives_whole "$plain/forms:zstd" localhost/layers:1
    local line
    while read -r line; do
        run push $line localhost/layers:1 "$plain/forms:none"
        exit_is 125
        one_sentence
    done <<'REFUSED'
--format v2s2 --compression-format zstd
--format v2s1
--format bogus
--compression-format zstd:chunked
--compression-format bogus
--compression-level 10
--force-compression
REFUSED
    run raw "$plain/forms:none"
    [[ $status != 0 ]] || fail 'something was pushed'
}

it_sends_nothing_that_the_registry_has() {
    podman pull -q "$plain/theirs:1"
    local before
    before=$(blobs)
    run push "$plain/theirs:1" "$plain/theirs:2"
    exit_is 0
    equal "$(grep -c 'already exists' <<<"$errors")" 4
    equal "$(digest_of "$plain/theirs:2")" "$(digest_of "$plain/theirs:1")"
    equal "$(blobs)" "$before"
    # Nor what another of its repositories has.
    podsharp tag "$plain/theirs:1" "$faulty/theirs:1"
    harm
    run push "$faulty/theirs:1" "$faulty/mounted:1"
    exit_is 0
    equal "$(grep -c 'another repository' <<<"$errors")" 4
    equal "$(count 'PATCH')" 1 # the configuration
    equal "$(digest_of "$plain/mounted:1")" "$(digest_of "$plain/theirs:1")"
    # Unless the compression matters.
    push --compression-format zstd --force-compression "$plain/theirs:1" "$plain/theirs:zstd"
    equal "$(raw "$plain/theirs:zstd" | jq -r '.layers[0].mediaType')" application/vnd.oci.image.layer.v1.tar+zstd
    podsharp rmi "$plain/theirs:1" "$faulty/theirs:1"
}

it_pushes_where_the_name_says_and_tells_the_digest() {
    podsharp tag "$image" "$plain/named/app:3"
    run podsharp push -q --digestfile /tmp/digest "$plain/named/app:3"
    exit_is 0
    equal "$errors" ''
    equal "$(cat /tmp/digest)" "sha256:$(digest_of "$plain/named/app:3")"
    podsharp push -q "$image" "docker://$plain/named/app:4"
    equal "$(digest_of "$plain/named/app:4")" "$(digest_of "$plain/named/app:3")"
    podsharp events --stream=false --filter event=push | grep -q "named/app:4" || fail 'no event'
    podsharp push -q "$image" "$plain/named/app@$(cat /tmp/digest)"
    run podsharp push -q "$image" "$plain/named/app@sha256:$(printf '0%.0s' {1..64})"
    exit_is 125
    complains 'has the digest'
    podsharp rmi "$plain/named/app:3"
}

it_logs_in() {
    run push "$image" "$private/app:1"
    exit_is 125
    one_sentence
    complains 'log in'
    run podsharp push --tls-verify=false --creds user:not-the-password "$image" "$private/app:1"
    exit_is 125
    complains 'not accepted'
    ! grep -q not-the-password <<<"$errors" || fail 'the password is in the error'
    push --creds user:pa:ss "$image" "$private/app:1"
    podsharp login --tls-verify=false -u user -p pa:ss --authfile /tmp/auth.json "$private/app"
    push --authfile /tmp/auth.json "$image" "$private/app:2"
    podsharp login --tls-verify=false -u user -p pa:ss "$tokens"
    push localhost/layers:1 "$tokens/team/app:1"
    podman login --tls-verify=false -u user -p pa:ss "$tokens" >/dev/null
    arrives_whole "$tokens/team/app:1" localhost/layers:1
    podsharp logout "$tokens"
}

it_says_what_is_wrong_in_one_sentence() {
    local line
    while read -r line; do
        run podsharp push --retry 0 $line
        exit_is 125
        one_sentence
    done <<WRONG
nothing $plain/x
$image 127.0.0.1:9/x
$image 127.0.0.1:5005/x
$image $plain/UPPER
$image $plain/x:1@sha256:$(printf '0%.0s' {1..64})
$image oci:
$(podman image inspect --format '{{.Id}}' "$image")
WRONG
    printf '[[registry]]\nlocation = "%s/blocked"\nblocked = true\n' "$plain" >/etc/containers/registries.conf.d/blocked.conf
    run podsharp push "$image" "$plain/blocked/x"
    rm /etc/containers/registries.conf.d/blocked.conf
    exit_is 125
    complains 'is blocked'
}

it_goes_on_after_a_cut() {
    # Whatever layers it meets: each is larger than that, or too small to be met.
    harm 'PATCH /v2/cut/ 3 cut 500000'
    run push --retry-delay 10ms localhost/layers:1 "$faulty/cut:1"
    exit_is 0
    complains 'trying again'
    arrives_whole "$plain/cut:1" localhost/layers:1
    harm 'PATCH /v2/cut2/ 100 cut 100000'
    run push --retry 1 --retry-delay 10ms localhost/layers:1 "$faulty/cut2:1"
    exit_is 125
    one_sentence
    run raw "$plain/cut2:1"
    [[ $status != 0 ]] || fail 'half an image has a name'
}

it_waits_when_the_registry_is_busy() {
    local start
    harm 'POST /v2/busy/ 1 answer HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' \
        'PATCH /v2/busy/ 1 answer HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' \
        'PUT /v2/busy/blobs 1 answer HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' \
        'PUT /v2/busy/manifests 2 answer HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    start=$SECONDS
    run push --retry-delay 10ms localhost/layers:1 "$faulty/busy:1"
    exit_is 0
    [[ $((SECONDS - start)) -ge 2 ]] || fail 'it did not wait'
    ! grep -q ' [1-9] answer' /tmp/faults || fail "not all faults were met: $(cat /tmp/faults)"
    arrives_whole "$plain/busy:1" localhost/layers:1
}

it_renews_a_token_in_the_middle() {
    # The token registry behind the proxy.
    setsid python3 "$e2e_here/fault-proxy.py" 5006 5002 /tmp/faults /tmp/faults.log >/tmp/registry/5006.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5006/v2/
    local challenge='HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm="http://127.0.0.1:5003/token",service="test",scope="repository:late/app:pull,push"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    harm "PATCH /v2/late/ 1 answer $challenge" "PUT /v2/late/app/blobs 1 answer $challenge" "PUT /v2/late/app/manifests 1 answer $challenge"
    run podsharp push --tls-verify=false --creds user:pa:ss "$image" 127.0.0.1:5006/late/app:1
    exit_is 0
    ! grep -q ' [1-9] answer' /tmp/faults || fail "not all faults were met: $(cat /tmp/faults)"
}

it_takes_no_credentials_to_another_host() {
    # An upload that leads elsewhere: to the other registry, which is a stranger.
    setsid python3 "$e2e_here/fault-proxy.py" 5007 5001 /tmp/faults /tmp/faults.log >/tmp/registry/5007.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    setsid python3 "$e2e_here/fault-proxy.py" 5008 5005 /tmp/stranger-faults /tmp/stranger.log >/tmp/registry/5008.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5007/v2/
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5008/v2/
    : >/tmp/stranger.log
    harm 'POST /v2/led/ 9 answer HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:5008/v2/led/away/blobs/uploads/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    run podsharp push --tls-verify=false --retry 0 --creds user:pa:ss "$image" 127.0.0.1:5007/led:1
    grep -q 'with credentials' /tmp/faults.log || fail 'the registry got none'
    grep -q 'PATCH' /tmp/stranger.log || fail 'it did not follow'
    ! grep -q 'with credentials' /tmp/stranger.log || fail "the stranger got credentials: $(cat /tmp/stranger.log)"
}

it_stops_at_once() {
    local pid code=0
    harm 'PATCH /v2/slow/ 9 stall'
    env --default-signal=INT podsharp push --tls-verify=false localhost/layers:1 "$faulty/slow:1" >/dev/null 2>&1 &
    pid=$!
    eventually 20 grep -q 'PATCH.*stall' /tmp/faults.log
    kill -INT "$pid"
    local start=$EPOCHREALTIME
    wait "$pid" || code=$?
    equal "$code" 130
    [[ $(bc_time "$start") < 5 ]] || fail 'it took its time'
    run raw "$plain/slow:1"
    [[ $status != 0 ]] || fail 'half an image has a name'
}

it_pushes_to_files_and_directories() {
    local id place
    id=$(podman image inspect --format '{{.Id}}' localhost/layers:1)
    mkdir -p /tmp/places
    for place in docker-archive:/tmp/places/docker.tar:registry.example.com/app:1 oci-archive:/tmp/places/oci.tar:registry.example.com/app:1 \
        oci:/tmp/places/layout:registry.example.com/app:1 dir:/tmp/places/dir; do
        podsharp push -q localhost/layers:1 "$place"
        skopeo inspect --raw "$place" | jq -r .config.digest | grep -q "$id" || fail "$place holds another image"
    done
    local name
    for name in app app:1 registry.example.com/app registry.example.com/app:2 ''; do
        rm -rf /tmp/places/*
        podsharp push -q localhost/layers:1 "oci:/tmp/places/ours${name:+:$name}"
        podman push -q localhost/layers:1 "oci:/tmp/places/theirs${name:+:$name}"
        equal "$(jq -c '.manifests[].annotations' /tmp/places/ours/index.json)" "$(jq -c '.manifests[].annotations' /tmp/places/theirs/index.json)"
        podsharp push -q localhost/layers:1 "docker-archive:/tmp/places/ours.tar${name:+:$name}"
        podman push -q localhost/layers:1 "docker-archive:/tmp/places/theirs.tar${name:+:$name}" 2>/dev/null
        [[ -z $name ]] || equal "$(tar -xOf /tmp/places/ours.tar manifest.json | jq -r '.[0].RepoTags[0]')" "$(tar -xOf /tmp/places/theirs.tar manifest.json | jq -r '.[0].RepoTags[0]')"
    done
    run podsharp push --creds a:b localhost/layers:1 dir:/tmp/places/dir2
    exit_is 125
    one_sentence
    run podsharp push localhost/layers:1 docker-daemon:app:1
    exit_is 125
    one_sentence
    rm -rf /tmp/places
}

it_finds_a_layer_that_was_changed_in_the_store() {
    local top
    podsharp import -q "$image_tar" localhost/damaged
    tar -C /tmp -cf /tmp/one.tar random2
    podsharp import -q /tmp/one.tar localhost/damaged
    top=$(jq -r '.[] | select(.names // [] | index("localhost/damaged:latest")) | .layer' /var/lib/containers/storage/overlay-images/images.json)
    printf x | dd of="/var/lib/containers/storage/overlay/$top/diff/random2" bs=1 seek=1000000 conv=notrunc status=none
    run push localhost/damaged "$plain/damaged:1"
    exit_is 125
    one_sentence
    complains 'changed'
    run raw "$plain/damaged:1"
    [[ $status != 0 ]] || fail 'a damaged image has a name'
    podsharp rmi localhost/damaged
}

run_suite "$@"
