#!/bin/bash
# Runs inside the virtual machine: checkpoints where control groups are version 2, systemd makes them, CRIU can track memory and AppArmor confines.
. "${BASH_SOURCE[0]%/*}/../e2e/lib.sh"
. "${BASH_SOURCE[0]%/*}/power.sh"

before_all() { import_image; }

counting='i=0; while :; do i=$((i+1)); echo $i; [ ! -e /ask ] || { rm /ask; md5sum >/answer; }; sleep 0.2; done'
last() { podsharp logs "$1" 2>/dev/null | tail -n 1; }
counts_to() { [[ $(last "$1") -ge $2 ]]; }
start_counting() { podsharp "${engine_options[@]}" run -d --name "$@" "$image" sh -c "$counting" >/dev/null && eventually 60 counts_to "$1" 2; }
engine_options=()

# Without a gap, without a beginning anew.
counted_on() {
    eventually 60 counts_to "$1" $(($2 + 2))
    podsharp logs "$1" | awk '$1 != NR { exit 1 }' || fail "$1 has lost count: $(podsharp logs "$1" | tail -n 5)"
}

it_checkpoints_all_before_a_reboot_and_restores_all_after_it() {
    local one two id
    engine_options=(--runtime crun --cgroup-manager systemd)
    start_counting one --restart always
    engine_options=(--runtime runc)
    start_counting two --restart unless-stopped
    podsharp system boot-unit --enable
    equal "$(podsharp container checkpoint --all | wc -l)" 2
    equal "$(podsharp ps -q)" ''
    one=$(last one) two=$(last two)
    power_off
    # They wait to be restored: the boot doesn't start them anew.
    systemctl start podsharp-restart.service
    equal "$(podsharp ps -q)" ''
    equal "$(podsharp inspect one two --format '{{.State.Status}} {{.State.Checkpointed}}' | uniq)" 'exited true'
    equal "$(podsharp container restore --all | wc -l)" 2
    counted_on one "$one"
    counted_on two "$two"
    id=$(podsharp inspect one --format '{{.Id}}')
    grep -q "/machine.slice/podsharp-$id.scope" "/proc/$(podsharp inspect one --format '{{.State.Pid}}')/cgroup"
    systemctl is-active "podsharp-$id.scope"
    podsharp system boot-unit --disable
    podsharp rm -f -t 0 one two
    same_boot_again
}

# dd has read the data into its buffer and writes them to who counts, who reads them when asked to.
it_writes_in_a_second_round_what_has_changed_since_the_first() {
    local first second before
    criu check --feature mem_dirty_track
    podsharp run -d --name rounds "$image" sh -c "head -c 20971520 /dev/zero | tr '\\0' x >/data; dd if=/data bs=20971520 | { $counting; }" >/dev/null
    eventually 60 counts_to rounds 2
    has_read() { [[ $(ps -C dd -o rss=) -gt 20480 ]]; }
    eventually 60 has_read
    pages() { podsharp container checkpoint --print-stats "$@" | jq '.container_statistics[0].criu_statistics.pages_written'; }
    first=$(pages --pre-checkpoint rounds)
    equal "$(podsharp inspect rounds --format '{{.State.Status}}')" running
    second=$(pages --with-previous rounds)
    echo "pages written: $first, then $second"
    [[ $first -ge 5120 && $((second * 10)) -lt $first ]] || fail "$first pages, then $second"
    before=$(last rounds)
    podsharp container restore rounds
    counted_on rounds "$before"
    # Both rounds' pages make what was there.
    podsharp exec rounds touch /ask
    eventually 60 podsharp exec rounds test -s /answer
    equal "$(podsharp exec rounds cat /answer)" "$(head -c 20971520 /dev/zero | tr '\0' x | md5sum)"
    podsharp rm -f -t 0 rounds
}

it_is_confined_as_before() {
    local before profile
    start_counting confined
    profile=$(cat "/proc/$(podsharp inspect confined --format '{{.State.Pid}}')/attr/current")
    equal "$profile" 'podsharp-default-1 (enforce)'
    podsharp container checkpoint confined
    before=$(last confined)
    podsharp container restore confined
    equal "$(cat "/proc/$(podsharp inspect confined --format '{{.State.Pid}}')/attr/current")" "$profile"
    counted_on confined "$before"
    # It isn't frozen as it was for CRIU, and can be frozen again.
    podsharp pause confined
    podsharp unpause confined
    podsharp rm -f -t 0 confined
}

run_suite "$@"
