#!/bin/bash
# Checkpoint and restore, on real CRIU: what a container has comes back and goes on where it was; what can't be done leaves things as they were.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

# Besides the usual image one with python and sqlite: as files, since a container can't be checkpointed whose mounts have further ones below.
before_all() {
    import_image
    mkdir -p /tmp/programs
    tar -x -C /tmp/programs -f "$image_tar"
    (cd / && tar -ch --exclude=__pycache__ usr/bin/python3 usr/bin/sqlite3 usr/bin/flock usr/lib/python3* \
        $(ldd /usr/bin/python3 /usr/bin/sqlite3 /usr/bin/flock | sed -n 's,.*[[:space:]]/\([^ ]*\) (.*,\1,p' | sort -u)) | tar -x -C /tmp/programs
    cp "$e2e_here/checkpointed.py" /tmp/programs/
    tar -c -C /tmp/programs . | podsharp import -q - "$programs"
    rm -rf /tmp/programs
}

programs=localhost/programs:test
# Each test leaves the host without containers, whatever became of it.
[[ ${1:-} != --inner ]] || trap 'podsharp rm -a -f -t 0 || true' EXIT

counting='i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done'

# What the container counted last; and whether it has come so far.
last() { podsharp logs "$1" 2>/dev/null | tr -d '\r' | tail -n 1; }
counts_to() { [[ $(last "$1") -ge $2 ]]; }

# Counted without a gap and without a beginning anew.
counted_on() { podsharp logs "$1" | tr -d '\r' | awk '$1 != NR { exit 1 }' || fail "$1 has lost count: $(podsharp logs "$1" | tail -n 5)"; }

# start_counting NAME [OPTION]...: a container that counts.
start_counting() { podsharp run -d --name "$@" "$image" sh -c "$counting" >/dev/null && eventually 20 counts_to "$1" 3; }

# start_kind KIND [OPTION]...: a container, named like it, that counts by checkpointed.py.
start_kind() {
    local kind=$1
    shift
    podsharp run -d --name "$kind" "$@" "$programs" /usr/bin/python3 /checkpointed.py "$kind" >/dev/null
    eventually 30 counts_to "$kind" 3
}

state_is() { equal "$(podsharp inspect --format '{{.State.Status}}' "$1")" "$2"; }

# there_and_back NAME [OPTION]...: a checkpoint, a restore (both with the options), and it counts on.
there_and_back() {
    local name=$1 before
    shift
    podsharp container checkpoint "$@" "$name"
    state_is "$name" exited
    before=$(last "$name")
    podsharp container restore "$@" "$name"
    state_is "$name" running
    eventually 20 counts_to "$name" $((before + 3))
    counted_on "$name"
}

it_carries_threads() { start_kind threads; there_and_back threads; }
it_carries_pipes_and_processes() { start_kind pipes; there_and_back pipes; }
it_carries_unix_sockets() { start_kind unix; there_and_back unix; }
it_carries_deleted_files() { start_kind deleted; there_and_back deleted; }
it_carries_timers() { start_kind timers; there_and_back timers; }

it_carries_mapped_files() {
    # sqlite's log has a file that is mapped and shared.
    podsharp run -d -t --name mapped "$programs" sh -c '
        (printf ".output /dev/null\n.mode list\n.headers off\npragma journal_mode=wal;\n.output stdout\ncreate table t(n);\n"
        while :; do echo "insert into t select count(*)+1 from t; select max(n) from t;"; sleep 0.05; done) | /usr/bin/sqlite3 /tmp/db' >/dev/null
    eventually 30 counts_to mapped 3
    run podsharp exec mapped sh -c 'cat /proc/[0-9]*/maps 2>/dev/null'
    prints 'rw-s.*db-shm'
    there_and_back mapped --file-locks
}

it_carries_secrets() {
    local directory
    printf seven | podsharp secret create seven - >/dev/null
    start_counting secrets --secret seven --secret seven,target=below/eight --secret seven,target=/etc/nine --secret seven,type=env,target=TEN
    podsharp container checkpoint secrets
    # As after a reboot.
    directory=/run/containers/storage/overlay-containers/$(podsharp inspect --format '{{.Id}}' secrets)/userdata/secrets
    [[ -d $directory ]] || fail "no $directory"
    rm -rf "$directory"
    podsharp container restore secrets
    eventually 20 counts_to secrets 6
    counted_on secrets
    equal "$(podsharp exec secrets sh -c 'cat /run/secrets/seven /run/secrets/below/eight /etc/nine; echo $TEN')" sevensevensevenseven
}

it_carries_file_locks() {
    podsharp run -d --name locks "$programs" /usr/bin/flock /tmp/lock sh -c "$counting" >/dev/null
    eventually 20 counts_to locks 3
    run podsharp container checkpoint locks
    exit_is 125
    complains 'file-locks'
    state_is locks running
    there_and_back locks --file-locks
    run podsharp exec locks /usr/bin/flock -n /tmp/lock true
    exit_is 1
}

