#!/bin/bash
# The demonstration through the executable. Started by demo/run.sh.
set -euo pipefail
podsharp() { "$PWD/out/bin/podsharp" --root "$DEMO_WORK/store" --runroot "$DEMO_WORK/run" --network-config-dir "$DEMO_WORK/networks" "$@"; }
step() {
    printf '\n\033[1m> podsharp %s\033[0m\n' "$*"
    podsharp "$@"
}

step version
printf '\n\033[1m> podsharp pull %s\033[0m\n' "$DEMO_IMAGE"
if timeout 60 "$PWD/out/bin/podsharp" --root "$DEMO_WORK/store" --runroot "$DEMO_WORK/run" pull --retry 0 "$DEMO_IMAGE"; then
    image=$DEMO_IMAGE
else
    echo "No registry answers: an image is made from this machine's busybox."
    image=localhost/busybox:demo
    step import "$DEMO_TAR" "$image"
fi
step images
step run --detach --init --name web --memory 64m --publish "127.0.0.1:$DEMO_PORT:80" "$image" \
    sh -c 'mkdir -p /tmp/www; echo "Hello from a container." >/tmp/www/index.html; echo serving; exec httpd -f -v -p 80 -h /tmp/www'
printf '\n\033[1m> curl http://127.0.0.1:%s/\033[0m\n' "$DEMO_PORT"
page=$(curl -sf --retry 20 --retry-connrefused --retry-delay 1 --retry-all-errors "http://127.0.0.1:$DEMO_PORT/")
echo "$page"
[[ $page == 'Hello from a container.' ]]
step exec web sh -c 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes'
step logs web
step ps
step stop --time 2 web
step ps --all
step rm web
step rmi "$image"
[[ -z $(podsharp ps --all --quiet) && -z $(podsharp images --quiet) ]]
