#!/bin/bash
# Containers prepared for systemd, compared with podman's: when they are, what they get, and an image that boots and stops in order.
# needs: systemd
. "${BASH_SOURCE[0]%/*}/lib.sh"

boots=localhost/systemd:test

before_all() {
    import_image
    podman import -q $image_tar "$image" >/dev/null 2>&1 || true
    tar -C "$systemd_root" -c . | podsharp import -c 'CMD ["/sbin/init"]' - $boots >/dev/null
}

# What a container that is prepared for systemd sees: mounts, variables, consoles.
seen() {
    "$@" sh -c 'cat /proc/self/mountinfo; env; ls /dev' >/tmp/seen
    awk '$5 ~ "^/(run|tmp|var|sys/fs/cgroup)" && $5 != "/run/.containerenv" {print $5, $6, $9, $10}' /tmp/seen | sort
    sed -n 's/^\(container_uuid=\)[0-9a-f]\{32\}$/\1ID/p; s/^tty[0-9]/&/p' /tmp/seen
}

it_prepares_what_podman_prepares() {
    local options
    seen podsharp run --rm --network none --systemd always "$image" >/tmp/ours
    grep -q '^/var/log/journal rw,nosuid,nodev,relatime tmpfs' /tmp/ours && grep -q '^container_uuid=ID' /tmp/ours || fail "$(cat /tmp/ours)"
    for options in '--systemd always' '--systemd always --shm-size-systemd 10m' '--systemd always --tmpfs /run:size=3m --read-only' \
        '--systemd always --privileged' '--systemd false'; do
        seen podsharp run --rm --network none $options "$image" >/tmp/ours
        seen podman run --rm --network none $options "$image" >/tmp/theirs
        diff /tmp/ours /tmp/theirs || fail "with $options"
    done
}

it_knows_systemd_as_podman_does() {
    local engine words
    for engine in podsharp podman; do
        for words in 'IMAGE /sbin/init' 'IMAGE /usr/lib/systemd/systemd --x' 'IMAGE init' 'IMAGE /bin/sh -c /sbin/init' '--init IMAGE /sbin/init' \
            '--entrypoint /usr/sbin/init IMAGE' '--stop-signal TERM IMAGE /sbin/init' '--systemd ALWAYS IMAGE true' '--systemd false IMAGE /sbin/init'; do
            $engine create --name rule ${words/IMAGE/$image} >/dev/null
            $engine inspect rule --format "$words: {{.Config.SystemdMode}} {{.Config.StopSignal}}"
            $engine rm rule >/dev/null
        done >/tmp/rules.$engine
    done
    diff /tmp/rules.podsharp /tmp/rules.podman
    [[ $(grep -c true /tmp/rules.podsharp) -ge 5 && $(grep -c false /tmp/rules.podsharp) -ge 3 ]] || fail "$(cat /tmp/rules.podsharp)"
    run podsharp create --systemd sometimes "$image" true
    exit_is 125
    one_sentence
    complains 'invalid value "sometimes" for --systemd'
    run podsharp create --shm-size-systemd much "$image" true
    exit_is 125
    one_sentence
    # What podman refuses, too.
    [[ ! -d /sys/fs/cgroup/systemd ]] || {
        run podsharp run --rm --systemd always --cgroupns private "$image" true
        exit_is 125
        complains 'cgroup namespace is not supported with cgroup v1 and systemd mode'
    }
}

it_boots_and_stops_in_order() {
    podsharp run -d --name boots $boots >/dev/null
    eventually 60 podsharp exec boots test -f /run/test-is-up
    eventually 60 sh -c '[ "$(podsharp exec boots systemctl is-system-running)" = running ]'
    # Its machine id is made of the container's.
    equal "$(podsharp exec boots cat /etc/machine-id)" "$(podsharp inspect boots --format '{{.Id}}' | cut -c1-32)"
    podsharp stop -t 60 boots
    equal "$(podsharp inspect boots --format '{{.State.Status}} {{.State.ExitCode}}')" 'exited 0'
    equal "$(podsharp cp boots:/root/stopped - | tar -xO)" 'stopped in order'
    # And once more.
    podsharp start boots
    eventually 60 podsharp exec boots test -f /run/test-is-up
    podsharp rm -f -t 0 boots
}

run_suite "$@"
