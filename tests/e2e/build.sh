#!/bin/bash
# Images built of Containerfiles (tests/e2e/build/*.containerfile), beside those that podman builds of the same.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

cases=$e2e_here/build
export BUILD_SECRET=of-the-environment

before_all() {
    import_image
    make_context
}

# A context with all kinds of files, older than any build.
make_context() {
    rm -rf /tmp/build
    mkdir -p /tmp/build/context /tmp/build/extra
    cd /tmp/build/context
    mkdir -p bin tree/two/deep empty sticky owned links hard attributes other/two
    for file in a.txt b.txt bin/tool tree/one tree/two/three tree/two/.hidden tree/two/deep/four owned/file 'name with space' ünicode setuid secret.txt sticky/x hard/1 attributes/f other/two/three; do
        echo "$file" >"$file"
    done
    echo changed >other/two/three
    ln -s a.txt link
    ln -s tree dirlink
    ln -s nowhere dangling-link
    ln -s ../a.txt links/up
    ln -s /etc/passwd links/absolute
    ln hard/1 hard/2
    chmod 755 bin/tool
    chmod 4755 setuid
    chmod 600 secret.txt
    chmod 1777 sticky
    chmod 700 empty
    chown 5:6 owned owned/file
    setfattr -n user.note -v value attributes/f
    tar -cf /tmp/build/archive.tar --owner=3 --group=4 tree bin
    mv /tmp/build/archive.tar .
    gzip -kn archive.tar
    xz -k archive.tar
    zstd -q archive.tar
    echo 'not an archive' | gzip -n >text.gz
    echo 'no archive at all' >nothing.tar.gz
    find . -exec touch -h -d '2001-02-03 04:05:06' {} +
    echo extra >/tmp/build/extra/file
    echo secret >/tmp/build/secret
    printf '%s\n' '# rules' 'tree' '!tree/one' '**/*.tar*' '/b.txt' 'name*' '!name with*' >/tmp/build/ignore
}

# options CASE: what stands in the list of options.
options() { awk -v case="$1" '$1 == case { $1 = ""; print }' "$cases/options"; }

# build ENGINE CASE...: one after the other; what each tells goes to a file.
build() {
    local engine=$1 name
    shift
    for name in "$@"; do
        # The options are words.
        # shellcheck disable=SC2046
        "$engine" build --no-cache -t "localhost/built:$name-$engine" -f "$cases/$name.containerfile" $(options "$name") /tmp/build/context \
            >"/tmp/build/$name.$engine" 2>&1 </dev/null || { echo "$engine can't build $name:"; cat "/tmp/build/$name.$engine"; return 1; }
    done
}

