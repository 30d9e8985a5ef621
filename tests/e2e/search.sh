#!/bin/bash
# search, beside podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() {
    import_image
    start_registry
    for name in team/app:1 team/app:2 team/other:1 web:1; do
        podsharp push -q --tls-verify=false "$image" "localhost:5000/$name"
    done
}

it_finds_repositories_as_podman_does() {
    for words in localhost:5000/ localhost:5000/team localhost:5000/app '--limit 1 localhost:5000/team' '--format {{.Index}}|{{.Name}}|{{.Stars}}|{{.Official}} localhost:5000/' '--no-trunc --compatible localhost:5000/web' 'localhost:5000/nothing'; do
        # shellcheck disable=SC2086
        equal "$(podsharp search --tls-verify=false $words)" "$(podman search --tls-verify=false $words)"
    done
    equal "$(podsharp search --tls-verify=false --format json localhost:5000/team | jq -c 'map([.Name, .Index, .Stars])')" "$(podman search --tls-verify=false --format json localhost:5000/team | jq -c 'map([.Name, .Index, .Stars])')"
}

it_lists_tags_as_podman_does() {
    for words in localhost:5000/team/app '--limit 1 localhost:5000/team/app' '--format {{.Name}}:{{.Tag}} localhost:5000/team/app'; do
        # shellcheck disable=SC2086
        equal "$(podsharp search --list-tags --tls-verify=false $words)" "$(podman search --list-tags --tls-verify=false $words)"
    done
    equal "$(podsharp search --list-tags --tls-verify=false --format json localhost:5000/team/app | jq -c .)" "$(podman search --list-tags --tls-verify=false --format json localhost:5000/team/app | jq -c .)"
}

it_reads_long_lists_page_by_page() {
    local i
    for i in $(seq 1 105); do
        printf 'localhost:5000/many/r%03d\n' "$i"
    done | xargs -P 4 -I {} podsharp push -q --tls-verify=false "$image" {}
    equal "$(podsharp search --tls-verify=false --limit 1000 --format '{{.Name}}' localhost:5000/many/ | sort -u | wc -l)" 105
}

it_searches_the_configured_registries() {
    mkdir -p /etc/containers/registries.conf.d
    printf 'unqualified-search-registries = ["localhost:5000", "localhost:1"]\n[[registry]]\nlocation = "localhost:5000"\ninsecure = true\n' >/etc/containers/registries.conf.d/90-search.conf
    run podsharp search web
    rm /etc/containers/registries.conf.d/90-search.conf
    exit_is 0
    prints '^localhost:5000/web'
    run podsharp search --tls-verify=false localhost:1/x
    exit_is 125
    one_sentence
    run podsharp search --list-tags web
    exit_is 125
    complains 'must be a docker reference'
    run podsharp search --filter color=blue localhost:5000/web
    exit_is 125
    complains 'invalid filter'
}

run_suite "$@"
