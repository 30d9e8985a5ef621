#!/bin/bash
# What builds remember of each other, what they leave behind when something goes wrong, and what a context may be.
# runs: testing umask077 rootless
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"
if [[ $EUID != 0 ]]; then
    . "$e2e_here/keeper.sh"
    podsharp_in_directory
    export keeper
    export -f podsharp inside
    graph_root=$HOME/.local/share/containers/storage run_root=/run/user/$EUID/containers
fi

before_all() {
    [[ $EUID == 0 ]] || start_keeper
    import_image
}

after_all() { [[ $EUID == 0 ]] || stop_keeper; }

# The context of all of them.
mkdir -p /tmp/ctx && cd /tmp/ctx || exit 1

# file TEXT: the Containerfile.
file() { printf '%s\n' "$@" >Containerfile; }
build() { podsharp build -t made "$@" .; }
# steps: which steps were carried out (-) and which were known (+).
steps() { grep -Eo -- '^(\[[0-9/]+\] )?-->( Using cache)?' <<<"$output" | tail -n +1 | awk '/cache/ { known = 1; next } { printf known ? "+" : "-"; known = 0 }'; }
killed_at() { PODSHARP_KILL_AT=$1 podsharp build -t made .; }
forget() { podsharp rmi -f made >/dev/null 2>&1 || true; podsharp image prune -f >/dev/null; }

it_knows_steps_again_until_something_differs() {
    rm -rf /tmp/ctx/* && mkdir d && echo 1 >a && echo 1 >d/b
    file "FROM $image" 'ARG V=1' 'COPY a d /x/' 'RUN echo $V >/v' 'ENV E=1' 'RUN echo $E >/e' 'CMD ["cat", "/v"]'
    run build
    exit_is 0
    equal "$(steps)" ----
    id=$(podsharp image inspect made --format '{{.Id}}')
    # The same, though it was written anew: no container is started, and the image is the same one.
    cp -r d d2 && rm -r d && mv d2 d && touch -d 2001-01-01 a
    run build
    equal "$(steps)" +++-
    equal "$(podsharp image inspect made --format '{{.Id}}')" "$id"
    echo 2 >d/b
    run build
    equal "$(steps)" ----
    equal "$(podsharp run --rm made cat /x/b)" 2
    echo 1 >d/b
    run build
    equal "$(steps)" +++-
    # Permissions and names are content, too.
    mode=$(stat -c %a d/b)
    chmod 640 d/b
    run build
    equal "$(steps)" ----
    chmod "$mode" d/b
    mv d/b d/c
    run build
    equal "$(steps)" ----
    mv d/c d/b
    # An argument matters from the step on that sees it.
    run build --build-arg V=2
    equal "$(steps)" +---
    equal "$(podsharp run --rm made)" 2
    run build --no-cache
    equal "$(steps)" ----
    # Another base image, of the same files: nothing is known.
    printf 'FROM %s\nLABEL a=b\n' "$image" | podsharp build -q -t other-base -f - . >/dev/null
    sed -i '1s/.*/FROM other-base/' Containerfile
    run build
    equal "$(steps)" ----
    podsharp rmi -f made other-base >/dev/null
}

