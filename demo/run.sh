#!/bin/bash
# The demonstration: through the cmdlets where pwsh exists, else through the executable; the same steps. It uses a store
# of its own and takes it away at the end.
#   PODSHARP_DEMO_IMAGE   the image to pull (docker.io/library/busybox:latest); if no registry answers, one is made from
#                         this machine's busybox
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d /var/tmp/podsharp-demo-XXXXXX)
export DEMO_WORK=$work DEMO_IMAGE=${PODSHARP_DEMO_IMAGE:-docker.io/library/busybox:latest} DEMO_PORT=${PODSHARP_DEMO_PORT:-8089}
finish() {
    local code=$?
    trap - EXIT
    # The steps end with everything removed; this is for a demonstration that was interrupted.
    "$PWD/out/bin/podsharp" --root "$work/store" --runroot "$work/run" --network-config-dir "$work/networks" \
        rm --all --force --time 0 >/dev/null 2>&1 || true
    awk -v work="$work/" 'index($5, work) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r mount; do umount -l "$mount" || true; done
    rm -rf "$work"
    # The parent of the containers' cgroups, if nobody else is in it.
    find /sys/fs/cgroup -maxdepth 2 -type d -name podsharp -exec rmdir {} + 2>/dev/null || true
    [[ $code == 0 ]] && echo "Nothing is left behind: $work is gone." || echo "The demonstration failed (exit code $code)." >&2
    exit "$code"
}
trap finish EXIT

# A root file system with nothing but busybox, should no registry answer.
busybox=$(command -v busybox || true)
if [[ -n $busybox ]]; then
    mkdir -p "$work/root/bin" "$work/root/tmp" "$work/root/etc" "$work/root/proc" "$work/root/sys" "$work/root/dev"
    chmod 1777 "$work/root/tmp"
    cp "$busybox" "$work/root/bin/busybox"
    for applet in $("$busybox" --list); do [[ $applet == busybox ]] || ln -sf busybox "$work/root/bin/$applet"; done
    printf 'root:x:0:0:root:/root:/bin/sh\n' >"$work/root/etc/passwd"
    printf 'root:x:0:\n' >"$work/root/etc/group"
    tar -C "$work/root" --owner=0 --group=0 --numeric-owner -cf "$work/root.tar" .
fi
export DEMO_TAR=$work/root.tar

if command -v pwsh >/dev/null && [[ -z ${PODSHARP_DEMO_SHELL:-} ]]; then
    POWERSHELL_TELEMETRY_OPTOUT=1 pwsh -NoProfile -NonInteractive -File demo/demo.ps1
else
    demo/demo.sh
fi
