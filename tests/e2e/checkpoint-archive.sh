#!/bin/bash
# Checkpoints that leave their container: archives and images, here and with podman; and what no honest archive has.
# runs: testing
. "${BASH_SOURCE[0]%/*}/lib.sh"

before_all() { import_image; }
# Each test leaves the host without containers, volumes and archives, whatever became of it.
[[ ${1:-} != --inner ]] || trap 'podsharp rm -a -f -t 0 || true; podman rm -a -f -t 0 || true; podsharp volume rm -a -f || true; rm -rf "$work"' EXIT
work=/var/lib/containers/archives
mkdir -p "$work"

counting='i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done'
last() { "${engine:-podsharp}" logs "$1" 2>/dev/null | tr -d '\r' | tail -n 1; }
counts_to() { [[ $(last "$1") -ge $2 ]]; }
counted_on() { podsharp logs "$1" | tr -d '\r' | awk '$1 != NR { exit 1 }' || fail "$1 has lost count: $(podsharp logs "$1" | tail -n 5)"; }
start_counting() { "${engine:-podsharp}" run -d --name "$@" "$image" sh -c "$counting" >/dev/null && eventually 20 counts_to "$1" 3; }
state_is() { equal "$(podsharp inspect --format '{{.State.Status}}' "$1")" "$2"; }
goes_on() { state_is "$1" running; eventually 20 counts_to "$1" $(($(last "$1") + 3)); }
# podman gives up where CRIU meets a process between vfork and exec, and its container runs on.
podman_checkpoints() {
    local try
    for try in 1 2 3 4 5; do
        podman container checkpoint "$@" && return
    done
    return 1
}
nothing_is_left() {
    equal "$(podsharp ps -aq)" ''
    equal "$(podsharp volume ls -q)" ''
    [[ -z $(ls /run/netns 2>/dev/null) ]] || fail "a network namespace is left"
    ! grep -q 'overlay/.*/merged' /proc/mounts || fail "a mount is left"
    equal "$(ls /var/lib/containers/storage/overlay/tempdirs 2>/dev/null)" ''
}

it_goes_through_archives_of_all_compressions() {
    local compression magic
    for compression in zstd gzip none; do
        start_counting c-$compression
        podsharp container checkpoint --export "$work/$compression" --compress $compression c-$compression
        equal "$(stat -c %a "$work/$compression")" 600
        magic=$(head -c 2 "$work/$compression" | od -An -tx1 | tr -d ' ')
        case $compression in zstd) equal "$magic" 28b5 ;; gzip) equal "$magic" 1f8b ;; none) equal "$magic" 6172 ;; esac
        podsharp rm -f -t 0 c-$compression >/dev/null
        podsharp container restore --import "$work/$compression"
        goes_on c-$compression
        counted_on c-$compression
    done
    # The default.
    start_counting plain
    podsharp container checkpoint -e "$work/plain" --leave-running plain
    equal "$(head -c 2 "$work/plain" | od -An -tx1 | tr -d ' ')" 28b5
    goes_on plain
}

