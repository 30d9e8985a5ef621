#!/bin/bash
# What the helper costs that checks the health of many containers: its memory and processor time.
#
#   tests/host/enter bash /repo/bench/checks.sh [CONTAINERS [ROUNDS]]     (1000 containers, checked every 30 s; 3 rounds of 45 s)
set -euo pipefail
export PATH=/podsharp/bin:$PATH
count=${1:-1000} rounds=${2:-3} image=localhost/busybox:test seconds=45

podsharp import /usr/share/podsharp-test/busybox.tar "$image" >/dev/null
begin=$SECONDS
seq "$count" | xargs -P 4 -I{} podsharp run -d --name c{} --network none --health-cmd true --health-interval 30s "$image" sleep 100000 >/dev/null
echo "$count containers, started in $((SECONDS - begin)) s"
pid=$(ps -eo pid=,args= | awk '$NF == "supervise" {print $1}')
until [[ $(podsharp ps -q --filter health=healthy | wc -l) -eq $count ]]; do sleep 1; done

# Its own time and that of the children it has waited for, in milliseconds.
times() { awk '{print ($14 + $15) * 10, ($16 + $17) * 10}' "/proc/$pid/stat"; }
# The state counts no checks, and the events of so many don't stay long: read as they come.
for ((round = 1; round <= rounds; round++)); do
    read -r own children < <(times)
    checks=$(timeout $seconds podsharp events --filter event=health_status --format '{{.Status}}' | wc -l) || true
    read -r own_now children_now < <(times)
    awk -v own=$((own_now - own)) -v children=$((children_now - children)) -v checks="$checks" -v seconds=$seconds '
        /^VmHWM|^VmRSS|^RssAnon/ {memory = memory sprintf(" %s %.0f MB", $1, $2 / 1000)}
        END {printf "%.1f checks/s, processor ms a check: %.1f its own, %.1f the runtime;%s\n", checks / seconds, own / checks, children / checks, memory}' "/proc/$pid/status"
done
