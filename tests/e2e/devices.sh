#!/bin/bash
# Devices, CDI specifications and OCI hooks: what a container gets, side by side with podman's.
# runs: testing debian12
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    mkdir -p /dev/pair/below /etc/cdi
    mknod -m 0640 /dev/pair/one c 1 3
    mknod /dev/pair/below/two c 1 5
    ln -sf one /dev/pair/link
    cat >/etc/cdi/acme.yaml <<'YAML'
# A vendor's file.
cdiVersion: "0.7.0"
kind: acme.example/thing
containerEdits:
  env: [SHARED=yes]
devices:
  - name: first
    containerEdits:
      env:
        - FIRST=1
      deviceNodes:
        - path: /dev/acme0
          hostPath: /dev/zero
          permissions: rw
      mounts:
        - {hostPath: /etc/hostname, containerPath: /acme/name, options: [ro, nosuid, nodev, bind]}
      additionalGids: [777]
  - name: "2"
    containerEdits:
      hooks:
        - hookName: createRuntime
          path: /usr/bin/touch
          args: [touch, /tmp/cdi-hook]
YAML
    cat >/etc/cdi/gpu.json <<'JSON'
{"cdiVersion": "0.5.0", "kind": "nvidia.com/gpu", "devices": [{"name": "all", "containerEdits": {"env": ["GPU=all"]}}]}
JSON
}

# alike OPTION... -- COMMAND: a container of either engine prints the same.
alike() {
    local options=() theirs ours
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    theirs=$(podman run --rm --network none "${options[@]}" "$image" sh -c "exec 2>&1; $2" 2>&1) || true
    ours=$(podsharp run --rm --network none "${options[@]}" "$image" sh -c "exec 2>&1; $2" 2>&1) || true
    equal "$ours" "$theirs"
}

# configured JQ OPTION...: the same in both engines' config.json.
configured() {
    local query=$1 theirs ours
    shift
    podman create --name theirs --network none "$@" "$image" sleep 100 >/dev/null
    podman init theirs >/dev/null
    theirs=$(jq -cS "$query" "$(podman inspect theirs --format '{{.OCIConfigPath}}')")
    podman rm -f -t 0 theirs >/dev/null
    podsharp create --name ours --network none "$@" "$image" sleep 100 >/dev/null
    podsharp init ours >/dev/null
    ours=$(jq -cS "$query" "$(podsharp inspect ours --format '{{.OCIConfigPath}}')")
    podsharp rm -f -t 0 ours >/dev/null
    equal "$ours" "$theirs"
}

list='ls -ln /dev | grep ^[cb] | tr -s " " | cut -d " " -f 1,3-6,10; ls -ln /dev/pair* /pair /dev/other* 2>/dev/null | grep ^[cb] | tr -s " " | cut -d " " -f 1,3-6,10'

it_gives_devices() {
    alike --device /dev/zero:/dev/nought:r --device /dev/full -- "$list; head -c 4 /dev/nought | wc -c; echo x >/dev/full"
    alike --device /dev/pair -- "$list"
    alike --device /dev/pair:/dev/other:rw -- "$list"
    alike --device /dev/pair/link:/dev/linked -- "$list"
    configured '[.linux.resources.devices, [.linux.devices[] | {path, type, major, minor, uid, gid, mode: (.fileMode % 4096)}]]' \
        --device /dev/zero:/dev/nought:r --device /dev/pair --device-cgroup-rule 'c 10:* rwm' --device-cgroup-rule 'b 7:3 r'
    podsharp create --name seen --device /dev/zero:/dev/nought:r --device /dev/full "$image" true >/dev/null
    podman create --name seen2 --device /dev/zero:/dev/nought:r --device /dev/full "$image" true >/dev/null
    podman init seen2 >/dev/null
    equal "$(podsharp inspect seen | jq -c '.[0].HostConfig.Devices | sort')" "$(podman inspect seen2 | jq -c '.[0].HostConfig.Devices | sort')"
    podsharp rm seen >/dev/null
    podman rm -f seen2 >/dev/null
}

it_allows_by_the_control_group_what_was_asked_for() {
    # The default rules have no network tunnels' device, so that a node of it opens only with the rule.
    tried='mknod /tmp/tun c 10 200 && (: <>/tmp/tun) 2>&1 | grep -o "No such device\|Operation not permitted" || echo open'
    rule=$(podsharp run --rm --network none --cap-add mknod --device-cgroup-rule 'c 10:200 rwm' "$image" sh -c "$tried" 2>&1)
    equal "$rule" "$(podman run --rm --network none --cap-add mknod --device-cgroup-rule 'c 10:200 rwm' "$image" sh -c "$tried" 2>&1)"
    alike --cap-add mknod --device-cgroup-rule 'b 7:* m' -- 'mknod /tmp/loop b 7 0; echo $?; mknod /tmp/other b 8 0; echo $?'
}

