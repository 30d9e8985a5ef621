# Timing in bash: microseconds from the kernel's clock, medians with their quartiles, CPU seconds of whole process trees.

# one COMMAND: its time in microseconds into $taken; its output goes nowhere. What before_KIND makes is outside the clock.
one() {
    local start end
    if declare -F "before_${1%%_*}" >/dev/null; then "before_${1%%_*}"; fi
    # No process may start between the two: it would cost as much as a small command.
    start=${EPOCHREALTIME/[.,]/}
    "$@" >/dev/null 2>>/tmp/bench-errors || { echo "bench: $* failed:" >&2; tail -n 5 /tmp/bench-errors >&2; exit 1; }
    end=${EPOCHREALTIME/[.,]/}
    taken=$((end - start))
}

# The median and the quartiles of the numbers on standard input, in milliseconds: MEDIAN LOW HIGH.
summary() {
    sort -n | awk '{ v[NR] = $1 } END {
        printf "%.1f %.1f %.1f\n", v[int((NR + 1) / 2)] / 1000, v[int((NR + 3) / 4)] / 1000, v[int((3 * NR + 3) / 4)] / 1000 }'
}

median_ratio() { paste "$1" "$2" | awk '{ print $1 / $2 }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

after() { if declare -F "after_$1" >/dev/null; then "after_$1"; fi; }

# compare TITLE X PAIRS OURS PEER [FLOOR [OTHER Y]]: OURS is to take at most X of PEER's time or 1.3 of FLOOR's; FLOOR may be `-`.
# With OTHER, a second peer, OURS is to take at most X of PEER's and Y of OTHER's, and the floor is there to be seen only.
compare() {
    local title=$1 bar=$2 pairs=$3 i dir kind
    local -A does=([ours]=$4 [peer]=$5 [floor]=${6:--} [other]=${7:--})
    dir=$(mktemp -d)
    for kind in ours peer floor other; do [[ ${does[$kind]} != - ]] || unset "does[$kind]"; done
    # The first of each finds cold caches.
    for ((i = -1; i < pairs; i++)); do
        for kind in ours peer floor other; do
            [[ -n ${does[$kind]:-} ]] || continue
            one "${does[$kind]}"
            if ((i >= 0)); then echo "$taken" >>"$dir/$kind"; fi
            after "${does[$kind]%%_*}"
        done
    done
    row "$title" "$bar" "$pairs" "$dir" "${8:-}"
}

# As compare, where ours says itself how many microseconds its work took.
compare_reported() {
    local title=$1 bar=$2 pairs=$3 ours=$4 peer=$5 i dir
    dir=$(mktemp -d)
    "$ours" >/dev/null
    for ((i = 0; i < pairs; i++)); do
        "$ours" >>"$dir/ours"
        one "$peer"; echo "$taken" >>"$dir/peer"
    done
    row "$title" "$bar" "$pairs" "$dir"
}

row() {
    local title=$1 bar=$2 pairs=$3 dir=$4 other_bar=${5:-} ours peer floor='- - -' other='- - -' by_peer by_floor=- by_other=- verdict
    ours=$(summary <"$dir/ours")
    peer=$(summary <"$dir/peer")
    by_peer=$(median_ratio "$dir/ours" "$dir/peer")
    if [[ -e $dir/floor ]]; then
        floor=$(summary <"$dir/floor")
        by_floor=$(median_ratio "$dir/ours" "$dir/floor")
    fi
    if [[ -e $dir/other ]]; then
        other=$(summary <"$dir/other")
        by_other=$(median_ratio "$dir/ours" "$dir/other")
    fi
    verdict=$(awk -v p="$by_peer" -v f="$by_floor" -v x="$bar" -v o="$by_other" -v y="$other_bar" 'BEGIN {
        print (o != "-" ? p <= x && o <= y : p <= x || (f != "-" && f <= 1.3)) ? "met" : "MISSED" }')
    printf "$row_form" "$title" "$pairs" "$(shown $ours)" "$(shown $peer)" "$(shown $other)" "$(shown $floor)" \
        "$(ratio "$by_peer")" "$(ratio "$by_other")" "$(ratio "$by_floor")" "$bar${other_bar:+/$other_bar}" "$verdict"
    rm -rf "$dir"
}

row_form='%-34s %5s %18s %18s %18s %18s %8s %8s %8s %8s  %s\n'
ratio() { [[ $1 == - ]] && echo - || printf '%.2f' "$1"; }
shown() { [[ $1 == - ]] && echo - || echo "$1 ($2-$3)"; }

# peak_memory COMMAND LIMIT_MB: the largest resident set that any of our processes had, from the kernel's own mark.
peak_memory() {
    local command=$1 limit=$2 pid peak=0 seen
    "$command" >/dev/null 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        for seen in $(pgrep -x podsharp || true); do
            seen=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$seen/status" 2>/dev/null) || true
            [[ ${seen:-0} -gt $peak ]] && peak=$seen
        done
        sleep 0.05
    done
    wait "$pid"
    printf '%-34s %5s %18s %98s\n' '  peak memory of podsharp' 1 "$((peak / 1024)) MB" "$([[ $((peak / 1024)) -lt $limit ]] && echo met || echo MISSED) (limit $limit MB)"
}

start_registry() {
    mkdir -p /var/lib/containers/registry
    printf 'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: /var/lib/containers/registry}}\nhttp: {addr: "127.0.0.1:5000"}\n' >/tmp/registry.yml
    setsid docker-registry serve /tmp/registry.yml >/tmp/registry.log 2>&1 </dev/null &
    until curl -sf http://127.0.0.1:5000/v2/ >/dev/null; do sleep 0.05; done
}

# docker's daemon with its images beside the others', and its registry's certificate not asked for: localhost is trusted anyway.
start_docker() {
    [[ ! -S /run/docker.sock ]] || return 0
    mkdir -p /var/lib/containers/docker
    setsid dockerd --data-root /var/lib/containers/docker --exec-root /run/docker >/tmp/dockerd.log 2>&1 </dev/null &
    for i in {1..150}; do
        if docker version >/dev/null 2>&1; then return 0; fi
        sleep 0.2
    done
    echo "bench: dockerd did not start:" >&2
    tail -n 5 /tmp/dockerd.log >&2
    return 1
}
