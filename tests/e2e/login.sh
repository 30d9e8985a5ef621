#!/bin/bash
# Logging in to registries and out of them: checked against the registry, written as podman writes, read by podman, and the reverse.
# runs: testing umask077
. "${BASH_SOURCE[0]%/*}/lib.sh"

private=127.0.0.1:5001 # basic auth
tokens=127.0.0.1:5002  # a token service
auth=/run/containers/0/auth.json

before_all() {
    import_image
    htpasswd -Bbn user pa:ss >/tmp/htpasswd
    start_registry_with 5001 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd}}"
    start_token_registry 5002 5003
}

ours() { podsharp login --tls-verify=false "$@"; }
theirs() { podman login --tls-verify=false "$@"; }
forget_all() { rm -rf /run/containers/0 /tmp/auth /root/.docker /tmp/helper*; mkdir -p /tmp/auth; }

# A helper that keeps one registry's credentials in a file and notes what it was asked.
make_helper() { # NAME
    cat >"/usr/local/bin/docker-credential-$1" <<'HELPER'
#!/bin/sh
input=$(cat)
echo "$1 $(printf '%s' "$input" | head -n 1)" >>/tmp/helper.log
case $1 in
    get) cat /tmp/helper.kept 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
    store) printf '%s' "$input" >/tmp/helper.kept ;;
    erase) rm -f /tmp/helper.kept ;;
    list) [ ! -f /tmp/helper.kept ] || sed 's/.*"ServerURL":"\([^"]*\)".*"Username":"\([^"]*\)".*/{"\1":"\2"}/' /tmp/helper.kept; [ -f /tmp/helper.kept ] || echo '{}' ;;
esac
HELPER
    chmod 755 "/usr/local/bin/docker-credential-$1"
}

it_writes_the_file_that_podman_writes() {
    forget_all
    run ours -u user -p pa:ss "$private"
    exit_is 0
    equal "$output" 'Login Succeeded!'
    equal "$(stat -c %a "$auth")" 600
    cp "$auth" /tmp/auth/ours
    rm "$auth"
    theirs -u user -p pa:ss "$private"
    cmp "$auth" /tmp/auth/ours
    # And a second one, beside the first.
    theirs -u user -p pa:ss "$private/ns/repo"
    cp "$auth" /tmp/auth/theirs
    podsharp logout "$private/ns/repo"
    cmp "$auth" /tmp/auth/ours
    ours -u user -p pa:ss "$private/ns/repo"
    cmp "$auth" /tmp/auth/theirs
    run podsharp login --get-login "$private"
    equal "$output" user
    equal "$(podman login --get-login "$private")" user
}

it_says_the_same_as_podman() {
    local args
    forget_all
    while read -r args; do
        forget_all
        run theirs $args </dev/null
        local code=$status said=$output
        forget_all
        run ours $args </dev/null
        exit_is "$code"
        equal "$output" "$said"
    done <<ARGS
-u user -p pa:ss $private
-u user -p pa:ss -v $private
-u user -p wrong $private
-u user -p pa:ss http://$private
-u user -p pa:ss $private/ns:tag
-u user -p x --password-stdin $private
--password-stdin $private
--get-login $private
-u user -p pa:ss --authfile /tmp/auth/a/b.json -v $private
-u user -p pa:ss --compat-auth-file /tmp/auth/config.json -v $private
-u user -p pa:ss --compat-auth-file /tmp/auth/config.json $private/ns
-u user -p pa:ss --compat-auth-file /tmp/auth/config.json --authfile /tmp/auth/a.json $private
-u user -p pa:ss 127.0.0.1:9
ARGS
    for args in "$private" '--all' "--all $private" '--authfile /tmp/auth/none.json x' "$private/ns"; do
        forget_all
        theirs -u user -p pa:ss "$private" >/dev/null
        cp "$auth" /tmp/auth/before
        run podman logout $args
        local code=$status said=$output
        cp "$auth" /tmp/auth/after
        cp /tmp/auth/before "$auth"
        run podsharp logout $args
        exit_is "$code"
        equal "$output" "$said"
        cmp "$auth" /tmp/auth/after
    done
}

