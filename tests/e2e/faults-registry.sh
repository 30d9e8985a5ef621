#!/bin/bash
# Registries that lie, cut, stall and lead astray, disks that fill, kills in the middle: a clear error or success, and stores that both engines call clean.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

registry=127.0.0.1:5000
faulty=127.0.0.1:5004   # the registry, behind a proxy that does harm
hostile=127.0.0.1:5009  # one that lies; what it leads to is at 5010
work=/tmp/hostile

before_all() {
    start_registry
    import_image
    mkdir -p "$work"
    setsid python3 "$e2e_here/fault-proxy.py" 5004 5000 /tmp/faults /tmp/faults.log >/tmp/registry/5004.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    setsid python3 "$e2e_here/hostile-registry.py" 5009 127.0.0.1:5010 /tmp/hostile.log >/tmp/registry/5009.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    setsid python3 "$e2e_here/hostile-registry.py" 5010 127.0.0.1:5010 /tmp/stranger.log >/tmp/registry/5010.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    local port
    for port in 5004 5009 5010; do eventually 40 curl -s -o /dev/null "http://127.0.0.1:$port/v2/"; done
    head -c 3000000 /dev/urandom >"$work/random"
    printf 'FROM %s\nCOPY random /random\n' "$image" >"$work/Containerfile"
    podsharp build -q -t localhost/large "$work"
    podsharp push -q --tls-verify=false localhost/large "$registry/large:1"
    podsharp artifact add "$registry/file:1" "$work/random"
    podsharp artifact push -q --tls-verify=false "$registry/file:1"
    podsharp artifact rm "$registry/file:1"
    podsharp rmi -f localhost/large
}

harm() { printf '%s\n' "$@" >/tmp/faults; : >/tmp/faults.log; }
forget() { podsharp images --noheading --format '{{.Repository}}:{{.Tag}}' | awk '!/^localhost\/busybox|^<none>/' | xargs -r podsharp rmi -f >/dev/null; podsharp artifact rm -a >/dev/null; }
blobs() { find "$graph_root/artifacts/blobs" -type f 2>/dev/null; }

# Nothing came in, and both engines find nothing wrong.
clean() {
    equal "$(podsharp images --noheading --format '{{.Repository}}' | grep -Ev '^localhost/busybox|^<none>' || true)" ''
    equal "$(podsharp artifact ls --noheading)" ''
    equal "$(blobs)" ''
    nothing_left
    podsharp system check --quick || fail 'podsharp finds the store damaged'
    podman system check --quick || fail 'podman finds the store damaged'
}

it_believes_no_lie_of_a_registry() {
    local name
    for name in digest twisted longer shorter diffid big self deep parents hardlink; do
        run timeout 60 podsharp pull -q --tls-verify=false --retry 0 "$hostile/$name:1"
        exit_is 125
        one_sentence
    done
    for name in digest twisted longer shorter big self deep; do
        run timeout 60 podsharp image copy -q --src-tls-verify=false --retry-times 0 "docker://$hostile/$name:1" "oci:$work/copied:$name"
        exit_is 125
        one_sentence
    done
    for name in artifact/digest artifact/longer artifact/shorter big self deep digest; do
        run timeout 60 podsharp artifact pull -q --tls-verify=false --retry 0 "$hostile/$name:1"
        exit_is 125
        one_sentence
    done
    clean
    podsharp pull -q --tls-verify=false "$hostile/good:1"
    podsharp artifact pull -q --tls-verify=false "$hostile/artifact/good:1"
    forget
}

it_says_which_lie_it_was() {
    local name words
    while read -r name words; do
        run timeout 60 podsharp pull -q --tls-verify=false --retry 0 "$hostile/$name:1"
        complains "$words"
    done <<'LIES'
digest has [0-9]+ bytes instead|has the digest
twisted has the digest
longer bytes that its manifest announces
shorter bytes that its manifest announces
diffid promises sha256:0000
big larger than|too large|longer than
self instead of sha256:1111
deep too many indexes
LIES
}

# 256 MB in a blob of 256 kB, on a disk that is too small for it.
it_is_not_filled_by_a_bomb() {
    mkdir -p /tmp/small
    mount -t tmpfs -o size=40m tmpfs /tmp/small
    run podsharp --root /tmp/small/root --runroot /tmp/small/run pull -q --tls-verify=false --retry 0 "$hostile/bomb:1"
    exit_is 125
    one_sentence
    complains 'full|[Nn]o space'
    (($(du -sk /tmp/small/root | cut -f 1) < 2000)) || fail "$(du -a /tmp/small/root)"
    podsharp --root /tmp/small/root --runroot /tmp/small/run pull -q --tls-verify=false "$hostile/good:1"
    umount -R /tmp/small || umount -l /tmp/small
}

