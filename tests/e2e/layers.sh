#!/bin/bash
# What images stand on: history, tree, mounts, parents that go with their children, images that nothing uses.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

store=/var/lib/containers/storage

before_all() { import_image; }

# Three images on top of each other, with unnamed steps between them.
build() {
    podman build -q -t localhost/two:1 -f - / >/dev/null <<<"FROM $image
ENV A=b
COPY etc/services /services
RUN [\"/bin/busybox\", \"rm\", \"-rf\", \"/var\"]
LABEL a=b"
    podman tag localhost/two:1 localhost/two:2
    podman build -q -t localhost/three:1 -f - / >/dev/null <<<"FROM localhost/two:1
RUN [\"/bin/busybox\", \"touch\", \"/x\"]"
    podman build -q -t localhost/four:1 -f - / >/dev/null <<<"FROM localhost/two:1
RUN [\"/bin/busybox\", \"touch\", \"/y\"]"
}
clear_images() {
    podsharp rmi --force localhost/four:1 localhost/three:1 localhost/two:1 localhost/two:2 >/dev/null 2>&1 || true
    podman image prune -f >/dev/null
}
# same WORDS...: ours and podman's output and exit code are one.
same() {
    local ours theirs ourcode=0 theircode=0
    ours=$(podsharp "$@" 2>/dev/null) || ourcode=$?
    theirs=$(podman "$@" 2>/dev/null) || theircode=$?
    [[ $ours == "$theirs" ]] || { diff <(echo "$ours") <(echo "$theirs"); fail "$* differs"; }
    equal "$ourcode" "$theircode"
}
store_is_sound() { podman system check >/tmp/check 2>&1 || { cat /tmp/check; fail 'podman system check finds damage'; }; }

it_tells_the_history_as_podman() {
    build
    local name
    for name in "$image" localhost/two:1 localhost/three:1; do
        same history --no-trunc -H=false "$name"
        same history -H=false "$name"
        same history --quiet "$name"
        same history --quiet --no-trunc "$name"
        same history --format '{{.ID}} {{.CreatedAt}} {{.CreatedBy}} {{.Size}} {{.Comment}} {{.Tags}}' "$name"
        same history --format 'table {{.ID}}\t{{.Size}}' "$name"
        # Times in a configuration that podman wrote have nanoseconds, which we don't keep.
        equal "$(podsharp history --format json "$name" | jq -cS '.[] | del(.created)')" "$(podman history --format json "$name" | jq -cS '.[] | del(.created)')"
    done
    podsharp history localhost/two:1 | grep -E '^[0-9a-f]{12}  (.* ago|Less than a second ago) +/bin/sh'
    run podsharp history nothing
    exit_is 125
    clear_images
}

it_draws_the_tree_as_podman() {
    build
    same image tree localhost/three:1
    same image tree localhost/two:1
    same image tree --whatrequires localhost/three:1
    podman rmi localhost/four:1 >/dev/null
    same image tree --whatrequires "$image"
    podsharp image tree --whatrequires localhost/two:1 | grep 'Top Layer of: \[localhost/three:1\]'
    build
    # Where it branches podman's order changes from call to call.
    equal "$(podsharp image tree --whatrequires "$image" | sed 's/^...//' | sort)" "$(podman image tree --whatrequires "$image" | sed 's/^...//' | sort)"
    clear_images
}

it_mounts_images_together_with_podman() {
    build
    local path
    path=$(podsharp image mount localhost/three:1)
    [[ -e $path/x && ! -e $path/var ]] || fail 'the mount lacks files'
    ! touch "$path/y" 2>/dev/null || fail 'the mount can be written to'
    equal "$(podman image mount localhost/three:1)" "$path"
    same image mount
    same image mount --format json
    same image unmount localhost/three:1
    # Two were mounted, and two taken back.
    [[ -e $path/x ]] && fail 'the mount is left'
    same image unmount localhost/three:1
    path=$(podsharp image mount "$image")
    [[ -x $path/bin/busybox ]] || fail 'an image of one layer lacks files'
    podsharp image mount "$image" >/dev/null
    podsharp image unmount --force "$image"
    [[ ! -e $path/bin ]] || fail 'the mount is left'
    equal "$(podsharp image mount --all | wc -l)" "$(podman images -aq --no-trunc | sort -u | wc -l)"
    podsharp image unmount --all >/dev/null
    equal "$(podsharp image mount)" ''
    ! grep "$store/overlay/.*/merged" /proc/self/mountinfo || fail 'a mount is left'
    run podsharp image unmount
    exit_is 125
    run podsharp image mount nothing
    exit_is 125
    complains 'image not known'
    clear_images
    store_is_sound
}

it_survives_a_kill_while_it_mounts() {
    local point
    for point in storage.mount.mounted image.mount.mounted; do
        run env PODSHARP_KILL_AT=$point podsharp image mount "$image"
        exit_is 137
        podsharp image mount | grep "^$image "
        podsharp image unmount --force "$image"
        equal "$(podsharp image mount)" ''
    done
    podsharp image mount "$image"
    run env PODSHARP_KILL_AT=storage.mount.unmounted podsharp image unmount "$image"
    exit_is 137
    equal "$(podsharp image mount)" ''
    podsharp image mount "$image"
    podsharp image unmount --all
    ! grep "$store/overlay/.*/merged" /proc/self/mountinfo || fail 'a mount is left'
    store_is_sound
}

it_removes_parents_with_their_last_child() {
    build
    podsharp rmi localhost/four:1 localhost/two:2 >/dev/null
    # While another image stands on it, its steps stay.
    run podsharp rmi localhost/two:1
    equal "$(grep -c '^Deleted: ' <<<"$output")" 1
    run podsharp rmi localhost/three:1
    equal "$(podman images -aq --no-trunc | sort -u | wc -l)" 1
    equal "$(grep -c '^Deleted: ' <<<"$output")" 4
    build
    podsharp rmi localhost/four:1 localhost/three:1 localhost/two:2 >/dev/null
    run podsharp rmi --no-prune localhost/two:1
    equal "$(grep -c '^Deleted: ' <<<"$output")" 1
    clear_images
    # A parent that a container uses stays, and one that has a name.
    build
    local step
    step=$(podman images -a --no-trunc --format '{{.ID}} {{.Repository}}' | awk '$2 == "<none>" {print $1; exit}')
    podsharp create --name user "$step" /bin/busybox >/dev/null
    clear_images
    podsharp image exists "$step"
    podsharp image exists "$image"
    podsharp rm user
    podman image prune -f >/dev/null
    store_is_sound
}

it_removes_what_nothing_uses() {
    build
    local unused plan
    podsharp untag localhost/three:1
    unused=$(podman images -q --no-trunc --filter dangling=true)
    equal "$(wc -l <<<"$unused")" 1
    plan=$(podsharp image prune --dry-run)
    grep "^${unused#sha256:} <none> " <<<"$plan"
    grep -E '^Reclaimable space: [1-9]' <<<"$plan"
    podman image exists "$unused"
    run podsharp image prune </dev/null
    exit_is 125
    prints 'WARNING! This command removes all dangling images.'
    equal "$(podsharp image prune --force)" "${unused#sha256:}"
    podsharp create --name user localhost/four:1 /bin/busybox >/dev/null
    podsharp image prune --all --force --filter label=none
    podsharp image exists localhost/two:1
    podsharp image prune --all --force --build-cache
    run podsharp image exists localhost/two:1
    exit_is 1
    podsharp image exists localhost/four:1
    podsharp rm user
    clear_images
    import_image
    store_is_sound
}

run_suite "$@"
