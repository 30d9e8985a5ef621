#!/bin/bash
# Lists read no image's own files; additional image stores are read and never written.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

extra=/var/lib/containers/extra
store=/var/lib/containers/storage

before_all() {
    import_image
    podman build -q -t localhost/above:1 -f - / >/dev/null <<<"FROM $image
COPY etc/services /services
ENV EXTRA=yes"
    podman save -q -o /tmp/above.tar localhost/above:1
    podman rmi -f --all >/dev/null
    podman --root $extra --runroot /run/extra load -q -i /tmp/above.tar
    mkdir -p /etc/containers
    [[ ! -e /etc/containers/storage.conf ]] || cp /etc/containers/storage.conf /tmp/storage.conf.before
    printf '[storage]\ndriver = "overlay"\nrunroot = "/run/containers/storage"\ngraphroot = "%s"\n[storage.options]\nadditionalimagestores = ["%s"]\n' $store $extra >/etc/containers/storage.conf
}

after_all() {
    rm -f /etc/containers/storage.conf
    [[ ! -e /tmp/storage.conf.before ]] || mv /tmp/storage.conf.before /etc/containers/storage.conf
}

# Everything of the additional store: names, sizes, modes, owners, times of content and of status.
picture() { find $extra -printf '%P %y %s %m %U:%G %T@ %C@ %l\n' | sort; }

it_lists_images_of_additional_stores_as_podman() {
    equal "$(podsharp images --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.ReadOnly}}')" "$(podman images --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.ReadOnly}}')"
    equal "$(podsharp images --format '{{.Names}} {{.ReadOnly}}')" '[localhost/above:1] true'
    equal "$(podsharp images --quiet --filter readonly=true)" "$(podman images --quiet --filter readonly=true)"
    equal "$(podsharp images --quiet --filter readonly=false)" ''
    equal "$(podsharp history --quiet localhost/above:1)" "$(podman history --quiet localhost/above:1)"
    podsharp image inspect localhost/above:1 --format '{{.Config.Env}}' | grep EXTRA=yes
}

it_makes_containers_of_them_and_never_writes_there() {
    picture >/tmp/extra.before
    equal "$(podsharp run --rm --network none localhost/above:1 sh -c 'echo new >/file; wc -c </services; cat /file')" "$(wc -c </etc/services)
new"
    podsharp create --name kept localhost/above:1 true >/dev/null
    podsharp save -q -o /tmp/saved.tar localhost/above:1
    equal "$(tar xOf /tmp/saved.tar manifest.json | jq -r '.[0].Config')" "$(tar xOf /tmp/above.tar manifest.json | jq -r '.[0].Config')"
    run podsharp rmi localhost/above:1
    exit_is 125
    complains 'read-only store'
    run podsharp rmi --force localhost/above:1
    [[ $status != 0 ]] || fail 'an image of a read-only store was removed'
    run podsharp untag localhost/above:1
    exit_is 125
    complains 'read-only store'
    run podsharp image mount localhost/above:1
    exit_is 125
    complains 'read-only store'
    podsharp image prune --all --force
    podsharp rm --all --force --time 0 >/dev/null
    picture | diff /tmp/extra.before - || fail 'the additional store was written'
}

it_stands_on_their_layers() {
    picture >/tmp/extra.before
    podman build -q -t localhost/top:1 -f - / >/dev/null <<<"FROM localhost/above:1
RUN [\"/bin/busybox\", \"touch\", \"/top\"]"
    podman save -q -o /tmp/top.tar localhost/top:1
    podman rmi -f localhost/top:1 >/dev/null
    # The two lower layers are there already, in the other store.
    equal "$(podsharp load -q -i /tmp/top.tar)" 'Loaded image: localhost/top:1'
    equal "$(jq length $store/overlay-layers/layers.json)" 1
    equal "$(podsharp run --rm --network none localhost/top:1 sh -c 'ls /top; wc -c </services')" "/top
$(wc -c </etc/services)"
    podman run --rm --network none localhost/top:1 ls /top
    podsharp save -q localhost/top:1 | tar tf - >/dev/null
    podsharp rmi localhost/top:1
    equal "$(jq length $store/overlay-layers/layers.json)" 0
    picture | diff /tmp/extra.before - || fail 'the additional store was written'
}

it_prefers_its_own_images() {
    podsharp load -q -i /tmp/above.tar
    equal "$(podsharp images --format '{{.Names}} {{.ReadOnly}}' | sort | uniq)" '[localhost/above:1] false'
    podsharp rmi localhost/above:1
    equal "$(podsharp images --format '{{.ReadOnly}}')" true
}

it_reads_a_store_that_it_can_not_write() {
    local moved=/tmp/frozen
    mkdir -p $moved
    mount --bind $extra $moved
    mount -o remount,bind,ro $moved
    sed -i "s#$extra#$moved#" /etc/containers/storage.conf
    run podsharp run --rm --network none localhost/above:1 wc -c /services
    sed -i "s#$moved#$extra#" /etc/containers/storage.conf
    umount $moved
    exit_is 0
    prints "^$(wc -c </etc/services) "
    # One that isn't there is none.
    sed -i "s#$extra#/nonexistent#" /etc/containers/storage.conf
    run podsharp images --quiet
    sed -i "s#/nonexistent#$extra#" /etc/containers/storage.conf
    exit_is 0
    equal "$output" ''
}

# make_many COUNT: an archive of images that differ in their configurations only.
make_many() {
    local tree i config entries=()
    tree=$(mktemp -d)
    cd "$tree"
    tar xf /tmp/above.tar
    for ((i = 1; i <= $1; i++)); do
        jq -c ".comment = \"$i\"" "$(jq -r '.[0].Config' manifest.json)" >config
        config=$(sha256sum config | cut -d' ' -f1).json
        mv config "$config"
        entries+=("{\"Config\":\"$config\",\"RepoTags\":[\"localhost/many:$i\"],\"Layers\":$(jq -c '.[0].Layers' manifest.json)}")
    done
    (IFS=,; echo "[${entries[*]}]") >new
    mv new manifest.json
    tar cf /tmp/many.tar *
    cd /
    rm -rf "$tree"
}

it_lists_450_images_from_the_index_files_alone() {
    make_many 450 >/dev/null
    podsharp load -q -i /tmp/many.tar >/dev/null
    equal "$(podsharp images --quiet | wc -l)" 451
    strace -f -qq -e trace=open,openat,openat2 -o /tmp/list.trace podsharp images >/tmp/list
    equal "$(wc -l </tmp/list)" 452
    grep -c 'overlay-images/images.json' /tmp/list.trace
    ! grep -E 'overlay-images/[0-9a-f]{64}|overlay/[0-9a-f]{64}' /tmp/list.trace || fail 'an image was looked into'
    # The index files of both stores, not one more for each image.
    [[ $(grep -c /overlay /tmp/list.trace) -lt 40 ]] || fail "$(grep -c /overlay /tmp/list.trace) files of the store were opened"
    podman images --quiet --filter 'reference=localhost/many' | wc -l | grep -x 450
    podsharp rmi --force $(podsharp images --quiet --no-trunc --filter readonly=false) >/dev/null
}

run_suite "$@"
