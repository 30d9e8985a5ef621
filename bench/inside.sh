#!/bin/bash
# Runs inside the test host: see run.sh.
set -euo pipefail
export PATH=/podsharp/bin:$PATH
image=localhost/bench:latest
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
podsharp import /usr/share/podsharp-test/busybox.tar "$image" >/dev/null
podsharp version | sed -n 's/^Published: */published: /p; s/^Framework: */framework: /p'
podman --version; docker --version; crun --version | head -n 1; conmon --version | head -n 1
echo "load at the start: $(cut -d ' ' -f 1-3 /proc/loadavg)"
printf "\n$row_form" measurement pairs 'podsharp ms' 'podman ms' 'docker ms' 'floor ms' /podman /docker /floor bar verdict

# --- run --rm ---------------------------------------------------------------------------------------------------------

ours_run() { podsharp run --rm --network none --log-driver k8s-file "$image" true; }
podmans_run() { podman run --rm --network none --log-driver k8s-file "$image" true; }

# An overlay on the image's layer, conmon, create, start, the exit file, delete: nothing is recorded anywhere.
prepare_floor() {
    bed=/var/lib/containers/floor
    mkdir -p "$bed"/{upper,work,merged,bundle,exits,persist}
    local id
    id=$(podsharp create --network none "$image" true)
    podsharp start "$id" >/dev/null
    layers=$(podsharp inspect --format '{{.GraphDriver.Data.LowerDir}}' "$id")
    config=$(podsharp inspect --format '{{.OCIConfigPath}}' "$id")
    sed -e "s#\"path\":\"[^\"]*/merged\"#\"path\":\"$bed/merged\"#" -e "s#$id#floorfloorfloor#g" "$config" >"$bed/bundle/config.json"
    # The files that an engine gives a container, where the configuration expects them.
    sed -i -e "s#/[^\"]*/userdata/#$bed/bundle/#g" "$bed/bundle/config.json"
    mkdir -p "$bed/bundle/shm"
    touch "$bed/bundle/"{hosts,hostname,resolv.conf,.containerenv}
    podsharp rm -f "$id" >/dev/null
    [[ -p $bed/sync ]] || mkfifo "$bed/sync" "$bed/never"
    exec 6<>"$bed/never"
}

floor_run() {
    local answer
    mount -t overlay overlay -o "lowerdir=$layers,upperdir=$bed/upper,workdir=$bed/work" "$bed/merged"
    exec 5<>"$bed/sync"
    _OCI_SYNCPIPE=3 _OCI_STARTPIPE=4 conmon --api-version 1 -c floor -u floor -r /usr/bin/crun -b "$bed/bundle" -p "$bed/pid" -n floor \
        --exit-dir "$bed/exits" --persist-dir "$bed/persist" --full-attach -l "k8s-file:$bed/log" --conmon-pidfile "$bed/conmon.pid" \
        3>"$bed/sync" 4</dev/null 5<&-
    read -r answer <&5
    exec 5<&-
    [[ $answer == *'"data": '[0-9]* ]] || { echo "floor: $answer" >&2; return 1; }
    crun start floor
    # Waits without a process: nobody writes to that descriptor.
    until [[ -e $bed/exits/floor ]]; do read -rt 0.001 -u 6 || true; done
    crun delete --force floor
    umount "$bed/merged"
    rm -rf "$bed/exits/floor" "$bed/persist/exit" "$bed/upper" "$bed/work"
    mkdir "$bed/upper" "$bed/work"
}

measure_run() {
    prepare_floor
    compare 'run --rm --network none true' 0.45 "${PODSHARP_BENCH_PAIRS:-20}" ours_run podmans_run floor_run
}

# --- run --rm on a bridge ---------------------------------------------------------------------------------------------

# Each on a network of its own with a name server, which starts and ends with the container. The floor is netavark on a namespace that ip makes, around the
# floor of a run without a network.
ours_bridge() { podsharp run --rm --network bench-ours --log-driver k8s-file "$image" true; }
podmans_bridge() { podman run --rm --network bench-podmans --log-driver k8s-file "$image" true; }

floor_bridge() {
    ip netns add floor
    /usr/lib/podman/netavark --config "$bed/networks" --aardvark-binary /usr/lib/podman/aardvark-dns setup /run/netns/floor <"$bed/request.json" >/dev/null
    floor_run
    /usr/lib/podman/netavark --config "$bed/networks" --aardvark-binary /usr/lib/podman/aardvark-dns teardown /run/netns/floor <"$bed/request.json" >/dev/null
    ip netns delete floor
}

