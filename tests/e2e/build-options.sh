#!/bin/bash
# Options of a build and of its instructions that no Containerfile of tests/e2e/build shows: beside podman's where it has them.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() { import_image; }

mkdir -p /tmp/options && cd /tmp/options || exit 1

# file LINE...: the Containerfile.
file() { printf '%s\n' "$@" >Containerfile; }
# both OPTIONS...: builds with both engines; "made" and "made-podman".
both() {
    podman build -q -t localhost/made-podman "$@" . >/tmp/podman.log 2>&1 </dev/null || { cat /tmp/podman.log; fail 'podman failed'; }
    run podsharp build --no-cache -q -t localhost/made "$@" .
    exit_is 0
}
# look COMMAND: what it prints in both images is the same, and what is expected.
look() {
    equal "$(podsharp run --rm --network none localhost/made sh -c "$1")" "$(podsharp run --rm --network none localhost/made-podman sh -c "$1")"
    equal "$(podsharp run --rm --network none localhost/made sh -c "$1")" "$2"
}
# serve DIRECTORY: by http on port 8124; $server is its process.
serve() {
    busybox httpd -f -p 127.0.0.1:8124 -h "$1" &
    server=$!
    eventually 10 bash -c ': </dev/tcp/127.0.0.1/8124'
}

it_limits_and_equips_commands() {
    file "FROM $image" 'RUN (ulimit -n; cat /mnt/f; test -c /dev/other && echo device; grep CapEff /proc/self/status; grep Seccomp: /proc/self/status; grep -o "one.test" /etc/hosts; stat -c %a /dev/shm; df -k /dev/shm | tail -n 1 | tr -s " " | cut -d " " -f 2) >/told'
    mkdir -p mnt && echo file >mnt/f
    both --ulimit nofile=77:88 --volume /tmp/options/mnt:/mnt:ro --device /dev/null:/dev/other --cap-drop all --cap-add chown --cap-add dac_override --security-opt seccomp=unconfined --add-host one.test:1.2.3.4 \
        --shm-size 2m --network none --uts private
    look 'cat /told' $'77\nfile\ndevice\nCapEff:\t0000000000000003\nSeccomp:\t0\none.test\n1777\n2048'
}

it_gives_limits_to_the_control_group() {
    file "FROM $image" 'RUN cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.shares /sys/fs/cgroup/cpu/cpu.cfs_quota_us >/told 2>/dev/null || cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max >/told'
    both --memory 64m --cpu-shares 77 --cpu-quota 50000
    run podsharp run --rm --network none localhost/made cat /told
    prints '^67108864$' && prints '50000'
}

it_runs_hooks_and_passes_options_to_the_runtime() {
    mkdir -p hooks
    printf '{"version":"1.0.0","hook":{"path":"/bin/sh","args":["sh","-c","touch /tmp/options/hooked"]},"when":{"always":true},"stages":["prestart"]}\n' >hooks/one.json
    file "FROM $image" 'RUN true'
    both --hooks-dir /tmp/options/hooks
    rm hooked
    podsharp build --no-cache -q --hooks-dir hooks . >/dev/null
    [[ -e hooked ]] || fail 'the hook has not run'
    run podsharp build --no-cache -q --runtime-flag no-such-flag .
    complains 'no-such-flag'
    run podsharp build --no-cache -q --runtime-flag log-format=json --runtime-flag --debug .
    exit_is 0
}

it_keeps_what_a_volume_held() {
    file "FROM $image" 'RUN mkdir /data && echo kept >/data/a && mkdir /own && chmod 700 /own' 'VOLUME /data /own' 'RUN echo lost >/data/a; echo lost >/data/b; echo lost >/own/c; echo other >/other'
    both --compat-volumes
    look 'cat /data/a /other; ls /data /own; stat -c %a /own' $'kept\nother\n/data:\na\n\n/own:\n700'
    run podsharp build --no-cache -q -t localhost/made .
    run podsharp run --rm --network none localhost/made cat /data/a /data/b
    equal "$output" $'lost\nlost'
    equal "$(podsharp volume ls -q)" ''
}

it_gives_standard_input_to_commands() {
    file "FROM $image" 'RUN cat >/told'
    run bash -c 'echo words | podsharp build --no-cache -q --stdin -t localhost/made .'
    exit_is 0
    equal "$(podsharp run --rm --network none localhost/made cat /told)" words
    run bash -c 'echo words | podsharp build --no-cache -q -t localhost/made .'
    equal "$(podsharp run --rm --network none localhost/made cat /told)" ''
    run podsharp build --stdin -
    complains -- '--stdin and a context on standard input exclude each other'
}

