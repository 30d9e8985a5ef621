#!/bin/bash
# Makes the root file system of a test host with debootstrap, once for each state of its package list.
#
#   tests/host/build.sh [testing|peers|debian12|vm|systemd]...      default: testing
#
# PODSHARP_TESTHOST          where the hosts are kept (/var/cache/podsharp/testhost)
# PODSHARP_DEBIAN_MIRROR     the Debian mirror; without it, the one this machine's apt uses
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

[[ $EUID == 0 ]] || die "a test host is made as root: sudo $0 $*"

mirror() {
    if [[ -n ${PODSHARP_DEBIAN_MIRROR:-} ]]; then
        printf '%s\n' "$PODSHARP_DEBIAN_MIRROR"
        return
    fi
    # deb822 files first, then one-line files; security archives hold no whole suite.
    local found
    found=$({ sed -n 's/^URIs:[[:space:]]*\([^[:space:]]*\).*/\1/p' /etc/apt/sources.list.d/*.sources
              sed -n 's/^deb[[:space:]]\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]*\).*/\2/p' \
                  /etc/apt/sources.list /etc/apt/sources.list.d/*.list; } 2>/dev/null |
            grep '/debian/\{0,1\}$' | head -n 1) || true
    [[ -n $found ]] || die "no Debian mirror in this machine's apt sources: set PODSHARP_DEBIAN_MIRROR"
    printf '%s\n' "$found"
}

in_root() {
    # The installation sees no service manager and this machine's name servers. Its /proc and /sys are its own.
    unshare --mount --pid --fork --kill-child bash -euc '
        root=$1; shift
        mount --make-rprivate /
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs tmpfs "$root/run"
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive "$@"' in_root "$work" "$@"
}

# Takes away the earlier roots of this variant which nobody is in (enter holds a shared lock) and which are a day old.
remove_unused() {
    local old
    for old in "$link"-*/; do
        old=${old%/}
        [[ $old != "$root_dir" && -n $(find "$old" -maxdepth 0 -mtime +0) ]] || continue
        flock --nonblock "$old" rm -rf "$old" || true
    done
}

build() {
    host_variant "$1"
    mkdir -p "${link%/*}"
    exec 9>"$link.lock"
    flock 9
    if [[ -d $root_dir ]]; then
        echo "test host $variant is up to date: $root_dir"
        return
    fi
    command -v debootstrap >/dev/null || {
        command -v apt-get >/dev/null || die "debootstrap is missing; install it with your package manager"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
    }
    local mirror work log name
    mirror=$(mirror)
    work=$link.new log=$link.log
    echo "making test host $variant ($suite) in $root_dir; log: $log"
    rm -rf "$work"
    mkdir -p "$work"
    # A mirror that serves a day of the past has Release files past their date.
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$work" "$mirror" \
        "/usr/share/debootstrap/scripts/$script" >"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; die "debootstrap failed"; }
    {
        printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\nAPT::Sandbox::User "root";\n' \
            >"$work/etc/apt/apt.conf.d/10testhost"
        printf 'force-unsafe-io\n' >"$work/etc/dpkg/dpkg.cfg.d/10testhost"
        printf 'path-exclude=/usr/share/man/*\npath-exclude=/usr/share/doc/*\n' >>"$work/etc/dpkg/dpkg.cfg.d/10testhost"
        printf '#!/bin/sh\nexit 101\n' >"$work/usr/sbin/policy-rc.d"
        chmod 755 "$work/usr/sbin/policy-rc.d"
        cp /etc/resolv.conf "$work/etc/resolv.conf"
        in_root apt-get update -q
        for name in $optional_packages; do
            if in_root apt-cache show "$name" 2>/dev/null | grep -q .; then packages="$packages $name"; fi
        done
        in_root apt-get install -y -q $packages
        in_root apt-get clean
        for name in "$configure" $configure_more; do
            cp "$name" "$work/configure.sh"
            in_root bash /configure.sh
            rm "$work/configure.sh"
        done
    } >>"$log" 2>&1 || { tail -n 20 "$log" >&2; die "the installation of packages failed"; }
    mv "$work" "$root_dir"
    ln -sfnT "${root_dir##*/}" "$link"
    remove_unused
    echo "test host $variant is ready: $(du -sh "$root_dir" | cut -f1)"
}

[[ $# -gt 0 ]] || set -- testing
for one; do build "$one"; done