it_refuses_what_the_registry_refuses_and_keeps_the_secret() {
    forget_all
    run podsharp login --tls-verify=false -u user -p not-the-password "$private"
    exit_is 125
    one_sentence
    complains 'invalid username/password'
    ! grep -q not-the-password <<<"$output$errors" || fail 'the password is in the error'
    [[ ! -e $auth ]] || fail 'it was written'
    run podsharp login --tls-verify=false -u user -p not-the-password 127.0.0.1:9
    exit_is 125
    ! grep -q not-the-password <<<"$output$errors" || fail 'the password is in the error'
    run podsharp login -u user -p pa:ss "$private"
    exit_is 125
    complains 'answers without TLS'
}

it_takes_the_password_from_standard_input_and_leaves_no_trace_of_it() {
    forget_all
    printf 'pa:ss\n' >/tmp/auth/password
    (set +x; while sleep 0.02; do ps -eo args; done >/tmp/auth/processes 2>/dev/null) &
    local watcher=$!
    trap "kill $watcher" EXIT
    ours -u user --password-stdin "$private" </tmp/auth/password
    podsharp pull --tls-verify=false "$private/nothing" 2>/dev/null || true
    ! grep -q 'pa:ss' /tmp/auth/processes || fail 'the password was in the list of processes'
    ! podsharp events --stream=false | grep -q 'pa:ss' || fail 'the password is in the events'
    # Stored ones are checked again.
    run ours "$private" </dev/null
    exit_is 0
    prints 'Existing credentials are valid. Already logged in to 127.0.0.1:5001'
    sed -i 's/"auth": ".*"/"auth": "dXNlcjp3cm9uZw=="/' "$auth"
    run ours "$private" </dev/null
    exit_is 125
    prints 'Existing credentials are invalid'
}