it_carries_a_terminal() { start_counting tty -t; there_and_back tty; }

it_carries_established_connections() {
    start_kind tcp
    run podsharp container checkpoint tcp
    exit_is 125
    one_sentence
    complains 'tcp-established'
    # It runs on as before.
    state_is tcp running
    eventually 20 counts_to tcp $(($(last tcp) + 3))
    there_and_back tcp --tcp-established
}

it_carries_what_the_container_has() {
    podsharp network create --subnet 10.99.7.0/24 net >/dev/null
    podsharp volume create data >/dev/null
    podsharp run -d --name all --network net -p 127.0.0.1:7788:80 -v data:/data -m 64m --label kept=yes --hostname here \
        "$image" sh -c "echo shared >/dev/shm/file; echo root >/file; echo volume >/data/file; $counting" >/dev/null
    eventually 20 counts_to all 3
    local before after format='{{.NetworkSettings.Networks.net.IPAddress}} {{.NetworkSettings.Networks.net.MacAddress}} {{.HostConfig.Memory}} {{.Config.Labels.kept}}'
    before=$(podsharp inspect --format "$format" all)
    # The next one would be the address's next owner.
    there_and_back all
    after=$(podsharp inspect --format "$format" all)
    equal "$after" "$before"
    equal "$(podsharp exec all cat /dev/shm/file /file /data/file /etc/hostname | tr '\n' ' ')" "shared root volume here "
    equal "$(podsharp port all)" "80/tcp -> 127.0.0.1:7788"
    podsharp rm -f -t 0 all >/dev/null
    podsharp volume rm data >/dev/null
    podsharp network rm net >/dev/null
}

it_goes_back_and_forth_with_every_runtime() {
    local runtime
    for runtime in crun runc; do
        podsharp --runtime $runtime run -d --name r-$runtime "$image" sh -c "$counting" >/dev/null
        eventually 20 counts_to r-$runtime 3
        there_and_back r-$runtime
        there_and_back r-$runtime
    done
}

it_tells_as_podman_does() {
    start_counting told
    run podsharp container checkpoint --print-stats told
    exit_is 0
    equal "$(jq -r '.container_statistics[0].criu_statistics | keys | join(" ")' <<<"$output")" "freezing_time frozen_time memdump_time memwrite_time pages_scanned pages_written"
    [[ $(jq '.container_statistics[0].criu_statistics.pages_written' <<<"$output") -gt 0 ]]
    equal "$(podsharp inspect --format '{{.State.Checkpointed}} {{.State.ExitCode}}' told)" "true 0"
    run podsharp container restore --keep --print-stats told
    exit_is 0
    [[ $(jq '.container_statistics[0].criu_statistics.pages_restored' <<<"$output") -gt 0 ]]
    equal "$(podsharp inspect told | jq -c '.[0].State | [.Restored, .Checkpointed]')" "[true,null]"
    [[ -e $(podsharp inspect --format '{{.State.CheckpointPath}}' told)/inventory.img ]]
    run podsharp container restore told
    exit_is 125
    complains 'is running'
    run podsharp container checkpoint nonesuch
    exit_is 125
    run podsharp container checkpoint
    exit_is 125
    equal "$(podsharp events --stream=false --since 10m --filter container=told --format '{{.Status}}' | grep -E 'checkpoint|restore' | tr '\n' ' ')" "checkpoint restore "
}

it_lets_it_run_on() {
    start_counting on
    podsharp container checkpoint --leave-running on
    state_is on running
    eventually 20 counts_to on $(($(last on) + 3))
    counted_on on
    podsharp stop -t 0 on
    # As it was then.
    podsharp container restore on
    state_is on running
}

it_takes_all_that_can_be_done() {
    start_counting one
    start_counting two
    podsharp create --name never "$image" true >/dev/null
    equal "$(podsharp container checkpoint --all | wc -l)" 2
    equal "$(podsharp container restore --all | wc -l)" 2
    state_is one running
    state_is two running
    state_is never created
}

it_is_no_end_to_a_restart_policy() {
    start_counting again --restart always
    podsharp container checkpoint again
    sleep 0.5
    state_is again exited
    podsharp container restore again
    counted_on again
}

it_goes_on_with_health_checks() {
    start_counting checked --health-cmd true --health-interval 1s
    eventually 20 podsharp wait --condition healthy checked
    there_and_back checked
    # Checked after the restore, not only before it.
    local restored
    restored=$(podsharp inspect checked | jq -r '.[0].State.RestoredAt[:19]')
    checked_after() { podsharp inspect checked | jq -e --arg time "$restored" '.[0].State.Health.Log[-1].Start[:19] > $time'; }
    eventually 20 checked_after
}

it_restores_in_a_pod() {
    podsharp pod create --name pod >/dev/null
    start_counting member --pod pod
    there_and_back member
    equal "$(podsharp inspect --format '{{.Pod}}' member)" "$(podsharp pod inspect --format '{{.Id}}' pod)"
    podsharp pod rm -f -t 0 pod >/dev/null
}