it_writes_nothing_outside_of_a_layer() {
    mkdir -p /tmp/hostile-outside
    local name
    for name in absolute symlink; do
        run timeout 60 podsharp pull -q --tls-verify=false --retry 0 "$hostile/$name:1"
    done
    equal "$(find / -xdev -name 'outside-*' -not -path '*/overlay/*/diff/*' -not -path '/proc/*' 2>/dev/null)" ''
    equal "$(ls /tmp/hostile-outside)" ''
    forget
    clean
}

it_takes_no_credentials_where_it_is_led() {
    : >/tmp/hostile.log
    : >/tmp/stranger.log
    run podsharp pull --tls-verify=false --creds user:hush-hush "$hostile/led:1"
    exit_is 0
    [[ $output$errors != *hush* ]] || fail 'the password was printed'
    run podsharp artifact pull --tls-verify=false --creds user:hush-hush "$hostile/artifact/led:1"
    exit_is 0
    [[ $output$errors != *hush* ]] || fail 'the password was printed'
    run podsharp image copy --src-tls-verify=false --src-creds user:hush-hush "docker://$hostile/led:1" "oci:$work/led:1"
    exit_is 0
    [[ $output$errors != *hush* ]] || fail 'the password was printed'
    grep -q 'with credentials' /tmp/hostile.log || fail 'the registry got none'
    equal "$(grep -c 'good-of-stranger/blobs' /tmp/stranger.log)" 6
    ! grep -q 'with credentials' /tmp/stranger.log || fail "the stranger got credentials: $(cat /tmp/stranger.log)"
    forget
    clean
}

it_goes_on_after_a_cut_and_waits_for_the_busy() {
    harm 'GET /v2/large/blobs 2 cut-answer 400000'
    podsharp pull -q --tls-verify=false --retry-delay 10ms "$faulty/large:1"
    harm 'GET /v2/file/blobs 2 cut-answer 400000' 'GET /v2/file/manifests 1 answer HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    podsharp artifact pull -q --tls-verify=false --retry-delay 10ms "$faulty/file:1"
    podsharp artifact extract "$faulty/file:1" "$work/back"
    cmp "$work/random" "$work/back"
    harm 'PATCH /v2/again/blobs 1 cut 400000' 'PUT /v2/again/manifests 1 answer HTTP/1.1 429 Slow down\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    podsharp artifact push -q --tls-verify=false --retry-delay 100ms "$faulty/file:1" "$faulty/again:1"
    harm 'GET /v2/large/blobs 1 cut-answer 400000' 'POST /v2/moved/blobs 1 answer HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    podsharp image copy -q --src-tls-verify=false --dest-tls-verify=false --retry-delay 100ms "docker://$faulty/large:1" "docker://$faulty/moved:1"
    forget
    local command answer
    for answer in '500 Oops' '429 Too Many Requests'; do
        for command in "pull -q --retry 1 --retry-delay 10ms --tls-verify=false $faulty/large:1" "artifact pull -q --retry 1 --retry-delay 10ms --tls-verify=false $faulty/file:1" \
            "push -q --retry 1 --retry-delay 10ms --tls-verify=false $image $faulty/never:1" \
            "image copy -q --retry-times 1 --retry-delay 10ms --src-tls-verify=false docker://$faulty/large:1 oci:$work/never:1"; do
            harm "GET / 99 answer HTTP/1.1 $answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" "POST / 99 answer HTTP/1.1 $answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            # shellcheck disable=SC2086 # words
            run podsharp $command
            exit_is 125
            one_sentence
        done
    done
    : >/tmp/faults
    clean
}

# A registry that says nothing any more: who asked can leave at once.
it_lets_go_of_a_registry_that_stalls() {
    local command pid
    for command in "pull -q --tls-verify=false $faulty/large:1" "artifact pull -q --tls-verify=false $faulty/file:1" "image copy -q --src-tls-verify=false docker://$faulty/large:1 oci:$work/stalled:1"; do
        harm 'GET /blobs/ 9 stall'
        # shellcheck disable=SC2086 # words
        # (A shell's background jobs don't hear INT.)
        env --default-signal=INT setsid podsharp $command >"$work/stalled.log" 2>&1 &
        pid=$!
        eventually 20 grep -q stall /tmp/faults.log
        kill -INT "$pid"
        wait "$pid" && fail 'a stalled command succeeded'
    done
    : >/tmp/faults
    clean
}