measure_bridge() {
    prepare_floor
    podsharp network create bench-ours >/dev/null
    podman network create bench-podmans >/dev/null
    podsharp network create bench-floor >/dev/null
    mkdir -p "$bed/networks"
    jq '{container_id: "floorfloorfloor", container_name: "floor", container_hostname: "floor", network_info: {"bench-floor": .},
        networks: {"bench-floor": {static_ips: [.subnets[0].gateway | sub("[.]1$"; ".2")], aliases: [], interface_name: "eth0"}}}' \
        /etc/containers/networks/bench-floor.json >"$bed/request.json"
    jq -c '(.linux.namespaces[] | select(.type == "network")).path = "/run/netns/floor"' "$bed/bundle/config.json" >"$bed/config.json"
    mv "$bed/config.json" "$bed/bundle/config.json"
    compare 'run --rm on a bridge true' 0.5 "${PODSHARP_BENCH_PAIRS:-20}" ours_bridge podmans_bridge floor_bridge
    podman network rm bench-podmans >/dev/null
    podsharp network rm bench-ours bench-floor >/dev/null
}

# --- pod --------------------------------------------------------------------------------------------------------------

# Of three containers, with their infra container, on the default network. The floor is the runtime's part alone: four containers one after the other, without a network.
measure_pod() {
    prepare_floor
    a_pod() {
        local i
        "$1" pod create --name bench >/dev/null
        for i in 1 2 3; do "$1" create --pod bench --name "bench-$i" --log-driver k8s-file "$image" sleep 100000 >/dev/null; done
        "$1" pod start bench >/dev/null
        "$1" pod rm -f -t 0 bench >/dev/null
    }
    ours_pod() { a_pod podsharp; }
    podmans_pod() { a_pod podman; }
    floor_pod() { local i; for i in 1 2 3 4; do floor_run; done; }
    compare 'pod of 3: create, start, remove' 0.4 "${PODSHARP_BENCH_PAIRS:-20}" ours_pod podmans_pod floor_pod
}

# --- exec -------------------------------------------------------------------------------------------------------------

# conmon and the runtime on a process file, up to the exit file: nothing is recorded anywhere.
floor_exec() {
    local answer
    exec 5<>"$bed/sync"
    mkdir -p "$bed/exec/exit" "$bed/exec/persist"
    _OCI_SYNCPIPE=3 _OCI_STARTPIPE=4 conmon --api-version 1 -c "$bench_exec" -u floor -r /usr/bin/crun -b "$bed/exec" -p "$bed/exec/pid" -n floor \
        --exit-dir "$bed/exec/exit" --persist-dir "$bed/exec/persist" --full-attach -l none -e --exec-process-spec "$bed/process.json" \
        --conmon-pidfile "$bed/exec/conmon.pid" 3>"$bed/sync" 4</dev/null 5<&-
    read -r answer <&5
    exec 5<&-
    [[ $answer == *'"data": '[0-9]* ]] || { echo "floor: $answer" >&2; return 1; }
    until [[ -e $bed/exec/exit/$bench_exec ]]; do read -rt 0.001 -u 6 || true; done
    rm -rf "$bed/exec"
}

measure_exec() {
    prepare_floor
    bench_exec=$(podsharp run -d --network none "$image" sleep 100000)
    podman run -d --name bench-exec --network none "$image" sleep 100000 >/dev/null
    printf '{"user":{"uid":0,"gid":0},"args":["true"],"env":["PATH=/bin"],"cwd":"/"}' >"$bed/process.json"
    ours_exec() { podsharp exec "$bench_exec" true; }
    podmans_exec() { podman exec bench-exec true; }
    compare 'exec true' 0.35 "${PODSHARP_BENCH_PAIRS:-20}" ours_exec podmans_exec floor_exec
    podsharp rm -f -t 0 "$bench_exec" >/dev/null
    podman rm -f -t 0 bench-exec >/dev/null
}

# --- stop and remove --------------------------------------------------------------------------------------------------

