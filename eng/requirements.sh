#!/bin/bash
# Sees to the system packages that a task needs. As root on a Debian it installs what is missing; otherwise it prints the
# command that does, and fails only where the task can't go on without.
set -euo pipefail
task=${1:-build}

# What building needs: a linker and the libraries that go into the executable.
build_needs=(
    "/usr/bin/gcc|/usr/bin/clang gcc gcc clang"
    "/usr/include/zlib.h zlib1g-dev zlib-devel zlib"
    "/usr/include/stdio.h libc6-dev glibc-devel glibc"
    "/usr/lib/*/libsqlite3.a|/usr/lib64/libsqlite3.so|/usr/lib/libsqlite3.so libsqlite3-dev sqlite-devel sqlite"
    "/usr/lib/*/libssl.so.3|/usr/lib64/libssl.so.3|/usr/lib/libssl.so.3 libssl3 openssl-libs openssl"
)
# What running containers needs.
run_needs=(
    "/usr/bin/crun|/usr/sbin/crun|/usr/local/bin/crun crun crun crun"
    "/usr/bin/runc|/usr/sbin/runc|/usr/local/bin/runc runc runc runc"
    "/usr/bin/conmon|/usr/libexec/podman/conmon|/usr/local/bin/conmon conmon conmon conmon"
    "/usr/lib/podman/netavark|/usr/libexec/podman/netavark netavark netavark netavark"
    "/usr/lib/podman/aardvark-dns|/usr/libexec/podman/aardvark-dns aardvark-dns aardvark-dns aardvark-dns"
    "/usr/bin/catatonit|/usr/libexec/podman/catatonit|/usr/libexec/catatonit/catatonit catatonit catatonit catatonit"
    "/usr/sbin/nft|/usr/bin/nft nftables nftables nftables"
    "/usr/sbin/iptables|/usr/bin/iptables iptables iptables iptables"
    "/usr/lib/*/libzstd.so.1|/usr/lib64/libzstd.so.1|/usr/lib/libzstd.so.1 libzstd1 libzstd zstd"
    "/usr/bin/newuidmap uidmap shadow-utils shadow"
    "/usr/share/containers/seccomp.json golang-github-containers-common containers-common containers-common"
)
# What the demonstration and the tests need on this machine besides.
demo_needs=(
    "/bin/busybox|/usr/bin/busybox busybox-static busybox busybox"
    "/usr/bin/curl curl curl curl"
)
test_needs=(
    "/usr/sbin/debootstrap|/usr/bin/debootstrap debootstrap debootstrap debootstrap"
    "/usr/sbin/mke2fs|/sbin/mke2fs e2fsprogs e2fsprogs e2fsprogs"
    "/usr/bin/qemu-system-x86_64 qemu-system-x86 qemu-system-x86-core qemu-system-x86"
    "/usr/sbin/ip|/sbin/ip|/usr/bin/ip iproute2 iproute iproute2"
)

present() {
    local pattern IFS='|'
    for pattern in $1; do
        compgen -G "$pattern" >/dev/null && return 0
    done
    return 1
}

# Prints the package names of the kind in column $1 for the entries that are missing.
missing() {
    local column=$1 entry files names
    shift
    for entry; do
        read -r files names <<<"$entry"
        present "$files" || cut -d ' ' -f "$column" <<<"$names"
    done
}

if command -v apt-get >/dev/null; then
    column=1 installer='apt-get install --no-install-recommends'
elif command -v dnf >/dev/null; then
    column=2 installer='dnf install'
elif command -v pacman >/dev/null; then
    column=3 installer='pacman -S'
else
    column=1 installer='<your package manager>'
fi

wanted=("${build_needs[@]}" "${run_needs[@]}")
case $task in
    demo | bench) wanted+=("${demo_needs[@]}") ;;
    test) wanted+=("${demo_needs[@]}" "${test_needs[@]}") ;;
esac
mapfile -t names < <(missing "$column" "${wanted[@]}")
if [[ ${#names[@]} -gt 0 ]]; then
    if [[ $EUID == 0 && $installer == apt-get* ]]; then
        echo "Installing system packages: ${names[*]}"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq || true
        # A machine without service manager must not try to start what is installed.
        apt-get install -y -qq --no-install-recommends "${names[@]}" >/dev/null ||
            { echo "build.sh: these packages could not be installed: ${names[*]}" >&2; exit 1; }
    else
        echo "build.sh: missing system packages; install them with: sudo $installer ${names[*]}" >&2
        mapfile -t fatal < <(missing "$column" "${build_needs[@]}")
        [[ ${#fatal[@]} -eq 0 ]] || exit 1
    fi
fi

command -v dotnet >/dev/null || {
    echo "build.sh: the .NET SDK is missing (dotnet on PATH); install the package dotnet-sdk-10.0 of your distribution or of Microsoft" >&2
    exit 1
}
sdk=$(dotnet --version 2>&1) || {
    printf 'build.sh: the .NET SDK does not run:\n%s\n' "$sdk" >&2
    exit 1
}
[[ ${sdk%%.*} -ge 10 ]] 2>/dev/null || {
    echo "build.sh: the .NET SDK found is $sdk; version 10 or later is needed (package dotnet-sdk-10.0)" >&2
    exit 1
}
