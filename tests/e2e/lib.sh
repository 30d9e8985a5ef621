# What every end-to-end suite sources. A suite is a file of functions whose names begin with `it_`; each is one test and
# runs in a process of its own with `set -euo pipefail`, so a failing command fails the test. The last line of a suite
# is `run_suite "$@"`.
#
#   # runs: testing debian12 umask077 rootless     (where run.sh runs the suite; default: testing)
#   . "${BASH_SOURCE[0]%/*}/lib.sh"
#   before_all() { import_image; }                 (optional: once, before the first test)
#   it_gives_the_exit_code_of_the_command() {
#       run podsharp run --rm "$image" sh -c 'exit 7'
#       exit_is 7
#   }
#   run_suite "$@"
#
# One test:  tests/host/enter bash /tests/e2e/SUITE.sh it_gives_the_exit_code_of_the_command
set -euo pipefail
export PATH=/podsharp/bin:$PATH
image=localhost/busybox:test
image_tar=/usr/share/podsharp-test/busybox.tar
systemd_root=/usr/share/podsharp-test/systemd
test_timeout=${PODSHARP_TEST_TIMEOUT:-120}
e2e_here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

# --- for tests -------------------------------------------------------------------------------------------------------

# Runs a command whatever its outcome: $status, $output (stdout) and $errors (stderr) tell.
run() {
    local stderr
    stderr=$(mktemp)
    status=0
    output=$("$@" 2>"$stderr") || status=$?
    errors=$(<"$stderr")
    rm -f "$stderr"
    printf '$ %s\n%s\n%s\n[exit code %s]\n' "$*" "$output" "$errors" "$status"
}

fail() {
    printf 'failed: %s\n' "$*"
    exit 1
}

skip() {
    printf 'skip: %s\n' "$*"
    exit 77
}

exit_is() { [[ $status == "$1" ]] || fail "exit code $status, expected $1"; }
prints() { grep -Eq -- "$1" <<<"$output" || fail "the output has no /$1/"; }
prints_not() { ! grep -Eq -- "$1" <<<"$output" || fail "the output has /$1/"; }
complains() { grep -Eq -- "$1" <<<"$errors" || fail "the error output has no /$1/"; }
equal() { [[ $1 == "$2" ]] || fail "'$1' is not '$2'"; }

# One clear sentence: one line of error on stderr, whatever progress stands before it.
one_sentence() { [[ $(grep -c '^Error: ' <<<"$errors") == 1 && $(tail -n 1 <<<"$errors") == Error:* ]] || fail "the error is not one line"; }

# eventually SECONDS COMMAND...: until the command succeeds.
eventually() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [[ $SECONDS -lt $deadline ]] || fail "in vain: $*"
        sleep 0.05
    done
}

import_image() { podsharp import "$image_tar" "$image"; }

# start_registry [PORT]: docker-registry on loopback, plain http; ends with the suite.
start_registry() { start_registry_with "${1:-5000}"; }

# start_registry_with PORT [LINES [MEMBERS]]: the same with further lines of configuration, and further members of its "http".
start_registry_with() {
    mkdir -p /tmp/registry
    printf 'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: /tmp/registry/%s}}\nhttp: {addr: "127.0.0.1:%s"%s}\n%s\n' \
        "$1" "$1" "${3:-}" "${2:-}" >"/tmp/registry/$1.yml"
    setsid docker-registry serve "/tmp/registry/$1.yml" >"/tmp/registry/$1.log" 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 curl -sk -o /dev/null "http://127.0.0.1:$1/v2/"
}

# start_token_registry PORT SERVICE-PORT [LIFETIME]: a registry that wants tokens, and the service that gives them to user:pa:ss. Tokens are good
# for LIFETIME seconds (300), whatever the service says.
start_token_registry() {
    mkdir -p /tmp/registry
    openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/registry/token.key -out /tmp/registry/token.crt -days 2 -subj /CN=tokens 2>/dev/null
    setsid python3 "$e2e_here/token-service.py" "$2" /tmp/registry/token.key /tmp/registry/token.crt "${3:-300}" \
        >"/tmp/registry/$2.log" 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    start_registry_with "$1" "auth: {token: {realm: 'http://127.0.0.1:$2/token', service: test, issuer: test, rootcertbundle: /tmp/registry/token.crt}}"
    eventually 20 curl -s -o /dev/null "http://127.0.0.1:$2/"
}

has() { command -v "$1" >/dev/null; }

# --- the machinery ---------------------------------------------------------------------------------------------------