it_brings_all_that_the_container_had() {
    podsharp network create --subnet 10.99.8.0/24 net >/dev/null
    podsharp volume create data >/dev/null
    printf secret | podsharp secret create word - >/dev/null
    podsharp run -d --name all --network net -p 127.0.0.1:7799:80 -v data:/data -v /anonymous -m 64m --label kept=yes --hostname here --secret word \
        --health-cmd true --health-interval 1s --ulimit nofile=1024:2048 --cap-drop net_raw --tmpfs /tmpfs:mode=1777 --env A=b --restart on-failure:3 \
        --entrypoint sh --workdir /tmp --stop-signal USR1 "$image" -c "echo shared >/dev/shm/file; echo tmpfs >/tmpfs/file; $counting" >/dev/null
    eventually 20 counts_to all 3
    podsharp exec --user 0 all sh -c 'echo root >/root-file; chmod 640 /root-file; chown 7:8 /root-file; echo volume >/data/file; chown 9:10 /data; echo none >/anonymous/file
        rmdir /home; mkdir /home; echo new >/home/file; mkdir -p /usr/share/new; rm /bin/true; ln -s sh /bin/alias; mkfifo /pipe; echo "and more" >>/etc/passwd'
    local id before format='{{.Id}} {{.NetworkSettings.Networks.net.IPAddress}} {{.NetworkSettings.Networks.net.MacAddress}} {{.HostConfig.Memory}} {{.Config.Labels.kept}} {{.Config.Hostname}} {{.Config.User}} {{.Config.Env}} {{.Config.Cmd}} {{.Config.Entrypoint}} {{.Config.WorkingDir}} {{.Config.StopSignal}} {{.HostConfig.RestartPolicy}} {{.Config.Healthcheck}} {{.HostConfig.CapDrop}} {{.HostConfig.Ulimits}} {{len .Mounts}} {{.ImageName}}'
    before=$(podsharp inspect --format "$format" all)
    id=$(podsharp inspect --format '{{.Id}}' all)
    podsharp container checkpoint --export "$work/all.tar" all >/dev/null
    podsharp rm -v all >/dev/null
    podsharp volume rm data >/dev/null
    equal "$(podsharp container restore --import "$work/all.tar")" "$id"
    goes_on all
    counted_on all
    equal "$(podsharp inspect --format "$format" all)" "$before"
    equal "$(podsharp exec --user 0 all sh -c 'cat /dev/shm/file /tmpfs/file /root-file /data/file /anonymous/file /etc/hostname /run/secrets/word; stat -c "%a %u:%g" /root-file /data; tail -n 1 /etc/passwd; readlink /bin/alias; ls -d /usr/share/*; cat /home/file; stat -c %F /pipe' | tr '\n' ' ')" \
        "shared tmpfs root volume none here secret640 7:8 755 9:10 and more sh /usr/share/new new fifo "
    run podsharp exec all test -e /bin/true
    exit_is 1
    equal "$(podsharp port all)" "80/tcp -> 127.0.0.1:7799"
    eventually 20 podsharp wait --condition healthy all
    # Nothing of the checkpoint stays.
    equal "$(ls "$(podsharp inspect --format '{{.StaticDir}}' all)" | grep -E 'checkpoint|dump|\.tar|status' | grep -v lock | tr '\n' ' ')" ''
    podsharp rm -f -t 0 all >/dev/null
    podsharp secret rm word >/dev/null
    podsharp network rm net >/dev/null
}

it_restores_what_podman_has_exported() {
    local compression id
    podman volume create pdata >/dev/null
    for compression in zstd gzip none; do
        engine=podman start_counting theirs -v pdata:/data --label kept=yes -p 127.0.0.1:7711:80 -m 64m --env A=b
        id=$(podman inspect --format '{{.Id}}' theirs)
        podman exec theirs sh -c 'echo root >/root-file; echo volume >/data/file; echo shared >/dev/shm/file; rmdir /home'
        podman_checkpoints -e "$work/theirs" -c $compression theirs
        podman rm -f -v theirs >/dev/null
        podman volume rm -f pdata >/dev/null
        run podsharp container restore --import "$work/theirs"
        exit_is 0
        goes_on theirs
        counted_on theirs
        equal "$(podsharp inspect --format '{{.Id}} {{.Config.Labels.kept}} {{.HostConfig.Memory}} {{.ImageName}}' theirs)" "$id yes 67108864 $image"
        equal "$(podsharp exec theirs cat /root-file /data/file /dev/shm/file | tr '\n' ' ')" "root volume shared "
        equal "$(podsharp port theirs)" "80/tcp -> 127.0.0.1:7711"
        run podsharp exec theirs test -e /home
        exit_is 1
        podsharp rm -f -t 0 theirs >/dev/null
        podsharp volume rm pdata >/dev/null
        podman volume create pdata >/dev/null
    done
    podman volume rm pdata >/dev/null
}

it_exports_what_podman_restores() {
    local compression id before
    for compression in zstd gzip none; do
        podsharp volume create data >/dev/null
        start_counting ours -v data:/data --label kept=yes -p 127.0.0.1:7712:80 -m 64m --env A=b
        id=$(podsharp inspect --format '{{.Id}}' ours)
        podsharp exec ours sh -c 'echo root >/root-file; echo volume >/data/file; echo shared >/dev/shm/file; rmdir /home'
        podsharp container checkpoint -e "$work/ours" -c $compression ours
        before=$(last ours)
        podsharp rm -f -v ours >/dev/null
        podsharp volume rm data >/dev/null
        run podman container restore --import "$work/ours"
        exit_is 0
        engine=podman eventually 20 counts_to ours $((before + 3))
        equal "$(podman inspect --format '{{.Id}} {{.Config.Labels.kept}} {{.HostConfig.Memory}} {{.ImageName}}' ours)" "$id yes 67108864 $image"
        equal "$(podman exec ours cat /root-file /data/file /dev/shm/file | tr '\n' ' ')" "root volume shared "
        equal "$(podman port ours)" "80/tcp -> 127.0.0.1:7712"
        podman rm -f -t 0 -v ours >/dev/null
        podman volume rm data >/dev/null
    done
}

