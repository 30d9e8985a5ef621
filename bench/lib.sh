# Timing in bash: microseconds from the kernel's clock, medians with their quartiles, CPU seconds of whole process trees.

now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# one COMMAND: its time in microseconds into $taken; its output goes nowhere. What before_KIND makes is outside the clock.
one() {
    local start
    if declare -F "before_${1%%_*}" >/dev/null; then "before_${1%%_*}"; fi
    start=$(now)
    "$@" >/dev/null 2>>/tmp/bench-errors || { echo "bench: $* failed:" >&2; tail -n 5 /tmp/bench-errors >&2; exit 1; }
    taken=$(($(now) - start))
}

# The median and the quartiles of the numbers on standard input, in milliseconds: MEDIAN LOW HIGH.
summary() {
    sort -n | awk '{ v[NR] = $1 } END {
        printf "%.1f %.1f %.1f\n", v[int((NR + 1) / 2)] / 1000, v[int((NR + 3) / 4)] / 1000, v[int((3 * NR + 3) / 4)] / 1000 }'
}

median_ratio() { paste "$1" "$2" | awk '{ print $1 / $2 }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

after() { if declare -F "after_$1" >/dev/null; then "after_$1"; fi; }

# compare TITLE X PAIRS OURS PEER [FLOOR]
compare() {
    local title=$1 bar=$2 pairs=$3 ours=$4 peer=$5 floor=${6:-} i dir
    dir=$(mktemp -d)
    # The first of each finds cold caches.
    for i in $ours $peer $floor; do one "$i"; after "${i%%_*}"; done
    for ((i = 0; i < pairs; i++)); do
        one "$ours"; echo "$taken" >>"$dir/ours"; after "${ours%%_*}"
        one "$peer"; echo "$taken" >>"$dir/peer"; after "${peer%%_*}"
        if [[ -n $floor ]]; then one "$floor"; echo "$taken" >>"$dir/floor"; after "${floor%%_*}"; fi
    done
    row "$title" "$bar" "$pairs" "$dir"
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
    local title=$1 bar=$2 pairs=$3 dir=$4 ours peer floor='- - -' by_peer by_floor=- verdict
    ours=$(summary <"$dir/ours")
    peer=$(summary <"$dir/peer")
    by_peer=$(median_ratio "$dir/ours" "$dir/peer")
    if [[ -e $dir/floor ]]; then
        floor=$(summary <"$dir/floor")
        by_floor=$(median_ratio "$dir/ours" "$dir/floor")
    fi
    verdict=$(awk -v p="$by_peer" -v f="$by_floor" -v x="$bar" 'BEGIN { print (p <= x || (f != "-" && f <= 1.3)) ? "met" : "MISSED" }')
    printf '%-34s %6s %18s %18s %18s %8.2f %8s %8s  %s\n' "$title" "$pairs" "$(shown $ours)" "$(shown $peer)" "$(shown $floor)" \
        "$by_peer" "$([[ $by_floor == - ]] && echo - || printf '%.2f' "$by_floor")" "$bar" "$verdict"
    rm -rf "$dir"
}

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
    printf '%-34s %6s %18s %74s\n' '  peak memory of podsharp' 1 "$((peak / 1024)) MB" "$([[ $((peak / 1024)) -lt $limit ]] && echo met || echo MISSED) (limit $limit MB)"
}

start_registry() {
    mkdir -p /var/lib/containers/registry
    printf 'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: /var/lib/containers/registry}}\nhttp: {addr: "127.0.0.1:5000"}\n' >/tmp/registry.yml
    setsid docker-registry serve /tmp/registry.yml >/tmp/registry.log 2>&1 </dev/null &
    until curl -sf http://127.0.0.1:5000/v2/ >/dev/null; do sleep 0.05; done
}
