#!/bin/bash
# pause, unpause, rename and mount are killed once at every step; the next command must find the truth.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    small_network
    import_image
}

it_survives_a_kill_during_pause() {
    prepare() { make "$1" && podsharp start "$1"; }
    operation() { podsharp pause "$1"; }
    # Either it runs or it is paused, and what it says is so.
    afterwards() {
        case $(state "$1") in
            running) podsharp exec "$1" true && podsharp pause "$1" ;;
            paused) ;;
            *) return 1 ;;
        esac
        podsharp unpause "$1" && podsharp exec "$1" true
    }
    # shellcheck disable=SC2046
    at_each $(commits pause-begin) container.pause.runtime $(commits pause)
}

it_survives_a_kill_during_unpause() {
    prepare() { make "$1" && podsharp start "$1" && podsharp pause "$1"; }
    operation() { podsharp unpause "$1"; }
    afterwards() {
        case $(state "$1") in
            running) ;;
            paused) podsharp unpause "$1" ;;
            *) return 1 ;;
        esac
        podsharp exec "$1" true
    }
    # shellcheck disable=SC2046
    at_each $(commits unpause-begin) container.unpause.runtime $(commits unpause)
}

it_survives_a_kill_while_it_stops_what_is_paused() {
    prepare() { make "$1" && podsharp start "$1" && podsharp pause "$1"; }
    operation() { podsharp stop --time 0 "$1"; }
    afterwards() { podsharp stop --time 0 "$1" && [[ $(state "$1") == exited ]]; }
    at_each container.unpause-begin.committed container.unpause.runtime container.unpause.committed
}

it_survives_a_kill_during_update() {
    prepare() { make "$1" && podsharp start "$1" && podsharp update --memory 64m --pids-limit 50 "$1"; }
    operation() { podsharp update --memory 128m --pids-limit 0 --env NEW=1 "$1"; }
    # What inspect shows is what the kernel has: either all of the old or all of the new.
    afterwards() {
        local group
        group=$(awk -F: '$2 == "memory" {print $3}' "/proc/$(podsharp inspect "$1" --format '{{.State.Pid}}')/cgroup")
        case $(podsharp inspect "$1" --format '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}') in
            '67108864 50') [[ $(cat "/sys/fs/cgroup/memory$group/memory.limit_in_bytes" "/sys/fs/cgroup/pids$group/pids.max" | tr '\n' ' ') == '67108864 50 ' ]] ;;
            '134217728 0') [[ $(cat "/sys/fs/cgroup/memory$group/memory.limit_in_bytes" "/sys/fs/cgroup/pids$group/pids.max" | tr '\n' ' ') == '134217728 max ' ]] ;;
            *) return 1 ;;
        esac
        podsharp restart -t 0 "$1" && [[ $(podsharp exec "$1" sh -c 'echo ok') == ok ]]
    }
    # shellcheck disable=SC2046
    at_each container.update-begin.before container.update-begin.committed container.update.runtime $(commits update)
}

it_survives_a_kill_during_rename() {
    prepare() { make "$1"; }
    operation() { podsharp rename "$1" renamed; }
    # It has the one name or the other, in the state as in the store.
    afterwards() {
        local name
        name=$(podsharp ps --all --format '{{.Names}}')
        [[ $name == renamed || $name == "$1" ]] || return 1
        [[ $(jq -r '.[].names[0]' "$graph_root/overlay-containers/containers.json") == "$name" ]] || return 1
        podsharp rename "$name" finally && podsharp start finally && podsharp rm -f -v -t 0 finally
    }
    # shellcheck disable=SC2046
    at_each $(commits rename-begin) storage.container.layer-renamed container.rename.storage $(commits rename)
}

it_survives_a_kill_during_mount() {
    prepare() { make "$1"; }
    operation() { podsharp mount "$1"; }
    afterwards() { [[ -d $(podsharp mount "$1")/bin ]] && podsharp unmount --force "$1" && podsharp start "$1" && [[ $(state "$1") == running ]]; }
    at_each container.mount.mounted
}

run_suite "$@"