it_goes_through_images() {
    local id before annotations='keys[] | select(startswith("io.podman.annotations.checkpoint."))'
    start_counting img
    id=$(podsharp inspect --format '{{.Id}}' img)
    podsharp exec img sh -c 'echo root >/root-file'
    podsharp container checkpoint --create-image localhost/ck:1 img
    before=$(last img)
    podsharp rm img >/dev/null
    equal "$(podsharp container restore localhost/ck:1)" "$id"
    goes_on img
    counted_on img
    podsharp rm -f -t 0 img >/dev/null
    # podman's restore of ours, and its own image for comparison.
    podman container restore localhost/ck:1
    engine=podman eventually 20 counts_to img $((before + 3))
    podman exec img cat /root-file
    podman_checkpoints --create-image localhost/ck:2 img
    podman rm img >/dev/null
    equal "$(podsharp image inspect localhost/ck:1 | jq -r ".[0].Annotations | $annotations" | grep -v podman.version)" \
        "$(podman image inspect localhost/ck:2 | jq -r ".[0].Annotations | $annotations" | grep -v podman.version)"
    for key in rootfsImageID rootfsImageName rawImageName criu.version name host.arch host.kernel cgroups.version distribution.name distribution.version runtime.name; do
        equal "$key $(podsharp image inspect localhost/ck:1 | jq -r --arg k "io.podman.annotations.checkpoint.$key" '.[0].Annotations[$k]')" \
            "$key $(podman image inspect localhost/ck:2 | jq -r --arg k "io.podman.annotations.checkpoint.$key" '.[0].Annotations[$k]')"
    done
    podsharp container restore localhost/ck:2
    goes_on img
    equal "$(podsharp exec img cat /root-file)" root
    run podsharp container restore "$image"
    exit_is 125
    complains "is no checkpoint's"
    run podsharp container restore --name a localhost/ck:1 localhost/ck:2
    exit_is 125
    podsharp container restore --name other localhost/ck:1
    goes_on other
    podsharp rm -f -t 0 -a >/dev/null
    podsharp rmi localhost/ck:1 localhost/ck:2 >/dev/null
}

