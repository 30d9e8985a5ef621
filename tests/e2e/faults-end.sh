#!/bin/bash
# Every step of a container's end is killed once with SIGKILL; the next command must find the truth, the work must be
# possible again, and nothing may be left of it.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

# Five usable addresses: one that leaks is missed soon.
before_all() {
    small_network
    import_image
}

it_survives_a_kill_during_stop() {
    prepare() { make "$1" && podsharp start "$1"; }
    operation() { podsharp stop --time 0 "$1"; }
    afterwards() { podsharp stop --time 0 "$1" && [[ $(podsharp inspect "$1" --format '{{.State.Status}} {{.State.ExitCode}}') == 'exited 137' ]]; }
    # shellcheck disable=SC2046
    at_each $(commits stop) container.died.before
}

# The end without conmon's exit command, so that nobody else helps.
it_survives_a_kill_during_the_clean_up() {
    prepare() {
        make "$1" && podsharp start "$1"
        kill -9 "$(podsharp inspect "$1" --format '{{.State.ConmonPid}}')"
        pid=$(podsharp inspect "$1" --format '{{.State.Pid}}')
        kill -9 "$pid"
        # The first process of a PID namespace takes its time to die.
        eventually 10 sh -c "! kill -0 $pid"
    }
    operation() { podsharp container cleanup "$1"; }
    afterwards() { [[ $(state "$1") == exited ]] && podsharp start "$1" && [[ $(state "$1") == running ]]; }
    # shellcheck disable=SC2046
    at_each $(commits died) container.cleanup.runtime container.cleanup.network container.cleanup.netns \
        storage.mount.unmounted container.cleanup.unmounted $(commits cleanup)
}

it_survives_a_kill_during_rm() {
    prepare() { make "$1"; }
    operation() { podsharp rm --volumes "$1"; }
    afterwards() { ! podsharp container exists "$1"; }
    # shellcheck disable=SC2046
    at_each container.remove-begin.committed storage.container.dropped storage.container.unrecorded storage.container.layer-marked storage.layer.moved-away \
        storage.layer.dropped container.remove.storage container.remove.volumes container.remove.before container.remove.committed
}

it_survives_a_kill_of_an_attached_run() {
    prepare() { :; }
    operation() { podsharp run --rm --name "$1" "$image" true; }
    # With --rm, conmon's exit command removes it, if not the next look.
    afterwards() { eventually 10 sh -c "! podsharp container exists $1"; }
    # conmon's exit command may be quicker with the end; then there is nothing left to die in.
    otherwise=0
    # With --rm the clean-up ends in the intent to remove, so that the removal begins without a record of its own.
    at_each container.start.committed container.died.committed container.cleanup.runtime container.remove.storage
}

run_suite "$@"
