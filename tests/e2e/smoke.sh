#!/bin/bash
# The life of a container from the command line, on whatever components the host has.
# runs: testing debian12 umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }

it_tells_its_version_and_how_it_was_published() {
    run podsharp version
    exit_is 0
    prints 'aot-net|readytorun'
}

it_lists_the_imported_image() {
    run podsharp images
    exit_is 0
    prints 'localhost/busybox +test'
}

it_runs_a_command_and_gives_its_exit_code() {
    run podsharp run --rm "$image" sh -c 'echo hello; exit 7'
    exit_is 7
    equal "$output" hello
    run podsharp ps --all --quiet
    equal "$output" ''
}

it_keeps_stdout_and_stderr_apart() {
    run podsharp run --rm "$image" sh -c 'echo out; echo err >&2'
    equal "$output" out
    complains '^err$'
}

it_passes_standard_input() {
    equal "$(echo from outside | podsharp run --rm -i "$image" cat)" 'from outside'
}

it_says_125_126_127() {
    run podsharp run --rm --no-such-option "$image" true
    exit_is 125
    run podsharp run --rm "$image" /etc
    exit_is 126
    run podsharp run --rm "$image" no-such-program
    exit_is 127
    run podsharp ps --all --quiet
    equal "$output" ''
}

it_runs_detached_execs_shows_logs_stops_and_removes() {
    podsharp run -d --name one "$image" sh -c 'echo started; trap "exit 3" TERM; while :; do sleep 0.1; done'
    eventually 10 sh -c 'podsharp logs one | grep -q started'
    run podsharp ps --format '{{.Names}} {{.State}}'
    prints '^one running$'
    equal "$(podsharp exec one echo inside)" inside
    run podsharp exec one sh -c 'exit 9'
    exit_is 9
    run podsharp inspect one --format '{{.State.Running}} {{.Config.Image}}'
    equal "$output" "true $image"
    podsharp stop one
    run podsharp inspect one --format '{{.State.Status}} {{.State.ExitCode}}'
    equal "$output" 'exited 3'
    run podsharp rm one
    exit_is 0
    run podsharp ps --all --quiet
    equal "$output" ''
}

it_limits_memory() {
    podsharp run -d --name limited --memory 32m "$image" sleep 100
    run podsharp exec limited sh -c 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes'
    equal "$output" 33554432
    podsharp rm -f -t 0 limited
}

it_reports_an_out_of_memory_kill() {
    run podsharp run --name hungry --memory 16m "$image" sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1'
    exit_is 137
    run podsharp inspect hungry --format '{{.State.OOMKilled}}'
    equal "$output" true
    podsharp rm hungry
}

it_publishes_a_port() {
    podsharp run -d --name web -p 127.0.0.1:18080:80 "$image" sh -c 'echo page >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
    eventually 10 curl -sf http://127.0.0.1:18080/
    equal "$(curl -sf http://127.0.0.1:18080/)" page
    podsharp rm -f -t 0 web
    run curl -sf --max-time 2 http://127.0.0.1:18080/
    [[ $status != 0 ]] || fail 'the port still answers'
}

it_keeps_a_volume() {
    podsharp run --rm -v data:/data "$image" sh -c 'echo kept >/data/file'
    equal "$(podsharp run --rm -v data:/data:ro "$image" cat /data/file)" kept
    podsharp volume rm data || skip 'no volume commands'
}

it_names_what_is_wrong() {
    run podsharp run no-such-image-anywhere.invalid/x true
    exit_is 125
    one_sentence
    run podsharp start nobody
    [[ $status != 0 ]] || fail 'starting nobody succeeded'
    one_sentence
    complains nobody
}

it_removes_the_image() {
    run podsharp rmi "$image"
    exit_is 0
    run podsharp images --quiet
    equal "$output" ''
}

run_suite "$@"
