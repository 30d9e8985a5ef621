#!/bin/bash
# Images made of containers, beside those that podman makes of a container in which the same was done.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

options=(-e FOO=bar -v named:/vol -v /tmp/bind:/mnt/bind -v /anonymous --tmpfs /scratch --label own=1 --expose 70/udp -p 127.0.0.1::81 --stop-signal INT)
work='mkdir -p /opt/x; echo a >/opt/x/a; chown 5:6 /opt/x/a; chmod 4755 /opt/x/a; ln /opt/x/a /opt/x/b; ln -s a /opt/x/link; rm /bin/vi /bin/wget; rm -rf /root; mkdir /root; touch /root/k
    mknod /fifo p; echo q >>/etc/passwd; chmod 700 /var; mkdir -p /data; echo gone >/anonymous/f; echo gone >/scratch/f; rm -rf /home'

before_all() {
    import_image
    mkdir -p /tmp/bind
}

# both NAME [OPTION...]: a container of each engine, ended, in which the same was done.
both() {
    local name=$1
    shift
    podman run --name "$name-podman" "$@" "$image" sh -c "$work"
    podsharp run --name "$name" "$@" "$image" sh -c "$work"
}

forget() {
    podman rm -f -v -t 0 "$1-podman"
    podsharp rm -f -v -t 0 "$1"
    podman image rm -f "$2-podman"
    podsharp rmi "$2"
    podman volume rm -f named || true
    podsharp volume rm -f named || true
}

# layer IMAGE: what is in the uppermost layer, but for when, for what the runtimes mount on and for the directory that only holds that.
layer() {
    local copy
    copy=$(mktemp -d)
    skopeo copy -q "containers-storage:$1" "dir:$copy"
    tar --numeric-owner -tvf "$copy/$(jq -r '.layers[-1].digest' "$copy/manifest.json" | cut -d : -f 2)" | sed -E 's/ [0-9-]{10} [0-9:]{5} / /' |
        grep -vE ' (etc/(hosts|hostname|resolv.conf|mtab -> /proc/mounts)|run/(.containerenv)?)$' || true
}

# said IMAGE: its configuration, but for what differs by nature: variables that every container gets from its engine.
said() {
    podman image inspect "$1" | jq -S '.[0] | {Config, Author, Architecture, Os, ManifestType, History: [.History[] | del(.created)], layers: (.RootFS.Layers | length)} |
        .Config.Env |= ([.[] | select(test("^(container|HOSTNAME|TERM)=") | not)] | sort) | .Config.StopSignal //= ""'
}

same_image() {
    diff <(said "$1-podman") <(said "$1") || fail 'another configuration than podman makes'
    diff <(layer "$1-podman") <(layer "$1") || fail 'another layer than podman makes'
    store_is_clean
}

it_makes_the_image_that_podman_makes() {
    both a "${options[@]}"
    podman commit -q -a me a-podman localhost/made:1-podman
    run podsharp commit -a me a localhost/made:1
    exit_is 0
    equal "$output" "$(podman image inspect --format '{{.Id}}' localhost/made:1)"
    same_image localhost/made:1
    equal "$(podman image inspect --format '{{index .Annotations "org.opencontainers.image.created"}}' localhost/made:1 | cut -c 1-10)" "$(date -u +%F)"
    # Nothing of what runtimes mount on.
    skopeo copy -q containers-storage:localhost/made:1 dir:/tmp/whole
    tar -tf "/tmp/whole/$(jq -r '.layers[-1].digest' /tmp/whole/manifest.json | cut -d : -f 2)" >/tmp/whole.list
    run grep -E 'etc/(hosts|hostname|resolv.conf)|containerenv|/f$' /tmp/whole.list
    equal "$output" ''
    # What was done is seen in containers of both engines.
    local engine
    for engine in podsharp podman; do
        run $engine run --rm --pull=never --network none localhost/made:1 sh -c 'ls -A /root /opt/x; stat -c "%a %u:%g %h" /opt/x/a; test ! -e /bin/vi; test ! -e /home; tail -n 1 /etc/passwd; echo $FOO'
        exit_is 0
        equal "$(tr '\n' ' ' <<<"$output")" '/opt/x: a b link  /root: k 4755 5:6 2 q bar '
    done
    forget a localhost/made:1
}

