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

run_suite "$@"
