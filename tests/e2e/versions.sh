#!/bin/bash
# Two versions of Podsharp on one state: sessions, exit commands and upgrades overlap.
# needs: previous
. "${BASH_SOURCE[0]%/*}/lib.sh"

state=/var/lib/containers/storage/podsharp

before_all() {
    import_image
    # The state is there also where there is no earlier version to make it.
    podsharp rm "$(podsharp create "$image" true)"
    # Exit commands find no variables: the earlier version isn't compiled ahead of time and looks for .NET.
    mkdir -p /etc/dotnet
    echo "${DOTNET_ROOT:-}" >/etc/dotnet/install_location
}

# The version before the last change of the state (tests/versions/previous.sh).
previous() { /podsharp-previous/podsharp "$@"; }
need_previous() { [[ -x /podsharp-previous/podsharp ]] || skip "${PODSHARP_NO_PREVIOUS:-run through tests/run.sh}"; }
sql() { sqlite3 -cmd '.timeout 5000' $state/state.db "$1"; }
status_of() { podsharp inspect "$1" --format '{{.State.Status}} {{.State.ExitCode}}'; }
is() { [[ $(status_of "$1") == "$2" ]]; }

it_lets_an_exit_command_of_the_previous_version_clean_up() {
    need_previous
    # A container of the earlier version ends when the present one has been at work on the state.
    previous run -d --name old -v data:/data -p 8090:80 "$image" sh -c 'sleep 2; exit 3'
    podsharp run --name new --label a=b --memory 50m --network none "$image" true
    podsharp rename new newer
    local copy
    copy=$(sql "SELECT executable FROM containers WHERE name = 'old'")
    [[ $copy != "$(sql "SELECT executable FROM containers WHERE name = 'newer'")" ]] || fail 'both have the same executable'
    # Nobody waits for it: what takes it down is its exit command, the copy of the earlier version. Looking through the database only
    # changes nothing.
    is_down() { [[ $(sql "SELECT state, exit_code FROM containers WHERE name = 'old'") == "$(sql "SELECT state, 3 FROM containers WHERE name = 'newer'")" ]]; }
    eventually 20 is_down
    equal "$(status_of old)" 'exited 3'
    run podsharp system check --quick
    exit_is 0
    # Its copy goes with it.
    podsharp rm -v old newer
    [[ ! -e $state/bin/$copy ]] || fail 'the earlier copy is still there'
    podsharp volume rm data 2>/dev/null || true
}

it_lets_the_previous_version_clean_up_after_the_present_one() {
    need_previous
    podsharp run -d --name present --label a=b --cpus 0.5 --read-only --stop-timeout 1 --network none "$image" sh -c 'exit 4'
    previous container cleanup "$(podsharp inspect present --format '{{.Id}}')" || true
    equal "$(status_of present)" 'exited 4'
    equal "$(previous inspect present --format '{{.State.Status}} {{.State.ExitCode}}')" 'exited 4'
    previous start present
    eventually 10 is present 'exited 4'
    previous rm present
    run podsharp ps -aq
    equal "$output" ''
}

it_shares_the_state_with_an_open_session_of_the_previous_version() {
    need_previous
    local n
    for n in {1..5}; do
        previous run -d --name "old$n" --network none "$image" sleep 1000
        podsharp run -d --name "new$n" --network none "$image" sleep 1000
    done
    equal "$(previous ps -q --no-trunc | sort)" "$(podsharp ps -q --no-trunc | sort)"
    previous stop -t 0 new1 old1
    podsharp stop -t 0 new2 old2
    previous rm -f -t 0 new3 old3
    podsharp rm --all -f -t 0
    run previous ps -aq
    equal "$output" ''
    run podsharp system check --quick
    exit_is 0
}

# What a later minor version may do: columns with defaults, tables of its own.
newer_minor() {
    podsharp ps -a >/dev/null
    cp -a $state /tmp/state
    sql "ALTER TABLE containers ADD COLUMN later TEXT NOT NULL DEFAULT 'x'"
    sql 'CREATE TABLE later (a TEXT PRIMARY KEY)'
    sql "PRAGMA user_version = $(($(sql 'PRAGMA user_version') + 1))"
}

restored() {
    rm -r $state
    mv /tmp/state $state
}

it_works_on_the_state_of_a_newer_minor_version() {
    newer_minor
    local program version
    version=$(sql 'PRAGMA user_version')
    for program in podsharp previous; do
        [[ $program == podsharp || -x /podsharp-previous/podsharp ]] || continue
        $program run -d --name later -v kept:/data --network none "$image" sh -c 'sleep 0.3; exit 5'
        equal "$($program wait later)" 5
        $program rename later latest
        equal "$($program ps -a --format '{{.Names}}')" latest
        $program rm latest
        equal "$(sql 'PRAGMA user_version')" "$version"
    done
    equal "$(sql "SELECT count(*) FROM pragma_table_info('containers') WHERE name = 'later'")" 1
    podsharp volume rm kept
    restored
}

it_refuses_the_state_of_a_newer_major_version_in_one_sentence() {
    podsharp ps -a >/dev/null
    cp -a $state /tmp/state
    sql 'PRAGMA user_version = 2000'
    for program in podsharp previous; do
        [[ $program == podsharp || -x /podsharp-previous/podsharp ]] || continue
        for command in 'ps -a' 'run --rm IMAGE true' 'volume ls' 'container cleanup abc'; do
            run $program ${command/IMAGE/$image}
            exit_is 125
            one_sentence
            complains 'newer major version of Podsharp'
        done
    done
    equal "$(sql 'PRAGMA user_version')" 2000
    # The check tells it, too, and changes nothing.
    run podsharp system check --quick --repair
    exit_is 125
    equal "$(sql 'PRAGMA user_version')" 2000
    restored
}

run_suite "$@"
