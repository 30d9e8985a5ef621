#!/bin/bash
# Runs once inside a new test host: the user of the rootless tests and the configuration of the peers.
set -euo pipefail

useradd --create-home --uid 1000 --shell /bin/bash tester
printf 'tester:100000:65536\n' >/etc/subuid
printf 'tester:100000:65536\n' >/etc/subgid

mkdir -p /etc/containers/registries.conf.d /etc/containers/containers.conf.d
cat >/etc/containers/containers.conf <<'CONF'
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
CONF
# Another packager's default network would be read as CNI's.
rm -rf /etc/cni/net.d
cat >/etc/containers/registries.conf <<'CONF'
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "localhost:5000"
insecure = true
CONF
printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' >/etc/containers/policy.json
# Set-user-id and file capabilities decide whether newuidmap may write an id map.
chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap

# The busybox of the package as a root file system: the image that most tests run.
rootfs=/usr/share/podsharp-test/busybox
mkdir -p $rootfs/{bin,etc,tmp,proc,sys,dev,root,var,home}
chmod 1777 $rootfs/tmp
cp "$(command -v busybox)" $rootfs/bin/busybox
for applet in $($rootfs/bin/busybox --list); do
    [[ $applet == busybox ]] || ln -sf busybox $rootfs/bin/"$applet"
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >$rootfs/etc/passwd
printf 'root:x:0:\nnogroup:x:65534:\n' >$rootfs/etc/group
tar -C $rootfs -cf /usr/share/podsharp-test/busybox.tar .
printf 'podsharp-test\n' >/etc/hostname
printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 podsharp-test\n' >/etc/hosts
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
