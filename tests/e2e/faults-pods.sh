#!/bin/bash
# The steps of pods are killed once at every point; the next command must find the truth, and a removal must leave nothing.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    small_network
    import_image
}

pod_points() { printf "pod.$1.%s\n" before committed logged; }

# at_each_pod POINT...: `prepare NAME`, then `operation NAME` which dies at the point, then `afterwards NAME`.
at_each_pod() {
    local point name
    for point in "$@"; do
        name=${point//[.:]/-}
        prepare "$name" >/dev/null
        status=0
        output=$(PODSHARP_KILL_AT=$point operation "$name" 2>&1) || status=$?
        [[ $status == 137 ]] || fail "at $point: exit code $status instead of death: $output"
        output=$(podsharp pod ps --format '{{.Name}} {{.Status}}' 2>&1 && podsharp ps -a 2>&1) || fail "after $point: $output"
        output=$(afterwards "$name" 2>&1) || fail "after $point: $output"
        output=$(podsharp pod rm --force --time 0 --ignore "$name" 2>&1) || fail "rm after $point: $output"
        equal "$(podsharp ps -aq)$(podsharp pod ps -q)" ''
    done
    # But for the empty file of a lock, after a death between the row's end and its own, as with containers.
    nothing_left
}

pod_state() { podsharp pod ps --filter "name=^$1\$" --format '{{.Status}}'; }
two() { podsharp pod create --name "$1" -p 127.0.0.1:18130:80 --memory 64m && podsharp create --pod "$1" --name "$1-a" "$image" sleep 100 && podsharp create --pod "$1" --name "$1-b" -v /data "$image" sleep 100; }

it_survives_a_kill_during_creation() {
    prepare() { :; }
    operation() { podsharp pod create --name "$1"; }
    # Either there is no pod, or all of it.
    afterwards() {
        if podsharp pod exists "$1"; then podsharp pod start "$1"; else [[ -z $(podsharp ps -aq) ]] && podsharp pod create --name "$1"; fi
    }
    # shellcheck disable=SC2046
    at_each_pod pod.create.begin container.create.begin container.create.storage container.create.committed pod.create.infra $(pod_points create)
}

it_survives_a_kill_during_start() {
    prepare() { two "$1"; }
    operation() { podsharp pod start "$1"; }
    afterwards() { podsharp pod start "$1" && [[ $(pod_state "$1") == Running ]] && podsharp exec "$1-a" true; }
    at_each_pod container.init-begin.committed container.init.network container.init.conmon container.start.runtime container.start.committed container.init.conmon:2 \
        container.start.runtime:3 pod.start.layer pod.start.layer:2
}

it_survives_a_kill_behind_an_init_container() {
    prepare() { two "$1" && podsharp create --pod "$1" --init-ctr once --name "$1-once" "$image" true && podsharp create --pod "$1" --init-ctr always --name "$1-always" "$image" true; }
    operation() { podsharp pod start "$1"; }
    # One that runs once has gone then, whoever saw to it.
    afterwards() { podsharp pod start "$1" && podsharp exec "$1-a" true && ! podsharp container exists "$1-once" && podsharp container exists "$1-always"; }
    at_each_pod pod.start.init pod.start.init:2
}

# The new pod is there as far as it was made, and goes like any other.
it_survives_a_kill_during_cloning() {
    prepare() { podsharp pod create --name "origin-$1" && podsharp create --pod "origin-$1" "$image" sleep 100 && podsharp create --pod "origin-$1" "$image" sleep 100; }
    operation() { podsharp pod clone --destroy "origin-$1" "$1"; }
    afterwards() {
        podsharp pod exists "origin-$1" && podsharp pod rm -f "$1" && podsharp pod clone --destroy "origin-$1" "$1" &&
            ! podsharp pod exists "origin-$1" && podsharp pod start "$1" && [[ $(podsharp ps -q --filter "pod=$1" | wc -l) == 3 ]]
    }
    at_each_pod pod.create.infra container.create.committed:2 pod.clone.containers
}

it_survives_a_kill_during_stop() {
    prepare() { two "$1" && podsharp pod start "$1"; }
    operation() { podsharp pod stop -t 0 "$1"; }
    afterwards() { podsharp pod stop -t 0 "$1" && [[ $(pod_state "$1") == Exited ]] && podsharp pod start "$1" && [[ $(pod_state "$1") == Running ]]; }
    at_each_pod container.stop.committed container.died.committed container.cleanup.before container.cleanup.network pod.stop.layer pod.stop.layer:2
}

it_survives_a_kill_during_removal() {
    prepare() { two "$1" && podsharp pod start "$1"; }
    operation() { podsharp pod rm -f -t 0 "$1"; }
    # Before the intent the pod is there, from then on it goes.
    afterwards() { case $(pod_state "$1") in '') [[ -z $(podsharp ps -aq) ]] ;; Exited) podsharp pod start "$1" ;; *) return 1 ;; esac; }
    # shellcheck disable=SC2046
    at_each_pod $(pod_points remove-begin) container.remove-begin.committed container.remove.storage pod.remove.container pod.remove.container:2 pod.remove.containers \
        pod.remove.before pod.remove.committed
}

# The last container's end is what takes the pod down: by its exit command, or by whoever waits for it.
it_survives_a_kill_where_the_last_container_ends_a_pod() {
    local point
    for point in container.died.committed container.cleanup.runtime container.cleanup.before; do
        podsharp pod create --name last --exit-policy stop
        podsharp create --pod last --name only "$image" sleep 100
        podsharp pod start last
        run env PODSHARP_KILL_AT=$point podsharp stop -t 0 only
        exit_is 137
        eventually 10 bash -c "podsharp pod ps --format '{{.Status}}' | grep Exited"
        podsharp pod rm last
    done
    nothing_left
}

run_suite "$@"
