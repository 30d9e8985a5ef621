#!/bin/bash
# How registries are reached: proxies, certificates of the registry and of the client, credentials for several at once and for nobody else.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

plain=127.0.0.1:5000
private=127.0.0.1:5001 # basic auth
other=127.0.0.1:5003   # basic auth of somebody else
tls=localhost:5002     # TLS, for those with a certificate
remote=registry.example.test
watched=127.0.0.1:5004 # the plain one, behind a proxy that writes down what is asked for
conf=/etc/containers/registries.conf.d/test.conf
auth=/run/containers/0/auth.json

before_all() {
    import_image
    start_registry 5000
    htpasswd -Bbn user pa:ss >/tmp/htpasswd
    htpasswd -Bbn other word >/tmp/htpasswd.other
    start_registry_with 5001 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd}}"
    start_registry_with 5003 "auth: {htpasswd: {realm: test, path: /tmp/htpasswd.other}}"
    make_certificates
    start_registry_with 5002 "" ", tls: {certificate: /tmp/ca/server.crt, key: /tmp/ca/server.key, clientcas: [/tmp/ca/ca.crt]}"
    start_proxy 5004 5000
    start_proxy 5005 5002
    # Somebody has to know the name where no proxy is asked; nobody answers there.
    grep -q "$remote" /etc/hosts || echo "127.0.0.9 $remote" >>/etc/hosts
    podsharp push -q --tls-verify=false "$image" "$plain/app:1"
    podsharp push -q --tls-verify=false --creds user:pa:ss "$image" "$private/app:1"
    podsharp push -q --tls-verify=false --creds other:word "$image" "$other/theirs:1"
    mkdir -p /tmp/certs
    cp /tmp/ca/ca.crt /tmp/ca/client.cert /tmp/ca/client.key /tmp/certs/
    podsharp push -q --cert-dir /tmp/certs "$image" "$tls/app:1"
}

make_certificates() {
    mkdir -p /tmp/ca
    openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/ca/ca.key -out /tmp/ca/ca.crt -days 2 -subj /CN=authority 2>/dev/null
    local who
    for who in server client; do
        openssl req -newkey rsa:2048 -nodes -keyout /tmp/ca/$who.key -out /tmp/ca/$who.csr -subj /CN=$who 2>/dev/null
        openssl x509 -req -in /tmp/ca/$who.csr -CA /tmp/ca/ca.crt -CAkey /tmp/ca/ca.key -CAcreateserial -days 2 \
            -extfile <(echo "subjectAltName=DNS:localhost,DNS:$remote") -out /tmp/ca/$who.crt 2>/dev/null
    done
    mv /tmp/ca/client.crt /tmp/ca/client.cert
}

start_proxy() { # PORT UPSTREAM-PORT
    setsid python3 "$e2e_here/fault-proxy.py" "$1" "$2" "/tmp/faults.$1" "/tmp/faults.$1.log" >"/tmp/registry/$1.log" 2>&1 </dev/null &
    echo $! >>/tmp/registry/pids
    eventually 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1"
}

fresh() {
    podman rmi --all --force >/dev/null
    rm -rf "$conf" $auth /tmp/faults.* /root/.config/containers/certs.d /etc/containers/certs.d /etc/docker/certs.d
    : >/tmp/faults.5004.log
    : >/tmp/faults.5005.log
}
seen() { grep -Eq -- "$2" "/tmp/faults.$1.log" || fail "the proxy wasn't asked: $(cat "/tmp/faults.$1.log")"; }
unseen() { ! grep -Eq -- "$2" "/tmp/faults.$1.log" || fail "the proxy was asked: $(cat "/tmp/faults.$1.log")"; }

it_goes_through_the_proxy_for_plain_http() {
    local engine variable
    for engine in podsharp podman; do
        for variable in HTTP_PROXY http_proxy; do
            fresh
            run env $variable=http://127.0.0.1:5004 $engine pull -q --tls-verify=false "$remote/app:1"
            exit_is 0
            seen 5004 "^GET http://$remote/v2/app/manifests/1 "
        done
        # Exceptions are kept to, and whatever is on this host needs no proxy.
        fresh
        run env HTTP_PROXY=http://127.0.0.1:5004 NO_PROXY=.example.test $engine pull -q --retry 0 --tls-verify=false "$remote/app:1"
        exit_is 125
        run env HTTP_PROXY=http://127.0.0.1:5004 $engine pull -q --tls-verify=false "$plain/app:1"
        exit_is 0
        equal "$(cat /tmp/faults.5004.log)" ''
        # With a dot in front it is what is below the name, not the name.
        run env HTTP_PROXY=http://127.0.0.1:5004 NO_PROXY=".$remote" $engine pull -q --tls-verify=false "$remote/app:1"
        exit_is 0
        seen 5004 "^GET http://$remote/v2/app/manifests/1 "
    done
    fresh
    run env HTTP_PROXY=ftp://me:hidden@127.0.0.1 podsharp pull -q --tls-verify=false "$remote/app:1"
    exit_is 125
    one_sentence
    complains HTTP_PROXY
    [[ $errors != *hidden* ]] || fail 'the password is shown'
}

