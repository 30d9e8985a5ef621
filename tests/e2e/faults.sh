#!/bin/bash
# Every step up to a running container is killed once with SIGKILL; the next command must find the truth, the work must be
# possible again, and nothing may be left of it.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

# Five usable addresses: one that leaks is missed soon.
before_all() {
    small_network
    import_image
}

it_survives_a_kill_during_create() {
    prepare() { :; }
    operation() { make "$1"; }
    # Either it isn't there or it is whole.
    afterwards() {
        if podsharp container exists "$1"; then
            [[ $(state "$1") == created ]]
        else
            make "$1"
        fi
        podsharp start "$1" && [[ $(podsharp exec "$1" cat /proc/1/comm) == sleep ]]
    }
    # shellcheck disable=SC2046
    at_each container.create.begin storage.layer.directory storage.layer.recorded storage.layer.committed \
        storage.container.recorded container.create.storage container.create.volumes $(commits create)
}

it_survives_a_kill_during_the_set_up() {
    prepare() { make "$1"; }
    operation() { podsharp start "$1"; }
    afterwards() { [[ $(state "$1") == created ]] && podsharp start "$1" && [[ $(state "$1") == running ]]; }
    # shellcheck disable=SC2046
    at_each container.init-begin.before container.init-begin.committed storage.mount.mounted container.init.mounted \
        container.init.volumes container.init.netns container.init-network.before container.init-network.committed \
        container.init.network container.init.visible container.init.bundle container.init.conmon container.init.before
}

# Its root is bound to a second place while the runtime sets it up.
it_survives_a_kill_during_the_set_up_with_a_user_namespace() {
    prepare() { podsharp create --name "$1" --network podsharp --uidmap 0:200000:5000 --gidmap 0:200000:5000 "$image" sleep 100; }
    operation() { podsharp start "$1"; }
    afterwards() { [[ $(state "$1") == created ]] && podsharp start "$1" && podsharp exec "$1" grep -q 200000 /proc/self/uid_map; }
    at_each container.init.mounted container.init.visible container.init.bundle container.init.conmon
    [[ -z $(ls -A /run/podsharp-roots 2>/dev/null) ]] || fail "left in /run/podsharp-roots: $(ls /run/podsharp-roots)"
}

it_survives_a_kill_during_start() {
    prepare() { make "$1"; }
    operation() { podsharp start "$1"; }
    afterwards() { podsharp start "$1" && [[ $(state "$1") == running ]] && podsharp exec "$1" true; }
    at_each container.init.committed container.init.logged container.start-begin.before container.start-begin.committed \
        container.start.runtime container.start.before container.start.committed container.start.logged
}

it_has_a_test_for_every_step_point() {
    local point missing=''
    [[ -d /repo/src ]] || skip 'no sources here'
    for point in $(grep -rhoE 'StepPoints\.Reach\("[^"]+"' /repo/src | cut -d'"' -f2 | sort -u); do
        grep -qF "$point" "$e2e_here"/*.sh || grep -qF "commits $(cut -d. -f2 <<<"$point")" "$e2e_here"/*.sh || missing+=" $point"
    done
    equal "$missing" ''
}

run_suite "$@"
