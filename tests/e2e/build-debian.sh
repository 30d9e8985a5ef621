#!/bin/bash
# A Debian image, of the packages that every Debian root has, built upon by both engines: packages, users, permissions, all that maintainers' scripts do.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"
. "$e2e_here/traces.sh"

before_all() {
    debian_root
    podsharp import /tmp/debian-root.tar localhost/debian:test >/dev/null
    make_package
}

# The essential packages of this host, which debootstrap has made, with the libraries that they need, as a tar.
debian_root() {
    local packages
    mapfile -t packages < <(dpkg-query -W -f '${Package} ${Essential} ${Priority}\n' | awk '$2 == "yes" || $3 == "required" { print $1 }')
    dpkg -L "${packages[@]}" attr | grep -Ev '^/usr/share/(doc|man|info|locale|bash-completion)/.' | grep -v '^/\.$' >/tmp/debian-files
    { grep -E '^/(usr/)?s?bin/' /tmp/debian-files | xargs ldd 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | sort -u || true
      for package in "${packages[@]}"; do ls /var/lib/dpkg/info/"$package".* /var/lib/dpkg/info/"$package":* || true; done 2>/dev/null
      printf '%s\n' /bin /sbin /lib /lib64 /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/issue /etc/login.defs /etc/ld.so.cache /var/lib/dpkg/status /var/lib/dpkg/triggers /opt /tmp /root /home; } >>/tmp/debian-files
    # By the places where they really are; and a library is there by its links, too.
    sed -i 's,^/\(bin\|sbin\|lib\|lib64\)/,/usr/\1/,' /tmp/debian-files
    while read -r file; do
        [[ ! -e $file ]] || echo "$file"
        [[ ! -L $file ]] || readlink -f "$file"
    done </tmp/debian-files | sort -u | sed 's,^/,,' >/tmp/debian-list
    tar -C / --no-recursion -cf /tmp/debian-root.tar -T /tmp/debian-list
}

# A package with files of several owners and modes, and a script that makes a user.
make_package() {
    rm -rf /tmp/debian && mkdir -p /tmp/debian/pkg/DEBIAN /tmp/debian/pkg/usr/bin /tmp/debian/pkg/etc/thing /tmp/debian/pkg/var/lib/thing
    printf 'Package: thing\nVersion: 1.0\nArchitecture: all\nMaintainer: test <a@b>\nDescription: a thing\n' >/tmp/debian/pkg/DEBIAN/control
    printf '#!/bin/sh\nset -e\nuseradd --system --home-dir /var/lib/thing --shell /usr/sbin/nologin thing\nchown thing:thing /var/lib/thing\nchmod 2750 /var/lib/thing\n' >/tmp/debian/pkg/DEBIAN/postinst
    printf '/etc/thing/config\n' >/tmp/debian/pkg/DEBIAN/conffiles
    chmod 755 /tmp/debian/pkg/DEBIAN/postinst
    printf '#!/bin/sh\necho thing\n' >/tmp/debian/pkg/usr/bin/thing && chmod 4755 /tmp/debian/pkg/usr/bin/thing
    echo a=b >/tmp/debian/pkg/etc/thing/config
    dpkg-deb --root-owner-group -b /tmp/debian/pkg /tmp/debian/thing.deb >/dev/null
    rm -rf /tmp/debian/pkg
    cat >/tmp/debian/Containerfile <<'END'
FROM localhost/debian:test
ENV DEBIAN_FRONTEND=noninteractive
COPY thing.deb /tmp/
RUN dpkg -i /tmp/thing.deb && rm /tmp/thing.deb
RUN useradd --create-home --uid 1234 --groups adm worker && echo 'worker:secret' | chpasswd -e && chown -R worker:adm /opt && \
    ln -s /opt /home/worker/opt && setfattr -n user.note -v x /home/worker 2>/dev/null; mkfifo /home/worker/fifo
RUN rm -rf /usr/share/doc/* && mkdir /usr/share/doc/new && dpkg-query -W thing >/usr/share/doc/new/list && ldconfig && mv /etc/issue /etc/issue.old
USER worker
WORKDIR /home/worker
RUN umask 077 && echo mine >file && (thing; id -un; id -Gn) >>file
CMD ["cat", "file"]
END
}

# What is in an image: names, kinds, modes, owners, sizes and targets, without what tells the time.
files() {
    podman run --rm --network none --user 0 "$1" sh -c 'cd / && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \) -prune -o -printf "%p %y %m %U %G %l " \( -type f -printf "%s\n" -o -printf "\n" \)' |
        grep -Ev '^\./(etc/(hosts|hostname|resolv\.conf|mtab)|var/log/|var/cache/|var/lib/dpkg/triggers|\.containerenv)' | sort
}

it_builds_what_podman_builds() {
    podman build -q --network none -t localhost/debian:podman /tmp/debian >/tmp/debian.log 2>&1 || { cat /tmp/debian.log; fail 'podman failed'; }
    run podsharp build -q --no-cache --network none -t localhost/debian:podsharp /tmp/debian
    exit_is 0
    equal "$(podsharp run --rm --network none localhost/debian:podsharp)" $'mine\nthing\nworker\nworker adm'
    files localhost/debian:podsharp >/tmp/debian.ours
    files localhost/debian:podman >/tmp/debian.podmans
    diff /tmp/debian.ours /tmp/debian.podmans
    grep -q '^./var/lib/thing d 2750 ' /tmp/debian.ours || fail 'the directory of the package is another'
    grep -q '^./usr/bin/thing f 4755 0 0 ' /tmp/debian.ours || fail 'the program of the package is another'
    equal "$(podman image inspect localhost/debian:podsharp | jq -c '.[0].Config | del(.Labels)')" "$(podman image inspect localhost/debian:podman | jq -c '.[0].Config | del(.Labels)')"
    equal "$(podman image inspect localhost/debian:podsharp | jq '.[0].RootFS.Layers | length')" "$(podman image inspect localhost/debian:podman | jq '.[0].RootFS.Layers | length')"
}

it_says_where_a_script_of_a_package_fails() {
    printf 'FROM localhost/debian:test\n\nRUN false \\\n  || dpkg -i /nowhere.deb\n' >/tmp/debian/Wrong
    run podsharp build -f /tmp/debian/Wrong --network none /tmp/debian
    exit_is 2
    one_sentence
    complains 'Wrong:3: RUN false +\|\| dpkg -i /nowhere.deb: the command ended with exit code 2; its last output: .*nowhere.deb'
}

it_leaves_a_clean_store() {
    podman image rm -f localhost/debian:podman >/dev/null
    podman image prune -f >/dev/null
    store_is_clean
}

run_suite "$@"