it_takes_a_new_name_and_other_ports() {
    start_counting first -p 127.0.0.1:7713:80
    podsharp container checkpoint --leave-running -e "$work/first" first
    local address
    address=$(podsharp inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' first)
    # Beside the one that runs on.
    podsharp container restore --import "$work/first" --name second --publish 127.0.0.1:7714:81
    goes_on second
    goes_on first
    equal "$(podsharp port second)" "81/tcp -> 127.0.0.1:7714"
    [[ $(podsharp inspect --format '{{.Id}}' first) != $(podsharp inspect --format '{{.Id}}' second) ]]
    [[ $(podsharp inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' second) != "$address" ]]
    podsharp rm -f -t 0 first second >/dev/null
    podsharp container restore --import "$work/first" --ignore-static-ip --ignore-static-mac
    goes_on first
    run podsharp container restore --import "$work/first" --name third --tcp-established
    exit_is 125
    complains 'tcp-established cannot be used with --name'
}

it_leaves_out_what_it_is_told_to() {
    podsharp volume create data >/dev/null
    start_counting less -v data:/data
    podsharp exec less sh -c 'echo root >/root-file; echo volume >/data/file'
    podsharp container checkpoint --leave-running -e "$work/whole" -c none less
    podsharp container checkpoint -e "$work/less" -c none --ignore-rootfs --ignore-volumes less
    equal "$(tar -tf "$work/less" | grep -E 'rootfs|volumes')" ''
    equal "$(tar -tf "$work/whole" | grep -E 'rootfs|volumes' | tr '\n' ' ')" 'rootfs-diff.tar volumes/data.tar '
    podsharp rm less >/dev/null
    run podsharp container restore --import "$work/whole"
    exit_is 125
    complains 'volume with name data already exists'
    equal "$(podsharp ps -aq)" ''
    podsharp container restore --import "$work/whole" --ignore-volumes --ignore-rootfs
    goes_on less
    run podsharp exec less cat /root-file
    exit_is 1
    equal "$(podsharp exec less cat /data/file)" volume
    podsharp rm -f -t 0 less >/dev/null
    podsharp volume rm data >/dev/null
    podsharp container restore --import "$work/less"
    goes_on less
    run podsharp exec less cat /root-file /data/file
    exit_is 1
    run podsharp container checkpoint --ignore-rootfs less
    exit_is 125
    complains 'ignore-rootfs can only be used with --export'
    run podsharp container checkpoint --compress gzip less
    exit_is 125
    run podsharp container restore --ignore-volumes less
    exit_is 125
    run podsharp container restore --import "$work/less" less
    exit_is 125
}

it_moves_between_pods() {
    podsharp pod create --name one >/dev/null
    start_counting member --pod one
    podsharp container checkpoint -e "$work/member" member
    podsharp rm member >/dev/null
    podsharp pod rm -f -t 0 one >/dev/null
    run podsharp container restore --import "$work/member"
    exit_is 125
    complains 'without --pod'
    podsharp pod create --name two >/dev/null
    podsharp container restore --import "$work/member" --pod two
    goes_on member
    equal "$(podsharp inspect --format '{{.Pod}}' member)" "$(podsharp pod inspect --format '{{.Id}}' two)"
    podsharp pod rm -f -t 0 two >/dev/null
    podsharp pod create --name three --share ipc >/dev/null
    run podsharp container restore --import "$work/member" --pod three
    exit_is 125
    complains 'three does not share'
    podsharp pod rm -f -t 0 three >/dev/null
    start_counting single
    podsharp container checkpoint -e "$work/single" single
    podsharp rm single >/dev/null
    podsharp pod create --name four >/dev/null
    run podsharp container restore --import "$work/single" --pod four
    exit_is 125
    podsharp pod rm -f -t 0 four >/dev/null
    nothing_is_left
}

it_exchanges_members_of_pods_with_podman() {
    podman pod create --name theirs >/dev/null
    engine=podman start_counting member --pod theirs
    podman_checkpoints -e "$work/member" member
    podman pod rm -f -t 0 theirs >/dev/null
    podsharp pod create --name ours >/dev/null
    podsharp container restore --import "$work/member" --pod ours
    goes_on member
    podsharp container checkpoint -e "$work/back" member
    podsharp pod rm -f -t 0 ours >/dev/null
    podman pod create --name theirs >/dev/null
    podman container restore --import "$work/back" --pod theirs
    local before
    before=$(engine=podman last member)
    engine=podman eventually 20 counts_to member $((before + 3))
    podman pod rm -f -t 0 theirs >/dev/null
}

it_exports_containers_that_go() {
    start_counting auto --rm
    podsharp container checkpoint -e "$work/auto" auto
    run podsharp inspect auto
    exit_is 125
    podsharp container restore --import "$work/auto"
    goes_on auto
    # One whose archive can't be written stays, for its checkpoint is nowhere else.
    mount -t tmpfs -o size=8k tmpfs "$work"
    run podsharp container checkpoint -e "$work/full" auto
    umount "$work"
    exit_is 125
    one_sentence
    complains 'its checkpoint is whole'
    state_is auto exited
    podsharp container restore auto
    goes_on auto
    run podsharp container checkpoint -e /nonexistent/archive auto
    exit_is 125
    state_is auto running
}

# What isn't an archive of a checkpoint, or not any more, is refused, and leaves nothing.
refused() {
    run podsharp container restore --import "$1"
    exit_is 125
    one_sentence
    complains "$2"
    nothing_is_left
}

it_refuses_damaged_archives() {
    local compression size at
    start_counting damaged
    for compression in zstd gzip none; do
        podsharp container checkpoint --leave-running -e "$work/$compression" -c $compression damaged
    done
    podsharp rm -f -t 0 damaged >/dev/null
    for compression in zstd gzip none; do
        size=$(stat -c %s "$work/$compression")
        for at in 0 1 100 $((size / 3)) $((size / 2)) $((size - 1600)) ; do
            head -c $at "$work/$compression" >"$work/cut"
            refused "$work/cut" 'archive|tar'
        done
    done
    # Between two members, so that what is there is whole.
    mkdir "$work/x"
    tar -xf "$work/none" -C "$work/x"
    at=$(tar -tRf "$work/none" | sed -n 's/^block \([0-9]*\): checkpoint\/pages-1.img$/\1/p')
    head -c $((at * 512)) "$work/none" >"$work/cut"
    refused "$work/cut" 'archive'
    # A byte of memory.
    cp "$work/none" "$work/flipped"
    printf '\xff\xfe\xfd' | dd of="$work/flipped" bs=1 seek=$((at * 512 + 512 + 5000)) conv=notrunc 2>/dev/null
    refused "$work/flipped" 'pages-1.img is not what it was'
    printf 'no tar' >"$work/text"
    refused "$work/text" 'archive'
    (cd "$work/x" && rm checkpoint/inventory.img podsharp.digests && tar -cf "$work/lacking" *)
    refused "$work/lacking" 'no whole images'
    tar -xf "$work/none" -C "$work/x"
    (cd "$work/x" && rm config.dump podsharp.digests && tar -cf "$work/lacking" *)
    refused "$work/lacking" 'config.dump'
    tar -xf "$work/none" -C "$work/x"
    (cd "$work/x" && rm podsharp.digests && echo '{"id":' >config.dump && tar -cf "$work/lacking" *)
    refused "$work/lacking" 'definition'
    rm "$work/x/checkpoint/pages-1.img"
    tar -xf "$work/none" -C "$work/x" config.dump
    # Nothing tells but CRIU: the container that was made for it goes.
    (cd "$work/x" && rm -f podsharp.digests && tar -cf "$work/lacking" *)
    refused "$work/lacking" 'CRIU says'
    podsharp container restore --import "$work/none"
    goes_on damaged
}

it_refuses_hostile_archives() {
    start_counting hostile
    podsharp exec hostile touch /changed
    podsharp container checkpoint -e "$work/good" -c none hostile
    podsharp rm hostile >/dev/null
    mkdir "$work/x"
    # The good one with further members at its end, or others in their place.
    python3 - "$work" <<'PY'
import sys
# Python's own tarfile is not part of the minimal one, and would refuse to write some of these.
def header(kind, name, link, size):
    text = bytearray(512)
    for at, field in ((0, name.encode()), (100, b'0000600'), (108, b'0000000'), (116, b'0000000'), (124, b'%011o' % size), (136, b'00000000000'),
                      (148, b' ' * 8), (156, kind.encode()), (157, link.encode()), (257, b'ustar\x0000')):
        text[at:at + len(field)] = field
    text[148:156] = b'%06o\x00 ' % sum(text)
    return bytes(text)
def member(kind, name, link='', data=b''):
    return header(kind, name, link, len(data)) + data + bytes(-len(data) % 512)
def members(text):
    at = 0
    while any(text[at:at + 512]):
        size = int(text[at + 124:at + 135], 8)
        end = at + 512 + size + -size % 512
        yield text[at:at + 100].rstrip(b'\x00').decode(), text[at:end]
        at = end
work = sys.argv[1]
good = {name: text for name, text in members(open(f'{work}/good', 'rb').read()) if name != 'podsharp.digests'}
def make(name, *added, **replaced):
    with open(f'{work}/{name}', 'wb') as bad:
        for other, text in good.items():
            bad.write(replaced.get(other, text))
        bad.write(b''.join(added) + bytes(1024))
def inner(*added):
    return {'rootfs-diff.tar': member('0', 'rootfs-diff.tar', data=b''.join(added) + bytes(1024))}
make('climbs', member('0', '../../escaped', data=b'x'))
make('climbs-inside', member('0', 'checkpoint/../../../escaped', data=b'x'))
make('links', member('2', 'checkpoint/extra.img', '/etc/passwd'))
make('parent', member('2', 'checkpoint/parent', '/etc'))
make('hardlink', member('1', 'checkpoint/extra.img', 'config.dump'))
make('device', member('3', 'checkpoint/extra.img'))
make('twice', member('0', 'checkpoint/inventory.img', data=b'x'))
make('inner-climbs', **inner(member('0', '../../../../../../escaped', data=b'x')))
make('inner-link', **inner(member('2', 'way', '/'), member('0', 'way/escaped', data=b'x')))
make('deleted', member('0', 'deleted.files', data=b'["/../../../../../../../../../../sentinel", "/way/../../sentinel"]'))
make('volume', member('0', 'volumes/precious.tar', data=bytes(1024)), **{'checkpoint/pages-1.img': b''})
make('deleted-kind', member('0', 'deleted.files', data=b'{"a": 1}'))
PY
    touch /sentinel
    refused "$work/climbs" 'outside'
    refused "$work/climbs-inside" 'outside'
    refused "$work/links" 'no plain file'
    refused "$work/parent" 'leads elsewhere'
    refused "$work/hardlink" 'no plain file'
    refused "$work/device" 'no plain file'
    refused "$work/twice" 'twice'
    refused "$work/inner-climbs" 'outside'
    refused "$work/deleted-kind" 'deleted.files'
    # Restored up to where CRIU fails: a volume that isn't the container's is none of its.
    podsharp volume create precious >/dev/null
    run podsharp container restore --import "$work/volume"
    exit_is 125
    equal "$(podsharp volume ls -q)" precious
    podsharp volume rm precious >/dev/null
    nothing_is_left
    # Links of the container's own lead to its own root.
    podsharp container restore --import "$work/inner-link"
    equal "$(podsharp exec hostile cat /escaped)" x
    podsharp rm -f -t 0 hostile >/dev/null
    run podsharp container restore --import "$work/deleted"
    podsharp rm -f -t 0 -a >/dev/null
    [[ -e /sentinel ]] || fail "a file of the host is gone"
    equal "$(find / -xdev -name escaped -not -path '/proc/*' -not -path '*/overlay/*' | head)" ''
}

it_leaves_nothing_where_it_can_not_restore() {
    podsharp network create net >/dev/null
    printf x | podsharp secret create word - >/dev/null
    start_counting here --network net -v data:/data --secret word
    podsharp container checkpoint -e "$work/here" here
    run podsharp container restore --import "$work/here"
    exit_is 125
    complains 'in use'
    podsharp rm here >/dev/null
    podsharp volume rm data >/dev/null
    podsharp network rm net >/dev/null
    run podsharp container restore --import "$work/here"
    exit_is 125
    complains net
    nothing_is_left
    podsharp network create net >/dev/null
    podsharp secret rm word >/dev/null
    run podsharp container restore --import "$work/here"
    exit_is 125
    complains word
    nothing_is_left
    printf x | podsharp secret create word - >/dev/null
    # The address that it had belongs to another by now.
    podsharp run -d --name taker --network net --ip "$(tar -xOf <(zstd -dc "$work/here" 2>/dev/null || cat "$work/here") network.status 2>/dev/null | jq -r '.net.interfaces[].subnets[0].ipnet' | cut -d/ -f1)" "$image" sleep 100 >/dev/null
    run podsharp container restore --import "$work/here"
    exit_is 125
    podsharp rm -f -t 0 taker >/dev/null
    nothing_is_left
    podsharp container restore --import "$work/here"
    goes_on here
    podsharp rm -f -t 0 here >/dev/null
    podsharp network rm net >/dev/null
    podsharp secret rm word >/dev/null
}

it_survives_a_kill_anywhere() {
    local point
    start_counting kill -v data:/data
    podsharp exec kill sh -c 'echo root >/root-file; echo volume >/data/file'
    # Killed while it exports, it has its checkpoint.
    run env PODSHARP_KILL_AT=container.checkpoint.exported podsharp container checkpoint -e "$work/kill" kill
    exit_is 137
    podsharp container restore kill
    goes_on kill
    podsharp container checkpoint -e "$work/kill" kill
    podsharp rm kill >/dev/null
    podsharp volume rm data >/dev/null
    for point in container.import.root container.import.volumes container.import.filled; do
        run env PODSHARP_KILL_AT=$point podsharp container restore --import "$work/kill"
        exit_is 137
        equal "$(podsharp ps -aq)" ''
        podsharp volume rm -f data >/dev/null
    done
    run env PODSHARP_KILL_AT=container.import.made podsharp container restore --import "$work/kill"
    exit_is 137
    state_is kill exited
    podsharp container restore kill
    goes_on kill
    counted_on kill
    equal "$(podsharp exec kill cat /root-file /data/file | tr '\n' ' ')" 'root volume '
}

run_suite "$@"
