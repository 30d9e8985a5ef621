#!/bin/bash
# Space: what system df counts, beside podman's own count of the same store, and what the prunes remove.
. "${BASH_SOURCE[0]%/*}/lib.sh"

# Two images that share a layer.
before_all() {
    import_image
    mkdir -p /tmp/context
    printf 'FROM %s\nRUN dd if=/dev/zero of=/big bs=1000 count=500 2>/dev/null\n' "$image" >/tmp/context/Containerfile
    podman build -q --network none -t localhost/derived:1 /tmp/context
    rm -r /tmp/context
}

it_counts_images_as_podman_does() {
    podsharp create --name counted "$image" true
    podsharp tag "$image" localhost/again:1
    of() { $1 system df --format json | jq -c '.[0]'; }
    equal "$(of podsharp)" "$(of podman)"
    equal "$(podsharp system df --format '{{.Type}} {{.Total}} {{.Active}} {{.Size}} {{.Reclaimable}}' | head -n 1)" \
        "$(podman system df --format '{{.Type}} {{.Total}} {{.Active}} {{.Size}} {{.Reclaimable}}' | head -n 1)"
    images() { $1 system df -v | sed -n '/^Images/,/^Containers/p' | sed -E 's/[0-9]+ seconds?|Less than a second/AGE/' | sort; }
    diff <(images podsharp) <(images podman) || fail 'the images differ'
    podsharp rm counted
    podsharp untag "$image" localhost/again:1
}

it_counts_containers_and_volumes_as_podman_does() {
    local engine
    for engine in podman podsharp; do
        $engine volume create used >/dev/null
        $engine volume create unused >/dev/null
        $engine run --name writer --network none -v used:/v "$image" sh -c 'dd if=/dev/zero of=/f bs=1000 count=30 2>/dev/null; ln /f /g; echo hello >/v/file' >/dev/null
        $engine run -d --name runs --network none "$image" sh -c 'echo 12345 >/x; sleep 100' >/dev/null
        sleep 0.3
        # podman adds the files of its own directories to a container's.
        $engine system df --format json | jq -c '.[1] | .Total, .Active' >/tmp/df.$engine
        $engine system df --format json | jq -c '.[2]' >>/tmp/df.$engine
        $engine system df -v | sed -n '/^Containers/,$p' | sed -E 's/[0-9a-f]{12}/ID/; s/[0-9]+ seconds?|Less than a second/AGE/; s/[0-9.]+k?B/SIZE/; s/ +/ /g' | sort >/tmp/df-v.$engine
        [[ $engine == podman ]] || equal "$(podsharp system df --format json | jq -c '.[1] | .RawSize, .RawReclaimable' | paste -sd,)" 30006,30000
        $engine rm -f -t 0 writer runs >/dev/null
        $engine volume rm used unused >/dev/null
    done
    diff /tmp/df.podsharp /tmp/df.podman || fail 'the sums differ'
    diff /tmp/df-v.podsharp /tmp/df-v.podman || fail 'the lists differ'
    rm /tmp/df*
}

it_looks_like_podmans() {
    equal "$(podsharp system df | head -n 1)" "$(podman system df | head -n 1)"
    equal "$(podsharp system df -v | grep -E '^$|usage:')" "$(podman system df -v | grep -E '^$|usage:')"
    run podsharp system df -v --format json
    exit_is 125
    one_sentence
}

it_asks_before_it_removes() {
    podsharp create --name asked "$image" true
    run podsharp system prune <<<n
    exit_is 0
    prints 'WARNING! This command removes:'
    podsharp container exists asked || fail 'removed without a yes'
    run podsharp system prune
    exit_is 125
    podsharp container exists asked || fail 'removed without an answer'
    podsharp system prune <<<y
    run podsharp container exists asked
    exit_is 1
}

it_plans_and_removes_the_same() {
    podsharp create --name old "$image" true
    podsharp run -d --name runs --network none localhost/derived:1 sleep 100
    podsharp volume create free
    mkdir -p /tmp/context
    printf 'FROM %s\nRUN dd if=/dev/zero of=/other bs=1000 count=500 2>/dev/null\n' "$image" >/tmp/context/Containerfile
    dangling=$(podman build -q --network none /tmp/context)
    rm -r /tmp/context
    run podsharp system prune --dry-run --volumes
    exit_is 0
    prints "^$dangling\$"
    prints '^free$'
    planned=$(sed -n 's/^Reclaimable space: //p' <<<"$output")
    podsharp container exists old || fail 'a dry run removed something'
    before=$(podsharp system df --format json | jq '.[0].RawSize')
    run podsharp system prune --force --volumes
    exit_is 0
    equal "$(sed -n 's/^Total reclaimed space: //p' <<<"$output")" "$planned"
    equal "$(sed -n '/^Deleted Containers$/,/^Deleted V/p;/^Deleted Volumes/,/^Deleted I/p' <<<"$output" | grep -vE '^Deleted|^[0-9a-f]{64}$')" free
    # The layer below belongs to other images: only its own is freed.
    after=$(podsharp system df --format json | jq '.[0].RawSize')
    [[ $((before - after)) -gt 500000 && $((before - after)) -lt 600000 ]] || fail "$((before - after)) bytes freed"
    podsharp image exists "$image" || fail 'an image with a name went'
    podsharp container exists runs || fail 'a running container went'
    run podsharp events --stream=false --since 1m --filter type=volume --format '{{.Status}} {{.Name}}'
    prints '^prune free$'
    podsharp rm -f -t 0 runs
}