it_gives_all_privileges_where_that_is_allowed() {
    file "FROM $image" 'RUN --security=insecure grep CapEff /proc/self/status >/told' 'RUN --security=sandbox grep CapEff /proc/self/status >>/told'
    run podsharp build --no-cache -q .
    exit_is 125
    complains 'Containerfile:2: .*--allow security.insecure'
    run podsharp build --no-cache -q --allow security.insecure -t localhost/made .
    exit_is 0
    run podsharp run --rm --network none localhost/made sh -c 'sort -u /told | wc -l'
    equal "$output" 2
}

it_changes_permissions_by_symbols() {
    mkdir -p tree/d && echo x >tree/f && echo x >tree/x && chmod 640 tree/f && chmod 750 tree/x tree/d tree
    file "FROM $image" 'COPY --chmod=u+x,go-rwx tree/f /one' 'COPY --chmod=a=rX tree /two' 'ADD --chmod=g+s tree/f /three' 'COPY --chmod=0604 tree/f /four'
    run podsharp build --no-cache -q -t localhost/made .
    exit_is 0
    run podsharp run --rm --network none localhost/made stat -c '%a %n' /one /two /two/f /two/x /two/d /three /four
    equal "$output" $'700 /one\n755 /two\n444 /two/f\n555 /two/x\n555 /two/d\n2640 /three\n604 /four'
    file "FROM $image" 'COPY --chmod=u+q tree/f /one'
    run podsharp build --no-cache -q .
    complains 'Containerfile:2: .*--chmod=u\+q is not a mode'
}

it_begins_a_cache_with_the_files_of_a_stage() {
    file "FROM $image AS seed" 'RUN mkdir -p /s/d && echo one >/s/d/f && chmod 700 /s/d' "FROM $image" \
        'RUN --mount=type=cache,target=/c,from=seed,source=/s echo two >>/c/d/f; stat -c %a /c/d >/told; cat /c/d/f >>/told'
    run podsharp build --no-cache -q -t localhost/made .
    exit_is 0
    equal "$(podsharp run --rm --network none localhost/made cat /told)" $'700\none\ntwo'
    # It is kept, and the stage is as it was.
    sed -i 's/echo two/echo more/' Containerfile
    run podsharp build -q -t localhost/made .
    equal "$(podsharp run --rm --network none localhost/made cat /told)" $'700\none\ntwo\nmore'
    sed -i 's/source=.s /source=\/nowhere /' Containerfile
    run podsharp build --no-cache -q .
    complains 'the stage seed has no /nowhere'
}

it_fetches_a_containerfile() {
    mkdir -p web && printf 'FROM %s\nCOPY mnt/f /f\n' "$image" >web/Containerfile
    mkdir -p mnt && echo file >mnt/f
    serve /tmp/options/web
    both -f http://127.0.0.1:8124/Containerfile
    look 'cat /f' file
    run podsharp build -f http://127.0.0.1:8124/nowhere .
    complains 'http://127.0.0.1:8124/nowhere: the server answered 404'
    kill "$server"
}

it_preprocesses_what_ends_in_in() {
    has cpp || skip 'no cpp'
    printf '#include "common.in"\n# comment of a Containerfile\n#ifdef MORE\nRUN echo MORE >/told\n#endif\nCMD ["cat", "/told"]\n' >Containerfile.in
    printf 'FROM %s\n' "$image" >common.in
    both -f Containerfile.in --cpp-flag=-DMORE=more
    look 'cat /told' more
    run env BUILDAH_CPPFLAGS='-DMORE=other' podsharp build --no-cache -q -f Containerfile.in -t localhost/made .
    equal "$(podsharp run --rm --network none localhost/made)" other
    printf '#include "missing"\n' >Wrong.in
    run podsharp build -f Wrong.in .
    complains 'Wrong.in: the preprocessor says: .*missing'
    rm -- *.in
}

