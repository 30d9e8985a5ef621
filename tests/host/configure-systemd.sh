#!/bin/bash
# Runs once inside the root of the systemd image: leaves what a boot needs, little enough to be unpacked in an emulated machine.
set -euo pipefail

# Whoever looks from outside sees that it is up, and what it is told at its end.
cat >/etc/systemd/system/test.service <<'UNIT'
[Unit]
Description=What the tests look at
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo up >/run/test-is-up'
ExecStop=/bin/sh -c 'echo stopped in order >/root/stopped'
[Install]
WantedBy=multi-user.target
UNIT
systemctl set-default multi-user.target
systemctl enable test.service
systemctl mask getty@.service console-getty.service systemd-firstboot.service systemd-update-utmp.service systemd-networkd.service \
    systemd-resolved.service systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    e2scrub_reap.service fstrim.timer systemd-logind.service 2>/dev/null || true
# Nothing was updated since, whatever the times of the directories say.
touch /etc/.updated /var/.updated
: >/etc/machine-id
: >/etc/fstab

rm -rf /usr/share/{doc,man,info,locale,i18n,zoneinfo,perl,perl5,bash-completion,lintian,common-licenses,polkit-1,bug,keyrings,gcc} \
    /usr/lib/x86_64-linux-gnu/{perl,perl5,perl-base,gconv,libapt*,libdb-*,libicu*,engines-3,ossl-modules} /usr/lib/{apt,dpkg,locale} \
    /usr/bin/{perl*,apt*,dpkg*,bashbug,localedef,iconv,gpgv,debconf*} /usr/lib/udev /usr/lib/systemd/boot /var/lib/{apt,dpkg} /var/cache /usr/share/debconf \
    /etc/apt /etc/resolv.conf