it_makes_an_image_in_dockers_form() {
    both b "${options[@]}"
    local arguments=(-f docker -m 'a word' --include-volumes -c 'CMD=["a","b"]' -c 'ENV A=B FOO=c' -c 'LABEL x=y z=w' -c 'EXPOSE 9' -c 'VOLUME /v3' -c 'USER 5' -c 'WORKDIR x' -c 'ONBUILD RUN x'
        -c 'STOPSIGNAL 9')
    podman commit -q "${arguments[@]}" b-podman localhost/made:2-podman
    run podsharp commit -q "${arguments[@]}" b localhost/made:2
    exit_is 0
    same_image localhost/made:2
    equal "$(podman image inspect --format '{{.Comment}} {{.ManifestType}}' localhost/made:2)" 'a word application/vnd.docker.distribution.manifest.v2+json'
    blob() { cat "$graph_root/overlay-images/$(podman image inspect --format '{{.Id}}' "$1")/"=c2hhMjU2* | jq -S 'del(.created, .container, .rootfs, .history, .container_config, .config.Env)'; }
    diff <(blob localhost/made:2-podman) <(blob localhost/made:2) || fail 'another blob than podman makes'
    forget b localhost/made:2
}

it_lays_a_configuration_over_the_containers() {
    both c
    echo '{"Cmd": ["x"], "Env": ["N=1"], "Labels": {"q": "r"}, "User": "7", "ExposedPorts": {"9/tcp": {}}, "Entrypoint": ["e"]}' >/tmp/config.json
    podman commit -q --config /tmp/config.json c-podman localhost/made:3-podman
    podsharp commit --config /tmp/config.json c localhost/made:3
    same_image localhost/made:3
    podman commit -q --config /tmp/config.json -c 'ENTRYPOINT other' -c 'ENV N=2' c-podman localhost/made:3-podman
    podsharp commit --config /tmp/config.json -c 'ENTRYPOINT other' -c 'ENV N=2' c localhost/made:3
    same_image localhost/made:3
    podman image prune -f
    forget c localhost/made:3
}

it_makes_one_layer_of_all() {
    both d
    podman commit -q --squash d-podman localhost/made:4-podman
    run podsharp commit --squash d localhost/made:4
    exit_is 0
    same_image localhost/made:4
    run podsharp run --rm --network none localhost/made:4 sh -c 'cat /opt/x/a; ls /bin/vi'
    prints '^a$'
    complains 'No such file'
    # As from one that runs.
    podsharp start d
    podsharp commit --squash --pause d localhost/made:4
    forget d localhost/made:4
}

it_commits_what_runs() {
    local pause
    podsharp run -d --name ever "$image" sh -c 'echo one >/one; while sleep 0.1; do date >>/clock; done'
    eventually 5 podsharp exec ever cat /clock
    for pause in false true; do
        run podsharp commit --pause="$pause" ever
        exit_is 0
        equal "$(podsharp inspect --format '{{.State.Status}}' ever)" running
        run podsharp run --rm --network none "$output" cat /one
        equal "$output" one
    done
    # It goes on.
    podsharp exec ever rm /clock
    eventually 5 podsharp exec ever cat /clock
    # A paused one stays paused.
    podsharp pause ever
    run podsharp commit -p ever localhost/paused
    exit_is 0
    equal "$(podsharp inspect --format '{{.State.Status}}' ever)" paused
    equal "$(podsharp events --since 1m --stream=false --filter container=ever --filter event=commit | wc -l)" 3
    podsharp rm -f -t 0 ever
    podsharp rmi localhost/paused
    podsharp image prune -f
}