it_copies_from_stages_what_is_the_same() {
    rm -rf /tmp/ctx/* && echo 1 >a
    file "FROM $image AS one" 'COPY a /a' 'RUN cat /a | tr 1 x >/b' "FROM $image" 'COPY --from=one /b /b'
    run build
    equal "$(steps)" ----
    run build
    equal "$(steps)" +++-
    echo 2 >a
    run build
    equal "$(steps)" ----
    equal "$(podsharp run --rm made cat /b)" 2
    # What follows such a copy is known again, too.
    file "FROM $image AS one" 'RUN echo 1 >/b' "FROM $image" 'COPY --from=one /b /b' 'RUN cat /b >/c' 'ENV E=1'
    run build
    equal "$(steps)" ----
    id=$(podsharp image inspect made --format '{{.Id}}')
    run build
    equal "$(steps)" +++-
    equal "$(podsharp image inspect made --format '{{.Id}}')" "$id"
    forget
}

it_shows_a_step_that_fails() {
    file "FROM $image" 'RUN echo before >/before' 'RUN echo one; echo two >&2; exit 42'
    run build
    exit_is 42
    one_sentence
    complains 'Containerfile:3: RUN echo one; echo two >&2; exit 42: the command ended with exit code 42; its last output: one \| two'
    # How to look at it, word for word.
    sentence=$(tail -n 1 <<<"$errors")
    [[ $sentence =~ podsharp\ run\ --rm\ -it\ ([0-9a-f]+)\ sh ]]
    equal "$(podsharp run --rm "${BASH_REMATCH[1]}" cat /before)" before
    equal "$(podsharp ps -aq --external)" ''
    file "FROM $image" 'COPY nowhere /x'
    run build
    exit_is 125
    complains 'Containerfile:2: COPY nowhere /x: the context has no file nowhere'
    file "FROM $image" 'RUM true'
    run build
    exit_is 125
    complains 'Containerfile:2: .*RUM.*RUN'
    forget
}

it_takes_contexts_of_every_kind() {
    rm -rf /tmp/ctx/* && echo content >a && file "FROM $image" 'COPY a /a'
    expect() { exit_is 0 && equal "$(podsharp run --rm made cat /a)" content && podsharp rmi -f made >/dev/null; }
    run bash -c 'tar -cz . | podsharp build -q -t made -'
    expect
    mkdir other && mv Containerfile other/
    run podsharp build -q -t made -f other/Containerfile .
    expect
    run bash -c 'podsharp build -q -t made -f - . <other/Containerfile'
    expect
    tar -cf /tmp/ctx.tar -C /tmp/ctx a -C other Containerfile
    busybox httpd -f -p 127.0.0.1:8123 -h /tmp &
    server=$!
    eventually 10 bash -c ': </dev/tcp/127.0.0.1/8123'
    run podsharp build -q -t made http://127.0.0.1:8123/ctx.tar
    expect
    file "FROM $image" 'ADD http://127.0.0.1:8123/ctx/a /a' 'RUN test "$(stat -c %a /a)" = 600'
    run podsharp build -q -t made .
    expect
    kill "$server"
    has git || return 0
    git init -q repo && mkdir repo/sub && cp a repo/sub/ && cp other/Containerfile repo/sub/
    git -C repo add . && git -C repo -c user.name=a -c user.email=a@b commit -qm one && git -C repo tag v1
    git -C repo rm -qr sub && git -C repo -c user.name=a -c user.email=a@b commit -qm two
    (cd /tmp/ctx && exec git daemon --export-all --base-path=/tmp/ctx --listen=127.0.0.1 --port=9418) &
    server=$!
    eventually 10 git ls-remote git://127.0.0.1/repo
    run podsharp build -q -t made 'git://127.0.0.1/repo#v1:sub'
    expect
    kill "$server"
}

it_never_reaches_out_of_a_context() {
    rm -rf /tmp/ctx/* && echo outside >/tmp/outside && ln -s /tmp/outside link && ln -s .. up && mkdir d
    file "FROM $image" 'COPY link /x'
    run build
    exit_is 125
    file "FROM $image" 'COPY up/outside /x'
    run build
    exit_is 125
    file "FROM $image" 'COPY ../outside /x'
    run build
    exit_is 125
    # Links of the image stay in it, too: what is copied to /x lies below the image's root.
    file "FROM $image" 'RUN ln -s /tmp/elsewhere /x' 'COPY Containerfile /x/'
    run build
    exit_is 0
    [[ ! -e /tmp/elsewhere ]]
    podsharp run --rm made test -f /tmp/elsewhere/Containerfile
    forget
    rm -f link up
}

it_keeps_secrets_to_itself() {
    rm -rf /tmp/ctx/*
    printf 'hush-hush' >/tmp/secret
    file "FROM $image" 'RUN --mount=type=secret,id=s,env=S --mount=type=secret,id=s,target=/s test "$S" = hush""-hush && test "$(cat /s)" = hush""-hush && sleep 1'
    podsharp build -t made --secret id=s,src=/tmp/secret . &
    builder=$!
    eventually 10 bash -c 'podsharp ps -q --external | grep -q .'
    ! grep -rq hush-hush "$graph_root/podsharp" 2>/dev/null || fail 'the state holds it'
    wait "$builder"
    ! grep -rq hush-hush "$graph_root" "$run_root" 2>/dev/null || fail 'something is left of it'
    podsharp run --rm made sh -c '! test -e /s'
    forget
}

it_keeps_caches_until_they_are_pruned() {
    rm -rf /tmp/ctx/*
    file "FROM $image" 'RUN --mount=type=cache,target=/c,id=own,mode=0700,uid=5 echo x >>/c/f; wc -l </c/f; stat -c "%a %u" /c'
    equal "$(podsharp build --no-cache . 2>&1 | grep -cE '^(1|700 5)$')" 2
    equal "$(podsharp build --no-cache . 2>&1 | grep -cE '^2$')" 1
    # A command that wants it alone, and one that waits for that.
    file "FROM $image" 'RUN --mount=type=cache,target=/c,id=own,sharing=locked sleep 2; echo x >>/c/f'
    podsharp build --no-cache . >/dev/null &
    builder=$!
    eventually 10 bash -c 'podsharp ps -q --external | grep -q .'
    run podsharp image prune -f --build-cache
    exit_is 0
    file "FROM $image" 'RUN --mount=type=cache,target=/c,id=own,sharing=locked wc -l </c/f'
    equal "$(podsharp build --no-cache . 2>&1 | grep -cE '^3$')" 1
    wait "$builder"
    run podsharp image prune -f --build-cache --dry-run
    prints '^[0-9a-f]{64} <none> '
    run podsharp image prune -f --build-cache
    exit_is 0
    file "FROM $image" 'RUN --mount=type=cache,target=/c,id=own ls /c | wc -l'
    equal "$(podsharp build --no-cache . 2>&1 | grep -cE '^0$')" 1
    podsharp image prune -f --build-cache >/dev/null
    # One that a killed build was making.
    run killed_at build.cache.staged
    exit_is 137
    equal "$(find "$graph_root/podsharp/build-cache" -name '*.new' | wc -l)" 1
    podsharp build --no-cache . >/dev/null
    podsharp image prune -f --build-cache >/dev/null
    equal "$(find "$graph_root/podsharp/build-cache" -mindepth 1)" ''
    forget
}

it_writes_what_it_is_asked_to() {
    rm -rf /tmp/ctx/*
    printf 'FROM %s\nLABEL of=base\n' "$image" | podsharp build -q -t other-base --annotation of=base -f - . >/dev/null
    file "FROM $image" 'RUN echo said'
    run podsharp build --from other-base --logfile /tmp/build.log --iidfile /tmp/iid --iidfile-raw /tmp/iid-raw -t made .
    exit_is 0
    equal "sha256:$output" "$(cat /tmp/iid)"
    equal "$output" "$(cat /tmp/iid-raw)"
    grep -qx said /tmp/build.log
    equal "$(podsharp image inspect made --format '{{index .Labels "of"}} {{index .Annotations "of"}}')" 'base base'
    podsharp build -q --from other-base --inherit-labels=false --unsetannotation of -t made . >/dev/null
    equal "$(podsharp image inspect made | jq -c '.[0] | [.Labels // {} | length, .Annotations.of]')" '[0,null]'
    podsharp build -q --from other-base --inherit-annotations=false --created-annotation=false -t made . >/dev/null
    created=$(podsharp image inspect made --format '{{json .Annotations}}' | jq -r 'keys[]' | grep -c created || true)
    equal "$created" 0
    file 'FROM scratch' 'COPY Containerfile /a/b/'
    podsharp build -q -o /tmp/out -o type=tar,dest=/tmp/out.tar -t made . >/dev/null
    cmp Containerfile /tmp/out/a/b/Containerfile
    equal "$(tar -tf /tmp/out.tar | sort | tr '\n' ' ')" 'a/ a/b/ a/b/Containerfile '
    podsharp build -q -o - . | tar -xO a/b/Containerfile | cmp - Containerfile
    rm -rf /tmp/out
    file 'ARG NEEDED' "FROM $image" 'ARG NEEDED' 'RUN true'
    run build
    complains 'missing "?NEEDED"? build argument'
    podsharp rmi -f made other-base >/dev/null
}

it_survives_kills() {
    rm -rf /tmp/ctx/* && echo 1 >a
    file "FROM $image" 'COPY a /a' 'RUN echo 1 >/b' 'CMD ["cat", "/b"]'
    for point in build.copy.staged build.step.committed build.run.ended build.run.staged container.start.committed build.step.committed:2; do
        run killed_at $point
        exit_is 137
        run podsharp build -t made .
        exit_is 0
        equal "$(podsharp run --rm made)" 1
        equal "$(podsharp ps -aq --external)" ''
        equal "$(ls "$run_root/podsharp/locks/builds" 2>/dev/null)" ''
        forget
    done
    store_is_clean
}

it_makes_the_same_image_of_the_same_input() {
    rm -rf /tmp/ctx/* && mkdir d && echo 1 >d/a
    file "FROM $image" 'COPY d /d' 'RUN echo 1 >/b' 'WORKDIR /w' 'COPY d /w'
    first=$(podsharp build -q --no-cache --timestamp 0 .)
    touch d/a d
    second=$(podsharp build -q --no-cache --timestamp 0 .)
    equal "$first" "$second"
    equal "$(podsharp image inspect "$first" | jq -r '.[0].Created')" 1970-01-01T00:00:00Z
    podsharp rmi -f "$first" >/dev/null
}

run_suite "$@"
