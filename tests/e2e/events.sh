#!/bin/bash
# Events: what is noted, in podman's words and fields; filters; watching; the backend "none".
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; podman import -q $image_tar localhost/theirs:test; }

# What a life is, as either engine notes it: type, status and exit code, one a line.
life() {
    local engine=$1 image=$2
    $engine create --name life --label a=b "$image" sh -c 'exit 3' >/dev/null
    $engine start --attach life || true
    eventually 10 has_event "$engine" cleanup life
    $engine rename life lives
    $engine export -o /tmp/export.tar lives
    $engine rm lives >/dev/null
    $engine run -d --name second --network none "$image" sleep 100 >/dev/null
    $engine exec -d second true >/dev/null
    eventually 10 has_event "$engine" exec_died
    $engine pause second >/dev/null
    $engine unpause second >/dev/null
    $engine kill second >/dev/null
    $engine wait second >/dev/null || true
    eventually 10 has_event "$engine" cleanup second
    $engine rm -f second >/dev/null
    $engine volume create --label x=y kept >/dev/null
    $engine volume rm kept >/dev/null
    $engine tag "$image" localhost/other:1
    $engine untag "$image" localhost/other:1
    rm -f /tmp/export.tar
}

# The same for what goes on around containers. Either engine works on a pod's containers at the same time, so the order isn't compared. podman notes a
# stop and a cleanup only where its exit command is slow.
surroundings() {
    local engine=$1 image=$2
    $engine pod create --name together --label p=q >/dev/null
    $engine create --name member --pod together "$image" sleep 100 >/dev/null
    $engine pod start together >/dev/null
    $engine pod pause together >/dev/null
    $engine pod unpause together >/dev/null
    $engine pod stop -t 0 together >/dev/null
    $engine pod rm -f together >/dev/null
    $engine network create wire >/dev/null
    $engine network create other >/dev/null
    $engine run -d --name wired --network wire --health-cmd 'exit 1' --health-interval disable --health-retries 1 "$image" sleep 100 >/dev/null
    $engine network connect other wired
    $engine network disconnect other wired
    $engine update --pids-limit 100 wired >/dev/null
    $engine healthcheck run wired >/dev/null || true
    $engine restart -t 0 wired >/dev/null
    $engine commit -q wired localhost/committed:1 >/dev/null
    $engine rm -f -t 0 wired >/dev/null
    $engine rmi localhost/committed:1 >/dev/null
    $engine network rm wire other >/dev/null
    $engine volume create unused >/dev/null
    $engine volume prune -f >/dev/null
    echo hidden | $engine secret create kept - >/dev/null
    $engine secret rm kept >/dev/null
    $engine run --rm --network none "$image" sh -c 'exit 2' || true
    $engine pull -q --retry 0 localhost:1/nothing:1 >/dev/null 2>&1 || true
}

# An image's removal has its id under podman, and the words of an error are each engine's own. podman loses the pod of a container that died.
around() {
    jq -r 'select(.Status != "pull" and .Status != "attach" and .Status != "stop" and .Status != "cleanup") | [.Type, .Status, .network, .health_status,
        (if .Type == "volume" or .Type == "network" or .Type == "pod" then .Name else "" end), (.ContainerExitCode | tostring), (.Error | type),
        (if .Status == "died" then "" else .PodID | type end), (.Attributes | tojson)] | join(" ")' | sort
}

has_event() { $1 events --stream=false --filter event="$2" ${3:+--filter container=$3} | grep -q .; }

# podman notes a pull for each container it creates from an image that is there, and each command's end twice.
# podman notes an attach after the start; we attach before it, so that no output is missed.
words() { jq -r 'select(.Status != "pull" and .Status != "attach") | [.Type, .Status, (.ContainerExitCode | tostring), (.Attributes | tojson)] | join(" ")' | uniq; }

it_notes_what_podman_notes() {
    local begin
    begin=$(date +%s.%N)
    life podsharp "$image"
    podsharp events --stream=false --since "$begin" --format json | words >/tmp/ours
    begin=$(date +%s.%N)
    life podman localhost/theirs:test
    podman events --stream=false --since "$begin" --format json | words >/tmp/theirs
    diff /tmp/ours /tmp/theirs || fail 'the events differ'
}

