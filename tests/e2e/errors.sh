#!/bin/bash
# Wrong input and wrong surroundings: one clear sentence with the way out, the right exit code, nothing half-made.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() { import_image; }

# refused CODE PATTERN COMMAND...
refused() {
    local code=$1 pattern=$2
    shift 2
    run "$@"
    exit_is "$code"
    one_sentence
    complains "$pattern"
    ! grep -qE '   at |Exception|Unhandled' <<<"$errors" || fail 'a stack trace'
}

it_refuses_images_that_are_not_there() {
    refused 125 'not-there' podsharp run --rm --pull=never localhost/not-there true
    refused 125 'not-there' podsharp create --pull=never localhost/not-there true
    refused 125 'registry.invalid' podsharp run --rm registry.invalid/x/y true
    refused 125 'registry.invalid' podsharp pull -q registry.invalid/x/y
    refused 125 '127.0.0.1:1' podsharp pull -q 127.0.0.1:1/x/y
    refused 125 '' podsharp run --rm UPPER/case true
    refused 125 '' podsharp run --rm 'bad::reference' true
    refused 125 '' podsharp pull -q "$(printf 'x%.0s' {1..300})"
    refused 1 'not-there' podsharp rmi not-there
    refused 125 'not-there' podsharp inspect not-there
    refused 125 '' podsharp tag not-there localhost/x
    refused 125 '' podsharp import -q /nowhere.tar localhost/x
    head -c 10000 /dev/urandom >/tmp/noise.tar
    refused 125 '' podsharp import -q /tmp/noise.tar localhost/x
    nothing_left
}

it_refuses_containers_that_are_not_there() {
    local command
    for command in start stop restart kill wait top logs attach; do refused 125 'nobody' podsharp $command nobody; done
    refused 125 'nobody' podsharp exec nobody true
    refused 1 'nobody' podsharp rm nobody
    refused 125 '' podsharp start ''
    refused 125 'nobody' podsharp run --rm --network container:nobody "$image" true
    nothing_left
}

it_refuses_names_that_are_taken() {
    podsharp create --name taken "$image" true >/dev/null
    refused 125 'taken' podsharp create --name taken "$image" true
    refused 125 'taken' podsharp run --rm --name taken "$image" true
    refused 125 '' podsharp create --name 'not a name' "$image" true
    refused 125 '' podsharp create --name -leading "$image" true
    # podman's containers have their names for themselves.
    podman create --name theirs "$image" true >/dev/null 2>&1
    refused 125 'theirs' podsharp create --name theirs "$image" true
    podman rm theirs >/dev/null
    podsharp rm taken
    nothing_left
}

it_refuses_malformed_options() {
    local option
    for option in '--memory=much' '--memory=-5' '--cpus=many' '--publish=99999:80' '--publish=80:http' '--volume=relative/path:/x:bad' \
        '--mount=type=moon,dst=/x' '--mount=dst' '--env-file=/nowhere' '--network=no-such-network' '--user=no-such-user' \
        '--ulimit=nofile' '--cap-add=FLYING' '--sysctl=nonsense' '--stop-signal=SIGNONE' '--pids-limit=x' '--tmpfs=relative' \
        '--add-host=nocolon' '--dns=nowhere' '--pull=sometimes' '--restart=perhaps' '--log-driver=pigeon' '--workdir=relative' \
        '--security-opt=seccomp=/nowhere' '--cpuset-cpus=977' '--entrypoint=/no/such/entry'; do
        run podsharp run --rm --name half "$option" "$image" true
        [[ $option == --entrypoint* || $status == 125 ]] || fail "$option: exit code $status"
        [[ $status != 0 ]] || fail "$option is accepted"
        # Behind a wrong argument stands where the help is, as with podman.
        equal "$(grep -c '^Error: ' <<<"$errors")" 1
        ! grep -qE '   at |Exception|Unhandled' <<<"$errors" || fail "$option: a stack trace"
    done
    run podsharp run
    exit_is 125
    run podsharp no-such-command
    exit_is 125
    run podsharp --no-such-flag ps
    exit_is 125
    nothing_left
}