it_refuses_what_it_cannot_do() {
    start_counting auto --rm
    run podsharp container checkpoint auto
    exit_is 125
    complains '\-\-rm'
    run podsharp container checkpoint --with-previous auto
    exit_is 125
    run podsharp container checkpoint --with-previous --pre-checkpoint auto
    exit_is 125
    complains 'with-previous can not be used with --pre-checkpoint'
    podsharp pause auto >/dev/null
    run podsharp container checkpoint auto
    exit_is 125
    complains 'paused'
    podsharp unpause auto >/dev/null
    state_is auto running
    podsharp create --name bare "$image" true >/dev/null
    run podsharp container restore bare
    exit_is 125
    complains 'no complete checkpoint'
}

it_says_which_library_is_missing() {
    start_counting lacking
    mount --bind /dev/null "$(ldconfig -p | sed -n 's/.*libcriu.so.2 .*=> //p' | xargs realpath)"
    run podsharp container checkpoint lacking
    umount "$(ldconfig -p | sed -n 's/.*libcriu.so.2 .*=> //p' | xargs realpath)"
    exit_is 125
    one_sentence
    complains 'libcriu'
    complains 'libcriu2'
    state_is lacking running
    there_and_back lacking
}

it_leaves_nothing_of_a_restore_that_fails() {
    start_counting broken
    podsharp container checkpoint broken
    local images
    images=$(podsharp inspect --format '{{.State.CheckpointPath}}' broken)
    mv "$images/pages-1.img" /tmp/pages-1.img
    run podsharp container restore broken
    exit_is 125
    one_sentence
    complains 'CRIU says'
    state_is broken exited
    equal "$(podsharp inspect --format '{{.State.Checkpointed}}' broken)" true
    [[ -z $(ls /run/netns 2>/dev/null) ]] || fail "a network namespace is left"
    ! grep -q overlay-containers /proc/mounts || fail "a mount is left"
    mv /tmp/pages-1.img "$images/pages-1.img"
    podsharp container restore broken
    eventually 20 counts_to broken $(($(last broken) + 3))
    counted_on broken
}

# Killed anywhere, the container runs or has its checkpoint; the next one goes as the first.
killed_at() {
    local point
    for point in "$@"; do
        start_counting "k-${point//./-}"
        run env PODSHARP_KILL_AT=$point podsharp container checkpoint "k-${point//./-}"
        exit_is 137
        # Refused where it runs on; whatever it is, somebody may be putting it in order, whom the restore waits for.
        podsharp container restore "k-${point//./-}" || true
        there_and_back "k-${point//./-}"
        podsharp rm -f -t 0 "k-${point//./-}" >/dev/null
    done
}

it_survives_a_kill_before_and_after_the_dump() { killed_at container.checkpoint-begin.committed container.checkpoint.prepared container.checkpoint.frozen container.checkpoint.runtime container.checkpoint.memory; }
it_survives_a_kill_after_the_checkpoint() { killed_at container.checkpoint.committed container.cleanup.runtime container.cleanup.committed; }

# What was killed after it had gone on counts some numbers twice.
it_survives_a_kill_at_every_step_of_a_restore() {
    local point
    start_counting kill
    for point in restore-begin.committed init.mounted init.network init.bundle init.conmon restore.before; do
        podsharp container checkpoint kill
        run env PODSHARP_KILL_AT=container.$point podsharp container restore kill
        exit_is 137
        state_is kill exited
        podsharp container restore kill
        eventually 20 counts_to kill $(($(last kill) + 2))
    done
    podsharp container checkpoint kill
    run env PODSHARP_KILL_AT=container.restore.committed podsharp container restore kill
    exit_is 137
    state_is kill running
    podsharp container checkpoint kill
    podsharp container restore kill
    eventually 20 counts_to kill $(($(last kill) + 3))
}

it_waits_for_a_dump_whose_process_was_killed() {
    start_counting slow
    # The runtime outlives the killed engine and holds the checkpoint's lock.
    podsharp container checkpoint slow &
    local engine=$!
    sleep 0.2
    kill -9 $engine 2>/dev/null || true
    wait $engine 2>/dev/null || true
    podsharp container restore slow || true
    there_and_back slow
}

it_frees_what_a_checkpoint_took() {
    start_counting freed
    podsharp container checkpoint freed
    podsharp container restore freed
    [[ ! -e $(podsharp inspect --format '{{.StaticDir}}' freed)/checkpoint ]] || fail "the images are still there"
    # Not waited for.
    discarded() { [[ -z $(ls /var/lib/containers/storage/overlay-layers/tmp) ]]; }
    eventually 10 discarded
}

it_leaves_the_host_as_it_was() {
    [[ -z $(ls /run/netns 2>/dev/null) ]]
    [[ -z $(podsharp ps -aq) ]]
}

run_suite "$@"
