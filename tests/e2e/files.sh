#!/bin/bash
# What is done with containers' files: compared with podman's own word wherever it has one.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    mkdir -p /tmp/bind
    # A second layer that hides, replaces and adds.
    podman run --name layer "$image" sh -c 'rm /etc/group; rm -rf /home; mkdir /home; echo 1 >/home/one; mkdir -p /deep/er; echo 2 >/deep/er/two; ln -s er /deep/link'
    podman commit -q layer localhost/layered:test
    podman rm layer
}

# both NAME IMAGE SCRIPT: a container of each engine in which the same has been done.
both() {
    local name=$1 with=$2 script=$3
    podman run --name "$name-podman" -v /tmp/bind:/mnt/bind --tmpfs /scratch "$with" sh -c "$script"
    podsharp run --name "$name" -v /tmp/bind:/mnt/bind --tmpfs /scratch "$with" sh -c "$script"
}

forget() {
    podman rm -f -t 0 "$1-podman"
    podsharp rm -f -t 0 "$1"
}

same_diff() {
    run podsharp diff "$1"
    exit_is 0
    diff <(podman diff "$1-podman") - <<<"$output" || fail 'not what podman says'
    diff <(podman diff --format json "$1-podman") <(podsharp container diff --format json "$1") || fail 'not the JSON of podman'
}

it_tells_what_a_container_changes_as_podman_does() {
    both a "$image" 'mkdir -p /new/sub; echo x >/new/sub/f; echo y >>/etc/passwd; rm /etc/group; rm -rf /root; mkdir /root
        echo z >/root/k; rm -rf /var; ln -s a /link; chmod 700 /tmp; echo q >/bin/aaa; ln -sf /x /etc/other; mknod /fifo p; rm /bin/vi'
    same_diff a
    prints '^D /root$'
    prints_not '/etc/hosts'
    forget a
}

it_sees_through_several_layers() {
    both b localhost/layered:test 'echo a >/etc/group; rm -rf /deep/er; mkdir -p /deep/er; echo b >/deep/er/two; echo c >>/home/one
        mkdir /home/new; rm /deep/link; mkdir /deep/link; echo d >/deep/link/f'
    same_diff b
    prints '^A /etc/group$'
    forget b
}

it_tells_nothing_of_a_container_that_changed_nothing() {
    both c "$image" 'cat /etc/passwd >/dev/null'
    same_diff c
    forget c
    podsharp create --name fresh "$image" true
    run podsharp diff --format json --latest
    equal "$output" '{}'
    podsharp rm fresh
}

it_tells_of_a_running_container() {
    podsharp run -d --name live "$image" sh -c 'echo 1 >/made; sleep 100'
    eventually 5 sh -c 'podsharp diff live | grep -qx "A /made"'
    podsharp rm -f -t 0 live
}

it_tells_what_an_image_adds() {
    diff <(podman diff "$image") <(podsharp diff "$image") || fail 'not what podman says'
    diff <(podman image diff localhost/layered:test) <(podsharp image diff localhost/layered:test) || fail 'not what podman says'
    run podsharp diff nothing-of-this-name
    exit_is 125
    one_sentence
    run podsharp image diff nothing-of-this-name
    exit_is 125
    one_sentence
}

after_all() { podman rmi -f localhost/layered:test; }

run_suite "$@"
