#!/bin/bash
# Mounts beside binds, volumes and memory: layers over directories, images, terminals, patterns; with podman.
# runs: testing debian12
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    import_image
}

needs_podman() { has podman && [[ $(podman --version) == *" 5."* ]] || skip 'needs podman 5'; }

# both NAME: calls NAME with each engine and compares what it prints; errors of ours may go on.
both() {
    local engine line said
    for engine in podman podsharp; do
        (set +x; "$1" "$engine") >"/tmp/both.$engine" 2>&1 || fail "$1 ended early with $engine: $(tail -n 5 "/tmp/both.$engine")"
    done
    [[ $(wc -l </tmp/both.podman) == $(wc -l </tmp/both.podsharp) ]] || fail "$(diff /tmp/both.podman /tmp/both.podsharp | grep -v Error:)"
    while IFS= read -r line <&3 && IFS= read -r said <&4; do
        [[ $said == "$line" || ($line == Error:* && $said == "$line"*) ]] || fail "podman says: $line"$'\n'"podsharp says: $said"
    done 3</tmp/both.podman 4</tmp/both.podsharp
}

with() {
    local engine=$1
    shift
    echo "# $*"
    "$engine" run --rm --network none "$@" 2>&1 && echo '= 0' || echo "= $?"
}

it_lays_a_layer_over_directories_and_volumes_as_podman() {
    needs_podman
    layering() {
        rm -rf /tmp/low /tmp/up /tmp/wk
        mkdir -p /tmp/low/sub /tmp/up /tmp/wk /tmp/low:colon && echo low >/tmp/low/f && chown 5:6 /tmp/low && chmod 750 /tmp/low
        with "$1" -v /tmp/low:/o:O "$image" sh -c 'echo x >/o/x; echo y >/o/f; rmdir /o/sub; ls /o; cat /o/f; stat -c %u:%g:%a /o; grep " /o " /proc/mounts | cut -d" " -f 3'
        (cd /tmp/low && find . | sort && cat f)
        with "$1" -v /tmp/low:/o:O,upperdir=/tmp/up,workdir=/tmp/wk "$image" sh -c 'echo kept >/o/x'
        with "$1" -v /tmp/low:/o:O,upperdir=/tmp/up,workdir=/tmp/wk "$image" cat /o/x
        ls /tmp/up /tmp/low
        "$1" volume create v >/dev/null
        echo own >"$("$1" volume inspect v --format '{{.Mountpoint}}')/own"
        with "$1" -v v:/o:O "$image" sh -c 'cat /o/own; echo x >/o/x'
        with "$1" -v v:/o "$image" ls /o
        # A second start begins anew.
        "$1" create --name twice --network none -v /tmp/low:/o:O "$image" sh -c 'ls /o; echo x >/o/x' >/dev/null
        "$1" start --attach twice
        "$1" start --attach twice
        "$1" rm twice >/dev/null
        with "$1" -v /tmp/low:/o:O,ro "$image" true | sed 's/Error:.*/refused/'
        with "$1" -v /tmp/low:/o:O,upperdir=/tmp/up "$image" true | sed 's/Error:.*/refused/'
        "$1" volume rm v >/dev/null
    }
    both layering
    mkdir -p '/tmp/with:colon' && echo here >'/tmp/with:colon/f'
    equal "$(podsharp run --rm --network none -v '/tmp/with\:colon:/o:O' "$image" cat /o/f)" here
}

it_mounts_images_as_podman() {
    needs_podman
    printf 'FROM %s\nRUN mkdir /in && echo image >/in/f\nRUN rm -rf /bin/vi /in/none; echo second >/in/g\n' "$image" >/tmp/Dockerfile
    podman build -q -t localhost/layers:test -f /tmp/Dockerfile /tmp >/dev/null
    mounting() {
        with "$1" --mount "type=image,src=$image,dst=/im" "$image" sh -c 'ls /im; grep " /im " /proc/mounts | cut -d" " -f 3; echo x >/im/x'
        with "$1" --mount type=image,src=localhost/layers:test,dst=/im "$image" sh -c 'cat /im/in/f /im/in/g; ls /im/bin/vi; echo x >/im/x'
        with "$1" --mount type=image,src=localhost/layers:test,dst=/im,rw=true "$image" sh -c 'echo x >/im/in/f && cat /im/in/f'
        with "$1" --mount type=image,src=localhost/layers:test,dst=/im "$image" cat /im/in/f
        "$1" create --name shown --network none --mount "type=image,src=$image,dst=/im" "$image" true >/dev/null
        "$1" inspect shown 2>/dev/null --format '{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}}{{end}}'
        "$1" rm shown >/dev/null
    }
    both mounting
    run podsharp create --mount type=image,src=nosuch,dst=/im "$image" true
    exit_is 125
    complains 'nosuch'
    podman rmi localhost/layers:test >/dev/null
}

it_mounts_terminals_and_memory_as_podman() {
    needs_podman
    kernel() {
        with "$1" --mount type=devpts,destination=/mydev/pts "$image" grep mydev /proc/mounts
        with "$1" --mount type=devpts,destination=/mydev/pts,uid=5,gid=6,mode=0600,max=3 "$image" grep mydev /proc/mounts
        with "$1" --mount type=ramfs,destination=/r "$image" grep ' /r ' /proc/mounts
        with "$1" --mount type=tmpfs,destination=/r,tmpfs-size=1m,tmpfs-mode=700,notmpcopyup "$image" grep ' /r ' /proc/mounts
        with "$1" --tmpfs /bin:notmpcopyup --entrypoint '["/bin/ls"]' "$image" /bin | sed 's/Error:.*/failed/'
        with "$1" --tmpfs /etc:size=2m,noexec,mode=0711 "$image" grep ' /etc ' /proc/mounts
    }
    both kernel
}

it_mounts_what_fits_a_pattern_as_podman() {
    needs_podman
    mkdir -p /tmp/glob/sub && echo one >/tmp/glob/1.conf && echo two >/tmp/glob/2.conf && echo no >/tmp/glob/3.txt && echo hidden >/tmp/glob/.4.conf && echo deep >/tmp/glob/sub/5.conf
    globbing() {
        echo one >/tmp/glob/1.conf
        with "$1" --mount 'type=glob,src=/tmp/glob/*.conf,dst=/etc/conf' "$image" sh -c 'cd /etc/conf && ls && cat 1.conf && echo x >1.conf'
        with "$1" --mount 'type=glob,src=/tmp/glob/*.conf,ro' "$image" sh -c 'ls /tmp/glob; echo x >/tmp/glob/1.conf'
        with "$1" --mount 'type=glob,src=/tmp/glo?/s*/*.conf,dst=/x' "$image" ls /x
        with "$1" --mount 'type=glob,src=/tmp/nothing*,dst=/x' "$image" true
    }
    both globbing
}

it_leaves_nothing() { nothing_left; }

run_suite "$@"