# The containers are made outside the clock: the same for both.
measure_stop() {
    start_fifty() {
        local i
        for i in {1..50}; do "$1" run -d --network none --log-driver k8s-file "$image" sleep 100000; done >"/tmp/fifty-$1"
    }
    end_fifty() { "$1" stop -t 0 $(<"/tmp/fifty-$1") && "$1" rm $(<"/tmp/fifty-$1"); }
    ours_stop() { end_fifty podsharp; }
    podmans_stop() { end_fifty podman; }
    before_ours() { start_fifty podsharp; }
    before_podmans() { start_fifty podman; }
    compare 'stop and rm of 50' 0.35 "${PODSHARP_BENCH_PAIRS:-5}" ours_stop podmans_stop
    unset -f before_ours before_podmans
}

# --- cp ---------------------------------------------------------------------------------------------------------------

# A hundred directories of a hundred files, of 1 to 8 KiB.
make_ten_thousand() {
    local i
    ten_thousand=/var/lib/containers/ten-thousand
    mkdir -p "$ten_thousand"
    openssl rand -out "$ten_thousand/random" $((45 * 1024 * 1024))
    for i in {0..99}; do
        mkdir "$ten_thousand/$i"
        tail -c +$((i * 460000 + 1)) "$ten_thousand/random" | head -c 460000 | split -b 4600 -a 3 - "$ten_thousand/$i/file-" || true
    done
    rm "$ten_thousand/random"
}

measure_copy() {
    make_ten_thousand
    local floor_container
    bench_copy=$(podsharp run -d --network none "$image" sleep 100000)
    podman run -d --name bench-copy --network none "$image" sleep 100000 >/dev/null
    floor_container=$(podsharp create --network none "$image" true)
    floor_root=$(podsharp mount "$floor_container")
    ours_copy() { podsharp cp "$ten_thousand" "$bench_copy:/copied"; }
    podmans_copy() { podman cp "$ten_thousand" bench-copy:/copied; }
    floor_copy() { mkdir "$floor_root/copied" && tar -C "$ten_thousand" -cf - . | tar -C "$floor_root/copied" -xf -; }
    after_ours() { podsharp exec "$bench_copy" rm -rf /copied; }
    after_podmans() { podman exec bench-copy rm -rf /copied; }
    after_floor() { rm -rf "$floor_root/copied"; }
    compare 'cp of 10 000 files into a container' 0.6 "${PODSHARP_BENCH_PAIRS:-7}" ours_copy podmans_copy floor_copy
    ours_copy; podmans_copy; floor_copy
    local copied=/var/lib/containers/copied
    ours_fetch() { podsharp cp "$bench_copy:/copied" "$copied"; }
    podmans_fetch() { podman cp bench-copy:/copied "$copied"; }
    floor_fetch() { mkdir "$copied" && tar -C "$floor_root/copied" -cf - . | tar -C "$copied" -xf -; }
    after_ours() { rm -rf /var/lib/containers/copied; }
    after_podmans() { after_ours; }
    after_floor() { after_ours; }
    compare 'cp of 10 000 files to the host' 0.6 "${PODSHARP_BENCH_PAIRS:-7}" ours_fetch podmans_fetch floor_fetch
    unset -f after_ours after_podmans after_floor
    podsharp rm -f -t 0 "$bench_copy" "$floor_container" >/dev/null
    podman rm -f -t 0 bench-copy >/dev/null
    rm -rf "$ten_thousand"
}

# --- fifty containers in one session ----------------------------------------------------------------------------------

podmans_fifty() {
    local ids=()
    for _ in {1..50}; do ids+=("$(podman create --network none --log-driver k8s-file "$image" sleep 1000)"); done
    podman start "${ids[@]}"
    podman stop --time 0 "${ids[@]}"
    podman rm "${ids[@]}"
}

measure_fifty() {
    if ! command -v pwsh >/dev/null; then
        echo 'fifty: pwsh is not on PATH'
        return
    fi
    # The session's own start is not part of the work: it times itself.
    ours_fifty() { pwsh -NoProfile -NonInteractive -File "$here/fifty.ps1" "$image"; }
    compare_reported 'New|Start, Stop|Remove of 50' 0.25 "${PODSHARP_BENCH_PAIRS:-5}" ours_fifty podmans_fifty
}

# --- lists ------------------------------------------------------------------------------------------------------------

