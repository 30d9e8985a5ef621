#!/bin/bash
# What is done to volumes themselves, beside podman: drivers and options, filters, mounts, archives, removal.
# runs: testing debian12 umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    import_image
}

needs_podman() { has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'; }

neutral() { sed -E 's/[0-9]{4}-[0-9-]+T[0-9:.]+Z/TIME/g; s/podsharp/podman/g; s,storage/podman/volumes,storage/volumes,g'; }

# same PODMAN PODSHARP: line for line, but that our errors may go on to say what can be done about it.
same() {
    local said line
    [[ $(wc -l <"$1") == $(wc -l <"$2") ]] || fail "$(diff "$1" "$2" | grep -v 'Error:')"
    while IFS= read -r line <&3 && IFS= read -r said <&4; do
        [[ $said == "$line" || ($line == Error:* && $said == "$line"*) ]] || fail "podman says: $line"$'\n'"podsharp says: $said"
    done 3<"$1" 4<"$2"
}

# both NAME: calls NAME with each engine and compares what it prints.
both() {
    local engine
    for engine in podman podsharp; do
        (set +x; "$1" "$engine") >/tmp/both.said 2>&1 || fail "$1 ended early with $engine: $(tail -n 5 /tmp/both.said)"
        neutral </tmp/both.said >"/tmp/both.$engine"
        $engine volume rm --all --force >/dev/null
    done
    same /tmp/both.podman /tmp/both.podsharp
}

show() { echo "# $*"; "$@" 2>&1 && echo '= 0' || echo "= $?"; }

it_makes_and_lists_volumes_as_podman() {
    needs_podman
    making() {
        show "$1" volume create a
        show "$1" volume create --label x=y --label z --opt type=tmpfs --opt device=tmpfs --opt o=size=2M,nodev t
        show "$1" volume create --opt o=uid=5,gid=6 ug
        show "$1" volume create --uid 7 --label x=other u
        show "$1" volume create --opt nocopy c
        show "$1" volume create --opt o=size=10M limited
        show "$1" volume create --opt o=timeout=3 timed
        show "$1" volume create --opt bogus=foo bogus
        show "$1" volume create --driver nosuch plugin
        show "$1" volume create --driver image noimage
        show "$1" volume create --driver image --opt image=nosuch noimage
        show "$1" volume create --ignore --label new=one a
        "$1" volume inspect a t ug u c | jq 'map(del(.LockNumber))'
        for filter in name=^t name=u label=x label=x=y 'label!=x' driver=local driver=image opt=type opt=type=tmpfs opt=type=nfs scope=local scope=global \
            dangling=true dangling=false until=1h since=t after=ug bogus=x; do
            show "$1" volume ls --quiet --filter "$filter" | sort
        done
        # Several filters at once: with podman one of them is enough, against its own manual.
        show "$1" volume ls --filter name=^t --format '{{.Driver}} {{.Name}} {{.Options}} {{.MountCount}}'
        show "$1" volume ls --noheading --filter name=^t
        "$1" volume ls --format json | jq -S 'map(del(.LockNumber, .StorageID)) | sort_by(.Name)'
        show "$1" volume exists a
        show "$1" volume exists nothing
        show "$1" volume inspect nothing | tail -1
        show "$1" volume prune --force --filter label=x=y
        show "$1" volume prune --force --filter 'label!=x' | sort
        show "$1" volume rm nothing
        show "$1" volume rm --force nothing
        show "$1" volume reload
        show "$1" volume ls
    }
    both making
}

it_mounts_what_a_volume_is_made_of_as_podman() {
    needs_podman
    mkdir -p /tmp/device && echo theirs >/tmp/device/file
    mounting() {
        "$1" volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=2M,mode=1777 t >/dev/null
        "$1" volume create --opt type=none --opt device=/tmp/device --opt o=bind b >/dev/null
        "$1" volume create --opt type=nonsense --opt device=nothing w >/dev/null
        with() { echo "# $*"; $engine run --rm --network none "$@" 2>/dev/null && echo '= 0' || echo "= $?"; }
        local engine=$1
        with -v t:/t "$image" sh -c 'grep " /t " /proc/mounts | cut -d" " -f 1-4; stat -c %a /t; echo x >/t/x; ls /t'
        with -v t:/t "$image" ls /t
        with -v b:/b "$image" sh -c 'cat /b/file; echo more >/b/more; ls -l /b | wc -l'
        with -v w:/w "$image" true | sed 's/12[56]/failed/'
        cat /tmp/device/more
        rm /tmp/device/more
        # Two containers share one mount; the last one takes it down.
        "$1" run -d --name first --network none -v t:/t "$image" sh -c 'echo shared >/t/s; sleep 100' >/dev/null
        eventually 10 "$1" exec first test -e /t/s
        with -v t:/t:ro "$image" cat /t/s
        "$1" volume inspect t --format '{{.MountCount}}'
        show "$1" volume mount t
        "$1" volume inspect t --format '{{.MountCount}}'
        "$1" rm -f -t 0 first >/dev/null
        "$1" volume inspect t --format '{{.MountCount}}'
        cat "$("$1" volume inspect t --format '{{.Mountpoint}}')/s"
        show "$1" volume unmount t
        "$1" volume inspect t --format '{{.MountCount}}'
        grep -c "$("$1" volume inspect t --format '{{.Mountpoint}}')" /proc/self/mountinfo || true
        show "$1" volume unmount t
        show "$1" volume mount nothing
        show "$1" volume mount b
        # What is mounted isn't removed with the volume.
        show "$1" volume rm b
        cat /tmp/device/file
        grep -c /tmp/device /proc/self/mountinfo || true
    }
    both mounting
}

it_makes_volumes_of_images() {
    podsharp volume create --driver image --opt image="$image" files >/dev/null
    equal "$(podsharp volume inspect files --format '{{.Driver}} {{.Options}} "{{.Mountpoint}}" {{.MountCount}}')" "image map[image:$image] \"\" 0"
    podsharp run --rm --network none -v files:/files "$image" sh -c 'test -x /files/bin/busybox && echo own >/files/own'
    equal "$(podsharp run --rm --network none -v files:/files "$image" cat /files/own)" own
    # The image itself is as it was, and stays while a volume is made of it.
    run podsharp run --rm --network none "$image" cat /own
    [[ $status != 0 ]] || fail 'the image was changed'
    run podsharp rmi "$image"
    [[ $status != 0 ]] || fail 'the image went'
    local place
    place=$(podsharp volume mount files)
    equal "$(cat "$place/own")" own
    podsharp volume export files | tar -t >/tmp/names
    grep -q '^own$' /tmp/names
    podsharp volume unmount files
    podsharp volume rm files
    nothing_left
}

it_exports_and_imports_as_podman() {
    needs_podman
    moving() {
        local place
        "$1" volume create from >/dev/null
        "$1" volume create to >/dev/null
        place=$("$1" volume inspect from --format '{{.Mountpoint}}')
        mkdir -m 750 "$place/sub" && echo content >"$place/sub/file" && ln -s sub/file "$place/link" && ln "$place/sub/file" "$place/hard" && chown 7:8 "$place/sub/file"
        setfattr -n user.mine -v value "$place/sub" 2>/dev/null || true
        show "$1" volume export --output "/tmp/$1.tar" from
        tar -tvf "/tmp/$1.tar" | sed 's/20[0-9-]* [0-9:]*//' | sort
        place=$("$1" volume inspect to --format '{{.Mountpoint}}')
        mkdir "$place/sub" && echo own >"$place/sub/own" && echo old >"$place/hard"
        show "$1" volume import to "/tmp/$1.tar"
        gzip -kf "/tmp/$1.tar"
        show "$1" volume import to "/tmp/$1.tar.gz"
        "$1" volume export from | show "$1" volume import to -
        (cd "$place" && find . -printf '%p %y %m %U:%G %n %l\n' | grep -v '^. ' | sort && cat sub/own hard)
        show "$1" volume import nothing "/tmp/$1.tar"
        show "$1" volume import to /no/such/file
        show "$1" volume export nothing
        "$1" volume create --opt type=tmpfs --opt device=tmpfs memory >/dev/null
        show "$1" volume export memory | tar -t
        grep -c /memory/ /proc/self/mountinfo || true
    }
    both moving
    run podsharp volume create hostile
    mkdir -p /tmp/evil && ln -sfn / /tmp/evil/out && tar -C /tmp/evil -cf /tmp/evil.tar out
    mkdir -p /tmp/evil2/out && echo bad >/tmp/evil2/out/written-outside && tar -C /tmp/evil2 -rf /tmp/evil.tar out/written-outside
    podsharp volume import hostile /tmp/evil.tar || true
    [[ ! -e /written-outside ]] || fail 'it was written outside'
    run bash -c 'echo no archive | podsharp volume import hostile -'
    exit_is 125
    one_sentence
    podsharp volume rm hostile
}

it_removes_with_what_uses_it() {
    needs_podman
    removing() {
        "$1" volume create used >/dev/null
        "$1" create --name user --network none -v used:/x "$image" true >/dev/null
        show "$1" volume rm used | sed 's/[0-9a-f]\{12,\}/ID/g'
        "$1" volume ls --quiet --filter dangling=false
        show "$1" volume prune --force
        show "$1" volume rm --force --time 0 used
        show "$1" ps --all --quiet
    }
    both removing
}

it_prunes_by_filter_and_tells_before() {
    podsharp volume create --label keep old >/dev/null
    podsharp volume create new >/dev/null
    equal "$(podsharp volume prune --dry-run --filter 'label!=keep')" new
    equal "$(podsharp volume prune --dry-run --filter since=old)" new
    equal "$(podsharp volume prune --dry-run --filter until=1h)" ''
    equal "$(podsharp volume ls --quiet | wc -l)" 2
    equal "$(podsharp volume prune --force --filter name=^n)" new
    podsharp volume rm old
}

it_says_why_a_volume_cannot_be_made_or_mounted() {
    local options
    for options in o=nodev type=tmpfs,o=inodes=5 type=tmpfs,o=size=much o=uid=x copy,nocopy; do
        # shellcheck disable=SC2046
        run podsharp volume create $(sed -E 's/(^|,)(type|o|copy|nocopy)/ --opt \2/g' <<<"$options") wrong
        exit_is 125
        one_sentence
    done
    equal "$(podsharp volume ls --quiet)" ''
    podsharp volume create --opt type=tmpfs --opt device=tmpfs --opt o=nonsense=5 wrong >/dev/null
    run podsharp create --name user -v wrong:/x "$image" true
    run podsharp start user
    exit_is 125
    complains 'mounting volume wrong failed'
    one_sentence
    equal "$(podsharp volume inspect wrong --format '{{.MountCount}}')" 0
    podsharp rm user
    podsharp volume rm wrong
    nothing_left
}

it_survives_a_kill_at_each_step() {
    local point
    options=(--opt type=tmpfs --opt device=tmpfs)
    for point in volume.create.noted; do
        PODSHARP_KILL_AT=$point podsharp volume create --driver image --opt image="$image" killed >/dev/null 2>&1 || true
        podsharp run --rm --network none -v killed:/x "$image" test -x /x/bin/busybox || fail "$point: it has no content"
        podsharp volume rm killed
    done
    podsharp volume create "${options[@]}" killed >/dev/null
    for point in volume.mount.noted volume.mount.mounted container.init.volumes container.init.conmon volume.unmount.unmounted container.cleanup.unmounted; do
        PODSHARP_KILL_AT=$point podsharp run --name user --network none -v killed:/x "$image" true >/dev/null 2>&1 || true
        podsharp rm -f -t 0 --ignore user >/dev/null
        equal "$point $(podsharp volume inspect killed --format '{{.MountCount}}')" "$point 0"
        equal "$point $(grep -c /killed/ /proc/self/mountinfo || true)" "$point 0"
    done
    for point in volume.mount.noted volume.mount.mounted; do
        PODSHARP_KILL_AT=$point podsharp volume mount killed >/dev/null 2>&1 || true
        podsharp volume mount killed >/dev/null
        podsharp volume unmount killed >/dev/null
        podsharp volume unmount killed >/dev/null
        equal "$point $(grep -c /killed/ /proc/self/mountinfo || true)" "$point 0"
    done
    podsharp volume mount killed >/dev/null
    podsharp volume rm killed
    nothing_left
}

it_leaves_nothing() { nothing_left; }

run_suite "$@"
