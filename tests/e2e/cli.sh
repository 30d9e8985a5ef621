#!/bin/bash
# The command line: options, formats and exit codes side by side with podman's, terminals and signals.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

# The first line a command says and how it ends, the program's name apart.
said() {
    run "$@" >/dev/null
    printf '%s\nexit %s\n' "$(head -n 1 <<<"$output$errors" | sed 's/podman/PROGRAM/g; s/podsharp/PROGRAM/g')" "$status"
}

# alike COMMAND...: podman and podsharp say the same.
alike() {
    local theirs ours
    theirs=$(said podman "$@")
    ours=$(said podsharp "$@")
    [[ $theirs == "$ours" ]] || fail "podman said '$theirs', podsharp '$ours'"
}

# The member names of the first object of a JSON list in order.
members() { jq -c '.[0] | keys_unsorted'; }

it_words_command_line_errors_as_podman() {
    alike run --frob x
    alike ps --frob
    alike --frob ps
    alike run --rm=foo x
    alike run -itz x
    alike run --name
    alike run
    alike ps extra
    alike tag one
    alike container exists
    alike frob
    alike container frob
    alike stop no-such-container
    alike logs no-such-container
    alike rmi no-such-image
    alike inspect no-such-object
    alike container exists no-such-container
    alike image exists no-such-image
}

it_lists_as_podman() {
    podsharp create --name ours "$image" sh -c 'echo a long command line' >/dev/null
    podman create --name theirs "$image" sh -c 'echo a long command line' >/dev/null
    local ours theirs format='{{.Names}}|{{.Image}}|{{.Command}}|{{.Status}}|{{.State}}|{{.Ports}}|{{.ExitCode}}|{{.Labels}}|{{len .ID}}'
    ours=$(podsharp ps -a --filter name=ours --format "$format")
    theirs=$(podman ps -a --filter name=theirs --format "$format")
    equal "${ours/ours/X}" "${theirs/theirs/X}"
    equal "$(podsharp ps -a --filter name=ours --format json | members)" "$(podman ps -a --filter name=theirs --format json | members)"
    equal "$(podsharp ps -a --filter name=ours | head -n 1 | tr -s ' ')" "$(podman ps -a --filter name=theirs | head -n 1 | tr -s ' ')"
    podsharp rm ours
    podman rm theirs
}

it_lists_namespaces() {
    podsharp run -d --name ours --network none "$image" sleep 1000
    podman run -d --name theirs --network none --cgroups disabled "$image" sleep 1000
    local pid kind kinds=(cgroup ipc mnt net pid user uts)
    pid=$(podsharp inspect ours --format '{{.State.Pid}}')
    equal "$(podsharp ps --ns --format '{{.CGROUPNS}} {{.IPC}} {{.MNT}} {{.NET}} {{.PIDNS}} {{.USERNS}} {{.UTS}}')" \
        "$(for kind in "${kinds[@]}"; do readlink "/proc/$pid/ns/$kind" | tr -dc '0-9\n'; done | paste -sd ' ')"
    equal "$(podsharp ps --ns | head -n 1 | tr -s ' ')" "$(podman ps --ns | head -n 1 | tr -s ' ')"
    equal "$(podsharp ps --ns --format json | jq -c '.[0].Namespaces | keys')" "$(podman ps --ns --format json | jq -c '.[0].Namespaces | keys')"
    equal "$(podsharp ps --format '{{.Namespaces}}{{.NET}}')" "$(podman ps --format '{{.Namespaces}}{{.NET}}')"
    run podsharp ps --ns --size
    exit_is 125
    complains 'size and namespace options conflict'
    podman rm -f -t 0 theirs
    podsharp stop -t 0 ours
    equal "$(podsharp ps -a --ns --format '{{.NET}}{{.PIDNS}}')" ''
    podsharp rm ours
}

it_cleans_up_with_the_image() {
    podsharp tag "$image" localhost/other:1
    podsharp image rm localhost/other:1
    podsharp create --name first "$image" true
    podsharp commit -q first localhost/other:1
    podsharp create --name second localhost/other:1 true
    podsharp create --name third localhost/other:1 true
    run podsharp container cleanup --rm --rmi second
    exit_is 125
    one_sentence
    run podsharp container exists second
    exit_is 1
    podsharp container cleanup --rm --rmi third
    run podsharp image exists localhost/other:1
    exit_is 1
    podsharp rm first
}

