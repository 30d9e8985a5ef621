#!/bin/bash
# Shows that the components of a test host work in it, without anything of ours. Run inside:
#   tests/host/enter bash /tests/host/proof.sh
set -euo pipefail
tar=/usr/share/podsharp-test/busybox.tar
crun --version | head -n 1
runc --version | head -n 1
conmon --version | head -n 1
/usr/lib/podman/netavark --version
podman --version
podman import -q $tar localhost/busybox:proof
podman run --rm localhost/busybox:proof true
podman run --rm --network none --memory 64m localhost/busybox:proof cat /sys/fs/cgroup/memory/memory.limit_in_bytes
podman run -d --name web -p 8080:80 localhost/busybox:proof httpd -f -p 80 -h /etc
curl -sf --retry 5 --retry-connrefused http://127.0.0.1:8080/group
podman rm -f -t 0 web
if command -v docker-registry >/dev/null; then
    printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: /var/lib/registry}}\nhttp: {addr: 127.0.0.1:5000}\n' >/tmp/registry.yml
    docker-registry serve /tmp/registry.yml >/tmp/registry.log 2>&1 &
    curl -sf --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:5000/v2/
    skopeo copy -q --dest-tls-verify=false containers-storage:localhost/busybox:proof docker://localhost:5000/busybox:proof
    podman pull -q localhost:5000/busybox:proof
fi
setpriv --reuid 1000 --regid 1000 --init-groups env HOME=/home/tester USER=tester XDG_RUNTIME_DIR=/run/user/1000 bash -euc "
    cd; podman import -q $tar localhost/busybox:proof
    podman run --rm --network host localhost/busybox:proof id
    podman run --rm --network pasta localhost/busybox:proof ip address show eth0 || echo 'rootless network: no'"
! command -v pwsh >/dev/null || pwsh -NoProfile -Command '$PSVersionTable.PSVersion.ToString(); (Get-Module -ListAvailable Pester).Version.ToString()'
echo "the test host works"
