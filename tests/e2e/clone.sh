#!/bin/bash
# Containers made like others, and the commands that images have in labels, beside podman's.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    mkdir -p /tmp/bind
}

forget() {
    podman rm -f -a -t 0
    podsharp rm -f -a -t 0
    podman volume prune -f -a || true
    podsharp volume prune -f -a || true
}

# told ENGINE NAME: what a container was made of, but for the user and tmpfs mounts, which podman loses.
told() {
    "$1" inspect "$2" | jq -S '.[0] | {Path, Args, ImageName, Image, env: ([.Config.Env[] | select(test("^(FOO|BAR)="))] | sort), labels: .Config.Labels,
        mounts: ([.Mounts[] | select(.Type != "tmpfs") | {Type, Destination, RW, named: (.Name == "named"), Source: (if .Type == "bind" then .Source else "" end)}] | sort_by(.Destination)),
        ports: .HostConfig.PortBindings, memory: .HostConfig.Memory, swap: .HostConfig.MemorySwap, cpus: .HostConfig.NanoCpus, restart: .HostConfig.RestartPolicy.Name, file: .HostConfig.ContainerIDFile}'
}

options=(-e FOO=bar -e BAR= -v named:/vol -v /tmp/bind:/mnt/bind:ro -v /anonymous --tmpfs /scratch --label own=1 -p 127.0.0.1:18101:80 -m 64m --cpus 0.5 -u 1:2)

it_makes_what_podman_makes() {
    local engine name
    for engine in podman podsharp; do
        rm -f /tmp/id-file
        $engine create --name old --cidfile /tmp/id-file "${options[@]}" "$image" sh -c 'sleep 100'
        $engine container clone old
        $engine container clone old
        $engine container clone old-clone
        $engine container clone old named
        $engine container clone --name by-option old
        $engine container clone --memory 32m --cpus 1 old limited
        run $engine container clone old named
        exit_is 125
        complains 'already in use'
        $engine ps -a --format '{{.Names}} {{.State}}' | sort >"/tmp/list-$engine"
        for name in old-clone named limited; do told $engine "$name"; done >"/tmp/told-$engine"
        # Anonymous volumes are those of the other.
        equal "$($engine inspect named --format '{{range .Mounts}}{{if eq .Destination "/anonymous"}}{{.Name}}{{end}}{{end}}')" \
            "$($engine inspect old --format '{{range .Mounts}}{{if eq .Destination "/anonymous"}}{{.Name}}{{end}}{{end}}')"
        if [[ $engine == podsharp ]]; then
            equal "$(podsharp inspect named --format '{{.Config.User}} {{range .Mounts}}{{if eq .Type "tmpfs"}}{{.Destination}}{{end}}{{end}}')" '1:2 /scratch'
        fi
        # Names are taken for both.
        forget
    done
    diff /tmp/list-podman /tmp/list-podsharp || fail 'not the containers that podman makes'
    diff /tmp/told-podman /tmp/told-podsharp || fail 'not what podman makes'
}

it_copies_no_changes_and_takes_another_image() {
    podsharp run --name old "$image" sh -c 'echo 1 >/made; cat /made'
    podsharp commit old localhost/other
    run podsharp container clone --run old new
    exit_is 0
    equal "$output" "$(podsharp inspect --format '{{.Id}}' new)"
    podsharp wait new
    equal "$(podsharp logs new)" 1
    run podsharp diff new
    prints '^A /made$'
    podsharp container clone old third localhost/other
    equal "$(podsharp inspect --format '{{.ImageName}}' third)" localhost/other:latest
    podsharp rm old new third
    podsharp rmi localhost/other
}

it_removes_the_other_one() {
    podsharp run -d --name old -v data:/data "$image" sleep 100
    run podsharp container clone --destroy old new
    exit_is 125
    complains 'is running'
    run podsharp container clone --force old new
    exit_is 125
    complains 'without --destroy'
    equal "$(podsharp ps -a -q | wc -l)" 1
    run podsharp container clone --destroy --force --run old new
    exit_is 0
    equal "$(podsharp ps -a --format '{{.Names}} {{.State}}')" 'new running'
    run podsharp container clone nobody
    exit_is 125
    complains 'no such container'
    forget
}

it_runs_what_a_label_says() {
    podman import -q -c 'LABEL run="podman run --rm --pull=never --network none --name NAME -e IMAGE=IMAGE -e N=$NAME IMAGE echo hi ${OPT1} $PWD"' \
        -c 'LABEL install="/bin/echo installing IMAGE NAME"' -c 'LABEL list="docker images -q"' "$image_tar" localhost/labelled:1
    local arguments
    for arguments in 'run labelled:1' 'RUN labelled:1 extra args' 'install localhost/labelled:1' 'list labelled:1'; do
        # shellcheck disable=SC2086
        equal "$(podsharp container runlabel $arguments)" "$(podman container runlabel $arguments)"
    done
    for arguments in 'run labelled:1' '--name other run labelled:1 more'; do
        # shellcheck disable=SC2086
        equal "$(podsharp container runlabel --display $arguments)" "$(podman container runlabel --display $arguments | sed 's/^command: podman/command: podsharp/')"
    done
    run podsharp container runlabel none labelled:1
    exit_is 125
    complains 'cannot find the value of label: none'
    # Another container of the name goes.
    podsharp create --name labelled "$image" true
    run podsharp container runlabel run labelled:1
    exit_is 125
    run podsharp container runlabel --replace run labelled:1
    exit_is 0
    equal "$(podsharp ps -a -q)" ''
    podsharp rmi localhost/labelled:1
}

run_suite "$@"