# as_podman KIND...: builds the cases whose names begin so with both engines at once, and compares what they made.
as_podman() {
    local names=() kind file other
    for kind in "$@"; do
        for file in "$cases/$kind"-*.containerfile; do
            file=${file##*/}
            names+=("${file%.containerfile}")
        done
    done
    build podman "${names[@]}" >/tmp/build/podman.log &
    other=$!
    build podsharp "${names[@]}" || { wait "$other"; fail 'podsharp failed'; }
    wait "$other" || { cat /tmp/build/podman.log; fail 'podman failed'; }
    "$cases/compare.py" "${names[@]}" || fail 'another image than podman builds'
}

it_copies_files() { as_podman copy; }
it_adds_archives() { as_podman add; }
it_runs_commands() { as_podman run; }
it_reads_here_documents() { as_podman heredoc; }
it_builds_in_stages() { as_podman stage; }
it_knows_arguments_and_variables() { as_podman arg; }
it_sets_the_configuration() { as_podman config; }
it_reads_containerfiles() { as_podman syntax; }
it_obeys_its_options() { as_podman context docker flat ignore reproducible squash; }

# The id of the image that standard input, a Containerfile, builds.
built() { podsharp build --no-cache -q "$@" -f - /tmp/build/context; }

it_carries_out_triggers() {
    podsharp build -q --format docker -t localhost/built:triggers -f - /tmp/build/context <<'END'
FROM localhost/busybox:test
ONBUILD COPY a.txt /by-trigger
ONBUILD RUN <<EOF
echo one >/lines
echo two >>/lines
EOF
ONBUILD ENV T=1
END
    podsharp build --no-cache -q --format docker -t localhost/built:triggered -f - /tmp/build/context <<'END'
FROM localhost/built:triggers
RUN test -f /lines && echo "$T" >/own
END
    run podsharp run --rm --network none localhost/built:triggered cat /lines /own /by-trigger
    equal "$output" $'one\ntwo\n1\na.txt'
    # They are done once.
    equal "$(podman image inspect localhost/built:triggered | jq '.[0].Config.OnBuild | length')" 0
}

it_reads_what_podman_5_does_not() {
    run built --secret id=two,env=BUILD_SECRET --env E='x $y' <<'END'
# syntax=docker/dockerfile:1
# escape=`
FROM localhost/busybox:test AS Base
ENV P=c:\dir
RUN --mount=type=secret,id=two,env=TOKEN test "$TOKEN" = of-the-environment
RUN --mount=target=/all,rw touch /all/new && test -f /all/a.txt && test -f /all/new
ENV PLACE=/usr/local/lib/file.tar.gz
ENV NAME=${PLACE##*/} STEM=${PLACE%%.*} UNSET=${NONE-default}
COPY <<EOF /quoted
it's "$NAME"
EOF
FROM base
END
    exit_is 0
    [[ ! -e /tmp/build/context/new ]] || fail 'the context was written to'
    run podsharp run --rm --network none "$output" sh -c 'cat /quoted; echo "$P $NAME $STEM $UNSET $E"; ls -A /all'
    equal "$output" $'it\'s "file.tar.gz"\nc:\\dir file.tar.gz /usr/local/lib/file default x $y'
}

it_builds_the_same_image_of_the_same_input() {
    local one
    one=$(podsharp build --no-cache -q --timestamp 981173106 -f "$cases/run-changes.containerfile" /tmp/build/context)
    equal "$(podsharp build --no-cache -q --timestamp 981173106 -f "$cases/run-changes.containerfile" /tmp/build/context)" "$one"
    one=$(podsharp build --no-cache -q --source-date-epoch 981173106 --rewrite-timestamp -f "$cases/copy-file.containerfile" /tmp/build/context)
    equal "$(SOURCE_DATE_EPOCH=981173106 podsharp build --no-cache -q --rewrite-timestamp -f "$cases/copy-file.containerfile" /tmp/build/context)" "$one"
}

it_names_the_line_that_is_wrong() {
    run built <<<$'FROM localhost/busybox:test\n\nRUNN x'
    exit_is 125
    one_sentence
    complains '^Error: -:3: unknown instruction RUNN: did you mean RUN\?$'
    run built --target other <<<'FROM localhost/busybox:test AS one'
    complains 'there is no stage "other": there are one'
    run built <<<$'FROM localhost/busybox:test\nENV a=${b:?needed}'
    complains '^Error: -:2: .*b is not set: needed'
    run built --isolation jail <<<'FROM localhost/busybox:test'
    exit_is 125
    complains 'isolation'
    run built --build-arg UNUSED=1 <<<'FROM localhost/busybox:test'
    exit_is 0
    complains '^\[Warning\] one or more build args were not consumed: \[UNUSED\]$'
}

# podman finds fault with the layers of its own RUNs: they go first.
it_leaves_a_clean_store() {
    podman image ls --format '{{.Repository}}:{{.Tag}}' | { grep -e '-podman$' || true; } | xargs -r podman image rm -f >/dev/null
    podman image prune -f >/dev/null
    store_is_clean
}

run_suite "$@"
