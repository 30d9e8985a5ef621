#!/bin/bash
# Runs the tests and ends with the line `N passed, N failed, N skipped`; the exit code is 1 if one failed.
#
#   tests/run.sh [unit|e2e|debian12|umask077|rootless|module|vm|KIND/NAME]...      default: all
#
# Kinds: unit (dotnet test), e2e (tests/e2e in the test host), debian12 (the same with Debian 12's components), umask077 (the
# same under umask 077), rootless (as an ordinary user), module (Pester), vm (a virtual machine with cgroup v2, systemd, AppArmor and SELinux).
# A suite under tests/e2e says in its line `# runs:` where it runs. Logs: out/test/.
set -uo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
cd "$repo"
results=$repo/out/test
mkdir -p "$results"
jobs=${PODSHARP_TEST_JOBS:-2}
wanted=("$@")
passed=0 failed=0 skipped=0
roots=()

# A suite that hangs costs its own time only.
declare -A limit=([unit]=1500 [e2e]=900 [debian12]=900 [umask077]=900 [rootless]=600 [module]=900 [vm]=1200)

is_wanted() {
    local one
    [[ ${#wanted[@]} -gt 0 ]] || return 0
    for one in "${wanted[@]}"; do
        [[ $1 == "$one" || $1 == "$one"/* ]] && return 0
    done
    return 1
}

# Prints the names of all suites, longest first, so that the last ones are short.
suites() {
    local file kinds kind
    echo unit
    for file in tests/e2e/*.sh; do
        # The others are sourced.
        grep -q '^run_suite ' "$file" || continue
        kinds=$(sed -n 's/^# runs: *//p' "$file" | head -n 1)
        for kind in ${kinds:-testing}; do
            echo "${kind/#testing/e2e}/$(basename "$file" .sh)"
        done
    done
    for file in tests/module/*.Tests.ps1; do
        [[ -e $file ]] && echo "module/$(basename "$file" .Tests.ps1)"
    done
    echo vm
}

run_unit() {
    dotnet test tests/unit/Podsharp.UnitTests.csproj -v q -nologo 2>&1
}

run_vm() {
    tests/vm/smoke.sh 2>&1
}

run_module() {
    local file=$1.Tests.ps1
    if ! command -v pwsh >/dev/null; then
        local count
        count=$(grep -cE '^[[:space:]]*It[[:space:]]' "tests/module/$file")
        for ((i = 1; i <= count; i++)); do echo "ok $i - $1 test $i # SKIP pwsh is not on PATH"; done
        echo "1..$count"
        return
    fi
    tests/host/enter pwsh -NoProfile -NonInteractive -File /tests/module/run.ps1 "$file" 2>&1
}

# A suite with the line `# needs: previous` is shown an earlier version of Podsharp, one with `# needs: systemd` the root of an image that boots.
run_e2e() {
    local options=()
    if grep -q '^# needs: previous$' "tests/e2e/$1.sh"; then
        tests/versions/previous.sh >"out/test/previous" || return 1
        mapfile -t options <out/test/previous
    fi
    ! grep -q '^# needs: systemd$' "tests/e2e/$1.sh" || options=(--systemd)
    tests/host/enter "${options[@]}" bash "/tests/e2e/$1.sh" 2>&1
}

run_suite() {
    local kind=${1%%/*} name=${1#*/}
    case $kind in
        unit) run_unit ;;
        vm) run_vm ;;
        module) run_module "$name" ;;
        e2e) run_e2e "$name" ;;
        debian12) tests/host/enter --debian12 bash "/tests/e2e/$name.sh" 2>&1 ;;
        umask077) tests/host/enter bash -c "umask 077; exec bash /tests/e2e/$name.sh" 2>&1 ;;
        rootless) tests/host/enter --rootless bash "/tests/e2e/$name.sh" 2>&1 ;;
        *) echo "run.sh: unknown kind '$kind'"; return 2 ;;
    esac
}
export -f run_suite run_e2e run_unit run_vm run_module

