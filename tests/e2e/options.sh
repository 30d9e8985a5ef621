#!/bin/bash
# The options of create and run, side by side with podman's: what inspect shows, and what the container sees.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    cd /tmp
    printf 'FROM %s\nENV IMG=1 IMG2=2\n' "$image" >Dockerfile
    podman build -q -t localhost/vars:test . >/dev/null
}

field() { podsharp inspect "$1" --format "{{.$2}}"; }

# alike OPTION... -- COMMAND...: a container of either engine prints the same, but for names of the engines and ids.
alike() {
    local options=() theirs ours from=${from:-$image}
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    theirs=$(podman run --rm "${options[@]}" "$from" "$@" 2>&1) || true
    ours=$(podsharp run --rm "${options[@]}" "$from" "$@" 2>&1) || true
    plain() { sed -E 's/[0-9a-f]{12}/ID/g; s/podsharp/podman/g' | sort; }
    [[ $(plain <<<"$theirs") == "$(plain <<<"$ours")" ]] || fail "${options[*]}: podman said '$theirs', podsharp '$ours'"
}

# inspected OPTION... -- FIELD...: inspect shows the same.
inspected() {
    local options=() query theirs ours
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    query=$(printf ',.%s' "$@")
    podman create --name theirs "${options[@]}" "$image" sleep 100 >/dev/null
    podsharp create --name ours "${options[@]}" "$image" sleep 100 >/dev/null
    theirs=$(podman inspect theirs | jq -c ".[0] | [${query:1}]")
    ours=$(podsharp inspect ours | jq -c ".[0] | [${query:1}]")
    podman rm -f -t 0 theirs >/dev/null
    podsharp rm -f -t 0 ours >/dev/null
    equal "$ours" "$theirs"
}

it_replaces_a_container_of_the_same_name() {
    first=$(podsharp run -d --name web "$image" sleep 1000)
    second=$(podsharp run -d --name web --replace --stop-timeout 0 "$image" sleep 1000)
    [[ $first != "$second" ]] || fail 'not another one'
    run podsharp container exists "$first"
    exit_is 1
    equal "$(field web State.Status)" running
    # By its whole name, never by the beginning of an id.
    third=$(podsharp create --replace --name "${second:0:6}" "$image" true)
    equal "$(field web State.Status)" running
    podsharp rm "$third"
    # What can't be made replaces nothing.
    run podsharp create --name web --replace --tz No/Where "$image" true
    exit_is 125
    one_sentence
    equal "$(field web Id)" "$second"
    podsharp rm -f -t 0 web
    run podsharp run --replace "$image" true
    exit_is 125
    complains 'cannot replace container without --name being set'
}

it_writes_id_and_pid_files() {
    cd /tmp
    rm -f id pid conmon
    podsharp run -d --cidfile id --pidfile pid --conmon-pidfile conmon --name filed "$image" sleep 1000 >/dev/null
    equal "$(cat id)" "$(field filed Id)"
    equal "$(cat pid)" "$(field filed State.Pid)"
    equal "$(cat conmon)" "$(field filed State.ConmonPid)"
    equal "$(field filed HostConfig.ContainerIDFile) $(field filed PidFile) $(field filed ConmonPidFile)" '/tmp/id /tmp/pid /tmp/conmon'
    equal "$(podsharp exec --cidfile id echo here)" here
    # Two can't share one.
    run podsharp create --cidfile id "$image" true
    exit_is 125
    complains 'container ID file .* exists'
    podsharp kill --cidfile id
    podsharp wait filed
    podsharp restart -t 0 --cidfile id
    podsharp stop -t 0 --cidfile id
    podsharp rm --cidfile id
    [[ ! -e id ]] || fail 'the id file outlived the container'
    # Without a container there is no file.
    run podsharp create --cidfile id --pull never localhost/no:where true
    exit_is 125
    [[ ! -e id ]] || fail 'a file without a container'
    # A file that tells of another container by now stays.
    podsharp create --cidfile id --name filed "$image" true
    echo another >id
    podsharp rm filed
    equal "$(cat id)" another
    rm -f id pid conmon
}

it_takes_variables_as_podman() {
    cd /tmp
    printf '# no\n  A=1 \nFOO\nBA*\n\nQ="x y"\nexport Z=1\nMISSING\nX =1\nE=\n' >vars
    printf 'E1=a\nE1=b\n' >one
    printf 'E1=c\nE2=c\n' >two
    export FOO=foo BAR=bar BAZ=baz IMG=host
    alike --env-file vars -- /bin/env
    alike --env-file one --env-file two -e E2=z -- /bin/env
    alike -e 'BA*' -e FOO -e MISSING -e EMPTY= -- /bin/env
    from=localhost/vars:test
    alike -e 'IMG*' -- /bin/env
    alike --env-host -e FOO=own -- /bin/sh -c '/bin/env | grep -vE "^(_|TMPDIR)="'
    alike --unsetenv IMG --unsetenv PATH --unsetenv A -e A=1 -- /bin/env
    alike --unsetenv-all -e A=1 -- /bin/env
    alike --unsetenv-all --unsetenv FOO --env-host -- /bin/sh -c '/bin/env | grep -vE "^(_|TMPDIR)="'
    unset from
    printf '=d\n' >vars
    run podsharp run --rm --env-file vars "$image" true
    exit_is 125
    complains 'invalid variable: "=d"'
    run podsharp run --rm --env-file /no/where "$image" true
    exit_is 125
    one_sentence
    rm vars one two
}

it_passes_proxies_on() {
    export http_proxy=one HTTPS_PROXY=two
    alike -- /bin/env
    alike --http-proxy=false -- /bin/env
    alike -e http_proxy=own -- /bin/env
    alike --unsetenv http_proxy -- /bin/env
}

it_sets_the_time_zone() {
    for zone in Europe/Paris local America/New_York; do
        alike --tz "$zone" -- sh -c 'date +%Z; md5sum </etc/localtime'
        inspected --tz "$zone" -- Config.Timezone
    done
    alike --tz Asia/Tokyo --read-only -- date +%Z
    for zone in No/Where ../../etc/passwd /etc/passwd Europe; do
        run podsharp create --tz "$zone" "$image" true
        exit_is 125
        one_sentence
        complains 'unknown time zone'
    done
}

it_leaves_nothing() { equal "$(podsharp ps -aq)" ''; equal "$(podman ps -aq)" ''; }

run_suite "$@"