it_asks_at_the_terminal_without_showing_the_password() {
    forget_all
    run python3 - "$private" <<'TERMINAL'
import os, sys
pid, terminal = os.forkpty()
if pid == 0:
    os.execvp('podsharp', ['podsharp', 'login', '--tls-verify=false', sys.argv[1]])
def until(text):
    seen = b''
    while text not in seen:
        seen += os.read(terminal, 1000)
    return seen
shown = until(b'Username: ')
os.write(terminal, b'user\n')
shown += until(b'Password: ')
os.write(terminal, b'pa:ss\n')
try:
    while data := os.read(terminal, 1000):
        shown += data
except OSError:
    pass
print(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
TERMINAL
    exit_is 0
    prints 'Login Succeeded!'
    prints 'user'
    prints_not 'pa:ss'
    run ours -u user "$private/x" </dev/null
    exit_is 125
    complains 'not a terminal.*--password-stdin'
}

it_logs_in_by_token() {
    forget_all
    run ours -u user -p wrong "$tokens"
    exit_is 125
    complains 'invalid username/password'
    ours -u user -p pa:ss "$tokens"
    podman push -q --tls-verify=false "$image" "$tokens/a:1"
    podsharp pull -q --tls-verify=false "$tokens/a:1"
    podsharp rmi "$tokens/a:1"
}

it_uses_the_credentials_of_the_part_that_is_meant() {
    forget_all
    ours -u user -p pa:ss "$private/mine"
    podman push -q --tls-verify=false "$image" "$private/mine/app:1"
    podsharp pull -q --tls-verify=false "$private/mine/app:1"
    run podsharp pull -q --tls-verify=false "$private/other/app:1"
    exit_is 125
    complains 'log in'
    podsharp rmi "$private/mine/app:1"
}

it_keeps_what_else_is_in_the_file() {
    forget_all
    echo '{"auths":{"x.io":{"auth":"eDp5","email":"e"}},"HttpHeaders":{"a":"b+c"},"credHelpers":{"y.io":"bar"}}' >/tmp/auth/a.json
    ln -s a.json /tmp/auth/link.json
    ours -u user -p pa:ss --authfile /tmp/auth/link.json "$private"
    equal "$(jq -c . /tmp/auth/a.json)" '{"auths":{"x.io":{"auth":"eDp5","email":"e"},"127.0.0.1:5001":{"auth":"dXNlcjpwYTpzcw=="}},"HttpHeaders":{"a":"b+c"},"credHelpers":{"y.io":"bar"}}'
    [[ -L /tmp/auth/link.json ]] || fail 'the link was replaced'
    podsharp logout --authfile /tmp/auth/link.json "$private"
    equal "$(jq -c . /tmp/auth/a.json)" '{"auths":{"x.io":{"auth":"eDp5","email":"e"}},"HttpHeaders":{"a":"b+c"},"credHelpers":{"y.io":"bar"}}'
    echo '{"auths":{' >/tmp/auth/bad.json
    run ours -u user -p pa:ss --authfile /tmp/auth/bad.json "$private"
    exit_is 125
    one_sentence
    equal "$(cat /tmp/auth/bad.json)" '{"auths":{'
}

it_loses_nothing_when_many_log_in_at_once() {
    forget_all
    local i pids=()
    for i in 1 2 3 4 5 6; do ours -u user -p pa:ss "$private/part$i" & pids+=($!); done
    for i in "${pids[@]}"; do wait "$i"; done
    equal "$(jq '.auths | length' "$auth")" 6
}

it_hands_credentials_to_the_helper_of_a_registry() {
    forget_all
    make_helper fake
    echo "{\"credHelpers\":{\"$private\":\"fake\"}}" >/tmp/auth/h.json
    run ours -v -u user -p pa:ss --authfile /tmp/auth/h.json "$private"
    exit_is 0
    prints 'Used:  credential helper: fake'
    equal "$(jq -c . /tmp/helper.kept)" '{"ServerURL":"127.0.0.1:5001","Username":"user","Secret":"pa:ss"}'
    equal "$(jq -c . /tmp/auth/h.json)" "{\"credHelpers\":{\"$private\":\"fake\"}}"
    equal "$(podman login --get-login --authfile /tmp/auth/h.json "$private")" user
    equal "$(podsharp login --get-login --authfile /tmp/auth/h.json "$private")" user
    podsharp logout --authfile /tmp/auth/h.json "$private"
    [[ ! -e /tmp/helper.kept ]] || fail 'the helper still has it'
    theirs -u user -p pa:ss --authfile /tmp/auth/h.json "$private"
    podsharp logout --all --authfile /tmp/auth/h.json
    [[ ! -e /tmp/helper.kept ]] || fail 'the helper still has it'
}

it_hands_credentials_to_the_helper_for_all_registries() {
    forget_all
    make_helper fake
    mkdir -p /root/.docker
    echo '{"credsStore":"fake"}' >/root/.docker/config.json
    run ours -v -u user -p pa:ss --compat-auth-file /root/.docker/config.json "$private"
    exit_is 0
    prints 'credential helper: fake'
    equal "$(jq -c . /root/.docker/config.json)" "{\"credsStore\":\"fake\",\"auths\":{\"$private\":{}}}"
    podman push -q --tls-verify=false --creds user:pa:ss "$image" "$private/helped:1"
    podsharp pull -q --tls-verify=false "$private/helped:1"
    podsharp rmi "$private/helped:1"
    podsharp logout --compat-auth-file /root/.docker/config.json "$private"
    [[ ! -e /tmp/helper.kept ]] || fail 'the helper still has it'
    # A helper that this host lacks keeps nobody from what needs no credentials.
    echo '{"credsStore":"desktop"}' >/root/.docker/config.json
    run podsharp login --get-login "$private"
    exit_is 125
    complains 'not logged into'
    run ours -u user -p pa:ss --compat-auth-file /root/.docker/config.json "$private"
    exit_is 125
    complains 'docker-credential-desktop'
}

it_asks_the_helpers_of_the_registries_configuration() {
    forget_all
    make_helper fake
    echo 'credential-helpers = ["fake"]' >/etc/containers/registries.conf.d/helpers.conf
    ours -u user -p pa:ss "$private"
    [[ ! -e $auth ]] || fail 'the file was written, too'
    equal "$(podman login --get-login "$private")" user
    run podsharp logout "$private"
    exit_is 0
    run podsharp logout "$private"
    exit_is 125
    rm /etc/containers/registries.conf.d/helpers.conf
}

it_follows_the_runtime_directory() {
    forget_all
    mkdir -p /tmp/auth/xdg
    XDG_RUNTIME_DIR=/tmp/auth/xdg ours -u user -p pa:ss "$private"
    equal "$(XDG_RUNTIME_DIR=/tmp/auth/xdg podman login --get-login "$private")" user
    REGISTRY_AUTH_FILE=/tmp/auth/named.json ours -u user -p pa:ss "$private"
    equal "$(podman login --get-login --authfile /tmp/auth/named.json "$private")" user
}

run_suite "$@"
