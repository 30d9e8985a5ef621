#!/bin/bash
# RUN without an OCI runtime (--isolation chroot), beside podman's.
# runs: testing rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"
if [[ $EUID != 0 ]]; then
    . "$e2e_here/keeper.sh"
    podsharp() { nsenter --preserve-credentials --user --mount --wd="$PWD" --target "$(<"$keeper")" -- /podsharp/bin/podsharp "$@"; }
    export keeper
    export -f podsharp inside
    graph_root=$HOME/.local/share/containers/storage run_root=/run/user/$EUID/containers
fi

before_all() {
    [[ $EUID == 0 ]] || start_keeper
    import_image
}
after_all() { [[ $EUID == 0 ]] || stop_keeper; }

mkdir -p /tmp/chroot && cd /tmp/chroot || exit 1
file() { printf '%s\n' "$@" >Containerfile; }
# No runtime works here: the one that is named refuses.
build() { podsharp --runtime /bin/false build --isolation chroot -t localhost/made "$@" .; }
told() { podsharp run --rm --network none localhost/made cat /told; }

it_runs_commands_without_a_runtime() {
    file "FROM $image" 'WORKDIR /work/here' 'ENV A=b' \
        'RUN (pwd; id -u; id -g; echo $A; umask; ls /; cat /proc/self/mounts | cut -d " " -f 2 | grep -c . >/dev/null && echo mounts; grep CapEff /proc/self/status; test -c /dev/null && readlink /dev/fd; echo x >/dev/null && echo y >/dev/shm/f && echo shm; test ! -e /Containerfile && echo alone) >/told' \
        'USER nobody' 'RUN id -u >>/tmp/who; grep CapEff /proc/self/status >>/tmp/who' 'USER root' 'RUN cat /tmp/who >>/told' 'RUN ln -s /etc/nowhere /danger && touch "/tmp/new file"'
    run build
    exit_is 0
    run told
    prints '^/work/here$' && prints '^mounts$' && prints '^/proc/self/fd$' && prints '^shm$' && prints '^alone$' && prints '^65534$' && prints '^b$'
    first=$output
    # What it finds and may do is what it does with a runtime, and its layers hold the same.
    run podsharp build --no-cache -t localhost/made .
    equal "$(told)" "$first"
    podsharp build -q --no-cache -t localhost/made . >/dev/null
    podsharp save -q -o with.tar localhost/made
    podsharp --runtime /bin/false build -q --no-cache --isolation chroot -t localhost/made . >/dev/null
    podsharp save -q -o without.tar localhost/made
    for kind in with without; do
        rm -rf $kind && mkdir $kind && tar -xf $kind.tar -C $kind
        jq -r '.[0].Layers[]' $kind/manifest.json | while read -r layer; do tar -tvf "$kind/$layer" | sed 's/20[0-9-]* [0-9:]*//'; done >$kind.list
    done
    diff with.list without.list
}

it_mounts_what_commands_ask_for() {
    echo content >a && echo hush >secret
    file "FROM $image" 'RUN --mount=type=bind,target=/ctx --mount=type=tmpfs,target=/mem --mount=type=secret,id=s --mount=type=cache,target=/cache cat /ctx/a /run/secrets/s >/told; echo x >/mem/x; echo n >>/cache/n; ! touch /ctx/new 2>/dev/null' \
        'RUN test ! -e /mem/x && test ! -s /run/secrets/s' 'COPY a /b' 'RUN cat <<END >>/told' 'here' 'END'
    run build --no-cache --secret id=s,src=secret -v /tmp/chroot:/host:ro --add-host one.test:1.2.3.4
    exit_is 0
    equal "$(told)" $'content\nhush\nhere'
}

it_ends_with_the_exit_code_and_leaves_nothing() {
    file "FROM $image" 'RUN sleep 4321 & echo $! >/told' 'RUN echo one; exit 42'
    run build
    exit_is 42
    complains 'Containerfile:3: RUN echo one; exit 42: the command ended with exit code 42; its last output: one'
    ! pgrep -f 'sleep 4321' || fail 'what a command has left behind goes on'
    file "FROM $image" 'RUN ["/nowhere"]'
    run build
    complains 'nowhere.*not found'
    file "FROM $image" 'RUN sleep 1234'
    podsharp --runtime /bin/false build --isolation chroot . >/dev/null 2>&1 &
    eventually 30 pgrep -f 'sleep 1234'
    kill -9 "$(pgrep -f 'podsharp --runtime /bin/false build' | head -n 1)"
    wait || true
    podsharp --runtime /bin/false build --isolation chroot -q -f - . <<<"FROM $image" >/dev/null
    eventually 10 bash -c '! pgrep -f "[s]leep 1234"'
    equal "$(podsharp ps -aq --external)" ''
}

it_refuses_what_only_a_runtime_can() {
    file "FROM $image" 'RUN tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d " " >/told'
    run build --memory 64m
    exit_is 125
    complains 'limits of a control group can.t be had with --isolation=chroot'
    run build --security-opt seccomp=/tmp/x
    complains 'a filter of system calls'
    run build --userns auto
    complains 'user namespaces'
    run build --hooks-dir /tmp
    complains 'options and hooks'
    run build --network none
    exit_is 0
    equal "$(told)" lo
    BUILDAH_ISOLATION=chroot run podsharp --runtime /bin/false build -q --cap-drop all --cap-add dac_override --ulimit nofile=77:77 -t localhost/made -f - . <<<"FROM $image
RUN grep CapBnd /proc/self/status >/told; ulimit -n >>/told"
    exit_is 0
    equal "$(told)" $'CapBnd:\t0000000000000002\n77'
}

it_leaves_a_clean_store() {
    podsharp rmi -f localhost/made >/dev/null
    podsharp image prune -f >/dev/null
    store_is_clean
}

run_suite "$@"