it_tunnels_through_the_proxy_for_tls() {
    local engine
    for engine in podsharp podman; do
        fresh
        mkdir -p "/etc/containers/certs.d/$remote"
        cp /tmp/certs/* "/etc/containers/certs.d/$remote/"
        run env HTTPS_PROXY=http://me:p%40ss@127.0.0.1:5005 $engine pull -q "$remote/app:1"
        exit_is 0
        seen 5005 "^CONNECT $remote:443 "
    done
    # A proxy that asks who it is.
    fresh
    mkdir -p "/etc/containers/certs.d/$remote"
    cp /tmp/certs/* "/etc/containers/certs.d/$remote/"
    echo "CONNECT $remote 1 answer HTTP/1.1 407 Proxy Authentication Required\\r\\nProxy-Authenticate: Basic realm=\"x\"\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n" >/tmp/faults.5005
    run env HTTPS_PROXY=http://me:p%40ss@127.0.0.1:5005 podsharp pull -q "$remote/app:1"
    exit_is 0
    seen 5005 "^CONNECT $remote:443 with credentials"
}

it_shows_the_certificate_of_the_client() {
    local engine place
    for engine in podsharp podman; do
        fresh
        run $engine pull -q --retry 0 "$tls/app:1"
        exit_is 125
        # The registry's authority alone isn't enough, and a directory for the host counts for its usual port only.
        mkdir -p "/etc/containers/certs.d/$tls" /etc/containers/certs.d/localhost
        cp /tmp/ca/ca.crt "/etc/containers/certs.d/$tls/"
        cp /tmp/certs/* /etc/containers/certs.d/localhost/
        run $engine pull -q --retry 0 "$tls/app:1"
        exit_is 125
        for place in /root/.config/containers /etc/containers /etc/docker; do
            fresh
            mkdir -p "$place/certs.d/$tls"
            cp /tmp/certs/* "$place/certs.d/$tls/"
            run $engine pull -q "$tls/app:1"
            exit_is 0
        done
        # The first directory counts alone, and a certificate needs its key.
        mkdir -p "/etc/containers/certs.d/$tls"
        run $engine pull -q --retry 0 "$tls/app:1"
        exit_is 125
        cp /tmp/ca/ca.crt /tmp/ca/client.cert "/etc/containers/certs.d/$tls/"
        run $engine pull -q --retry 0 "$tls/app:1"
        exit_is 125
        rm "/etc/containers/certs.d/$tls/client.cert"
        cp /tmp/ca/client.key "/etc/containers/certs.d/$tls/"
        run $engine pull -q --retry 0 "$tls/app:1"
        exit_is 125
        fresh
        run $engine pull -q --cert-dir /tmp/certs "$tls/app:1"
        exit_is 0
    done
}

it_has_credentials_for_several_registries_at_once() {
    fresh
    podsharp login --tls-verify=false -u user --password-stdin "$private" <<<pa:ss
    podsharp login --tls-verify=false -u other --password-stdin "$other" <<<word
    {
        printf 'unqualified-search-registries = ["%s", "%s"]\nshort-name-mode = "disabled"\n' "$private" "$other"
        printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$private" "$other"
        printf '[[registry]]\nprefix = "shared.example.test"\nlocation = "%s"\ninsecure = true\n[[registry.mirror]]\nlocation = "%s"\ninsecure = true\n' "$other" "$private"
    } >"$conf"
    local engine
    for engine in podsharp podman; do
        podman rmi --all --force >/dev/null
        # The first registry knows us, and doesn't have it; the mirror neither.
        run $engine pull -q --retry 0 theirs:1
        exit_is 0
        run $engine pull -q --retry 0 shared.example.test/app:1
        exit_is 0
        run $engine pull -q --retry 0 shared.example.test/theirs:1
        exit_is 0
    done
    podsharp image copy -q "docker://$other/theirs:1" "docker://$private/copied:1"
    skopeo inspect --tls-verify=false --creds user:pa:ss "docker://$private/copied:1" >/dev/null
}

it_gives_credentials_to_no_mirror() {
    local engine
    for engine in podsharp podman; do
        fresh
        printf '[[registry]]\nlocation = "%s"\ninsecure = true\n[[registry.mirror]]\nlocation = "%s"\ninsecure = true\n' "$private" "$watched" >"$conf"
        # The mirror wants to be told who it is.
        echo 'GET /v2/ 9 answer HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' >/tmp/faults.5004
        run $engine pull -q --retry 0 --creds user:pa:ss "$private/app:1"
        exit_is 0
        seen 5004 '^GET /v2/ without credentials'
        # podman sends an empty name and an empty password.
        [[ $engine == podman ]] || unseen 5004 'with credentials'
        # Nor to another place that a name is sent to, but for what the files have for that place.
        fresh
        printf '[[registry]]\nprefix = "moved.example.test"\nlocation = "%s"\ninsecure = true\n' "$private" >"$conf"
        run $engine pull -q --retry 0 --creds user:pa:ss moved.example.test/app:1
        exit_is 125
        $engine login --tls-verify=false -u user --password-stdin "$private" <<<pa:ss
        run $engine pull -q --retry 0 moved.example.test/app:1
        exit_is 0
    done
}

it_goes_on_to_the_next_helper() {
    fresh
    podsharp login --tls-verify=false -u user --password-stdin "$private" <<<pa:ss
    printf 'credential-helpers = ["gone", "containers-auth.json"]\n' >"$conf"
    local engine
    for engine in podsharp podman; do
        podman rmi --all --force >/dev/null
        run $engine pull -q --tls-verify=false "$private/app:1"
        exit_is 0
    done
    # What it can't ask may have had something: that is told, and what is in the file goes all the same.
    run podsharp logout "$private"
    exit_is 125
    one_sentence
    complains docker-credential-gone
    [[ $(cat $auth) != *dXNlcjpwYTpzcw* ]] || fail 'the password is still there'
    fresh
}

run_suite "$@"