it_lists_images_as_podman() {
    local row='{{.Repository}}|{{.Tag}}|{{.ID}}|{{.Size}}|{{.Digest}}'
    equal "$(podsharp images --noheading --format "table $row" "$image")" "$(podman images --noheading --format "table $row" "$image")"
    equal "$(podsharp images | head -n 1 | tr -s ' ')" "$(podman images | head -n 1 | tr -s ' ')"
    equal "$(podsharp images --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.Size}}')" "$(podman images --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.Size}}')"
    equal "$(podsharp images -q --no-trunc)" "$(podman images -q --no-trunc)"
    equal "$(podsharp images --format json | members)" "$(podman images --format json | members)"
    equal "$(podsharp image inspect "$image" | jq 'del(.[0].Created)')" "$(podman image inspect "$image" | jq 'del(.[0].Created)')"
}

it_formats_with_templates_as_podman() {
    local format
    for format in '{{.Id}}' '{{.Os}}/{{.Architecture}}' '{{json .RepoTags}}' '{{range .RepoTags}}<{{.}}>{{end}}' '{{len .RootFS.Layers}}' \
        '{{if .Author}}a{{else}}b{{end}}' '{{index .RepoTags 0 | upper}}' '{{join .RepoTags ","}}' '{{with .RootFS}}{{.Type}}{{end}}'; do
        equal "$(podsharp image inspect --format "$format" "$image")" "$(podman image inspect --format "$format" "$image")"
    done
    run podsharp image inspect --format '{{.Frob}}' "$image"
    exit_is 125
    complains "can't evaluate field Frob in type"
    one_sentence
}

it_inspects_with_podmans_members() {
    podsharp run -d --name ours -p 8081:80 -v data:/data -m 64m -e A=b -l c=d "$image" sleep 100 >/dev/null
    podman run -d --name theirs -p 8082:80 -v theirdata:/data -m 64m -e A=b -l c=d "$image" sleep 100 >/dev/null
    # What podman has and podsharp has not; left aside: the lock number, annotations that podman itself sets, and addresses.
    local paths='paths | map(if type == "number" then 0 else . end) | map(tostring) | join(".")'
    run comm -13 <(podsharp inspect ours | jq -r "$paths" | sort -u) <(podman inspect theirs | jq -r "$paths" | sort -u)
    equal "$(grep -vE 'lockNumber|Annotations|Networks\.|Ulimits|LowerDir|MergedDir' <<<"$output")" ''
    equal "$(podsharp inspect ours | jq -c '.[0] | keys_unsorted')" "$(podman inspect theirs | jq -c '.[0] | del(.lockNumber) | keys_unsorted')"
    podsharp rm -f -t 0 ours
    podman rm -f -t 0 theirs
    podman volume rm theirdata
}

it_refuses_what_is_not_built_yet() {
    run podsharp build --source-policy-file=x .
    exit_is 125
    complains 'is not supported yet'
    one_sentence
    run podsharp run --rm --restart=no --userns=host --no-healthcheck "$image" true
    exit_is 0
}

it_works_under_other_names() {
    ln -sf "$(command -v podsharp)" /tmp/docker
    run /tmp/docker run --rm "$image" echo as docker
    equal "$output" 'as docker'
}

it_writes_and_reads_id_files() {
    run podsharp run -d --cidfile /tmp/id "$image" sleep 100
    equal "$(cat /tmp/id)" "$output"
    run podsharp run -d --cidfile /tmp/id "$image" sleep 100
    exit_is 125
    one_sentence
    podsharp rm -f -t 0 --cidfile /tmp/id
    [[ ! -e /tmp/id ]] || fail 'the id file outlived the container'
}

it_replaces_a_container_of_the_same_name() {
    podsharp run -d --stop-timeout 0 --name again "$image" sleep 100
    run podsharp run --rm --name again "$image" true
    exit_is 125
    complains 'already in use'
    run podsharp run --rm --replace --name again "$image" echo new
    equal "$output" new
}

it_passes_signals_on() {
    podsharp run --rm --name sig "$image" sh -c 'trap "echo got it; exit 9" USR1; echo ready; while :; do sleep 0.1; done' >/tmp/sig.out &
    local pid=$!
    eventually 20 grep -q ready /tmp/sig.out
    kill -USR1 $pid
    local code=0
    wait $pid || code=$?
    equal "$code" 9
    equal "$(tail -n 1 /tmp/sig.out)" 'got it'
}

it_starts_attached() {
    podsharp create --name att -i "$image" sh -c 'cat; exit 6' >/dev/null
    local code=0
    equal "$(echo typed | podsharp start -a -i att || echo "code $?")" "typed"$'\n'"code 6"
    podsharp rm att
}

