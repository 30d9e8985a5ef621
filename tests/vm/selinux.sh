#!/bin/bash
# Runs inside the virtual machine, on a kernel with SELinux that enforces the tests' own small policy (selinux-policy.sh).
. "${BASH_SOURCE[0]%/*}/../e2e/lib.sh"

before_all() {
    local version
    import_image
    version=$(</sys/fs/selinux/policyvers)
    bash "${BASH_SOURCE[0]%/*}/selinux-policy.sh" >/tmp/policy.cil
    secilc -M true -c $((version < 33 ? version : 33)) -o /tmp/policy -f /dev/null /tmp/policy.cil
    # In one piece, or the kernel refuses it.
    dd if=/tmp/policy of=/sys/fs/selinux/load bs=1M count=1 2>/dev/null
    mkdir -p /etc/selinux/small/contexts
    echo SELINUXTYPE=small >/etc/selinux/config
    printf '%s = "system_u:%s:s0"\n' process system_r:container_t init_process system_r:container_init_t file object_r:container_file_t >/etc/selinux/small/contexts/lxc_contexts
    # The host's program that the engine mounts into pods.
    setfattr -n security.selinux -v system_u:object_r:system_file_t:s0 "$(command -v catatonit)"
    echo 1 >/sys/fs/selinux/enforce
}

# labels CONTAINER: of its processes and its files, as inspect tells them.
labels() { podsharp inspect "$1" --format '{{.ProcessLabel}} {{.MountLabel}}'; }
current() { tr -d '\0' <"/proc/$1/attr/current"; }
label_of() { getfattr --absolute-names --only-values -n security.selinux "$1" | tr -d '\0'; }

it_gives_every_container_a_label_of_its_own() {
    local pid process files
    equal "$(podsharp info --format '{{.Host.Security.SELinuxEnabled}}') $(</sys/fs/selinux/enforce)" 'true 1'
    podsharp run -d --name one --tmpfs /memory "$image" sleep 1000
    read -r process files <<<"$(labels one)"
    [[ $process =~ ^system_u:system_r:container_t:s0:c[0-9]+,c[0-9]+$ ]] || fail "$process"
    equal "$files" "system_u:object_r:container_file_t:${process#*container_t:}"
    pid=$(podsharp inspect one --format '{{.State.Pid}}')
    equal "$(current "$pid")" "$process"
    equal "$(podsharp exec one cat /proc/self/attr/current | tr -d '\0')" "$process"
    for path in /bin/sh /dev/shm /dev/pts /memory /etc/hostname; do equal "$path $(label_of "/proc/$pid/root$path")" "$path $files"; done
    equal "$(label_of "/proc/$pid/root/etc/hosts")" system_u:object_r:container_file_t:s0
    podsharp exec one sh -c 'cat /etc/hosts /etc/resolv.conf >/new && cat /new >/memory/new && cat /memory/new >/dev/shm/new' >/dev/null
    [[ $(labels one) != "$(podsharp create --name two "$image" true >/dev/null; labels two)" ]] || fail 'two have one label'
    # What shares processes shares the label; what shares the host's has none.
    equal "$(podsharp run --rm --pid container:one "$image" cat /proc/self/attr/current | tr -d '\0')" "$process"
    equal "$(podsharp run --rm --ipc host "$image" cat /proc/self/attr/current | tr -d '\0')" system_u:system_r:host_t:s0-s0:c0.c1023
    podsharp rm -f -t 0 one two
}

it_has_the_callers_user_and_role_if_configured() {
    printf '[containers]\nlabel_users = true\n' >/tmp/users.conf
    local own; own=$(current $$)
    [[ $(CONTAINERS_CONF_OVERRIDE=/tmp/users.conf podsharp run --rm "$image" cat /proc/self/attr/current | tr -d '\0') == "$(cut -d: -f1-2 <<<"$own"):container_t:"* ]] || fail 'another user or role'
    rm /tmp/users.conf
}

