# Shared by build.sh and enter: where the test hosts are and what is in them.
# Sourced, never run.

# A test host costs a minute to make, so it is kept outside the repository and shared by all clones.
host_base=${PODSHARP_TESTHOST:-/var/cache/podsharp/testhost}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Sets suite, script, packages, optional_packages and configure for the variant in $1, and root_dir. The name of root_dir tells what
# is in it, so that clones with different lists don't take each other's hosts away; `link` names the newest.
host_variant() {
    variant=$1 configure=${BASH_SOURCE[0]%/*}/configure.sh configure_more=
    # What every host needs: the parts the engine drives, and the tools that the tests use.
    packages="
        ca-certificates curl iproute2 procps openssl python3-minimal util-linux jq busybox-static kmod
        libssl3 zlib1g libstdc++6 libzstd1 libcap2-bin attr file xz-utils zstd apache2-utils socat netcat-openbsd
        golang-github-containers-common golang-github-containers-image
        crun runc conmon netavark aardvark-dns catatonit nftables iptables uidmap fuse-overlayfs slirp4netns strace"
    case $variant in
        testing)
            suite=forky script=sid link=$host_base/rootfs
            # The peers: what we are compared with, and what must understand the store that we write.
            packages="$packages criu libcriu2 passt podman buildah skopeo docker-registry docker-cli dbus-bin sqlite3 git gpg gpg-agent sq cosign openssh-client openssh-server cpp"
            optional_packages="docker-compose docker-buildx" ;;
        peers)
            # The same with docker's daemon: for the measurements only (bench/run.sh).
            suite=forky script=sid link=$host_base/peers
            packages="$packages criu libcriu2 passt podman buildah skopeo docker-registry docker-cli docker.io docker-buildx dbus-bin sqlite3 git"
            optional_packages="" ;;
        debian12)
            suite=bookworm script=sid link=$host_base/debian12
            # Its podman is the last one that knows CNI.
            packages="$packages podman containernetworking-plugins"
            optional_packages="" ;;
        vm)
            # The root file system of the virtual machine (tests/vm): a kernel, a service manager and what security modules need besides.
            suite=forky script=sid link=${PODSHARP_VM:-/var/cache/podsharp/vm}/root
            packages="$packages linux-image-cloud-amd64 initramfs-tools systemd systemd-sysv udev dbus e2fsprogs apparmor secilc podman passt criu libcriu2"
            configure_more=${BASH_SOURCE[0]%/*}/../vm/configure.sh
            optional_packages="" ;;
        systemd)
            # No host but the image of a container that boots: its version of systemd still runs on cgroup version 1, too.
            suite=bookworm script=sid link=$host_base/systemd packages="systemd systemd-sysv"
            configure=${BASH_SOURCE[0]%/*}/configure-systemd.sh
            optional_packages="" ;;
        *) die "unknown test host '$variant'; the known ones are testing, peers, debian12, vm and systemd" ;;
    esac
    root_dir=$link-$(printf '%s\n' "$suite" $packages -- $optional_packages "$(cat "$configure" $configure_more)" |
        sha256sum | cut -c1-16)
}