it_gives_a_terminal_and_its_size() {
    has script || skip "no script(1) here"
    # Input that stays open: script would end it, and podman, too, hangs up a terminal whose input has ended.
    run script -qec "stty rows 31 cols 97; podsharp run --rm -it $image sh -c 'stty size; tty'" /dev/null < <(sleep 5)
    prints '31 97'
    prints '/dev/pts/0'
    run script -qec "stty -echo; stty -g >/tmp/tty.before; podsharp run --rm -it $image sh -c 'exit 5'; echo code \$?; stty -g >/tmp/tty.after" /dev/null < <(sleep 5)
    prints 'code 5'
    cmp /tmp/tty.before /tmp/tty.after
}

it_detaches_and_attaches_again() {
    has script || skip "no script(1) here"
    { sleep 2; printf 'echo one\n'; sleep 0.5; printf '\020\021'; sleep 1; } | script -qec "podsharp run -it --name det $image sh; echo code \$?" /dev/null >/tmp/det.out
    grep -q 'code 0' /tmp/det.out
    run podsharp ps --format '{{.Names}} {{.State}}'
    prints 'det running'
    { sleep 1; printf 'exit 4\n'; sleep 1; } | script -qec "podsharp attach --detach-keys ctrl-a det; echo code \$?" /dev/null >/tmp/det.out
    grep -q 'code 4' /tmp/det.out
    podsharp rm -f -t 0 det
}

it_ends_at_a_closed_pipe() {
    podsharp create --name pipe "$image" true >/dev/null
    podsharp ps -a | head -n 1 >/dev/null
    equal "${PIPESTATUS[0]}" 0
    podsharp rm pipe
}

it_completes() {
    podsharp create --name complete-me "$image" true >/dev/null
    run podsharp __complete rm compl
    prints '^complete-me'
    run podsharp __complete run --rm localhost/bus
    prints '^localhost/busybox:test'
    run podsharp __complete run --security-opt app
    prints '^apparmor='
    run podsharp __complete kill -s SIGTE
    equal "$output" $'SIGTERM\n:0'
    run podsharp completion bash
    prints '__complete'
    bash -n <<<"$output"
    podsharp rm complete-me
}

it_shows_processes_as_ps_does() {
    podsharp run -d --name busy "$image" sh -c 'sleep 100 & exec sleep 200' >/dev/null
    eventually 10 sh -c "podsharp top busy args | grep -q 'sleep 200'"
    # The host's ps: busybox's knows none of these.
    run podsharp top busy aux
    prints '^USER +PID +%CPU +%MEM '
    prints '^root +1 .* sleep 200$'
    prints_not 'ps aux'
    run podsharp top busy -eo pid,comm
    prints '^ +PID COMMAND$'
    prints '^ +1 sleep$'
    prints_not conmon
    run podsharp top busy pid no-such-column
    exit_is 125
    one_sentence
    complains 'ps failed with exit code 1: process ID list syntax error'
    # ps's codes and podman's headings; nothing of the host but where asked.
    equal "$(podsharp top busy %p seccomp capamb uid | head -n 2 | tr -s ' ')" "$(printf 'PID SECCOMP AMBIENT CAPS UID\n1 filter none 0')"
    podman run -d --name theirs "$image" sh -c 'sleep 100 & exec sleep 200' >/dev/null
    eventually 10 sh -c "podman top theirs args | grep -q 'sleep 200'"
    for words in aux -ef '-eo user,pid,args'; do
        equal "$(podsharp top busy $words | awk '{ print $1, $NF }')" "$(podman top theirs $words | awk '{ print $1, $NF }')"
    done
    podman rm -f -t 0 theirs >/dev/null
    podsharp rm -f -t 0 busy >/dev/null

    # Who may trace could take over a program of the host: there the container's own ps runs.
    podsharp run -d --name tracing --cap-add SYS_PTRACE "$image" sleep 100 >/dev/null
    run podsharp top tracing -o pid,comm
    prints '^PID +COMMAND$'
    prints '^ +1 sleep$'
    equal "$(podsharp inspect tracing --format '{{len .ExecIDs}}')" 0
    podsharp exec tracing rm /bin/ps
    run podsharp top tracing -o pid,comm
    exit_is 125
    one_sentence
    complains 'no ps in container tracing'
    equal "$(podsharp inspect tracing --format '{{len .ExecIDs}}')" 0
    podsharp rm -f -t 0 tracing >/dev/null
}

it_has_a_help_page_for_every_command() {
    local command
    for command in '' run create start stop restart kill wait rm ps inspect exec attach logs top stats pull images rmi tag untag import info version events \
        container image volume system 'container cleanup' 'volume create' 'system info'; do
        run podsharp $command --help
        exit_is 0
        prints '^Usage:'
    done
}

run_suite "$@"