# Runs one suite into its log; the log's last line is its exit code.
start() {
    local log=$results/${1//\//-}.log code=0 begin=$SECONDS
    timeout -k 10 "${limit[${1%%/*}]}" bash -c 'run_suite "$1"' run "$1" >"$log" 2>&1 </dev/null || code=$?
    # On a line of its own, wherever the suite was cut off.
    printf '\nafter %s s: exit code %s\n' $((SECONDS - begin)) "$code" >>"$log"
    echo "ran $1 ($((SECONDS - begin)) s)"
}

count() {
    local suite=$1 log=$results/${1//\//-}.log ok bad skips code seconds
    code=$(tail -n 1 "$log" | sed 's/.*exit code //')
    seconds=$(tail -n 1 "$log" | sed 's/^after \([0-9]*\) s:.*/\1/')
    if [[ $suite == unit ]] && grep -qE '^(Passed|Failed)! ' "$log"; then
        read -r bad ok skips < <(sed -nE 's/^(Passed|Failed)!.*Failed: *([0-9]+), Passed: *([0-9]+), Skipped: *([0-9]+),.*/\2 \3 \4/p' "$log" |
            awk '{f += $1; p += $2; s += $3} END {print f, p, s}')
    else
        skips=$(grep -cE '^ok .*# SKIP' "$log")
        ok=$(($(grep -cE '^ok ' "$log") - skips))
        bad=$(grep -cE '^not ok ' "$log")
        # No plan at the end: it died on the way.
        if ! grep -qE '^1\.\.[0-9]+$' "$log"; then
            bad=$((bad + 1))
            [[ $code != 124 && $code != 137 ]] || echo "not ok - no end within its time" >>"$log"
        fi
    fi
    if [[ $bad -eq 0 && $code != 0 ]]; then bad=1; fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skips))
    printf '%-28s %4d s: %4d passed, %d failed, %d skipped\n' "$suite" "$seconds" "$ok" "$bad" "$skips"
    grep -E '# SKIP' "$log" | sed 's/^ok [0-9]* - /  skipped: /; s/# SKIP/:/' | sort | uniq | head -n 20
    if [[ $bad -gt 0 ]]; then
        if [[ $suite == unit ]] || ! grep -q '^not ok' "$log"; then
            tail -n 60 "$log" | sed 's/^/  /'
        else
            awk '/^not ok/ {show = 1; print; next} /^#/ && show {print; next} {show = 0}' "$log" | head -n 200 | sed 's/^/  /'
        fi
    fi
}

# The roots are made before the clock of a suite runs.
mapfile -t all < <(suites)
chosen=()
for suite in "${all[@]}"; do is_wanted "$suite" && chosen+=("$suite"); done
[[ ${#chosen[@]} -gt 0 ]] || { echo "run.sh: no suite is called ${wanted[*]}; there are: ${all[*]}" >&2; exit 2; }
for suite in "${chosen[@]}"; do
    case $suite in
        unit) ;;
        vm | e2e/systemd) roots[2]=systemd ;;&
        vm) ;;
        debian12/*) roots[1]=debian12 ;;
        *) roots[0]=testing ;;
    esac
done
if [[ ${#roots[@]} -gt 0 ]]; then
    tests/host/build.sh "${roots[@]}" || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
fi

running=0
for suite in "${chosen[@]}"; do
    # These load all cores by themselves.
    if [[ $suite == unit || $suite == vm ]]; then
        while [[ $running -gt 0 ]]; do wait -n; running=$((running - 1)); done
        start "$suite"
        continue
    fi
    if [[ $running -ge $jobs ]]; then
        wait -n
        running=$((running - 1))
    fi
    start "$suite" &
    running=$((running + 1))
done
wait
for suite in "${chosen[@]}"; do count "$suite"; done
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
