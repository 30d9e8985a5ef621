#!/bin/bash
# Security options: taken, refused and told of as podman does.
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    podsharp save "$image" | podman load -q >/dev/null
}

# alike OPTION...: both engines tell the same of a container with these options.
alike() {
    local engine
    for engine in podman podsharp; do
        $engine create --name told --network none "$@" "$image" true >/dev/null
        $engine inspect told --format '{{.HostConfig.SecurityOpt}} {{.AppArmorProfile}} {{.ProcessLabel}} {{.MountLabel}}' >"/tmp/told-$engine"
        $engine rm told >/dev/null
    done
    equal "$(</tmp/told-podsharp)" "$(</tmp/told-podman)"
}

it_tells_of_security_options_as_podman() {
    alike
    alike --privileged
    alike --security-opt unmask=ALL --security-opt no-new-privileges=false --security-opt no-new-privileges
    alike --security-opt no-new-privileges:true --security-opt systempaths=unconfined --security-opt apparmor=unconfined
    # Without SELinux labels have no effect, whatever they say.
    alike --security-opt seccomp=unconfined --security-opt label=disable --security-opt label=level:s0 --security-opt mask=/a:/b
    alike --security-opt label=nonsense --security-opt label=
}

it_refuses_what_podman_refuses() {
    local option
    [[ ! -e /sys/kernel/security/apparmor && ! -e /sys/fs/selinux/enforce ]] || skip 'this host has what is missed here'
    for option in apparmor=nowhere label nested label=nested no-new-privileges=x systempaths=x; do
        run podman create --security-opt "$option" "$image" true
        exit_is 125
        run podsharp create --security-opt "$option" "$image" true
        exit_is 125
        one_sentence
    done
    run podsharp create --security-opt apparmor=nowhere "$image" true
    complains 'apparmor profile "nowhere" specified, but Apparmor is not enabled on this system'
    equal "$(podsharp ps -aq)" ''
    # A default that the host can't follow is no reason to refuse a container.
    printf '[containers]\napparmor_profile = "nowhere"\n' >/tmp/containers.conf
    CONTAINERS_CONF=/tmp/containers.conf podsharp run --rm --network none "$image" true
}

# hidden ENGINE OPTION...: what lies over /proc and /sys, and how it is mounted.
hidden() { "$1" run --rm --network none "${@:2}" "$image" sh -c "grep -oE ' /(proc|sys)/[^ ]* r[ow]' /proc/self/mountinfo | grep -v cgroup | sort"; }

it_hides_the_paths_that_podman_hides() {
    local options
    for options in '' '--security-opt mask=/sys/kernel:/proc/version' '--security-opt unmask=/proc/*' '--security-opt unmask=/sys/firmware:/proc/kcore' \
        '--security-opt unmask=ALL --security-opt mask=/proc/version' '--privileged --security-opt mask=/proc/version' '--security-opt systempaths=unconfined'; do
        equal "$(hidden podsharp $options)" "$(hidden podman $options)"
    done
    [[ $(hidden podsharp) == *'/proc/sys ro'* ]] || fail 'nothing is hidden'
    run podsharp run --rm --network none --security-opt mask=/proc/version "$image" cat /proc/version
    equal "$output" ''
    run podsharp run --rm --network none --security-opt mask=proc/version "$image" true
    exit_is 125
    one_sentence
}

run_suite "$@"