it_notes_what_podman_notes_of_pods_networks_and_others() {
    local begin
    begin=$(date +%s.%N)
    surroundings podsharp "$image"
    podsharp events --stream=false --since "$begin" --format json | around >/tmp/ours
    begin=$(date +%s.%N)
    surroundings podman localhost/theirs:test
    podman events --stream=false --since "$begin" --format json | around >/tmp/theirs
    diff /tmp/ours /tmp/theirs || fail 'the events differ'
    [[ $(wc -l </tmp/ours) -gt 35 ]] || fail "only $(wc -l </tmp/ours) events"
    run podsharp events --stream=false --filter container=member --filter event=init
    prints "name=member, pod_id=$(podsharp events --stream=false --filter pod=together --filter event=create --format '{{.ID}}')\\)$"
}

it_shares_a_file_that_is_configured() {
    mkdir -p /tmp/shared
    printf '[engine]\nevents_logger = "file"\nevents_logfile_path = "/tmp/shared/both.log"\n' >/tmp/shared/containers.conf
    export CONTAINERS_CONF_OVERRIDE=/tmp/shared/containers.conf
    podsharp volume create --label whose=ours ours >/dev/null
    podman volume create theirs >/dev/null
    podsharp run --name shared --network none --label a=b "$image" sh -c 'exit 4' || true
    podsharp rm shared >/dev/null
    podsharp volume rm ours >/dev/null
    podman volume rm theirs >/dev/null
    local engine fields='[.Type, .Status, .Name, .ContainerExitCode, .time, .Attributes]'
    for engine in podsharp podman; do
        $engine events --stream=false --since 5m --filter event=create --filter event=died --filter event=remove --format json | jq -c "$fields" >/tmp/shared/$engine
    done
    diff /tmp/shared/podsharp /tmp/shared/podman
    equal "$(jq -r '[.[1], .[2]] | join(" ")' /tmp/shared/podsharp | tr '\n' ';')" 'create ours;create theirs;create shared;died shared;remove shared;remove ours;remove theirs;'
    printf '[engine]\nevents_logfile_path = "events.log"\n' >/tmp/shared/containers.conf
    run podsharp volume create relative
    exit_is 125
    complains 'events_logfile_path "events.log" in containers.conf is no absolute path'
    rm -r /tmp/shared
}

it_refuses_a_journal_that_is_not_there() {
    run podsharp --events-backend journald volume create told
    exit_is 125
    one_sentence
    complains "the events backend journald can't be used"
    run podsharp --events-backend syslog volume create told
    exit_is 125
    complains 'the events backend "syslog" is not supported'
    # A configuration is made for hosts that have one.
    mkdir -p /tmp/conf
    export CONTAINERS_CONF_OVERRIDE=/tmp/conf/containers.conf
    printf '[engine]\nevents_logger = "journald"\n' >$CONTAINERS_CONF_OVERRIDE
    equal "$(podsharp info --format '{{.Host.EventLogger}}')" file
    printf '[engine]\nevents_logger = "nonsense"\n' >$CONTAINERS_CONF_OVERRIDE
    run podsharp volume create told
    exit_is 125
    complains 'the events backend "nonsense" is not supported'
    printf '[engine]\nevents_container_create_inspect_data = true\n' >$CONTAINERS_CONF_OVERRIDE
    run podsharp create --name told "$image" true
    exit_is 125
    one_sentence
    complains 'events_container_create_inspect_data'
    unset CONTAINERS_CONF_OVERRIDE
    ! podsharp volume exists told || fail 'the volume was made'
    ! podsharp container exists told || fail 'the container was made'
    rm -r /tmp/conf
}

it_has_the_fields_of_podman() {
    local engine keys=()
    for engine in podsharp podman; do
        $engine rm -f fields >/dev/null 2>&1 || true
        $engine create --name fields --label k=v "$([[ $engine == podman ]] && echo localhost/theirs:test || echo "$image")" true >/dev/null
        keys+=("$($engine events --stream=false --filter container=fields --filter event=create --format json | tail -n 1 | jq -c '[keys_unsorted, .Type, .Status, .Name, .Attributes, (.time | type), (.timeNano | type)]')")
        $engine rm fields >/dev/null
    done
    equal "${keys[0]}" "${keys[1]}"
    # A line for people, with the same words in the same places.
    run podsharp events --stream=false --filter container=fields --filter event=create
    prints '^[0-9-]+ [0-9:.]+ \+0000 UTC container create [0-9a-f]{64} \(image=localhost/busybox:test, name=fields, k=v\)$'
    run podsharp events --stream=false --no-trunc=false --filter container=fields --filter event=create
    prints ' container create [0-9a-f]{12} \('
    run podsharp events --stream=false --filter container=fields --format '{{.Type}}/{{.Status}}/{{.Name}}'
    equal "$output" $'container/create/fields\ncontainer/remove/fields'
}

