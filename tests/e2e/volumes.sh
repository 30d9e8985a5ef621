#!/bin/bash
# Volumes, binds and memory file systems.
# runs: testing debian12 umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    # An image with content at a place for volumes: owner, mode, links, times.
    mkdir -p /tmp/img/data/sub /tmp/img/bin
    cp /bin/busybox /tmp/img/bin/sh
    echo from-image >/tmp/img/data/sub/file
    ln -s /etc/passwd /tmp/img/data/link
    ln /tmp/img/data/sub/file /tmp/img/data/hard
    chmod 0750 /tmp/img/data
    chown -R 7:8 /tmp/img/data
    chmod 4755 /tmp/img/data/sub/file
    touch -d 2001-02-03T04:05:06Z /tmp/img/data/sub
    tar -C /tmp/img -cf /tmp/img.tar .
    podsharp import --change 'VOLUME /data' /tmp/img.tar localhost/withdata:test
}

data_of() { podsharp volume inspect "$1" --format '{{.Mountpoint}}'; }

it_fills_a_new_volume_from_the_image() {
    local data
    podsharp run --rm -v filled:/data localhost/withdata:test /bin/sh -c 'exit 0'
    data=$(data_of filled)
    equal "$(cat "$data/sub/file")" from-image
    equal "$(stat -c '%u:%g %a' "$data")" '7:8 750'
    equal "$(stat -c '%u:%g %a %h' "$data/sub/file")" '7:8 4755 2'
    equal "$(readlink "$data/link")" /etc/passwd
    equal "$(stat -c %Y "$data/sub")" 981173106
    rm "$data/sub/file" "$data/hard"
    podsharp run --rm -v filled:/data localhost/withdata:test /bin/sh -c 'exit 0'
    [[ ! -e $data/hard ]] || fail 'filled a second time'
    podsharp volume rm filled
    [[ ! -e $data ]] || fail 'the directory is still there'
}

it_does_not_fill_with_nocopy_or_over_content() {
    podsharp run --rm -v empty:/data:nocopy localhost/withdata:test /bin/sh -c 'exit 0'
    equal "$(ls -A "$(data_of empty)")" ''
    podsharp volume create mine >/dev/null
    echo own >"$(data_of mine)/own"
    podsharp run --rm -v mine:/data localhost/withdata:test /bin/sh -c 'exit 0'
    equal "$(ls -A "$(data_of mine)")" own
    podsharp volume rm empty mine
}

# The same with podman: what becomes of volumes at the places of an image.
it_fills_volumes_as_podman() {
    local engine
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    mkdir -p /tmp/both
    printf 'FROM localhost/busybox:test\nRUN mkdir -p /full/sub /empty && echo x >/full/sub/f && chown -R 7:8 /full && chmod 750 /full && chown 9:9 /empty && chmod 700 /empty && ln -s /full /link\n' >/tmp/both/Dockerfile
    podman build -q -t localhost/filled:test /tmp/both >/dev/null
    for engine in podman podsharp; do
        show() { local d; for v in "$@"; do d=$($engine volume inspect "$v" --format '{{.Mountpoint}}'); echo "$v $(stat -c '%u:%g %a' "$d") $(cd "$d"; find . | sort | tr '\n' ' ')"; done; }
        with() { $engine run --rm "$@" localhost/filled:test true; }
        {
            for place in full empty none link; do with -v $place:/$place; show $place; done
            with -v nocopy:/full:nocopy; show nocopy
            with -v nocopyempty:/empty:nocopy; show nocopyempty
            for place in full empty none; do with -u 5:6 -v user$place:/$place; show user$place; done
            with -u 5:6 -v nocopy2:/full:nocopy; with -u 5:6 -v nocopy2:/full; show nocopy2
            with -u 5:6 -v U:/full:U; show U
            with -v ro:/full:ro; show ro
            # An empty one is filled later, by the first that has something there.
            with -v second:/none; with -v second:/full; with -u 5 -v second:/none; show second
            with -u 5 -v owned:/none; with -u 6 -v owned:/none; with -v owned:/empty; show owned
            with -v sticky:/tmp; with -u 5 -v sticky:/none; show sticky
            # An owner that was asked for stays.
            $engine volume create --uid 55 --gid 66 o1; show o1; with -v o1:/full; show o1
            $engine volume create --uid 55 o2; with -u 5:6 -v o2:/none; show o2
            $engine volume create --gid 66 o3; with -u 5:6 -v o3:/empty; show o3
            $engine volume create mine; echo own >"$($engine volume inspect mine --format '{{.Mountpoint}}')/own"
            with -u 5:6 -v mine:/full; show mine
            with --mount type=volume,src=sub,dst=/full,subpath=sub; show sub
            $engine volume inspect o1 o2 o3 | jq -c '.[] | [.Name, .UID, .GID]'
        } >/tmp/both/$engine
        $engine volume rm -a >/dev/null
    done
    diff /tmp/both/podman /tmp/both/podsharp || fail 'not as podman'
}

