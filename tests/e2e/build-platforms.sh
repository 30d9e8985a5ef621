#!/bin/bash
# Builds for several platforms and into lists of images, beside podman's.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

registry=localhost:5000

before_all() {
    import_image
    start_registry 5000
    podsharp import --arch arm64 "$image_tar" localhost/busybox:arm64 >/dev/null
    podsharp manifest create localhost/base "$image" localhost/busybox:arm64
    podman manifest push -q localhost/base "$registry/base:1"
    mkdir /tmp/context
    cp /etc/services /tmp/context
    cat >/tmp/context/Containerfile <<'END'
FROM scratch
ARG TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM
COPY services /services-$TARGETARCH
LABEL platform=$TARGETPLATFORM os=$TARGETOS variant=$TARGETVARIANT host=$BUILDPLATFORM
END
}

platforms_of() { podsharp manifest inspect "$1" | jq -r '[.manifests[].platform | .os + "/" + .architecture + (if .variant then "/" + .variant else "" end)] | join(" ")'; }
labels_of() { podsharp image inspect "$1" --format '{{index .Labels "platform"}} {{index .Labels "os"}} {{index .Labels "variant"}} {{index .Labels "host"}}'; }
id_of() { podsharp images -a --no-trunc --format '{{.ID}}' | sed s/sha256:// | while read -r id; do [[ $(labels_of "$id" 2>/dev/null) != "$1 "* ]] || echo "$id"; done | head -n 1; }
is_sound() { podman system check >/dev/null 2>&1 && podsharp system check >/dev/null || fail 'the store is damaged'; }
clean() { podsharp rmi -f "$@" >/dev/null 2>&1 || true; }

it_builds_for_several_platforms_into_one_list() {
    run podsharp build --platform linux/arm64,linux/amd64,linux/arm/v7 -t many --iidfile /tmp/iid /tmp/context
    exit_is 0
    prints '^\[linux/arm/v7\] STEP 3/4: COPY'
    prints '^Successfully tagged localhost/many:latest$'
    equal "$(platforms_of many)" 'linux/arm64 linux/amd64 linux/arm/v7'
    diff <(podman manifest inspect many) <(podsharp manifest inspect many)
    equal "$(cat /tmp/iid)" "sha256:$(podsharp images -q --no-trunc --filter reference=localhost/many | sed s/sha256://)"
    equal "$(labels_of many)" 'linux/amd64 linux  linux/amd64'
    local expected
    expected=$(podman build -q --platform linux/arm/v7 -t localhost/one /tmp/context)
    equal "$(podman image inspect "$expected" --format '{{.Labels.variant}} {{.Architecture}} {{.RootFS.Layers}}')" \
        "$(podman image inspect "$(id_of linux/arm/v7)" --format '{{.Labels.variant}} {{.Architecture}} {{.RootFS.Layers}}')"
    is_sound
    clean many one
}

it_finds_each_platforms_steps_again() {
    podsharp build -q --platform linux/arm64,linux/amd64 -t cached /tmp/context >/tmp/first
    run podsharp build --platform linux/amd64,linux/arm64 -t cached /tmp/context
    equal "$(grep -c 'Using cache' <<<"$output")" 2
    equal "$(podsharp build -q --platform linux/arm64,linux/amd64 -t cached /tmp/context)" "$(cat /tmp/first)"
    run podsharp build --jobs 1 --no-cache --platform linux/amd64,linux/arm64 -t cached /tmp/context
    equal "$(grep -o '^\[linux/[a-z0-9]*\] STEP' <<<"$output" | uniq | wc -l)" 2
    clean cached
}

it_adds_to_a_list() {
    podsharp build -q --platform linux/arm64 --manifest grown -t localhost/member /tmp/context
    equal "$(platforms_of grown)" linux/arm64
    podsharp image exists localhost/member
    podman build -q --platform linux/amd64 --manifest grown /tmp/context
    podsharp build -q --platform linux/arm/v7,linux/s390x --manifest grown -t localhost/alias /tmp/context
    equal "$(platforms_of grown)" 'linux/arm64 linux/amd64 linux/arm/v7 linux/s390x'
    equal "$(platforms_of localhost/alias)" "$(platforms_of grown)"
    run podsharp build --manifest localhost/member --platform linux/arm64,linux/amd64 /tmp/context
    exit_is 125
    complains 'not a manifest list'
    is_sound
    clean grown localhost/alias localhost/member
}

it_builds_for_all_platforms_of_the_base() {
    run podsharp build -q --all-platforms -t all -f - /tmp/context <<END
FROM $registry/base:1
COPY services /services
RUN ["/bin/busybox", "touch", "/made"]
END
    exit_is 0
    equal "$(platforms_of all)" 'linux/amd64 linux/arm64'
    equal "$(podsharp run --rm --network none all /bin/busybox ls /made)" /made
    podsharp build -q --pull=never --all-platforms -t local -f - /tmp/context >/dev/null <<<"FROM localhost/base"
    equal "$(platforms_of local)" 'linux/amd64 linux/arm64'
    run podsharp build --all-platforms -t none /tmp/context
    exit_is 125
    complains 'no non-scratch base images'
    clean all local
}

it_tells_the_version_and_the_features_that_an_image_needs() {
    podsharp build -q --manifest needs -t localhost/needs-image --os-version 10.1 --os-feature a --os-feature b /tmp/context
    equal "$(podsharp manifest inspect needs | jq -c '.manifests[0].platform | [."os.version", ."os.features"]')" '["10.1",["a","b"]]'
    diff <(podman manifest inspect needs) <(podsharp manifest inspect needs)
    podsharp build -q -t localhost/child -f - /tmp/context >/dev/null <<<"FROM localhost/needs-image
LABEL a=b"
    equal "$(skopeo inspect --config --raw containers-storage:localhost/child | jq -c '[."os.version", ."os.features"]')" '["10.1",["a","b"]]'
    clean needs localhost/child localhost/needs-image
}

it_writes_files_and_logs_of_each_platform() {
    podsharp build -q --platform linux/arm64,linux/amd64 -o /tmp/files /tmp/context
    equal "$(ls /tmp/files | tr '\n' ' ')" 'services-amd64 services-arm64 '
    run podsharp build --platform linux/arm64,linux/amd64 -o type=tar,dest=/tmp/files.tar /tmp/context
    exit_is 125
    one_sentence
    run podsharp build --logfile /tmp/log --logsplit --platform linux/arm64,linux/arm/v7 -t logged /tmp/context
    equal "$output" ''
    grep -q '^\[linux/arm64\] STEP 1/4: FROM scratch' /tmp/log_linux_arm64
    grep -q '^\[linux/arm/v7\] STEP 1/4: FROM scratch' /tmp/log_linux_arm_v7
    ! grep -q arm64 /tmp/log_linux_arm_v7 || fail 'the logs are not apart'
    run podsharp build --logsplit /tmp/context
    exit_is 125
    clean logged
}

it_names_the_platform_that_fails() {
    run podsharp build --platform linux/amd64,linux/ppc64le -t failed -f - /tmp/context <<<"FROM $registry/base:1"
    exit_is 125
    one_sentence
    complains '^Error: \[linux/ppc64le\]: .* has no image for linux/ppc64le'
    run podsharp manifest exists failed
    exit_is 1
    run podsharp build --platform linux/amd64 --arch arm64 /tmp/context
    exit_is 125
    complains 'invalid --platform may not be used with --os, --arch, or --variant'
    run podsharp build --platform linux/amd64,a/b/c/d /tmp/context
    exit_is 125
}

# A kernel that may register emulators isn't to be had here: binfmt_misc belongs to the host.
it_says_why_commands_of_another_platform_do_not_run() {
    head -c 4096 "$(command -v bash)" >/tmp/context/foreign
    printf '\xb7\x00' | dd of=/tmp/context/foreign bs=1 seek=18 conv=notrunc 2>/dev/null
    chmod 755 /tmp/context/foreign
    run podsharp build --platform linux/arm64 -f - /tmp/context <<<'FROM localhost/busybox:arm64
COPY foreign /bin/foreign
RUN ["/bin/foreign"]'
    exit_is 1
    one_sentence
    complains 'programs for linux/arm64 don.t run on this host, which is linux/amd64'
    complains 'qemu-user-static'
}

it_builds_from_archives_for_several_platforms() {
    tar cf /tmp/context.tar -C /tmp/context services Containerfile
    podsharp build -q --platform linux/arm64,linux/amd64 -t archived - </tmp/context.tar
    equal "$(platforms_of archived)" 'linux/arm64 linux/amd64'
    clean archived
}

it_leaves_a_sound_store_wherever_it_is_killed() {
    local point
    for point in build.copy.staged build.step.committed:2 storage.image.data:3; do
        run env PODSHARP_KILL_AT=$point podsharp build --no-cache --platform linux/arm64,linux/amd64 -t killed /tmp/context
        exit_is 137
        podsharp system check --repair >/dev/null 2>&1 || true
        is_sound
        podsharp build -q --platform linux/arm64,linux/amd64 -t killed /tmp/context
        equal "$(platforms_of killed)" 'linux/arm64 linux/amd64'
    done
    is_sound
    clean killed
}

run_suite "$@"
