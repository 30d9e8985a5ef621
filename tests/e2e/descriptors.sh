#!/bin/bash
# What a container is handed by the process that starts it, or has from its host: descriptors, systemd's socket, files of names, roots.
# Side by side with podman.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    cd /tmp
    printf 'FROM %s\nENV IMG=1 GREETING=hello EMPTY=\n' "$image" >Dockerfile
    podman build -q -t localhost/vars:test . >/dev/null
}

# alike OPTION... -- COMMAND...: a container of either engine prints the same, but for names of the engines and ids.
alike() {
    local options=() theirs ours from=${from:-$image}
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    theirs=$(podman run --rm "${options[@]}" "$from" "$@" 2>&1) || true
    ours=$(podsharp run --rm "${options[@]}" "$from" "$@" 2>&1) || true
    plain() { sed -E 's/[0-9a-f]{12}/ID/g; s/podsharp/podman/g' | sort; }
    [[ $(plain <<<"$theirs") == "$(plain <<<"$ours")" ]] || fail "${options[*]}: podman said '$theirs', podsharp '$ours'"
}

it_hands_descriptors_on() {
    local engine
    echo three >/tmp/3; echo four >/tmp/4; echo five >/tmp/5
    for engine in podman podsharp; do
        equal "$($engine run --rm --preserve-fds 2 "$image" sh -c 'cat <&3; cat <&4; ls /proc/self/fd | tr "\n" " "' 3</tmp/3 4</tmp/4 5</tmp/5)" $'three\nfour\n0 1 2 3 4 5 '
        equal "$($engine run --rm --preserve-fd 3,5 "$image" sh -c 'cat <&3; cat <&5; [ ! -e /proc/self/fd/4 ] && echo closed' 3</tmp/3 4</tmp/4 5</tmp/5)" $'three\nfive\nclosed'
        equal "$($engine run --rm --preserve-fd 5 --preserve-fd 3 "$image" cat /proc/self/fd/5 3</tmp/3 5</tmp/5)" five
        run $engine run --rm --preserve-fds 1 "$image" true
        exit_is 125
        complains 'file descriptor 3 is not available'
        $engine run -d --name target "$image" sleep 1000 >/dev/null
        equal "$($engine exec --preserve-fds 2 target sh -c 'cat <&3; cat <&4' 3</tmp/3 4</tmp/4)" $'three\nfour'
        equal "$($engine exec --preserve-fd 5 target sh -c 'cat <&5; [ ! -e /proc/self/fd/3 ] && echo closed' 3</tmp/3 5</tmp/5)" $'five\nclosed'
        run $engine exec --preserve-fds 1 target true
        [[ $status != 0 ]] || fail 'a descriptor out of nothing'
        complains 'file descriptor 3 is not available'
        $engine rm -f -t 0 target >/dev/null
    done
    # A container can write to them, too.
    podsharp run --rm --preserve-fds 1 "$image" sh -c 'echo written >&3' 3>/tmp/3
    equal "$(cat /tmp/3)" written
    # Ports, which conmon holds, don't come in their way.
    podsharp run -d --name both -p 127.0.0.1:18999:80 --preserve-fds 2 "$image" sh -c 'cat <&4; sleep 1000' 3</tmp/3 4</tmp/4 >/dev/null
    eventually 10 sh -c 'podsharp logs both | grep -q four'
    # A later start has none of them.
    podsharp stop -t 0 both
    podsharp start both
    podsharp rm -f -t 0 both
    for number in 0 2; do
        run podsharp run --rm --preserve-fd $number "$image" true
        exit_is 125
        complains "cannot preserve FD $number, consider using the passthrough log-driver"
    done
    run podsharp run --rm --preserve-fd x "$image" true
    exit_is 125
    one_sentence
    rm /tmp/[345]
}

