#!/bin/bash
# Runs once inside the new root of the virtual machine: boots to one command, fast.
set -euo pipefail

# Emulation makes every unit dear: only what a container host has.
systemctl set-default multi-user.target
systemctl mask getty@tty1.service serial-getty@ttyS0.service systemd-networkd.service systemd-timesyncd.service \
    systemd-resolved.service systemd-firstboot.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-random-seed.service systemd-update-utmp.service \
    systemd-journal-flush.service podman.service podman.socket podman-auto-update.timer podman-restart.service \
    podman-clean-transient.service systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket \
    systemd-udev-trigger.service systemd-udev-load-credentials.service modprobe@.service ldconfig.service \
    systemd-hwdb-update.service systemd-pcrphase.service systemd-logind.service systemd-user-sessions.service \
    systemd-tmpfiles-setup-dev-early.service systemd-journal-catalog-update.service systemd-modules-load.service \
    apparmor.service cron.service 2>/dev/null || true
: >/etc/fstab
# Nothing was updated since, whatever the times of the directories say.
touch /etc/.updated /var/.updated
printf '[Journal]\nStorage=volatile\n' >/etc/systemd/journald.conf

cat >/etc/systemd/system/podsharp-test.service <<'UNIT'
[Unit]
Description=The command of this virtual machine
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mkdir -p /payload && mount -o ro /dev/vdb /payload && exec bash /payload/tests/vm/boot.sh'
StandardInput=null
StandardOutput=journal
TimeoutStartSec=infinity
Delegate=yes
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable podsharp-test.service
# The machine has the hard limits it wants.
printf 'podsharp-vm\n' >/etc/hostname
printf '127.0.0.1 localhost podsharp-vm\n::1 localhost\n' >/etc/hosts

# Just what finds the root file system.
sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=zstd/' /etc/initramfs-tools/initramfs.conf
printf 'virtio_pci\nvirtio_blk\next4\ncrc32c\n' >>/etc/initramfs-tools/modules
printf 'RESUME=none\n' >/etc/initramfs-tools/conf.d/resume
update-initramfs -u -k all