it_writes_down_what_it_made() {
    file "FROM $image" 'LABEL a=b'
    run podsharp build -q --iidfile iid --iidfile-raw raw --metadata-file metadata --logfile log --log-rusage --rusage-logfile times -t localhost/made .
    exit_is 0
    id=$(podman image inspect localhost/made --format '{{.Id}}')
    equal "$(<iid)" "sha256:$id"
    equal "$(<raw)" "$id"
    digest=$(podman image inspect localhost/made --format '{{.Digest}}')
    equal "$(jq -r '."containerimage.config.digest", ."containerimage.digest", ."containerimage.descriptor".digest, ."containerimage.descriptor".mediaType' metadata)" \
        "sha256:$id"$'\n'"$digest"$'\n'"$digest"$'\n'application/vnd.oci.image.manifest.v1+json
    # The digest and the size are those of the manifest that is there.
    manifest=$(podman info --format '{{.Store.GraphRoot}}')/overlay-images/$id/manifest
    equal "sha256:$(sha256sum "$manifest" | cut -d ' ' -f 1) $(stat -c %s "$manifest")" "$(jq -r '."containerimage.descriptor" | "\(.digest) \(.size)"' metadata)"
    grep -Eq '^STEP 2/2: [0-9.]+ s: LABEL a=b$' times || fail 'no time of the step'
    run podsharp build -q --metadata-file /nowhere/file .
    complains 'failed to write .*/nowhere/file'
}

it_refuses_what_cannot_be() {
    file "FROM $image" 'RUN true'
    for option in '--cw type=SNP' '--blob-cache /tmp' '--sign-by key' --rm=false; do
        # The words are options.
        # shellcheck disable=SC2086
        run podsharp build -q $option .
        exit_is 125
        complains "option ${option%%[ =]*}.* is refused: .+"
    done
    run podsharp build -q --disable-compression=false .
    exit_is 0
    run podsharp build -q --allow something .
    complains 'allow=something'
    run podsharp build -q --isolation other .
    complains 'unrecognized isolation type "other"'
}

it_gives_keys_to_commands_that_may_only_use_them() {
    has ssh-agent || skip 'no ssh'
    rm -f key* && ssh-keygen -q -t ed25519 -N '' -C one@test -f key1 && ssh-keygen -q -t rsa -b 2048 -N '' -C two@test -f key2 && ssh-keygen -q -t ed25519 -N secret -f key3
    mkdir -p bin
    make_ssh_image
    file 'FROM localhost/ssh' 'RUN --mount=type=ssh ssh-add -l >/told; echo message >/m; ssh-keygen -q -Y sign -f /key1.pub -n test /m 2>/dev/null; ls /m.sig >>/told; ssh-add -D 2>/dev/null; ssh-add -l | wc -l >>/told' \
        'RUN ssh-add -l 2>/dev/null; echo $? >>/told; echo "$SSH_AUTH_SOCK" >>/told'
    both --ssh default=key1,key2
    look "sed -n '1,2s/ SHA.* / /p; 3p' /told; tail -n 2 /told" $'256 (ED25519)\n2048 (RSA)\n/m.sig\n2'
    # podman's agent lets a command remove the keys.
    equal "$(podsharp run --rm --network none localhost/made sed -n 4p /told)" 2
    # The caller's agent, whose keys stay.
    eval "$(ssh-agent -s)" >/dev/null
    ssh-add -q key2
    run podsharp build --no-cache -q -t localhost/made --ssh default .
    exit_is 0
    equal "$(podsharp run --rm --network none localhost/made sed -n 1,2p /told | sed 's/ SHA256:[^ ]*//')" $'2048 two@test (RSA)\n1'
    equal "$(ssh-add -l | wc -l)" 1
    kill "$SSH_AGENT_PID"
    run podsharp build --no-cache -q --ssh default=key3 .
    complains "key3 can't be used: ssh-add says"
    run podsharp build --no-cache -q --ssh default=nothing .
    complains 'there is no /tmp/options/nothing'
    ! pgrep ssh-agent || fail 'an agent is left'
    # Nor after a build that was killed, once the next one has looked.
    run env PODSHARP_KILL_AT=build.run.ended podsharp build --no-cache -q --ssh default=key1 .
    exit_is 137
    podsharp build -q - </dev/null >/dev/null 2>&1 || true
    eventually 10 bash -c '! pgrep -x ssh-agent'
}

# An image with ssh's programs of this host and the libraries that they need.
make_ssh_image() {
    local program library
    rm -rf root && mkdir -p root/bin root/tmp root/root
    cp key1.pub root/
    for program in ssh-add ssh-keygen; do
        cp "$(command -v $program)" root/bin/
        for library in $(ldd "$(command -v $program)" | grep -o '/[^ ]*'); do
            mkdir -p "root${library%/*}" && cp -n "$library" "root$library"
        done
    done
    printf 'FROM %s\nCOPY root /\n' "$image" | podsharp build -q -t localhost/ssh -f - . >/dev/null
}

it_leaves_a_clean_store() {
    podman image ls --format '{{.Repository}}:{{.Tag}}' | { grep -e '-podman' || true; } | xargs -r podman image rm -f >/dev/null
    podman image prune -f >/dev/null
    store_is_clean
}

run_suite "$@"