it_removes_anonymous_volumes_with_their_container() {
    podsharp run -d --name anon -v /extra "$image" sleep 100
    podsharp create --name image-volume localhost/withdata:test /bin/sh
    equal "$(podsharp volume ls -q | grep -cE '^[0-9a-f]{64}$')" 2
    podsharp rm -f -t 0 -v anon image-volume
    equal "$(podsharp volume ls -q)" ''
    podsharp run --rm -v /extra "$image" true
    equal "$(podsharp volume ls -q)" ''
}

it_keeps_a_used_volume() {
    podsharp create --name user -v used:/data "$image" true
    run podsharp volume rm used
    [[ $status != 0 ]] || fail 'removed a volume in use'
    one_sentence
    podsharp rm user
    podsharp volume rm used
}

it_binds_read_only_and_writable() {
    mkdir -p /tmp/bound
    podsharp run --rm -v /tmp/bound:/b "$image" sh -c 'echo written >/b/f'
    equal "$(cat /tmp/bound/f)" written
    run podsharp run --rm -v /tmp/bound:/b:ro "$image" sh -c 'echo again >/b/f'
    [[ $status != 0 ]] || fail 'wrote to a read-only mount'
    equal "$(podsharp run --rm --mount type=bind,source=/tmp/bound,target=/b,readonly "$image" cat /b/f)" written
}

it_mounts_memory() {
    run podsharp run --rm --tmpfs /scratch:size=1m,mode=0700 "$image" sh -c 'df -k /scratch | tail -1; stat -c %a /scratch; mount | grep /scratch'
    prints ' 1024 '
    prints '^700$'
    prints 'nosuid,nodev'
}

it_mounts_outer_before_inner() {
    mkdir -p /tmp/outer/inner
    run podsharp run --rm --tmpfs /a/inner -v /tmp/outer:/a "$image" sh -c 'mount | grep " /a"'
    prints '/a/inner type tmpfs'
}

it_says_what_is_wrong_with_a_mount() {
    local mount
    for mount in /no/such/place:/x /tmp:relative /tmp:/ 'bad*name:/x' /tmp:/x:nonsense /tmp:/x:ro,rw; do
        run podsharp run --rm -v "$mount" "$image" true
        exit_is 125
        one_sentence
    done
    run podsharp run --rm -v /tmp:/x -v /etc:/x "$image" true
    exit_is 125
    complains 'duplicate mount destination'
    equal "$(podsharp ps --all --quiet)" ''
}

it_gives_a_volume_to_the_user_with_U() {
    podsharp run --rm --user 1234:5678 -v owned:/o:U "$image" sh -c 'echo x >/o/f'
    equal "$(stat -c %u:%g "$(data_of owned)/f")" 1234:5678
    podsharp volume rm owned
}

it_survives_a_kill_while_filling() {
    local point
    for point in container.init.volumes container.create.volumes; do
        PODSHARP_KILL_AT=$point podsharp run --name killed -v v:/data localhost/withdata:test /bin/sh -c 'exit 0' || true
        podsharp rm -f -t 0 killed >/dev/null 2>&1 || true
        podsharp run --rm -v v:/data localhost/withdata:test /bin/sh -c 'exit 0'
        equal "$(cat "$(data_of v)/sub/file")" from-image
        podsharp volume rm v
    done
}

# alike OPTION... -- SCRIPT: what either engine's container sees of its mounts.
alike() {
    local options=() theirs ours
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    theirs=$(podman run --rm "${options[@]}" "$image" sh -c "exec 2>&1; $1" 2>&1) || true
    ours=$(podsharp run --rm "${options[@]}" "$image" sh -c "exec 2>&1; $1" 2>&1) || true
    equal "$ours" "$theirs"
}

