#!/bin/bash
# An ordinary user, inside a user namespace that util-linux makes: pull, run in the host's network, exec, remove.
# runs: rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/keeper.sh"
remote=localhost:5000/busybox:test

before_all() {
    start_keeper
    start_registry
    podman import -q $image_tar $remote
    podman push -q --tls-verify=false $remote
    podman rmi -f $remote
}

after_all() { stop_keeper; }

it_pulls() {
    run podsharp pull $remote
    exit_is 0
    run podsharp images
    prints 'localhost:5000/busybox +test'
}

it_keeps_the_users_id_in_a_namespace_of_the_container() {
    podsharp pull -q $remote
    seen='cat /proc/self/uid_map /proc/self/gid_map; id -u; id -g; id -G; ls -ln /bin/busybox | tr -s " " | cut -d " " -f 1,3,4; grep -c "^$(id -un):" /etc/passwd; touch /tmp/x && ls -ln /tmp/x | tr -s " " | cut -d " " -f 3,4'
    for mode in keep-id keep-id:uid=7,gid=8 nomap auto:size=500 host; do
        equal "$(podsharp run --rm --network none --userns "$mode" $remote sh -c "$seen")" "$(podman run --rm --network none --userns "$mode" $remote sh -c "$seen")"
    done
    equal "$(podsharp run --rm --network none --uidmap +7:@$EUID $remote sh -c "$seen")" "$(podman run --rm --network none --uidmap +7:@$EUID $remote sh -c "$seen")"
    # What the user owns is the user's in the container, too.
    mkdir -p ~/shared
    equal "$(podsharp run --rm --network none --userns keep-id -v ~/shared:/s $remote sh -c 'touch /s/file; ls -nd /s | tr -s " " | cut -d " " -f 3')" "$EUID"
    equal "$(stat -c %u ~/shared/file)" "$EUID"
}

it_gives_devices_of_the_host() {
    mounts='head -c 4 /dev/nought | wc -c; grep -c "^[^ ]* /dev/nought " /proc/mounts'
    equal "$(podsharp run --rm --network none --device /dev/zero:/dev/nought $remote sh -c "$mounts")" "$(podman run --rm --network none --device /dev/zero:/dev/nought $remote sh -c "$mounts")"
    run podsharp run --rm --network none --device-cgroup-rule 'c 1:3 r' $remote true
    exit_is 125
    complains 'not supported in rootless mode'
}

it_shares_the_store_with_podman() {
    run podman images
    prints 'localhost:5000/busybox +test'
    equal "$(podman run --rm --network host $remote echo from podman)" 'from podman'
}

it_has_a_network_of_its_own_by_pasta_and_slirp4netns() {
    local network
    for network in '' 'pasta' 'slirp4netns'; do
        has "${network:-pasta}" || continue
        podsharp run -d --name web ${network:+--network $network} -p 18080:80 $remote sh -c 'echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
        eventually 10 curl -sf --max-time 2 http://127.0.0.1:18080/
        equal "$(podsharp inspect web --format '{{.HostConfig.NetworkMode}}')" "${network:-pasta}"
        run podsharp run --rm --network "${network:-pasta}" -p 18080:80 $remote true
        exit_is 125
        complains "18080/tcp.*${network:-pasta}"
        podsharp restart -t 0 web
        eventually 10 curl -sf --max-time 2 http://127.0.0.1:18080/
        podsharp rm -f -t 0 web
        eventually 5 sh -c '! pgrep "pasta|slirp4netns"'
    done
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