measure_list() {
    local i
    for i in {1..50}; do
        podsharp create --network none "$image" true >/dev/null
        podman create --network none "$image" true >/dev/null
    done
    ours_ps() { podsharp ps --all; }
    podmans_ps() { podman ps --all; }
    compare 'ps --all with 50 containers' 0.3 "${PODSHARP_BENCH_PAIRS:-20}" ours_ps podmans_ps
    if command -v pwsh >/dev/null; then
        for i in {51..500}; do
            podsharp create --network none "$image" true >/dev/null
            podman create --network none "$image" true >/dev/null
        done
        ours_get() { pwsh -NoProfile -NonInteractive -File "$here/list.ps1"; }
        compare_reported 'Get-Container, ps --all: 500 each' 0.1 "${PODSHARP_BENCH_PAIRS:-10}" ours_get podmans_ps
    fi
    podsharp ps --all --quiet | xargs -r podsharp rm >/dev/null
    podman rm --all >/dev/null
}

# --- pull -------------------------------------------------------------------------------------------------------------

# Five layers, 880 MB unpacked and about 360 MB compressed, of a few thousand files each.
make_big_image() {
    local work=/var/lib/containers/big layer container
    container=$(buildah from scratch)
    for layer in 1 2 3 4 5; do
        rm -rf "$work"
        mkdir -p "$work/layer$layer"
        openssl rand -hex $((63 * 1024 * 1024)) | split -b 60k -a 4 - "$work/layer$layer/data-"
        { yes "layer $layer: the quick brown fox jumps over the lazy dog" || true; } 2>/dev/null | head -c $((50 * 1024 * 1024)) | split -b 20k -a 4 - "$work/layer$layer/text-"
        buildah add --quiet "$container" "$work" / >/dev/null
        buildah commit --quiet --rm "$container" "localhost/big:$layer" >/dev/null
        container=$(buildah from "localhost/big:$layer")
    done
    rm -rf "$work"
    buildah rm "$container" >/dev/null
    podman push --quiet --compression-format gzip localhost/big:5 localhost:5000/big
    podman rmi --all --force >/dev/null 2>&1 || true
    podsharp import /usr/share/podsharp-test/busybox.tar "$image" >/dev/null
}

floor_pull() {
    local blob target=/var/lib/containers/floor-pull pids=()
    rm -rf "$target"
    for blob in $blobs; do
        mkdir -p "$target/$blob"
        curl -s "http://localhost:5000/v2/big/blobs/$blob" | tee >(sha256sum >/dev/null) | gzip -d | tee >(sha256sum >/dev/null) | tar -x -C "$target/$blob" &
        pids+=($!)
    done
    wait "${pids[@]}"
}

measure_pull() {
    start_registry
    make_big_image
    blobs=$(curl -s -H 'Accept: application/vnd.oci.image.manifest.v1+json' http://localhost:5000/v2/big/manifests/latest |
        grep -o '"digest":"sha256:[0-9a-f]*"' | tail -n +2 | cut -d '"' -f 4)
    ours_pull() { podsharp pull --quiet localhost:5000/big; }
    podmans_pull() { podman pull --quiet localhost:5000/big; }
    after_ours() { podsharp rmi localhost:5000/big >/dev/null; }
    after_podmans() { podman rmi localhost:5000/big >/dev/null; }
    after_floor() { rm -rf /var/lib/containers/floor-pull; }
    compare 'pull of 5 layers, 880 MB unpacked' 0.4 "${PODSHARP_BENCH_PAIRS:-3}" ours_pull podmans_pull floor_pull
    peak_memory ours_pull 250
    after_ours
}

# --- save -------------------------------------------------------------------------------------------------------------

# The bytes of the layers' files, hashed on the way: what a save can't do without.
floor_save() {
    local layer target=/var/lib/containers/floor-save.tar
    for layer in "${layers_of_big[@]}"; do tar -c -C "$layer" .; done | tee >(sha256sum >/dev/null) >"$target"
}

# The image in all three stores.
have_big_image() {
    if ! podman image exists localhost:5000/big; then
        start_registry
        make_big_image
        podman pull --quiet localhost:5000/big >/dev/null
    fi
    start_docker
    docker image inspect localhost:5000/big >/dev/null 2>&1 || docker pull --quiet localhost:5000/big >/dev/null
    mapfile -t layers_of_big < <(podsharp image inspect localhost:5000/big --format '{{.GraphDriver.Data.UpperDir}}:{{.GraphDriver.Data.LowerDir}}' | tr : '\n')
}