it_builds_on_what_was_made_and_moves_names() {
    podsharp run --name f "$image" sh -c 'mkdir /dir; echo 1 >/dir/one'
    podsharp commit f localhost/made:5
    local first
    first=$(podsharp image inspect --format '{{.Id}}' localhost/made:5)
    podsharp rm f
    podsharp run --name f localhost/made:5 sh -c 'rm -rf /dir; mkdir /dir; echo 2 >/dir/two'
    run podsharp commit f localhost/made:5
    exit_is 0
    equal "$(podsharp image inspect --format '{{len .RootFS.Layers}}' localhost/made:5)" 3
    equal "$(podman image inspect --format '{{.RepoTags}}' "$first")" '[]'
    equal "$(podman run --rm --network none localhost/made:5 ls /dir)" two
    # One that has changed nothing and never ran.
    podsharp rm f
    podsharp create --name f "$image" true
    run podsharp commit f
    exit_is 0
    podman run --rm --network none "$output" true
    podsharp rm f
    podsharp rmi "$output" localhost/made:5
    podsharp rmi --ignore "$first" || true
    store_is_clean
}

it_prunes_unnamed_images_of_one_layer() {
    local first second
    podsharp create --name twin "$image" true
    first=$(podsharp commit twin) second=$(podsharp commit twin)
    [[ $first != "$second" ]] || fail 'one image'
    podsharp rm twin
    # Neither was made from the other.
    equal "$(podsharp image prune -f | sort)" "$(printf '%s\n' "$first" "$second" | sort)"
}

it_writes_the_id_to_a_file() {
    podsharp create --name g "$image" true
    run podsharp container commit --iidfile /tmp/iid g
    exit_is 0
    equal "$(wc -c </tmp/iid)" 64
    equal "$(</tmp/iid)" "$output"
    equal "$(podsharp image inspect --format '{{.RepoTags}}' "$output")" '[]'
    podsharp rm g
    podsharp rmi "$output"
}

it_refuses_as_podman_does() {
    podsharp create --name h "$image" true
    podman create --name h-podman "$image" true
    local arguments
    for arguments in '-m words' '-f bad' '-c FOO=1' '--config /nowhere'; do
        # shellcheck disable=SC2086
        run podman commit $arguments h-podman x
        exit_is 125
        # shellcheck disable=SC2086
        run podsharp commit $arguments h x
        exit_is 125
        one_sentence
    done
    run podsharp commit nobody
    exit_is 125
    complains 'no such container'
    run podsharp commit h Upper
    exit_is 125
    complains 'lower ?case'
    mkdir -p /tmp/root/bin
    podsharp create --name rooted --rootfs /tmp/root /bin/x
    run podsharp commit rooted
    exit_is 125
    complains 'exploded rootfs'
    podsharp rm h rooted
    podman rm h-podman
    equal "$(podsharp images -q | sort -u | wc -l)" 1
    run podsharp commit -q nobody extra arguments
    exit_is 125
}

# The container goes on, and the next commit succeeds.
it_lets_go_on_what_a_killed_commit_has_frozen() {
    prepare() { podsharp run -d --name "$1" --network none "$image" sleep 100; }
    operation() { podsharp commit --pause "$1" localhost/killed; }
    afterwards() { [[ $(state "$1") == running ]] && podsharp exec "$1" true && podsharp commit --pause "$1" localhost/killed && podsharp rmi localhost/killed; }
    # shellcheck disable=SC2046
    at_each $(commits hold-begin) container.hold.runtime storage.staging.unpacked $(commits hold)
    equal "$(podsharp images -q | sort -u | wc -l)" 1
}

it_leaves_a_clean_store_behind_a_killed_commit() {
    prepare() { podsharp run --name "$1" --network none "$image" sh -c 'echo 1 >/one'; }
    operation() { podsharp commit "$1" localhost/killed; }
    # The next commit clears away what the first has left.
    afterwards() { podsharp commit "$1" localhost/killed && podsharp run --rm --network none localhost/killed cat /one && podsharp rm "$1" && podsharp rmi localhost/killed && podsharp image prune -f; }
    at_each storage.staging.made storage.staging.unpacked container.commit.read storage.layer.recorded storage.layer.directory storage.layer.placed storage.layer.committed \
        storage.image.data storage.image.recorded storage.layer.kept
    equal "$(podsharp images -q | sort -u | wc -l)" 1
}

run_suite "$@"