it_labels_what_is_mounted_if_asked_to() {
    local files
    mkdir -p /srv/data/below
    echo content | tee /srv/data/file >/srv/data/below/file
    ln -s /etc/passwd /srv/data/link
    run podsharp run --rm -v /srv/data:/data "$image" cat /data/file
    complains 'Permission denied'
    podsharp run --name own -v /srv/data:/data:Z "$image" cat /data/file /data/below/file
    files=$(podsharp inspect own --format '{{.MountLabel}}')
    equal "$(label_of /srv/data) $(label_of /srv/data/below/file)" "$files $files"
    equal "$(label_of /etc/passwd)" system_u:object_r:host_file_t:s0
    # It is that container's alone, until all may have it.
    run podsharp run --rm -v /srv/data:/data "$image" cat /data/file
    complains 'Permission denied'
    equal "$(podsharp run --rm -v /srv/data:/data:z "$image" cat /data/below/file)" content
    equal "$(podsharp run --rm -v /srv/data:/data "$image" cat /data/file)" content
    podsharp rm own
    ln -s /etc /srv/way
    for path in /etc /srv/way /root; do
        run podsharp create -v "$path:/data:Z" "$image" true
        exit_is 125
        one_sentence
        complains "SELinux relabeling of $path is not allowed"
    done
    equal "$(podsharp ps -aq)" ''
    # Volumes are for all.
    podsharp run --rm -v shared:/etc "$image" sh -c 'echo mine >/etc/mine'
    equal "$(podsharp run --rm -v shared:/data "$image" cat /data/mine)" mine
    equal "$(label_of "$(podsharp volume inspect shared --format '{{.Mountpoint}}')")" system_u:object_r:container_file_t:s0
    podsharp volume rm shared
}

it_follows_the_options() {
    local engine
    podsharp save "$image" | podman load -q >/dev/null
    for engine in podsharp podman; do
        $engine create --name "asked-$engine" --security-opt label=level:s0:c1,c2 --security-opt label=type:other_t --security-opt label=filetype:other_file_t "$image" true >/dev/null
        $engine create --name "off-$engine" --security-opt label=disable "$image" true >/dev/null
        $engine inspect "asked-$engine" "off-$engine" --format '{{.ProcessLabel}} {{.MountLabel}} {{.HostConfig.SecurityOpt}}' >"/tmp/labels-$engine"
    done
    cat /tmp/labels-podsharp
    diff /tmp/labels-podsharp /tmp/labels-podman
    equal "$(head -n 1 /tmp/labels-podsharp | cut -d' ' -f1,2)" 'system_u:system_r:other_t:s0:c1,c2 system_u:object_r:other_file_t:s0:c1,c2'
    podsharp start -a asked-podsharp
    for option in label=bogus label=type:nowhere_t; do
        run podsharp create --security-opt "$option" "$image" true
        exit_is 125
        one_sentence
    done
    equal "$(podsharp ps -a --format '{{.Names}}' --sort names | tr '\n' ' ')" 'asked-podsharp off-podsharp '
    podsharp rm asked-podsharp off-podsharp
    equal "$(podsharp run --rm --privileged "$image" cat /proc/self/attr/current | tr -d '\0')" system_u:system_r:host_t:s0-s0:c0.c1023
    printf '[containers]\nlabel = false\n' >/tmp/containers.conf
    CONTAINERS_CONF=/tmp/containers.conf podsharp create --name unlabelled "$image" true
    equal "$(podsharp inspect unlabelled --format '{{.ProcessLabel}}')" ''
    podsharp rm unlabelled
    podsharp create --name manager --systemd always "$image" true
    [[ $(labels manager) == system_u:system_r:container_init_t:s0:c* ]] || fail "$(labels manager)"
    podsharp rm manager
    # One that labels files itself sees SELinux.
    equal "$(podsharp run --rm --security-opt label=nested "$image" sh -c 'mount | grep -q "^shm.*rootcontext" && cat /sys/fs/selinux/enforce')" 1
}

it_undoes_a_creation_that_was_killed_before_its_label_stood() {
    local point
    for point in before committed; do
        ! PODSHARP_KILL_AT=container.create-label.$point podsharp create --name killed "$image" true || fail 'it was not killed'
        equal "$(podsharp ps -aq)" ''
    done
}

it_gives_a_pods_containers_one_label() {
    podsharp pod create --name together >/dev/null
    podsharp create --pod together --name first "$image" true >/dev/null
    podsharp create --pod together --name second "$image" true >/dev/null
    [[ $(labels first) == system_u:system_r:container_t:s0:c* ]] || fail "$(labels first)"
    equal "$(labels first)" "$(labels second)"
    equal "$(podsharp start -a first; echo $?)" 0
    podsharp pod rm -f -t 0 together
}

run_suite "$@"