measure_save() {
    have_big_image
    ours_save() { podsharp save --quiet -o /var/lib/containers/saved.tar localhost:5000/big; }
    podmans_save() { podman save --quiet -o /var/lib/containers/saved.tar localhost:5000/big; }
    dockers_save() { docker save -o /var/lib/containers/saved.tar localhost:5000/big; }
    after_ours() { rm -f /var/lib/containers/saved.tar; }
    after_podmans() { rm -f /var/lib/containers/saved.tar; }
    after_dockers() { rm -f /var/lib/containers/saved.tar; }
    after_floor() { rm -f /var/lib/containers/floor-save.tar; }
    compare 'save of 5 layers, 880 MB' 0.6 "${PODSHARP_BENCH_PAIRS:-5}" ours_save podmans_save floor_save dockers_save 0.6
    peak_memory ours_save 250
    unset -f after_ours after_podmans after_dockers after_floor
}

# --- load -------------------------------------------------------------------------------------------------------------

measure_load() {
    local archive=/var/lib/containers/loaded.tar
    have_big_image
    podman save --quiet -o $archive localhost:5000/big
    forget_ours() { podsharp rmi --force localhost:5000/big >/dev/null; }
    # Each has it: without its layers there is something to load.
    forget_ours
    docker rmi --force localhost:5000/big >/dev/null
    ours_load() { podsharp load --quiet -i $archive; }
    podmans_load() { podman load --quiet -i $archive; }
    dockers_load() { docker load --quiet -i $archive; }
    floor_load() { mkdir -p /var/lib/containers/floor-load && tar -xOf $archive --wildcards '*.tar' | tee >(sha256sum >/dev/null) | tar -x -i -C /var/lib/containers/floor-load; }
    after_ours() { forget_ours; }
    after_podmans() { podman rmi --force localhost:5000/big >/dev/null; }
    after_dockers() { docker rmi --force localhost:5000/big >/dev/null; }
    after_floor() { rm -rf /var/lib/containers/floor-load; }
    compare 'load of 5 layers, 880 MB' 0.6 "${PODSHARP_BENCH_PAIRS:-5}" ours_load podmans_load floor_load dockers_load 0.6
    peak_memory ours_load 250
    rm -f $archive
    unset -f after_ours after_podmans after_dockers after_floor
}

# --- push -------------------------------------------------------------------------------------------------------------

