#!/bin/bash
# An ordinary user, inside a user namespace that util-linux makes: pull, run in the host's network, exec, remove.
# runs: rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
remote=localhost:5000/busybox:test

# The podsharp of these tests: in one user and mount namespace for all of them, as a pause process would keep it.
keeper=/tmp/rootless.pid
inside() { nsenter --preserve-credentials --user --mount --target "$(<$keeper)" -- "$@"; }
podsharp() { inside /podsharp/bin/podsharp "$@"; }

before_all() {
    [[ $EUID != 0 ]] || skip 'this is root'
    rm -f $keeper
    setsid unshare --user --mount --map-root-user --map-auto --fork --kill-child sleep 1000 >/dev/null 2>&1 </dev/null &
    eventually 10 pgrep -u "$EUID" -x sleep
    pgrep -u "$EUID" -x sleep >$keeper
    start_registry
    podman import -q $image_tar $remote
    podman push -q --tls-verify=false $remote
    podman rmi -f $remote
}

after_all() {
    kill "$(<$keeper)"
    rm -f $keeper
}

it_pulls() {
    run podsharp pull $remote
    exit_is 0
    run podsharp images
    prints 'localhost:5000/busybox +test'
}

it_shares_the_store_with_podman() {
    run podman images
    prints 'localhost:5000/busybox +test'
    equal "$(podman run --rm --network host $remote echo from podman)" 'from podman'
}

it_runs_in_the_network_of_the_host() {
    run podsharp run --rm --network host $remote sh -c 'echo hello; id -u; exit 7'
    exit_is 7
    prints '^hello$'
    prints '^0$'
}

it_execs_and_removes() {
    podsharp run -d --name one --network host $remote sleep 1000
    equal "$(podsharp exec one echo inside)" inside
    run podsharp top one -eo pid,args
    prints "^ +1 sleep 1000\$"
    podsharp rm -f -t 0 one
    run podsharp ps --all --quiet
    equal "$output" ''
}

it_keeps_files_of_other_owners() {
    equal "$(podsharp run --rm --network host $remote sh -c 'touch /tmp/f; chown 1234:1234 /tmp/f; stat -c %u:%g /tmp/f')" 1234:1234
}

it_removes_the_image() {
    podsharp rmi $remote
    run podsharp images --quiet
    equal "$output" ''
}

run_suite "$@"
