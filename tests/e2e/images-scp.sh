#!/bin/bash
# Images between users and hosts, with OpenSSH on loopback.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

port=5022
as_tester() { setpriv --inh-caps=-all -- runuser -u tester -- env --chdir=/home/tester HOME=/home/tester XDG_RUNTIME_DIR=/run/user/1000 PATH="$PATH" "$@"; }

before_all() {
    import_image
    mkdir -p /run/sshd /root/.ssh /run/user/1000
    chown tester: /run/user/1000
    chmod 700 /root/.ssh /run/user/1000
    ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
    cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
    ssh-keygen -q -t ed25519 -N '' -f /tmp/host_key
    install -d -m 700 -o tester -g tester /home/tester/.ssh
    install -m 600 -o tester -g tester /root/.ssh/id_ed25519.pub /home/tester/.ssh/authorized_keys
    # The other host's engine: another store of root's, as another host would have it.
    printf 'PermitRootLogin yes\nUsePAM no\nHostKey /tmp/host_key\nPidFile none\nSetEnv CONTAINERS_STORAGE_CONF=/tmp/other.conf PATH=/podsharp/bin:/usr/bin:/bin\n' >/tmp/sshd_config
    printf '[storage]\ndriver = "overlay"\ngraphroot = "/var/lib/containers/other"\nrunroot = "/run/other"\n' >/tmp/other.conf
    printf 'Host there\n  HostName 127.0.0.1\n  Port %s\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n' $port >/root/.ssh/config
    mkdir -p /tmp/registry
    /usr/sbin/sshd -D -e -f /tmp/sshd_config -p $port -o ListenAddress=127.0.0.1 >/tmp/registry/sshd.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 ssh there true
}

there() { CONTAINERS_STORAGE_CONF=/tmp/other.conf podsharp --root /var/lib/containers/other --runroot /run/other "$@"; }
id_of() { podsharp image inspect --format '{{.Id}}' "$1"; }

it_sends_an_image_to_another_host_and_takes_it_back() {
    run podsharp image scp "$image" root@there::
    exit_is 0
    prints "Loaded image: $image"
    equal "$(there image inspect --format '{{.Id}}' "$image")" "$(id_of "$image")"
    run podsharp image scp -q "$image" there::renamed:2
    exit_is 0
    equal "$output" ''
    there image exists localhost/renamed:2
    run podsharp image scp there::localhost/renamed:2
    exit_is 0
    equal "$(id_of localhost/renamed:2)" "$(id_of "$image")"
    podsharp image scp there::localhost/renamed:2 back:1
    equal "$(id_of localhost/back:1)" "$(id_of "$image")"
    podsharp rmi localhost/back:1 localhost/renamed:2
}

it_takes_connections_of_podmans() {
    mkdir -p /root/.config/containers
    printf '{"Connection":{"Connections":{"named":{"URI":"ssh://root@there:%s/run/podman/podman.sock","Identity":"/root/.ssh/id_ed25519"}}}}' $port >/root/.config/containers/podman-connections.json
    run podsharp image scp "$image" named::by-connection:1
    exit_is 0
    there image exists localhost/by-connection:1
    rm /root/.config/containers/podman-connections.json
}

it_sends_an_image_to_another_user() {
    run podsharp image scp "$image" tester@localhost::for-tester:1
    exit_is 0
    as_tester podman image exists localhost/for-tester:1
    run podsharp image scp tester@localhost::localhost/for-tester:1 root@localhost::from-tester:1
    exit_is 0
    equal "$(id_of localhost/from-tester:1)" "$(id_of "$image")"
    podsharp rmi localhost/from-tester:1
    run as_tester podsharp image scp root@localhost::"$image" tester@localhost::
    exit_is 125
    complains 'only root'
}

it_says_what_went_wrong() {
    local line
    while read -r line; do
        run podsharp image scp $line
        exit_is 125
        one_sentence
    done <<REFUSED
$image
$image localhost/other
-- $image -oProxyCommand=touch@x::
$image ::
localhost/none there::
there::localhost/none
there::localhost/none;touch\$IFS/tmp/pwned
nobody-there.invalid::$image
$image tester@localhost::a::b
REFUSED
    [[ ! -e /tmp/pwned ]] || fail 'a name was run as a command'
    # A part is never taken for the whole.
    run there image exists localhost/none
    exit_is 1
}

run_suite "$@"