it_survives_a_kill_in_the_middle() {
    local pid command
    for command in "pull -q --tls-verify=false $faulty/large:1" "artifact pull -q --tls-verify=false $faulty/file:1"; do
        harm 'GET /blobs/ 9 stall'
        # shellcheck disable=SC2086 # words
        setsid podsharp $command >/dev/null 2>&1 &
        pid=$!
        eventually 20 grep -q stall /tmp/faults.log
        kill -KILL "$pid"
        wait "$pid" || true
        : >/tmp/faults
        podman system check --quick
        podsharp import -q "$image_tar" "$image"
        # shellcheck disable=SC2086 # words
        podsharp $command
        forget
        clean
    done
    # A commit and a build, each while its layer is being stored.
    local point
    podsharp create --name committed --network none "$image" true
    for point in storage.staging.unpacked storage.layer.recorded storage.layer.committed storage.image.data storage.image.recorded; do
        run env PODSHARP_KILL_AT=$point podsharp commit -q committed localhost/committed
        exit_is 137
        podman system check --quick
        podsharp commit -q committed localhost/committed
        run env PODSHARP_KILL_AT=$point podsharp build -q --no-cache -t localhost/built "$work"
        exit_is 137
        podman system check --quick
        podsharp build -q --no-cache -t localhost/built "$work"
        podsharp rmi -f localhost/built localhost/committed
        # The steps' results, too: layers that are there aren't stored again.
        podsharp image prune -f
    done
    podsharp rm committed
    forget
    clean
}

it_pulls_an_image_beside_podman() {
    local i pids=() pid
    for i in 1 2 3; do
        podsharp pull -q --tls-verify=false "$registry/large:1" >"$work/ours$i" 2>&1 & pids+=($!)
        podman pull -q --tls-verify=false "$registry/large:1" >"$work/theirs$i" 2>&1 & pids+=($!)
        podsharp artifact pull -q --tls-verify=false "$registry/file:1" >"$work/file$i" 2>&1 & pids+=($!)
        podman artifact pull -q --tls-verify=false "$registry/file:1" >"$work/their-file$i" 2>&1 & pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || fail "$(cat "$work"/ours? "$work"/theirs? "$work"/file? "$work"/their-file?)"; done
    equal "$(podsharp run --rm --network none "$registry/large:1" sha256sum /random | cut -d ' ' -f 1)" "$(sha256sum <"$work/random" | cut -d ' ' -f 1)"
    podman artifact extract "$registry/file:1" "$work/beside"
    cmp "$work/random" "$work/beside"
    podsharp system check
    podman system check
    forget
    clean
}

it_says_that_the_disk_is_full() {
    mkdir -p /tmp/small
    mount -t tmpfs -o size=8m tmpfs /tmp/small
    small() { podsharp --root /tmp/small/root --runroot /tmp/small/run "$@"; }
    small import -q "$image_tar" "$image"
    head -c 100m /dev/zero >/tmp/small/ballast 2>/dev/null || true
    truncate -s -1m /tmp/small/ballast
    local command
    for command in "pull -q --tls-verify=false $registry/large:1" "artifact pull -q --tls-verify=false $registry/file:1" "artifact add localhost/x $work/random" "build -q -t localhost/built $work"; do
        # shellcheck disable=SC2086 # words
        run small $command
        exit_is 125
        one_sentence
        complains 'full|[Nn]o space'
        equal "$(small artifact ls --noheading)" ''
        equal "$(find /tmp/small/root/artifacts/blobs /tmp/small/root/podsharp/artifacts -type f 2>/dev/null)" ''
        equal "$(small images --noheading --format '{{.Repository}}')" localhost/busybox
    done
    rm /tmp/small/ballast
    small system check --quick
    mount -o remount,size=40m /tmp/small
    small artifact pull -q --tls-verify=false "$registry/file:1"
    small pull -q --tls-verify=false "$registry/large:1"
    small system check
    umount -R /tmp/small || umount -l /tmp/small
}

run_suite "$@"
