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

# podman 5.8 removes it under the running container.
it_keeps_an_image_that_is_mounted() {
    local other first
    mkdir -p /tmp/other && printf 'FROM %s\nRUN echo x >/f\n' "$image" >/tmp/other/Containerfile
    build() { podman build -q --network none --no-cache -t localhost/other:1 /tmp/other; }
    first=$(build)
    podsharp create --name mounts --network none --mount type=image,src=localhost/other:1,dst=/i "$image" sleep 1000
    run podsharp rmi localhost/other:1
    exit_is 2
    one_sentence
    complains 'in use by the container mounts'
    run podsharp image prune --all --force
    prints_not "$first"
    # Another image gets its name: the container runs with the first, and is to start with the second.
    podsharp start mounts
    other=$(build)
    [[ $first != "$other" ]] || fail 'one image was made'
    run podsharp image prune --force
    equal "$output" ''
    run podsharp rmi "$first"
    exit_is 2
    complains 'in use by the container mounts'
    run podsharp rmi "$other"
    exit_is 2
    equal "$(podsharp exec mounts cat /i/f)" x
    podsharp stop -t 0 mounts
    podsharp rmi "$first"
    podsharp start mounts
    podsharp rmi -f "$other"
    run podsharp container exists mounts
    exit_is 1
    run podsharp image exists localhost/other:1
    exit_is 1
    rm -r /tmp/other
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

it_shows_files_with_other_owners_as_podman() {
    needs_podman
    local map='--uidmap=0:100000:5000'
    rm -rf /tmp/owned && mkdir -p /tmp/owned && touch /tmp/owned/root /tmp/owned/eleven && chown 10:11 /tmp/owned/eleven
    mapping() {
        local ls='ls -ln /x | tail -n +2 | tr -s " " | cut -d " " -f 3,4,9; touch /x/made'
        with "$1" $map -v /tmp/owned:/x "$image" sh -c "$ls" 2>&1
        with "$1" $map -v /tmp/owned:/x:idmap "$image" sh -c "$ls"
        stat -c '%u %g' /tmp/owned/made
        rm /tmp/owned/made
        with "$1" $map --mount type=bind,src=/tmp/owned,dst=/x,idmap "$image" sh -c "$ls"
        with "$1" $map -v '/tmp/owned:/x:idmap=uids=0-100003-1#10-100007-1;gids=@0-2-1#@11-5-1' "$image" sh -c "$ls"
        with "$1" -v '/tmp/owned:/x:idmap=uids=0-3-1#10-7-1;gids=0-0-1#11-5-1' "$image" sh -c "$ls"
        with "$1" -v /tmp/owned:/x:idmap "$image" sh -c "$ls"
        with "$1" $map -v '/tmp/owned:/x:idmap=uids=@0-9000-1' "$image" true | sed 's/Error:.*/Error: refused/; s/= .*/= error/'
        with "$1" -v '/tmp/owned:/x:idmap=nonsense' "$image" true | sed 's/Error:.*/Error: refused/; s/= .*/= error/'
        with "$1" $map -u 33:44 -v mapped:/x:idmap "$image" sh -c 'touch /x/new; ls -ldn /x /x/new | tr -s " " | cut -d " " -f 3,4,9'
        ls -lnR "$("$1" volume inspect mapped --format '{{.Mountpoint}}')" | tail -n +2 | tr -s ' ' | cut -d ' ' -f 3,4,9
        with "$1" -v mapped:/x "$image" sh -c 'ls -ldn /x /x/new | tr -s " " | cut -d " " -f 3,4,9'
        "$1" volume rm mapped >/dev/null
        rm -f /tmp/owned/made
    }
    both mapping
}

it_copies_an_images_files_to_a_mapped_volume() {
    podsharp run --rm --network none --uidmap 0:100000:5000 -v filled:/etc:idmap "$image" sh -c 'ls -ldn /etc /etc/passwd | tr -s " " | cut -d " " -f 3,4' >/tmp/owners
    equal "$(sort -u /tmp/owners)" '0 0'
    equal "$(stat -c '%u %g' "$(podsharp volume inspect filled --format '{{.Mountpoint}}')/passwd")" '0 0'
    podsharp volume rm filled
}

# podman fails: it makes /etc/mtab as the host's root.
it_shows_a_root_file_system_with_other_owners() {
    rm -rf /tmp/rooted && mkdir /tmp/rooted
    podsharp export -o /tmp/rooted.tar "$(podsharp create "$image" true)"
    tar -C /tmp/rooted -xf /tmp/rooted.tar
    podsharp rm -a
    equal "$(podsharp run --rm --network none --uidmap 0:100000:5000 --rootfs /tmp/rooted:idmap sh -c 'stat -c "%u %g" /bin /etc | sort -u; touch /new')" '0 0'
    equal "$(stat -c '%u %g' /tmp/rooted/new)" '0 0'
    equal "$(podsharp run --rm --network none --rootfs '/tmp/rooted:idmap=uids=0-5-1;gids=0-6-1' stat -c '%u %g' /bin/busybox)" '5 6'
    run podsharp run --rm --network none --rootfs /tmp/rooted:idmap=nonsense true
    exit_is 125
    one_sentence
    podsharp run -d --name stays --network none --uidmap 0:100000:5000 --rootfs /tmp/rooted:idmap sleep 1000
    equal "$(podsharp exec stays stat -c '%u %g' /bin/busybox)" '0 0'
    podsharp rm -f -t 0 stays
    rm -rf /tmp/rooted /tmp/rooted.tar
}

it_mounts_links_themselves_as_podman() {
    needs_podman
    rm -rf /tmp/links && mkdir /tmp/links && echo target >/tmp/links/target && ln -s target /tmp/links/link && ln -s /nowhere/at/all /tmp/links/lost
    linking() {
        with "$1" --mount type=bind,src=/tmp/links/link,dst=/link "$image" cat /link
        with "$1" --mount type=bind,src=/tmp/links/link,dst=/link,no-dereference "$image" readlink /link
        with "$1" -v /tmp/links/link:/deep/link:no-dereference "$image" readlink /deep/link
    }
    both linking
    equal "$(podsharp run --rm --network none -v /tmp/links/lost:/link:no-dereference "$image" readlink /link)" /nowhere/at/all
    run podsharp --runtime runc create -v /tmp/links/lost:/link:no-dereference "$image" true
    exit_is 125
    one_sentence
}

it_makes_volumes_as_a_mount_says() {
    needs_podman
    making() {
        with "$1" --mount 'type=volume,src=said,dst=/x,volume-opt=type=tmpfs,volume-opt=device=tmpfs,"volume-opt=o=size=1m,mode=0710"' "$image" sh -c 'grep " /x " /proc/mounts | grep -o size=[^,]*; stat -c %a /x'
        "$1" volume inspect said --format '{{.Driver}} {{.Options}}' | sed 's/SIZE:1m //'
        # What it says of one that is there has no meaning.
        with "$1" --mount type=volume,src=said,dst=/x,volume-opt=type=ext4 "$image" sh -c 'grep " /x " /proc/mounts | cut -d " " -f 3'
        "$1" volume rm said >/dev/null
        with "$1" --mount type=volume,src=said,dst=/x,volume-opt=nonsense=1 "$image" true | sed 's/Error:.*/Error: refused/'
        with "$1" --mount type=volume,src=said,dst=/x,volume-opt=nonsense "$image" true | sed 's/Error:.*/Error: refused/'
        with "$1" --mount type=bind,src=/tmp,dst=/x,volume-opt=type=tmpfs "$image" true | sed 's/Error:.*/Error: refused/'
        "$1" volume ls -q
    }
    both making
    # As under docker.
    podsharp run --rm --network none --mount "type=volume,src=said,dst=/x,volume-driver=image,volume-opt=image=$image,volume-label=a=b,volume-label=c" "$image" ls /x/bin/busybox
    equal "$(podsharp volume inspect said --format '{{.Driver}} {{.Labels}}')" 'image map[a:b c:]'
    podsharp volume rm said
}

it_mounts_a_part_of_an_image() {
    needs_podman
    printf 'FROM %s\nRUN mkdir -p /in/deep /in/gone && echo 1 >/in/deep/one && echo f >/in/file && ln -s deep /in/link && echo x >/in/gone/x\nRUN echo 2 >/in/deep/two; rm -r /in/gone\nRUN rm -rf /in/deep && mkdir /in/deep && echo 3 >/in/deep/three && mkdir /in/gone\n' "$image" >/tmp/Dockerfile
    podman build -q --layers -t localhost/layers:test -f /tmp/Dockerfile /tmp >/dev/null
    part() {
        with "$1" --mount type=image,src=localhost/layers:test,dst=/x,subpath=/in "$image" sh -c 'cd /x; find . | sort; cat deep/three; touch /x/new' | sed 's/touch:.*/refused/'
        with "$1" --mount type=image,src=localhost/layers:test,dst=/x,subpath=/in/deep "$image" ls /x
        with "$1" --mount type=image,src=localhost/layers:test,dst=/x,subpath=/in/gone "$image" ls -A /x
        with "$1" --mount type=image,src=localhost/layers:test,dst=/x,subpath=/in/deep/one "$image" true | sed 's/Error:.*/Error: refused/; s/= .*/= error/'
        with "$1" --mount type=image,src=localhost/layers:test,dst=/x,subpath=in "$image" true | sed 's/Error:.*/Error: refused/'
    }
    both part
    # Of one file podman tries to make a layer.
    equal "$(podsharp run --rm --network none --mount type=image,src=localhost/layers:test,dst=/x/f,subpath=/in/file "$image" cat /x/f)" f
    run podsharp run --rm --network none --mount type=image,src=localhost/layers:test,dst=/x,subpath=/in/link "$image" true
    exit_is 125
    complains 'no file or directory /in/link'
    podsharp rmi localhost/layers:test
}

it_mounts_what_containers_conf_says_as_podman() {
    needs_podman
    mkdir -p /tmp/configured /tmp/empty && echo configured >/tmp/configured/f
    printf '[containers]\nvolumes = ["/tmp/configured:/one:ro", "named:/two"]\nmounts = ["type=tmpfs,dst=/three,tmpfs-size=1m", "type=bind,src=/tmp/configured,dst=/four"]\n' >/tmp/configured.conf
    configured() {
        export CONTAINERS_CONF_OVERRIDE=/tmp/configured.conf
        with "$1" "$image" sh -c 'cat /one/f /four/f; touch /one/x; touch /two/x; grep " /three " /proc/mounts | grep -o size=[^,]*' 2>&1
        # What is asked for has their place.
        with "$1" -v /tmp/empty:/one --mount type=bind,src=/tmp/empty,dst=/four "$image" sh -c 'ls -A /one /four; grep -c " /t[a-z]* " /proc/mounts; ls /two'
        "$1" volume ls -q | sort
        "$1" volume rm named >/dev/null
    }
    both configured
    # podman knows of --mount's places alone.
    CONTAINERS_CONF_OVERRIDE=/tmp/configured.conf podsharp run --rm -v /tmp/configured:/four --tmpfs /one:size=2m "$image" ls /four/f
    podsharp volume rm named
    printf '[containers]\nvolumes = ["relative/path:/one:nonsense"]\n' >/tmp/configured.conf
    CONTAINERS_CONF_OVERRIDE=/tmp/configured.conf run podsharp create "$image" true
    exit_is 125
    one_sentence
}

it_leaves_nothing() { nothing_left; }

run_suite "$@"
