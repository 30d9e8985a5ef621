#!/bin/bash
# What registries.conf says about a pull: search registries, aliases, mirrors, prefixes, what is blocked; all tags of a repository; broken downloads.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

one=127.0.0.1:5000
two=127.0.0.1:5001
faulty=127.0.0.1:5004 # the first one, behind a proxy that does harm
conf=/etc/containers/registries.conf.d/test.conf
aliases=/var/cache/containers/short-name-aliases.conf

before_all() {
    import_image
    start_registry 5000
    start_registry 5001
    setsid python3 "$e2e_here/fault-proxy.py" 5004 5000 /tmp/faults /tmp/faults.log >/tmp/registry/5004.log 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    podsharp push -q --tls-verify=false "$image" "$one/first/app:1"
    podsharp push -q --tls-verify=false "$image" "$one/first/app:2"
    podsharp push -q --tls-verify=false "$image" "$two/app:1"
    podsharp push -q --tls-verify=false "$image" "$two/second/only:1"
    eventually 20 curl -s -o /dev/null http://127.0.0.1:5004/v2/
}

# The registries of the tests, and what the test adds.
configure() {
    {
        cat
        printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$one" "$two" "$faulty"
    } >"$conf"
    rm -f "$aliases"
}
forget() { podsharp images --noheading --format '{{.Repository}}:{{.Tag}}' | awk '!/^localhost\/busybox/' | xargs -r podsharp rmi >/dev/null; }
names() { podsharp images --noheading --format '{{.Repository}}:{{.Tag}}' | awk '!/^localhost\/busybox/' | sort | paste -sd' '; }
at_the_terminal() { # ANSWER COMMAND...
    python3 - "$@" <<'TERMINAL'
import os, sys
pid, terminal = os.forkpty()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b''
try:
    while data := os.read(terminal, 1000):
        shown += data
        if shown.endswith(b'Number [1]: '):
            os.write(terminal, sys.argv[1].encode() + b'\n')
except OSError:
    pass
print(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
TERMINAL
}

it_looks_for_short_names_where_the_configuration_says() {
    configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]"
    forget
    # The first one doesn't have it; podman finds it in the same place.
    podsharp pull -q second/only:1
    equal "$(names)" "$two/second/only:1"
    podsharp rmi second/only:1
    podman pull -q second/only:1
    equal "$(names)" "$two/second/only:1"
    configure </dev/null
    forget
    run podsharp pull -q nowhere-to-be-found
    exit_is 125
    one_sentence
}

it_obeys_the_mode_of_short_names() {
    local mode
    for mode in permissive enforcing disabled; do
        configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]
short-name-mode = \"$mode\"
[aliases]
\"aliased\" = \"$two/second/only\""
        forget
        run podsharp pull -q app:1
        local code=$status
        run podman pull -q app:1
        exit_is "$code"
        forget
        run podsharp pull -q aliased:1
        code=$status
        run podman pull -q aliased:1
        exit_is "$code"
    done
    configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]
short-name-mode = \"enforcing\""
    forget
    run podsharp pull -q app:1
    exit_is 125
    complains "could be any of $one/app:1, $two/app:1.*enforcing"
}

it_asks_at_the_terminal_and_keeps_the_answer() {
    configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]
short-name-mode = \"enforcing\""
    forget
    run at_the_terminal 2 podsharp pull -q app:1
    exit_is 0
    prints "1\) $one/app:1"
    equal "$(names)" "$two/app:1"
    grep -q "\"app\" = \"$two/app\"" "$aliases" || fail "$(cat "$aliases")"
    # Neither we nor podman ask again.
    forget
    podsharp pull -q app:1
    forget
    podman pull -q app:1
    # A choice that can't be had is not kept.
    rm "$aliases"
    forget
    run at_the_terminal 1 podsharp pull -q --retry 0 app:1
    exit_is 125
    [[ ! -e $aliases ]] || fail "$(cat "$aliases")"
    # And run asks, too.
    run at_the_terminal 2 podsharp run --rm --network none app:1 echo fine
    exit_is 0
    prints fine
}

it_pulls_from_mirrors_and_by_prefixes() {
    configure <<CONF
[[registry]]
prefix = "mirrored.example.com"
location = "$one/none"
insecure = true
[[registry.mirror]]
location = "127.0.0.1:9/dead"
insecure = true
[[registry.mirror]]
location = "$one/first"
insecure = true
[[registry]]
prefix = "*.wild.example.com"
location = "$two"
insecure = true
[[registry]]
prefix = "digests.example.com"
location = "127.0.0.1:9/dead"
insecure = true
mirror-by-digest-only = true
[[registry.mirror]]
location = "$one/first"
insecure = true
[[registry]]
prefix = "mirrored.example.com/forbidden"
location = "mirrored.example.com/forbidden"
blocked = true
CONF
    forget
    podsharp pull -q --retry 0 mirrored.example.com/app:1
    equal "$(names)" mirrored.example.com/app:1
    forget
    run podman pull -q mirrored.example.com/app:1
    exit_is 0
    equal "$(names)" mirrored.example.com/app:1
    forget
    podsharp pull -q some.wild.example.com/second/only:1
    equal "$(names)" some.wild.example.com/second/only:1
    forget
    local digest
    digest=$(skopeo inspect --tls-verify=false "docker://$one/first/app:1" | jq -r .Digest)
    podsharp pull -q "digests.example.com/app@$digest"
    podsharp rmi "digests.example.com/app@$digest"
    run podsharp pull -q --retry 0 digests.example.com/app:1
    exit_is 125
    run podsharp pull -q mirrored.example.com/forbidden/app:1
    exit_is 125
    one_sentence
    complains 'is blocked'
    run podman pull -q mirrored.example.com/forbidden/app:1
    exit_is 125
}

it_pulls_all_tags() {
    configure </dev/null
    forget
    run podsharp pull --all-tags "$one/first/app"
    exit_is 0
    equal "$(wc -l <<<"$output")" 2
    equal "$(names)" "$one/first/app:1 $one/first/app:2"
    forget
    run podsharp pull --all-tags "$one/first/app:1"
    exit_is 125
    one_sentence
    run podsharp pull --all-tags "$one/first/none"
    exit_is 125
    one_sentence
    forget
}

it_goes_on_with_a_download_that_broke() {
    configure </dev/null
    forget
    podman rmi -f "$image" >/dev/null
    printf 'GET /v2/first/app/blobs 3 cut-answer 400000\n' >/tmp/faults
    : >/tmp/faults.log
    run podsharp pull --retry-delay 10ms "$faulty/first/app:1"
    exit_is 0
    complains 'continuing at byte [1-9]'
    podsharp run --rm --network none "$faulty/first/app:1" true
    rm -f /tmp/faults
    import_image
}

run_suite "$@"
