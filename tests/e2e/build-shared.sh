#!/bin/bash
# Steps' results in repositories (--cache-from, --cache-to), between engines that have nothing else in common; and what of an image is the same wherever it is built.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    start_registry 5000
    import_image
    podsharp push -q "$image" docker://localhost:5000/base:1
    # Both engines have it from there, by one manifest.
    podsharp rmi -f "$image" >/dev/null
    podsharp pull -q localhost:5000/base:1 >/dev/null
}
after_all() { stop_helpers; }

repository=localhost:5000/cache
other_root=/var/lib/containers/other
mkdir -p /tmp/shared && cd /tmp/shared || exit 1

# other ARGUMENT...: an engine with a store of its own.
other() { podsharp --root "$other_root" --runroot /run/containers/other "$@"; }
forget_other() {
    other system reset -f >/dev/null 2>&1 || { other rmi -af >/dev/null 2>&1; other system prune -af >/dev/null 2>&1; } || true
    podsharp rmi -f localhost/made >/dev/null 2>&1 || true
    podsharp image prune -f >/dev/null
}
write_context() {
    rm -rf context && mkdir -p context/d && echo one >context/a && echo two >context/d/b
    printf '%s\n' 'FROM localhost:5000/base:1 AS first' 'COPY d /d' 'RUN cat /d/b >/first' 'FROM localhost:5000/base:1' 'ARG V=1' 'COPY a /a' 'RUN echo $V >/v; date +%s%N >/when' 'ENV E=1' \
        'COPY --from=first /first /first' 'CMD ["cat", "/v"]' >context/Containerfile
}
# No container is started: none can be.
without_runtime() { "$1" --runtime /bin/false "${@:2}"; }

it_builds_from_what_another_engine_has_built() {
    write_context
    run podsharp build -t localhost/made --cache-to $repository context
    exit_is 0
    prints "^(\[[0-9]/[0-9]\] )?--> Pushing cache $repository:[0-9a-f]{64}$"
    id=$(podsharp image inspect localhost/made --format '{{.Id}}')
    when=$(podsharp run --rm localhost/made cat /when)
    # What is in it are images that podman takes, too.
    tag=$(curl -s http://localhost:5000/v2/cache/tags/list | jq -r '.tags[0]')
    podman pull -q "$repository:$tag" >/dev/null && podman rmi "$repository:$tag" >/dev/null
    run without_runtime other build -t localhost/made --cache-from $repository context
    exit_is 0
    prints "^(\[[0-9]/[0-9]\] )?--> Cache pulled from remote $repository:[0-9a-f]{64}$"
    equal "$(other image inspect localhost/made --format '{{.Id}}')" "$id"
    equal "$(other run --rm localhost/made cat /when)" "$when"
    # They have no names of the repository's.
    equal "$(other images --format '{{.Repository}}' | sort -u)" "$(podsharp images --format '{{.Repository}}' | sort -u)"
    # From then on they are known there.
    run without_runtime other build -t localhost/made context
    exit_is 0
    prints_not 'Cache pulled'
    forget_other
}

it_takes_nothing_that_is_out_of_date() {
    write_context
    podsharp build -q -t localhost/made --cache-to $repository context >/dev/null
    echo changed >context/a
    run other build -t localhost/made --cache-from $repository context
    exit_is 0
    equal "$(other run --rm localhost/made cat /a)" changed
    prints 'Cache pulled'
    forget_other
    run without_runtime other build --cache-from $repository --build-arg V=2 context
    exit_is 125
    complains 'Containerfile:7: RUN echo'
    run without_runtime other build --cache-from $repository --no-cache context
    exit_is 125
    # An image that lies on other layers is not believed, whatever its tag is.
    forget_other
    podsharp build -q --cache-to localhost:5000/false context >/dev/null
    for tag in $(curl -s http://localhost:5000/v2/false/tags/list | jq -r '.tags[]'); do
        podsharp push -q localhost:5000/base:1 "localhost:5000/false:$tag"
    done
    run other build -t localhost/made --cache-from localhost:5000/false context
    exit_is 0
    complains 'localhost:5000/false isn.t used: .*lies on other layers'
    equal "$(other run --rm localhost/made cat /a)" changed
    forget_other
}

it_obeys_the_age_of_results() {
    write_context
    podsharp build -q -t localhost/made --cache-to $repository context >/dev/null
    run without_runtime other build --cache-from $repository --cache-ttl 1ms context
    exit_is 125
    run without_runtime podsharp build --cache-ttl 1ms context
    exit_is 125
    run without_runtime podsharp build --cache-ttl 1h context
    exit_is 0
    forget_other
}

it_says_what_is_wrong_with_a_repository() {
    write_context
    # Nobody there: as under podman, the build goes on.
    run podsharp build -q --cache-from localhost:5999/none --retry 0 context
    exit_is 0
    complains '^\[Warning\] the cache repository localhost:5999/none isn.t used: '
    run podsharp build -q --cache-to localhost:5999/none --retry 0 context
    exit_is 125
    complains "a step's result can't be put into the cache: "
    one_sentence
    run podsharp build --cache-from $repository:tag context
    complains "$repository:tag has a tag or a digest"
    run podsharp build --cache-to $repository --layers=false context
    complains 'leave out --layers=false'
    forget_other
}

it_makes_the_same_digests_everywhere() {
    write_context
    sed -i 's/; date.*//' context/Containerfile
    for options in '--timestamp 981173106' '--source-date-epoch 981173106 --rewrite-timestamp' '--timestamp 981173106 --format docker --squash'; do
        # The words are options.
        # shellcheck disable=SC2086
        one=$(podsharp build --no-cache -q $options context)
        # Another store, another place, other times and permissions by another umask.
        rm -rf elsewhere && mkdir elsewhere && (umask 027 && cp -r context elsewhere/context && chmod -R --reference=context elsewhere/context)
        (cd context && find . -printf '%m %p\n') | while read -r mode path; do chmod "$mode" "elsewhere/context/$path"; done
        # shellcheck disable=SC2086
        two=$(cd elsewhere && umask 077 && HOSTNAME=other other build --no-cache -q $options ./context)
        equal "$two" "$one"
        podsharp push -q --digestfile one "$one" "docker://localhost:5000/same:one"
        other push -q --digestfile two "$two" "docker://localhost:5000/same:two"
        equal "$(<two)" "$(<one)"
        equal "$(other image inspect "$two" --format '{{.RootFS.Layers}} {{.Digest}}')" "$(podsharp image inspect "$one" --format '{{.RootFS.Layers}} {{.Digest}}')"
    done
    forget_other
}

it_leaves_a_clean_store() { store_is_clean; }

run_suite "$@"