it_refuses_ports_in_use() {
    python3 -c 'import socket,time; s=socket.socket(); s.bind(("127.0.0.1",18700)); s.listen(); time.sleep(60)' &
    eventually 5 bash -c ': </dev/tcp/127.0.0.1/18700'
    refused 125 '18700' podsharp run -d --name half -p 127.0.0.1:18700:80 "$image" sleep 100
    kill $!
    podsharp rm --ignore half >/dev/null
    podsharp run -d --name first -p 127.0.0.1:18701:80 "$image" sleep 100 >/dev/null
    refused 125 '18701' podsharp run -d --name half -p 127.0.0.1:18701:80 "$image" sleep 100
    podsharp rm -f -t 0 first half >/dev/null
    nothing_left
}

it_names_a_missing_component() {
    local part
    cat /dev/null >/tmp/without.conf
    printf '[engine]\nconmon_path = ["/nowhere/conmon"]\nhelper_binaries_dir = ["/nowhere"]\n' >/tmp/without.conf
    # Nothing on PATH either: only the shell's own commands.
    mkdir -p /tmp/few
    ln -sf "$(command -v env)" "$(command -v bash)" /tmp/few/ 2>/dev/null || true
    without() { env PATH=/tmp/few CONTAINERS_CONF="$1" /podsharp/bin/podsharp "${@:2}"; }
    for part in conmon netavark crun; do [[ -e /usr/bin/$part ]] && mv "/usr/bin/$part" "/usr/bin/$part.away"; done
    mv /usr/lib/podman /usr/lib/podman.away
    [[ ! -e /usr/bin/runc ]] || mv /usr/bin/runc /usr/bin/runc.away
    [[ ! -e /usr/sbin/runc || -L /usr/sbin ]] || mv /usr/sbin/runc /usr/sbin/runc.away
    run without /tmp/without.conf run --rm --name half --network none "$image" true
    exit_is 125; one_sentence; complains 'runtime|crun|runc'
    for part in crun runc; do for dir in /usr/bin /usr/sbin; do [[ ! -e $dir/$part.away ]] || mv "$dir/$part.away" "$dir/$part"; done; done
    run without /tmp/without.conf run --rm --name half --network none "$image" true
    exit_is 125; one_sentence; complains 'conmon'; complains 'install'
    mv /usr/bin/conmon.away /usr/bin/conmon
    run without '' run --rm --name half "$image" true
    exit_is 125; one_sentence; complains 'netavark'
    mv /usr/lib/podman.away /usr/lib/podman
    [[ ! -e /usr/bin/netavark.away ]] || mv /usr/bin/netavark.away /usr/bin/netavark
    refused 125 'nothing-here' podsharp --runtime /usr/bin/nothing-here run --rm --network none "$image" true
    refused 125 'no-such-runtime' podsharp --runtime no-such-runtime run --rm --network none "$image" true
    podsharp rm --ignore half >/dev/null
    nothing_left
}

it_says_what_an_ordinary_user_may_not() {
    run setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/tester XDG_RUNTIME_DIR=/run/user/1000 podsharp --root "$graph_root" --runroot "$run_root" ps
    [[ $status != 0 ]] || fail 'it is allowed'
    one_sentence
    complains 'ermission|root|namespace'
    nothing_left
}

it_says_what_is_wrong_with_its_files() {
    mkdir -p /tmp/broken/containers.conf.d
    printf '[containers\n' >/tmp/broken/containers.conf
    run env CONTAINERS_CONF=/tmp/broken/containers.conf podsharp create "$image" true
    exit_is 125
    one_sentence
    complains 'containers.conf'
    # A damaged database is named, not overwritten.
    mkdir -p /tmp/damaged
    podsharp --root /tmp/damaged/root --runroot /tmp/damaged/run import -q "$image_tar" "$image" >/dev/null
    podsharp --root /tmp/damaged/root --runroot /tmp/damaged/run create "$image" true >/dev/null
    head -c 8192 /dev/urandom >/tmp/damaged/root/podsharp/state.db
    rm -f /tmp/damaged/root/podsharp/state.db-*
    run podsharp --root /tmp/damaged/root --runroot /tmp/damaged/run ps -a
    exit_is 125
    one_sentence
    complains 'state.db'
    umount /tmp/damaged/root/overlay 2>/dev/null || true
}

run_suite "$@"