# Listens where systemd would, and prints what comes.
start_listener() {
    python3 - "$1" >"$2" <<'END' &
import socket, sys, os
address = '\0' + sys.argv[1][1:] if sys.argv[1][0] == '@' else sys.argv[1]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(address)
s.settimeout(60)
while True:
    print(s.recv(4096).decode().replace('\n', ';'), flush=True)
END
    echo $! >/tmp/listener
}

it_tells_systemd_when_it_is_ready() {
    local engine address
    has python3 || skip 'needs python3 to listen'
    for address in /tmp/notify.sock @podsharp-test; do
        for engine in podman podsharp; do
            start_listener $address /tmp/told.$engine
            sleep 0.5
            export NOTIFY_SOCKET=$address
            $engine run -d --name conmon --sdnotify conmon "$image" sleep 1000 >/dev/null
            grep -qx "MAINPID=$($engine inspect conmon --format '{{.State.ConmonPid}}');READY=1" /tmp/told.$engine || fail "$(cat /tmp/told.$engine)"
            $engine run --rm --sdnotify ignore "$image" sh -c 'echo "<$NOTIFY_SOCKET>"' >/tmp/out
            equal "$(cat /tmp/out)" '<>'
            $engine run -d --name container "$image" sh -c 'echo $NOTIFY_SOCKET; stat -c %F $NOTIFY_SOCKET; sleep 1000' >/dev/null
            eventually 10 sh -c "$engine logs container | grep -q socket"
            equal "$($engine logs container)" $'/run/notify/notify.sock\nsocket'
            unset NOTIFY_SOCKET
            # What the container says is passed on by conmon.
            python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.sendto(b"READY=1\nSTATUS=fine", sys.argv[1])' \
                "/proc/$($engine inspect container --format '{{.State.Pid}}')/root/run/notify/notify.sock"
            eventually 10 grep -q READY=1 /tmp/told.$engine
            grep -q "^MAINPID=$($engine inspect container --format '{{.State.ConmonPid}}')$" /tmp/told.$engine || fail "$(cat /tmp/told.$engine)"
            $engine rm -f -t 0 conmon container >/dev/null
            kill "$(cat /tmp/listener)"
            sed -E 's/[0-9]+/N/g' /tmp/told.$engine >/tmp/said.$engine
            rm -f /tmp/notify.sock
        done
        cmp /tmp/said.podman /tmp/said.podsharp || fail "$(cat /tmp/said.podman; echo ---; cat /tmp/said.podsharp)"
    done
    # Nobody there is no reason not to run.
    equal "$(NOTIFY_SOCKET=/no/such podsharp run --rm --sdnotify conmon "$image" echo runs)" runs
    equal "$(podsharp run --rm "$image" sh -c 'echo "<$NOTIFY_SOCKET>"')" '<>'
    for mode in healthy nonsense; do
        run podsharp create --sdnotify $mode "$image" true
        exit_is 125
        one_sentence
    done
}

it_leaves_host_name_and_hosts_as_told() {
    printf '1.2.3.4 elsewhere\n' >/tmp/base-hosts
    alike --no-hostname -- sh -c 'cat /etc/hostname; hostname'
    alike --no-hostname --hostname mine -- sh -c 'cat /etc/hostname; hostname'
    for file in /tmp/base-hosts image none; do
        alike --hosts-file $file -- awk '{ print $2 }' /etc/hosts
    done
    equal "$(cd /tmp; podsharp run --rm --hosts-file base-hosts "$image" grep -c elsewhere /etc/hosts)" 1
    podman create --name theirs --no-hostname --hosts-file /tmp/base-hosts --chrootdirs /a --chrootdirs /b "$image" true >/dev/null
    podsharp create --name ours --no-hostname --hosts-file /tmp/base-hosts --chrootdirs /a --chrootdirs /b "$image" true >/dev/null
    local query='.[0] | [.UseImageHostname, .UseImageHosts, .HostConfig.HostsFile, .Config.ChrootDirs, .Config.sdNotifyMode, .HostConfig.AutoRemoveImage]'
    equal "$(podsharp inspect ours | jq -c "$query")" "$(podman inspect theirs | jq -c "$query")"
    podman rm theirs >/dev/null
    podsharp rm ours
    rm /tmp/base-hosts
}