it_removes_all_images_that_no_container_uses() {
    podsharp create --name uses localhost/derived:1 true
    podsharp import -q $image_tar localhost/one:1
    podsharp tag localhost/one:1 localhost/two:1
    podman create --name theirs localhost/two:1 true
    run podsharp system prune --force --all --filter until=24h
    exit_is 0
    equal "$output" 'Total reclaimed space: 0B'
    run podsharp system prune --force --all --dry-run
    # The container that keeps it goes first; podman's isn't ours to remove.
    prints "^$(podsharp image inspect localhost/derived:1 --format '{{.Id}}')\$"
    prints_not "^$(podsharp image inspect localhost/two:1 --format '{{.Id}}')\$"
    podsharp system prune --force --all
    run podsharp images --format '{{.Repository}}:{{.Tag}}'
    equal "$(sort <<<"$output")" $'localhost/one:1\nlocalhost/two:1'
    podman rm theirs
    podsharp system prune --force --all
    run podsharp images -q
    equal "$output" ''
    run podman system check --quick
    exit_is 0
    import_image
}

it_filters_by_labels() {
    podsharp create --name keep --label keep=1 "$image" true
    podsharp create --name go "$image" true
    podsharp volume create --label keep=1 keep
    podsharp volume create go
    podsharp system prune --force --volumes --filter label!=keep
    podsharp container exists keep
    podsharp volume exists keep
    run podsharp container exists go
    exit_is 1
    run podsharp volume exists go
    exit_is 1
    run podsharp system prune --force --filter nonsense=1
    exit_is 125
    one_sentence
    run podsharp volume prune --dry-run
    equal "$output" keep
    podsharp rm keep
    run podsharp volume prune --force
    equal "$output" keep
}

# A pod that has ended, one that runs, one that was never started, a container, a network that a stopped container uses and a free one.
some_of_each() {
    local engine=$1 pod
    for pod in ended runs fresh; do $engine pod create --name $pod --network none >/dev/null; done
    $engine run --pod ended --network none "$image" true
    $engine run -d --pod runs --network none "$image" sleep 100 >/dev/null
    $engine network create free >/dev/null
    $engine network create with >/dev/null
    $engine create --name last --network with "$image" true >/dev/null
    $engine pod stop -t 0 ended >/dev/null
}

it_removes_pods_and_networks_as_podman_does() {
    local engine
    # podman removes our default network, too, which comes back when it is needed; the order is anybody's.
    for engine in podman podsharp; do
        some_of_each $engine
        run $engine system prune --force
        exit_is 0
        sed -E '/^podsharp$/d; s/^[0-9a-f]{64}$/ID/; s/[0-9.]+k?B$/SIZE/' <<<"$output" | sort >/tmp/prune.$engine
        $engine pod ps --format '{{.Name}}' | sort >>/tmp/prune.$engine
        $engine network ls --format '{{.Name}}' | grep -E 'free|with' >>/tmp/prune.$engine || true
        $engine pod rm -f -t 0 runs fresh >/dev/null
    done
    diff /tmp/prune.podman /tmp/prune.podsharp || fail 'they removed different things'
    rm /tmp/prune.*
}

it_plans_pods_and_networks() {
    some_of_each podsharp
    podman network create theirs
    run podsharp system prune --dry-run
    exit_is 0
    equal "$(sed -n '/^Pods/,/^Networks/p' <<<"$output" | grep -v '^Networks' )" $'Pods to delete\n'"$(podsharp pod inspect ended --format '{{.ID}}')"
    equal "$(sed -n '/^Networks/,/^Reclaim/p' <<<"$output" | sed '1d; $d' | sort | xargs)" 'free with'
    # The container of the pod goes with it and is not named once more.
    equal "$(sed -n '/^Containers/,/^Pods/p' <<<"$output" | sed '1d; $d')" "$(podsharp inspect last --format '{{.Id}}')"
    podsharp pod exists ended || fail 'a dry run removed something'
    # Filters hold for all kinds, for pods, too.
    run podsharp system prune --force --filter label=none --volumes
    equal "$output" 'Total reclaimed space: 0B'
    run podsharp system prune --force --filter until=24h --volumes
    equal "$output" 'Total reclaimed space: 0B'
    podsharp system prune --force
    podsharp network exists theirs || fail "podman's network went"
    podman network rm theirs
    equal "$(podsharp pod ps --format '{{.Name}}' | sort | xargs)" 'fresh runs'
    podsharp pod rm -f -t 0 runs fresh
}

it_leaves_a_pod_that_waits_for_a_restart() {
    podsharp pod create --name again --network none
    podsharp run -d --pod again --network none --restart always --name flaps "$image" false
    # The fourth pause lasts seconds.
    eventually 20 sh -c "[ \"\$(podsharp inspect flaps --format '{{.RestartCount}} {{.State.Restarting}}')\" = '4 true' ]"
    podsharp system prune --force
    podsharp pod prune --force
    podsharp pod exists again || fail 'the pod went while its container waited'
    podsharp pod rm -f -t 0 again
}

it_removes_what_killed_programs_left() {
    mkdir -p /var/lib/containers/storage/overlay/"$(printf 'a%.0s' {1..64})"/diff
    run podsharp system prune --external --dry-run
    exit_is 0
    prints 'overlay/a{64}$'
    run podsharp system prune --external --all
    exit_is 125
    run podsharp system prune --external
    exit_is 0
    equal "$output" ''
    run podsharp system prune --external --dry-run
    equal "$output" ''
}

it_removes_containers_of_builds() {
    local from
    from=$(buildah from "$image")
    run podsharp system prune --force
    buildah inspect "$from" >/dev/null || fail 'a container of a build went unasked'
    run podsharp system prune --force --build
    exit_is 0
    prints '^Deleted Containers$'
    run buildah containers -q
    equal "$output" ''
}

after_all() { podman rm --all --force >/dev/null; podman network prune -f >/dev/null; rm -f /dev/shm/libpod_lock; }

run_suite "$@"