it_mounts_with_podmans_options() {
    local options shown="grep -oE ' /x [^-]*- [^ ]+' /proc/self/mountinfo | sed 's/master:[0-9]*/master/; s/shared:[0-9]*/shared/; s/propagate_from:[0-9]* *//'"
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    mkdir -p /tmp/bound/below
    mount -t tmpfs below /tmp/bound/below
    mount --make-rshared /tmp/bound/below
    for options in '' ro rw noexec nosuid nodev exec suid dev ro,noexec,nosuid,nodev bind rbind shared rshared slave rslave private rprivate z Z z,ro bind,slave; do
        alike -v "/tmp/bound:/x${options:+:$options}" -- "$shown; ls /x"
        alike -v "named:/x${options:+:$options}" -- "grep -oE ' /x [^-]*' /proc/self/mountinfo | sed 's/master:[0-9]*/master/; s/shared:[0-9]*/shared/'"
    done
    for options in type=bind,src=/tmp/bound,dst=/x type=bind,src=/tmp/bound,dest=/x,ro=true type=bind,src=/tmp/bound,dst=/x,rw=false \
        type=bind,src=/tmp/bound,target=/x,bind-nonrecursive type=bind,src=/tmp/bound,dst=/x,bind-propagation=rslave \
        type=bind,source=/tmp/bound,destination=/x,relabel=shared,consistency=cached type=tmpfs,dst=/x type=tmpfs,dst=/x,tmpfs-size=1m,tmpfs-mode=1777 \
        type=tmpfs,dst=/x,noexec,suid,dev type=tmpfs,dst=/x,ro type=tmpfs,dst=/x,notmpcopyup type=volume,dst=/x type=volume,src=named,dst=/x,ro \
        src=named,dst=/x type=bind,dst=/tmp/bound; do
        alike --mount "$options" -- "$shown; ls -ld /x 2>/dev/null | cut -c1-10"
    done
    # What podman refuses.
    for options in type=bind,src=/tmp/bound type=bind,src=/tmp/bound,dst=x type=bind,src=/tmp/bound,dst=/x,ro,rw type=bind,src=/no/such,dst=/x \
        type=bind,src=/tmp/bound,dst=/x,size=1m type=bind,src=/tmp/bound,dst=/x,nonsense type=tmpfs,dst=/x,src=/y type=tmpfs,dst=/x,bind-propagation=slave \
        type=bind,src=/tmp/bound,dst=/x,relabel=x type=bind,src=/tmp/bound,dst=/x,exec,noexec type=nonsense,dst=/x type=volume,src=named,dst=/x,subpath=nothere; do
        run podman run --rm --mount "$options" "$image" true
        [[ $status != 0 ]] || fail "podman took $options"
        run podsharp run --rm --mount "$options" "$image" true
        [[ $status != 0 ]] || fail "took $options"
        one_sentence
    done
    umount /tmp/bound/below
    podman volume rm -a >/dev/null
    podsharp volume rm -a >/dev/null
}

it_takes_the_mounts_of_others() {
    local engine
    has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'
    mkdir -p /tmp/shared
    for engine in podman podsharp; do
        $engine create --name stopped -v one:/one -v /tmp/shared:/bound:ro -v /anon --tmpfs /mem "$image" true >/dev/null
        $engine run -d --name running -v two:/two -v three:/one "$image" sh -c 'echo here >/two/f; sleep 1000' >/dev/null
        eventually 10 $engine exec running test -e /two/f
        seen() { $engine run --rm "$@" "$image" sh -c 'grep -oE " /(one|two|bound|anon|mem) r[ow]" /proc/self/mountinfo | sort; cat /two/f 2>/dev/null || true; grep -oE "[a-z]+/_data /one" /proc/self/mountinfo || true'; }
        {
            seen --volumes-from stopped
            seen --volumes-from running
            seen --volumes-from stopped --volumes-from running
            seen --volumes-from running --volumes-from stopped:ro
            seen --volumes-from stopped:rw,z
            seen --volumes-from stopped -v mine:/one -v /tmp/shared:/bound
            seen --volumes-from running:ro --tmpfs /one
        } >/tmp/from.$engine
        for bad in stopped:nosuid stopped:ro,rw stopped:z,z nosuch; do
            run $engine run --rm --volumes-from $bad "$image" true
            exit_is 125
        done
        # It keeps them, and holds on to the volume.
        $engine create --name heir --volumes-from stopped "$image" true >/dev/null
        $engine rm stopped >/dev/null
        run $engine volume rm one
        [[ $status != 0 ]] || fail 'a volume in use was removed'
        $engine start -a heir
        $engine inspect heir | jq -c '.[0].Mounts | map(select(.Type == "volume") | [.Destination, .RW]) | sort' >>/tmp/from.$engine
        $engine rm -f -t 0 -v heir running >/dev/null
        $engine volume rm -a >/dev/null
    done
    diff /tmp/from.podman /tmp/from.podsharp || fail 'not as podman'
}

run_suite "$@"