it_makes_variables_of_variables() {
    from=localhost/vars:test
    alike --env-merge 'IMG=${IMG}-more' --env-merge 'SAID=$GREETING world' -- /bin/env
    alike --env-merge 'PATH=$PATH:/more' -- /bin/env
    alike --env-merge 'A=${NOTHING:-other}' --env-merge 'B=${EMPTY:-other}' --env-merge 'C=${IMG:+there}' --env-merge 'D=x$NOTHING' -- /bin/env
    alike --env-merge 'IMG=${IMG}-more' -e IMG=own -- /bin/env
    alike --env-merge 'IMG=${IMG}-more' --unsetenv IMG -- /bin/env
    unset from
    for bad in 'A=${IMG' nothing; do
        run podsharp create --env-merge "$bad" "$image" true
        exit_is 125
        one_sentence
    done
}

it_gives_names_to_roots_inside() {
    alike --chrootdirs /inner --chrootdirs /other -- sh -c 'cut -d" " -f5 /proc/self/mountinfo | grep -E "resolv.conf|hosts|hostname" | sort'
    equal "$(podsharp run --rm --name chroots --add-host there:1.2.3.4 --chrootdirs /inner "$image" grep -c there /inner/etc/hosts)" 1
}

it_keeps_changes_of_a_root_file_system_in_a_layer() {
    local engine
    mkdir /tmp/rootfs
    tar xf "$image_tar" -C /tmp/rootfs
    for engine in podman podsharp; do
        $engine run --name rooted --rootfs /tmp/rootfs:O sh -c 'ls -d /made; rm -r /home; echo x >/made; ls / | tr "\n" " "' >/tmp/rooted.$engine
        [[ ! -e /tmp/rootfs/made && -d /tmp/rootfs/home ]] || fail "$engine changed the root file system"
        # They are there at the next start, and go with the container.
        $engine start -a rooted >>/tmp/rooted.$engine 2>&1
        $engine inspect rooted | jq -c '.[0] | [.Rootfs, .Image, .ImageName]' >>/tmp/rooted.$engine
        $engine rm rooted >/dev/null
        $engine run --rm -u 77 --rootfs /tmp/rootfs:O sh -c 'tail -n 1 /etc/passwd; ls -d /made' >>/tmp/rooted.$engine 2>&1 || true
    done
    diff /tmp/rooted.podman /tmp/rooted.podsharp || fail 'not as podman'
    podsharp run --name rooted --rootfs /tmp/rootfs:O sh -c 'echo x >/made'
    equal "$(podsharp export rooted | tar tf - | grep -cx made)" 1
    equal "$(cat "$(podsharp mount rooted)/made")" x
    podsharp umount rooted
    podsharp rm rooted
    run podsharp run --rm --rootfs /tmp/rootfs:nonsense true
    exit_is 125
    one_sentence
    rm -r /tmp/rootfs /tmp/rooted.*
}

it_removes_the_image_with_the_container() {
    podsharp import "$image_tar" localhost/once:test >/dev/null
    equal "$(podsharp run --rmi localhost/once:test echo ran)" ran
    run podsharp image exists localhost/once:test
    exit_is 1
    podsharp import "$image_tar" localhost/once:test >/dev/null
    podsharp create --name user localhost/once:test true
    equal "$(podsharp run --rmi localhost/once:test echo ran)" ran
    podsharp image exists localhost/once:test
    podsharp rm user
    # Nobody waits for it.
    podsharp run -d --rmi localhost/once:test sleep 0.5
    eventually 20 sh -c '! podsharp image exists localhost/once:test'
    equal "$(podsharp ps -aq)" ''
}

it_leaves_nothing() { equal "$(podsharp ps -aq)" ''; equal "$(podman ps -aq)" ''; }

run_suite "$@"