# What a suite must not leave behind. Stores and caches may grow; nothing may stay mounted, running or configured.
traces() {
    echo "mounts:"; awk '{print $5, $9, $10}' /proc/self/mountinfo | sort
    echo "processes:"; ps -eo ppid=,pid=,comm= | awk '$1 == 1 && $3 != "bash" && $3 != "timeout" && $3 != "setpriv" {print $3}' | sort
    echo "links and addresses:"; ip -o address | awk '{print $2, $3, $4}' | grep -v fe80 | sort
    echo "network namespaces:"; find /run/netns "/run/user/$EUID/netns" -mindepth 1 2>/dev/null || true
    echo "cgroups:"; find /sys/fs/cgroup -mindepth 2 -type d 2>/dev/null | grep -E 'podsharp|libpod|crun|conmon' | sort || true
    echo "shared memory and locks:"; ls /dev/shm
}

one_test() {
    set -euo pipefail
    "$1"
}

stop_helpers() {
    local pid
    [[ ! -f /tmp/registry/pids ]] || while read -r pid; do kill "$pid" 2>/dev/null || true; done </tmp/registry/pids
    rm -rf /tmp/registry
}

run_suite() {
    local suite tests test number=0 log code failed=0 start name
    suite=$(realpath "$0")
    if [[ ${1:-} == --inner ]]; then
        one_test "$2"
        return
    fi
    mapfile -t tests < <(sed -n 's/^\(it_[A-Za-z0-9_]*\)().*/\1/p' "$suite")
    [[ $# -eq 0 ]] || tests=("$@")
    log=$(mktemp)
    traces >/tmp/traces.before
    if declare -F before_all >/dev/null; then
        code=0
        timeout -k 5 "$test_timeout" bash "$suite" --inner before_all >"$log" 2>&1 </dev/null || code=$?
        if [[ $code != 0 ]]; then
            sed 's/^/#   /' "$log"
            [[ $code == 77 ]] && echo "# the whole suite is skipped"
            for test in "${tests[@]}"; do
                number=$((number + 1))
                if [[ $code == 77 ]]; then
                    echo "ok $number - ${test#it_} # SKIP $(sed -n 's/^skip: //p' "$log")"
                else
                    echo "not ok $number - ${test#it_} (before_all failed)"
                fi
            done
            echo "1..$number"
            [[ $code == 77 ]]
            return
        fi
    fi
    for test in "${tests[@]}"; do
        number=$((number + 1)) code=0 start=$EPOCHREALTIME
        timeout -k 5 "$test_timeout" bash -x "$suite" --inner "$test" >"$log.out" 2>"$log.trace" </dev/null || code=$?
        name=$(tr _ ' ' <<<"${test#it_}")
        case $code in
            0) printf 'ok %s - %s (%s s)\n' "$number" "$name" "$(bc_time "$start")" ;;
            77) printf 'ok %s - %s # SKIP %s\n' "$number" "$name" "$(sed -n 's/^skip: //p' "$log.out" | tail -n 1)" ;;
            *)
                failed=1
                [[ $code != 124 && $code != 137 ]] || echo "no end after $test_timeout s" >>"$log.out"
                printf 'not ok %s - %s\n' "$number" "$name"
                tail -n 40 "$log.out" | sed 's/^/#   /'
                echo "#   last steps:"
                grep -E '^\++ ' "$log.trace" | grep -vE '^\++ (printf|rm -f|grep|output=|errors=|status=|stderr=|mktemp|exit|\[\[)' | tail -n 8 | cut -c1-300 | sed 's/^/#   /' ;;
        esac
    done
    if declare -F after_all >/dev/null; then
        timeout -k 5 "$test_timeout" bash "$suite" --inner after_all >"$log" 2>&1 </dev/null || { sed 's/^/#   /' "$log"; }
    fi
    if [[ $# -eq 0 ]]; then
        number=$((number + 1))
        stop_helpers
        podsharp rm --all --force --time 0 >/dev/null 2>&1 || true
        sleep 0.3
        traces >/tmp/traces.after
        # What was there and went (a helper of another suite) is no trace of ours.
        if ! diff /tmp/traces.before /tmp/traces.after | grep '^>' >"$log"; then
            echo "ok $number - leaves the host as it found it"
        else
            failed=1
            echo "not ok $number - leaves the host as it found it"
            sed 's/^/#   /' "$log"
        fi
    fi
    echo "1..$number"
    rm -f "$log" "$log.out" "$log.trace"
    return $failed
}

bc_time() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'; }