it_filters_as_podman_does() {
    podsharp create --name one-x --label l=1 "$image" true >/dev/null
    podsharp create --name two-x --label l=2 "$image" true >/dev/null
    podsharp volume create vol-one >/dev/null
    local id
    id=$(podsharp inspect one-x --format '{{.Id}}')
    of() { podsharp events --stream=false --format '{{.Name}}' --filter event=create "$@" | paste -sd,; }
    equal "$(of --filter container=one-x)" one-x
    equal "$(of --filter "container=${id:0:9}")" one-x
    equal "$(of --filter container=one-x --filter container=two-x)" one-x,two-x
    equal "$(of --filter label=l=2)" two-x
    equal "$(of --filter label=l --filter type=container)" one-x,two-x
    equal "$(of --filter volume=vol)" vol-one
    equal "$(of --filter type=volume --filter container=one-x)" ''
    equal "$(of --filter "image=$image")" ''
    equal "$(podsharp events --stream=false --filter event=die --format '{{.Status}}' | sort -u)" "$(podsharp events --stream=false --filter event=died --format '{{.Status}}' | sort -u)"
    run podsharp events --stream=false --filter nonsense=1
    exit_is 125
    one_sentence
    complains 'nonsense is an invalid filter'
    podsharp rm one-x two-x >/dev/null
    podsharp volume rm vol-one >/dev/null
}

it_streams_what_happens_from_now_on() {
    podsharp create --name before "$image" true >/dev/null
    podsharp events --format '{{.Status}} {{.Name}}' --filter container=before >/tmp/stream &
    local watcher=$!
    # It has begun when it is not lost; each round removes what it made.
    stream_has() {
        podsharp rename before before2 >/dev/null && podsharp rename before2 before >/dev/null
        grep -q '^rename before$' /tmp/stream
    }
    eventually 10 stream_has
    podsharp rm before >/dev/null
    eventually 10 grep -q '^remove before$' /tmp/stream
    ! grep -q create /tmp/stream || fail 'an older event was streamed'
    kill $watcher
    wait $watcher || true
    rm /tmp/stream
}

it_ends_at_the_time_it_is_told() {
    podsharp create --name until "$image" true >/dev/null
    run podsharp events --until 1s --filter container=until --format '{{.Status}}'
    exit_is 0
    equal "$output" create
    podsharp rm until >/dev/null
    run podsharp events --stream=false --until 1h --since 2h --filter container=until
    exit_is 0
}

it_keeps_no_events_without_a_backend() {
    run podsharp --events-backend none create --name silent "$image" true
    exit_is 0
    run podsharp --events-backend none start --attach silent
    exit_is 0
    run podsharp --events-backend none rm silent
    exit_is 0
    run podsharp events --stream=false --filter container=silent
    equal "$output" ''
    run podsharp --events-backend none events --stream=false
    exit_is 125
    one_sentence
    run podsharp --events-backend none info --format '{{.Host.EventLogger}}'
    equal "$output" none
}

it_cuts_the_log_in_half_when_it_has_grown() {
    mkdir -p /tmp/conf
    printf '[engine]\nevents_logfile_max_size = "4k"\n' >/tmp/conf/containers.conf
    export CONTAINERS_CONF_OVERRIDE=/tmp/conf/containers.conf
    for n in {1..15}; do podsharp volume create "rotated-$n" >/dev/null; podsharp volume rm "rotated-$n" >/dev/null; done
    run podsharp events --stream=false --filter type=volume --format '{{.Status}} {{.Name}}'
    prints 'remove rotated-15'
    prints_not ' rotated-1$'
    run podsharp events --stream=false --filter event=log-rotation
    prints 'system log-rotation .*/events.log$'
    rm -r /tmp/conf
}

run_suite "$@"