it_refuses_devices_that_there_are_not() {
    refused() {
        run podsharp create --name never "${@:2}" "$image" true
        exit_is 125
        one_sentence
        complains "$1"
        run podsharp container exists never
        exit_is 1
    }
    refused 'stat /dev/nowhere: no such file or directory' --device /dev/nowhere
    refused 'no devices found in /etc' --device /etc
    refused '/etc/passwd is not a valid device: not a device node' --device /etc/passwd
    refused 'invalid device mode "q" in device' --device /dev/null:/dev/x:q
    refused 'invalid device cgroup rule requires type' --device-cgroup-rule 'c 1'
    refused 'invalid device access in device-access-add: x' --device-cgroup-rule 'c 1:3 rx'
    refused 'invalid device type' --device-cgroup-rule 'd 1:3 r'
    refused 'unresolvable CDI devices vendor.com/class=foo' --device vendor.com/class=foo
    refused 'no resctrl' --rdt-class best
}

it_follows_cdi_specifications() {
    # podman 4 reads older versions of specifications only.
    [[ $(podman --version) == *" 5."* ]] || alike() { podsharp run --rm --network none "${@:1:2}" "$image" sh -c "$4"; }
    alike --device acme.example/thing=first -- "$list; cat /acme/name; echo \$SHARED \$FIRST; id -G"
    rm -f /tmp/cdi-hook
    podsharp run --rm --network none --device acme.example/thing=2 "$image" true
    [[ -e /tmp/cdi-hook ]] || fail 'the hook did not run'
    alike --gpus all -- 'echo $GPU'
    # Directories of one's own take the place of the others.
    mkdir -p /tmp/cdi
    printf '{"cdiVersion": "0.3.0", "kind": "own.example/c", "devices": [{"name": "d", "containerEdits": {"env": ["OWN=1"]}}]}' >/tmp/cdi/own.json
    equal "$(podsharp --cdi-spec-dir /tmp/cdi run --rm --network none --device own.example/c=d "$image" sh -c 'echo $OWN')" 1
    run podsharp --cdi-spec-dir /tmp/cdi run --rm --device acme.example/thing=first "$image" true
    exit_is 125
    complains unresolvable
    echo 'kind: [' >/tmp/cdi/broken.yaml
    run podsharp --cdi-spec-dir /tmp/cdi run --rm --device broken.example/c=d "$image" true
    exit_is 125
    complains 'unresolvable.*broken.yaml is not a CDI specification'
    one_sentence
}

it_runs_hooks_of_the_host_for_those_they_are_for() {
    mkdir -p /tmp/hooks /tmp/more
    printf '#!/bin/sh\njq -r .id >>/tmp/hooked-$1\n' >/tmp/hook.sh
    chmod +x /tmp/hook.sh
    hook() { printf '{"version": "1.0.0", "hook": {"path": "/tmp/hook.sh", "args": ["hook", "%s"]}, "when": %s, "stages": [%s]}' "$2" "$3" "$4" >"$1"; }
    hook /tmp/hooks/always.json always '{"always": true}' '"prestart", "poststop"'
    hook /tmp/hooks/noted.json noted '{"annotations": {"^note$": "^yes"}}' '"createRuntime"'
    hook /tmp/hooks/shell.json shell '{"commands": ["/sh$", "^sleep"], "hasBindMounts": true}' '"poststart"'
    for engine in podman podsharp; do
        for run in "true" "--annotation note=yess true" "-v /etc:/e sleep 0" "sleep 0" ; do
            rm -f /tmp/hooked-*
            options=() command=($run)
            while [[ ${command[0]} == -* ]]; do options+=("${command[@]:0:2}"); command=("${command[@]:2}"); done
            $engine --hooks-dir /tmp/hooks run --rm --network none "${options[@]}" "$image" "${command[@]}"
            wc -l /tmp/hooked-* | tr -s ' ' >>"/tmp/$engine.hooks"
        done
    done
    cat /tmp/podman.hooks
    equal "$(cat /tmp/podsharp.hooks)" "$(cat /tmp/podman.hooks)"
    # A file of a later directory replaces one of the same name; a broken one stops what it may have been for.
    hook /tmp/more/always.json more '{"always": true}' '"createContainer"'
    rm -f /tmp/hooked-*
    podsharp --hooks-dir /tmp/hooks --hooks-dir /tmp/more run --rm --network none "$image" true
    equal "$(ls /tmp/hooked-*)" /tmp/hooked-more
    echo '{"version": "1.0.0", "hook": {"path": "/nowhere"}, "when": {"always": true}, "stages": ["prestart"]}' >/tmp/more/broken.json
    run podsharp --hooks-dir /tmp/more run --rm "$image" true
    exit_is 125
    one_sentence
    complains 'parsing hook "/tmp/more/broken.json"'
}

it_leaves_nothing() { equal "$(podsharp ps -aq)" ''; equal "$(podman ps -aq)" ''; }

run_suite "$@"
