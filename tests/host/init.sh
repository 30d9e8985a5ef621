#!/bin/bash
# The first process of a test host, started by enter in fresh namespaces: mounts everything, moves into the new root
# and hands over to catatonit, which reaps and passes on the exit code.
set -euo pipefail
umask 022
root=$HOST_RUN/merged

mount --make-rprivate /
mount -t overlay -o "lowerdir=$HOST_ROOT,upperdir=$HOST_RUN/upper,workdir=$HOST_RUN/work" overlay "$root"

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o nosuid,nodev,noexec sysfs "$root/sys"
mount -t tmpfs -o nosuid,mode=755 tmpfs "$root/dev"
mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs "$root/run"
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/tmp"
mkdir -p "$root"/dev/{pts,shm,mqueue,net} "$root/run/lock"
mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/dev/shm"
mount -t mqueue -o nosuid,nodev,noexec mqueue "$root/dev/mqueue"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for n in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${n%:*}" "$root/dev/${n#*:}"; done
device() { mknod -m 666 "$root/dev/$1" c "$2" "$3"; }
device null 1 3; device zero 1 5; device full 1 7; device random 1 8; device urandom 1 9; device tty 5 0
# The rootless user opens these two: fuse-overlayfs, pasta and slirp4netns.
device fuse 10 229; device net/tun 10 200

# The cgroup hierarchies as the machine has them, without the unified one of a hybrid host, which crun refuses.
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"
    mkdir "$root/sys/fs/cgroup/init"
    echo 0 >"$root/sys/fs/cgroup/init/cgroup.procs"
    for controller in $(<"$root/sys/fs/cgroup/cgroup.controllers"); do
        echo "+$controller" >"$root/sys/fs/cgroup/cgroup.subtree_control" || true
    done
else
    mount -t tmpfs -o nosuid,nodev,noexec,mode=755 tmpfs "$root/sys/fs/cgroup"
    while IFS=: read -r number controllers _; do
        [[ -n $controllers ]] || continue
        name=${controllers#name=}
        mkdir "$root/sys/fs/cgroup/$name"
        option=$controllers
        [[ $controllers != name=* ]] || option=none,$controllers
        mount -t cgroup -o "nosuid,nodev,noexec,$option" cgroup "$root/sys/fs/cgroup/$name"
        IFS=, read -ra each <<<"$name"
        [[ ${#each[@]} -eq 1 ]] || for one in "${each[@]}"; do ln -s "$name" "$root/sys/fs/cgroup/$one"; done
    done </proc/self/cgroup
    mount -o remount,ro "$root/sys/fs/cgroup"
fi

# Stores live on the machine's own file system.
mkdir -p "$root/var/lib/containers"
mount --bind "$HOST_RUN/containers" "$root/var/lib/containers"
chown 1000:1000 "$HOST_RUN/home"
mount --bind "$HOST_RUN/home" "$root/home/tester"
mkdir -p -m 700 "$root/run/user/1000"
chmod 755 "$root/run/user"
chown 1000:1000 "$root/run/user/1000"

while IFS= read -r bind; do
    [[ -n $bind ]] || continue
    IFS=: read -r source target mode <<<"$bind"
    if [[ -d $source ]]; then
        mkdir -p "$root$target"
    else
        mkdir -p "$root$(dirname "$target")"
        [[ -e $root$target ]] || : >"$root$target"
    fi
    mount --bind "$source" "$root$target"
    [[ ${mode:-} != ro ]] || mount -o remount,bind,ro "$root$target"
done <<<"$HOST_BINDS"

# Hard limits can't be raised without CAP_SYS_RESOURCE, so the peers must not ask for more than there is.
limit() { [[ $2 == unlimited ]] || printf '"%s=%s:%s"' "$1" "$2" "$2"; }
limits=$(printf '%s, ' "$(limit nofile "$(ulimit -Hn)")" "$(limit nproc "$(ulimit -Hu)")" | sed 's/^, //; s/[, ]*$//')
printf '[containers]\ndefault_ulimits = [%s]\n' "$limits" >"$root/etc/containers/containers.conf.d/limits.conf"

variables=(PODMAN_IGNORE_CGROUPSV1_WARNING=1 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "TERM=${TERM:-dumb}"
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1
    POWERSHELL_UPDATECHECK=Off)
while IFS= read -r variable; do
    [[ -n $variable ]] || continue
    variables+=("$variable")
    case $variable in
        PODSHARP_PWSH=*) ln -s "${variable#*=}" "$root/usr/local/bin/pwsh" ;;
        DOTNET_ROOT=*) ln -s "${variable#*=}/dotnet" "$root/usr/local/bin/dotnet" ;;
    esac
done <<<"$HOST_VARS"

hostname podsharp-test
ip link set lo up
# An address beside loopback, so that published ports and pasta have something to hold on to.
ip link add eth0 type dummy 2>/dev/null || {
    ip link add eth0 type veth peer name eth0-peer
    ip link set eth0-peer up
}
ip address add 192.0.2.2/24 dev eth0
ip link set eth0 up
ip route add default via 192.0.2.1 dev eth0 2>/dev/null || true
echo "0 2147483647" >/proc/sys/net/ipv4/ping_group_range
# Namespaces inherit nothing of these from the machine; netavark sets them when it may.
echo 1 >/proc/sys/net/ipv4/ip_forward

rootless=$HOST_ROOTLESS chdir=$HOST_CHDIR
unset HOST_RUN HOST_ROOT HOST_ROOTLESS HOST_CHDIR HOST_BINDS HOST_VARS
cd "$root"
mkdir -p .machine
pivot_root . .machine
umount -l /.machine
rmdir /.machine
# As a service manager leaves it; rootless engines expect it.
mount --make-rshared /
if [[ $rootless == yes ]]; then
    cd "${chdir:-/home/tester}"
    exec env -i "${variables[@]}" HOME=/home/tester USER=tester LOGNAME=tester XDG_RUNTIME_DIR=/run/user/1000 \
        catatonit -- setpriv --reuid 1000 --regid 1000 --init-groups --inh-caps=-all -- "$@"
fi
cd "${chdir:-/root}"
exec env -i "${variables[@]}" HOME=/root USER=root LOGNAME=root catatonit -- "$@"
