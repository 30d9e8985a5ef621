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
    # A person is asked where guessing is allowed, too, and isn't where asking is disabled.
    configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]
short-name-mode = \"permissive\""
    run at_the_terminal 2 podsharp pull -q app:1
    exit_is 0
    equal "$(names)" "$two/app:1"
    grep -q "\"app\" = \"$two/app\"" "$aliases" || fail "$(cat "$aliases")"
    forget
    configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]
short-name-mode = \"disabled\""
    run at_the_terminal 1 podsharp pull -q --retry 0 app:1
    exit_is 0
    prints_not 'Number'
    equal "$(names)" "$two/app:1"
    [[ ! -e $aliases ]] || fail "$(cat "$aliases")"
    configure <<<"unqualified-search-registries = [\"$one\", \"$two\"]
short-name-mode = \"enforcing\""
    forget
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

# Both engines pull NAME, or both don't.
both_pull() { # EXIT-CODE NAME
    local engine
    for engine in podsharp podman; do
        forget
        run $engine pull -q --retry 0 "$2"
        exit_is "$1"
        [[ $1 != 0 ]] || equal "$(names)" "$2"
    done
}

it_uses_the_mirrors_of_what_is_blocked() {
    configure <<CONF
[[registry]]
location = "closed.example.com"
blocked = true
[[registry.mirror]]
location = "$one/first"
insecure = true
[[registry]]
location = "open.example.com"
[[registry.mirror]]
location = "shut.example.com"
[[registry.mirror]]
location = "$one/first"
insecure = true
[[registry]]
location = "shut.example.com"
blocked = true
CONF
    both_pull 0 closed.example.com/app:1
    both_pull 0 open.example.com/app:1
    both_pull 125 closed.example.com/none:1
    run podsharp pull -q --retry 0 closed.example.com/none:1
    one_sentence
    complains 'closed.example.com is blocked'
    # What is read where it is goes the same way.
    podsharp image inspect --remote closed.example.com/app:1 >/dev/null
    run podsharp push -q "$image" closed.example.com/app:1
    exit_is 125
    complains 'is blocked'
    run podman push -q "$image" closed.example.com/app:1
    exit_is 125
}

it_asks_mirrors_by_what_they_serve() {
    local digest wanted
    digest=$(skopeo inspect --tls-verify=false "docker://$one/first/app:1" | jq -r .Digest)
    for wanted in all:0:0 digest-only:125:0 tag-only:0:125; do
        configure <<CONF
[[registry]]
prefix = "some.example.com"
location = "127.0.0.1:9"
insecure = true
[[registry.mirror]]
location = "$one/first"
insecure = true
pull-from-mirror = "${wanted%%:*}"
CONF
        both_pull "$(cut -d: -f2 <<<"$wanted")" some.example.com/app:1
        [[ $wanted == tag-only* ]] || podsharp pull -q "some.example.com/app@$digest"
        [[ $wanted != tag-only* ]] || run podsharp pull -q --retry 0 "some.example.com/app@$digest"
        [[ $wanted != tag-only* ]] || exit_is 125
        podsharp rmi --force "some.example.com/app@$digest" >/dev/null 2>&1 || true
    done
}

it_takes_the_files_that_podman_takes() {
    local home=/tmp/registries-home
    rm -rf $home "$conf" "$aliases"
    mkdir -p $home/.config/containers/registries.conf.d
    plainly() { printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$@"; }
    # A variable's file, in either version; it must be there.
    plainly "$one" >$home/two.conf
    printf '[registries.insecure]\nregistries = ["%s"]\n' "$one" >$home/one.conf
    local file
    for file in one two; do
        CONTAINERS_REGISTRIES_CONF=$home/$file.conf both_pull 0 "$one/first/app:1"
        REGISTRIES_CONFIG_PATH=$home/$file.conf both_pull 0 "$one/first/app:1"
    done
    CONTAINERS_REGISTRIES_CONF=/dev/null both_pull 125 "$one/first/app:1"
    CONTAINERS_REGISTRIES_CONF=$home/none.conf both_pull 125 "$one/first/app:1"
    # The older version is for main files only, and for itself.
    cp $home/one.conf "$conf"
    both_pull 125 "$one/first/app:1"
    rm "$conf"
    plainly "$two" | cat - $home/one.conf >$home/mixed.conf
    CONTAINERS_REGISTRIES_CONF=$home/mixed.conf both_pull 125 "$one/first/app:1"
    # Drop-ins of the host hold beside a user's, but not beside a user's main file.
    plainly "$one" >"$conf"
    plainly "$two" >$home/.config/containers/registries.conf.d/1.conf
    HOME=$home both_pull 0 "$one/first/app:1"
    HOME=$home both_pull 0 "$two/app:1"
    plainly x.example.com >$home/.config/containers/registries.conf
    HOME=$home both_pull 125 "$one/first/app:1"
    HOME=$home both_pull 0 "$two/app:1"
    forget
}

it_refuses_the_files_that_podman_refuses() {
    local text
    forget
    while read -r -u 3 text; do
        printf '%b\n' "$text" >"$conf"
        run podman pull -q --tls-verify=false "$one/first/app:1"
        exit_is 125
        run podsharp pull -q --tls-verify=false "$one/first/app:1"
        exit_is 125
        one_sentence
        complains "$conf:[0-9]"
    done 3<<'BAD'
[[registry]]\ninsecure = true
[[registry]]\nlocation = "https://a.io"
[[registry]]\nlocation = "a.io"\npull-from-mirror = "all"
[[registry]]\nprefix = "*.a.io/x"\nlocation = "a.io"
[[registry]]\nlocation = "a.io"\n[[registry.mirror]]\ninsecure = true
[[registry]]\nlocation = "a.io"\n[[registry.mirror]]\nlocation = "http://b.io"
[[registry]]\nlocation = "a.io"\n[[registry.mirror]]\nlocation = "b.io"\npull-from-mirror = "some"
[[registry]]\nlocation = "a.io"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "b.io"\npull-from-mirror = "all"
[[registry]]\nprefix = "x.io"\nlocation = "a.io"\n[[registry]]\nlocation = "a.io"\ninsecure = true
[[registry]]\nprefix = "x.io"\nlocation = "a.io"\n[[registry]]\nlocation = "a.io"\nblocked = true
unqualified-search-registries = ["a.io/x"]
short-name-mode = "guess"
[aliases]\n"a:1" = "quay.io/x/a"
[aliases]\n"a" = "quay.io/x/a:1"
[aliases]\n"a" = "x/a"
additional-layer-store-auth-helper = 1
BAD
    rm "$conf"
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