# A registry of its own, empty before each push, and no memory of what it had.
empty_registry() {
    local pid
    [[ ! -e /tmp/push-registry.pid ]] || { pid=$(</tmp/push-registry.pid); kill "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done; }
    rm -rf /var/lib/containers/pushed /var/lib/containers/cache/blob-info-cache-v1.sqlite*
    printf 'version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: /var/lib/containers/pushed}}\nhttp: {addr: "127.0.0.1:5001"}\n' >/tmp/push-registry.yml
    docker-registry serve /tmp/push-registry.yml >/tmp/push-registry.log 2>&1 &
    echo $! >/tmp/push-registry.pid
    until curl -sf http://127.0.0.1:5001/v2/ >/dev/null; do sleep 0.05; done
}

# One layer: the bytes of its files, compressed, with a digest of either side.
floor_layer() { # DIRECTORY
    local location digest=/tmp/push-digest-$BASHPID
    location=$(curl -sD - -o /dev/null -X POST http://127.0.0.1:5001/v2/floor/blobs/uploads/ | sed -n 's/^[Ll]ocation: \(.*\)\r$/\1/p')
    location=$(tar -c -C "$1" . | tee >(sha256sum >/dev/null) | gzip | tee >(sha256sum >"$digest") |
        curl -sD - -o /dev/null -X PATCH -H 'Content-Type: application/octet-stream' -T - "$location" | sed -n 's/^[Ll]ocation: \(.*\)\r$/\1/p')
    until [[ -s $digest ]]; do sleep 0.01; done
    curl -sf -o /dev/null -X PUT "$location&digest=sha256:$(cut -d ' ' -f 1 "$digest")"
}

floor_push() {
    local layer pids=()
    for layer in "${layers_of_big[@]}"; do floor_layer "$layer" & pids+=($!); done
    wait "${pids[@]}"
}

measure_push() {
    have_big_image
    docker tag localhost:5000/big 127.0.0.1:5001/big
    ours_push() { podsharp push --quiet --tls-verify=false localhost:5000/big 127.0.0.1:5001/big; }
    podmans_push() { podman push --quiet --tls-verify=false localhost:5000/big 127.0.0.1:5001/big; }
    dockers_push() { docker push --quiet 127.0.0.1:5001/big; }
    before_ours() { empty_registry; }
    before_podmans() { empty_registry; }
    before_dockers() { empty_registry; }
    before_floor() { empty_registry; }
    compare 'push of 5 layers, 880 MB' 0.6 "${PODSHARP_BENCH_PAIRS:-3}" ours_push podmans_push floor_push dockers_push 0.6
    empty_registry
    peak_memory ours_push 250
    unset -f before_ours before_podmans before_dockers before_floor
    kill "$(</tmp/push-registry.pid)"
    rm -f /tmp/push-registry.pid
}

# --- images and inspect -----------------------------------------------------------------------------------------------

# An archive of 450 images of one layer, which differ in their configurations only.
make_many_images() {
    local work=/var/lib/containers/many i config entries=()
    mkdir -p "$work"
    podsharp save --quiet "$image" | tar xf - -C "$work"
    for ((i = 1; i <= 450; i++)); do
        sed "s/imported/imported $i/" "$work/$(grep -o '[0-9a-f]*\.json' "$work/manifest.json" | head -n 1)" >"$work/config"
        config=$(sha256sum "$work/config" | cut -d ' ' -f 1).json
        mv "$work/config" "$work/$config"
        entries+=("{\"Config\":\"$config\",\"RepoTags\":[\"localhost/many:$i\"],\"Layers\":$(grep -o '\["[0-9a-f]*\.tar"\]' "$work/manifest.json")}")
    done
    (IFS=,; echo "[${entries[*]}]") >"$work/manifest.json"
    tar -c -C "$work" . | podsharp load --quiet >/dev/null
    rm -rf "$work"
}

measure_images() {
    make_many_images
    ours_images() { podsharp images; }
    podmans_images() { podman images; }
    compare 'images with 450' 0.25 "${PODSHARP_BENCH_PAIRS:-20}" ours_images podmans_images
    ours_inspect() { podsharp image inspect localhost/many:77; }
    podmans_inspect() { podman image inspect localhost/many:77; }
    compare 'image inspect, one of 450' 0.25 "${PODSHARP_BENCH_PAIRS:-20}" ours_inspect podmans_inspect
    podsharp images --quiet --no-trunc --filter 'reference=localhost/many' | xargs podsharp rmi --force >/dev/null
}

# --- commit -----------------------------------------------------------------------------------------------------------

# 64 MB in 400 files, half of them without repetition, beside deleted ones.
measure_commit() {
    local script='mkdir /made; for i in $(seq 200); do dd if=/dev/urandom of=/made/r$i bs=160k count=1; dd if=/dev/zero of=/made/z$i bs=160k count=1; done 2>/dev/null; rm -rf /bin/vi /home'
    podsharp run --name changed --network none "$image" sh -c "$script"
    podman run --name changed-podman --network none "$image" sh -c "$script"
    upper=$(podsharp inspect --format '{{.GraphDriver.Data.UpperDir}}' changed)
    ours_commit() { podsharp commit -q changed localhost/committed; }
    podmans_commit() { podman commit -q changed-podman localhost/committed-podman; }
    # Reading, a digest and writing, all at once.
    floor_commit() { mkdir -p /var/lib/containers/floor-commit && tar -C "$upper" -cf - . | tee >(sha256sum) | tar -C /var/lib/containers/floor-commit -xf -; }
    after_ours() { podsharp rmi localhost/committed >/dev/null; }
    after_podmans() { podman rmi localhost/committed-podman >/dev/null; }
    after_floor() { rm -rf /var/lib/containers/floor-commit; }
    compare 'commit of 64 MB in 400 files' 0.5 "${PODSHARP_BENCH_PAIRS:-10}" ours_commit podmans_commit floor_commit
    podsharp rm changed >/dev/null
    podman rm changed-podman >/dev/null
    unset -f after_ours after_podmans after_floor
}

# --- build ------------------------------------------------------------------------------------------------------------

# Four RUNs, as in a small file of everyday life; then the same with all known; then a context of 10 000 small files.
measure_build() {
    local four=/tmp/build-four many=/tmp/build-many i round=0
    mkdir -p $four $many
    printf 'FROM %s\n' "$image" | tee $four/Containerfile >$many/Containerfile
    for i in 1 2 3 4; do echo "RUN echo $i >/$i" >>$four/Containerfile; done
    echo 'COPY . /many/' >>$many/Containerfile
    for i in $(seq 100); do
        mkdir -p "$many/$i"
        for j in $(seq 100); do echo "$i $j" >"$many/$i/$j"; done
    done
    start_docker
    docker import /usr/share/podsharp-test/busybox.tar "$image" >/dev/null
    ours_four() { podsharp build -q --no-cache -t ours $four; }
    podmans_four() { podman build -q --no-cache -t podmans $four; }
    dockers_four() { docker build -q --no-cache -t dockers -f $four/Containerfile $four; }
    # Another layer each time, and none is removed before the end: some file systems are slow to make files right after many have gone.
    ours_many() { echo "ours $((++round))" >$many/round && podsharp build -q --no-cache -t ours $many; }
    podmans_many() { echo "podmans $((++round))" >$many/round && podman build -q --no-cache -t podmans $many; }
    dockers_many() { echo "dockers $((++round))" >$many/round && docker build -q --no-cache -t dockers -f $many/Containerfile $many; }
    ours_known() { podsharp build -q -t ours $four; }
    podmans_known() { podman build -q -t podmans $four; }
    dockers_known() { docker build -q -t dockers -f $four/Containerfile $four; }
    after_ours() { podsharp rmi -f ours >/dev/null; }
    after_podmans() { podman rmi -f podmans >/dev/null; }
    after_dockers() { docker rmi -f dockers >/dev/null; }
    compare 'build of four RUNs' 0.3 "${PODSHARP_BENCH_PAIRS:-5}" ours_four podmans_four - dockers_four 0.8
    unset -f after_ours after_podmans after_dockers
    compare 'build, COPY of 10 000 files' 0.6 "${PODSHARP_BENCH_PAIRS:-5}" ours_many podmans_many - dockers_many 0.6
    peak_memory ours_many 250
    podsharp image prune -f >/dev/null
    podsharp build -q -t ours $four >/dev/null
    podman build -q -t podmans $four >/dev/null
    compare 'build, all steps known' 0.1 "${PODSHARP_BENCH_PAIRS:-20}" ours_known podmans_known - dockers_known 1
    podsharp rmi -f ours >/dev/null
    podman rmi -f podmans >/dev/null
}

# --- checkpoint and restore -------------------------------------------------------------------------------------------

# A process with 200 MB of its own that it has written: random hexadecimal digits and numbered lines of text, half each, which zstd makes a quarter of. dd has
# read them into its buffer and waits for a reader of its output, who never reads.
memory=/var/lib/containers/memory
start_with_memory() {
    local command=('dd if=/memory bs=200M | while :; do sleep 100000; done')
    (set +o pipefail; { openssl rand -hex $((50 << 20)); seq -f 'line %.0f: the quick brown fox jumps over the lazy dog' 2000000; } | tr -d '\n' | head -c $((200 << 20))) >$memory
    podsharp run -d --name memory --network none --log-driver k8s-file -v $memory:/memory:ro "$image" sh -c "${command[@]}" >/dev/null
    podman run -d --name memory-podman --network none --log-driver k8s-file -v $memory:/memory:ro "$image" sh -c "${command[@]}" >/dev/null
    # The floor: the runtime alone, on the container's overlay. Its output is a pipe, as under conmon.
    prepare_floor
    jq -c --arg command "${command[@]}" --arg memory $memory '.process.args = ["sh", "-c", $command] |
        .mounts += [{destination: "/memory", type: "bind", source: $memory, options: ["bind", "ro"]}]' "$bed/bundle/config.json" >"$bed/config.json"
    mv "$bed/config.json" "$bed/bundle/config.json"
    exec 7< <(sleep 100000) 8> >(cat >/dev/null)
    mkdir -p /tmp/unified
    mount -t cgroup2 cgroup2 /tmp/unified
    floor_mount
    crun run -d -b "$bed/bundle" floor <&7 >&8 2>&8
    # Until each has its 200 MB.
    until [[ $(ps -C dd -o rss= | awk '$1 > 204800' | wc -l) -eq 3 ]]; do sleep 0.05; done
}

# Each restore doubles the groups that CRIU has made in the hierarchy of version 2 beside version 1, until walking through them is all that the next takes. Our
# engine clears them; for the others it is done outside the clock.
clear_groups() {
    local group pid
    [[ -f /sys/fs/cgroup/cgroup.controllers ]] && return
    find /tmp/unified -mindepth 1 -depth -type d | while read -r group; do
        while read -r pid; do echo "$pid" >/tmp/unified/cgroup.procs || true; done <"$group/cgroup.procs"
        rmdir "$group" || true
    done
}

floor_mount() { mount -t overlay overlay -o "lowerdir=$layers,upperdir=$bed/upper,workdir=$bed/work" "$bed/merged"; }
checkpoint_ours() { podsharp container checkpoint "$@" memory; }
checkpoint_podmans() { podman container checkpoint "$@" memory-podman; }
checkpoint_floor() {
    rm -rf "$bed/images"
    mkdir "$bed/images"
    crun checkpoint --image-path "$bed/images" --work-path "$bed" floor
    crun delete --force floor
    umount "$bed/merged"
}
restore_ours() { podsharp container restore memory; }
restore_podmans() { podman container restore memory-podman; }
restore_floor() {
    floor_mount
    crun restore -d -b "$bed/bundle" --image-path "$bed/images" --work-path "$bed" floor <&7 >&8 2>&8
}

measure_checkpoint() {
    local kind exported=/var/lib/containers/exported.tar.zst
    start_with_memory
    ours_checkpoint() { checkpoint_ours; }
    podmans_checkpoint() { checkpoint_podmans; }
    floor_checkpoint() { checkpoint_floor; }
    # What was written before isn't waited for within the time of the next.
    for kind in ours podmans floor; do eval "before_$kind() { sync; }; after_$kind() { restore_$kind >/dev/null; clear_groups 2>/dev/null; }"; done
    compare 'checkpoint of a process of 200 MB' 0.6 "${PODSHARP_BENCH_PAIRS:-10}" ours_checkpoint podmans_checkpoint floor_checkpoint
    ours_export() { checkpoint_ours --export "$exported" --compress zstd; }
    podmans_export() { checkpoint_podmans --export "$exported" --compress zstd; }
    floor_export() { checkpoint_floor && tar -c -C "$bed" images | zstd -q -T0 -o "$exported"; }
    for kind in ours podmans floor; do eval "before_$kind() { rm -f $exported; sync; }"; done
    compare 'checkpoint to an archive, zstd, 200 MB' 0.6 "${PODSHARP_BENCH_PAIRS:-10}" ours_export podmans_export floor_export
    ours_restore() { restore_ours; }
    podmans_restore() { restore_podmans; }
    floor_restore() { restore_floor; }
    for kind in ours podmans floor; do eval "unset -f after_$kind; before_$kind() { clear_groups 2>/dev/null; checkpoint_$kind >/dev/null; sync; }"; done
    compare 'restore of a process of 200 MB' 0.6 "${PODSHARP_BENCH_PAIRS:-10}" ours_restore podmans_restore floor_restore
    for kind in ours podmans floor; do unset -f "before_$kind"; done
    end_memory
}

end_memory() {
    podsharp rm -f -t 0 memory >/dev/null
    podman rm -f -t 0 memory-podman >/dev/null
    crun delete --force floor
    umount "$bed/merged" /tmp/unified
    exec 7<&- 8>&-
    rm -rf "$bed" $memory /var/lib/containers/exported.tar.zst
}

# --- the module's start -----------------------------------------------------------------------------------------------

measure_import() {
    if ! command -v pwsh >/dev/null; then
        echo 'import: pwsh is not on PATH'
        return
    fi
    bare() { pwsh -NoProfile -NonInteractive -Command 1; }
    with_module() { pwsh -NoProfile -NonInteractive -Command 'Import-Module /podsharp/Podsharp/Podsharp.psd1; $null = Get-Container'; }
    compare 'Import-Module + Get-Container' 2.3 "${PODSHARP_BENCH_PAIRS:-20}" with_module bare
}

wanted=("$@")
[[ ${#wanted[@]} -gt 0 ]] || wanted=(run bridge pod exec stop copy list images import fifty pull save load push commit build checkpoint)
for one in "${wanted[@]}"; do "measure_$one"; done
echo "load at the end: $(cut -d ' ' -f 1-3 /proc/loadavg)"
