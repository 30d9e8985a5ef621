#!/bin/bash
# Builds Podsharp.
#   ./build.sh [build|install|clean] [MSBuild option]...
#   ./build.sh demo
#   ./build.sh test [SUITE]...          ./build.sh bench [MEASUREMENT]...
# The logic is in build.proj; this front sees to the system packages: as root it installs what is missing, otherwise it
# names the command that does.
set -euo pipefail
cd "$(dirname "$0")"
task=build
if [[ $# -gt 0 && $1 != -* ]]; then
    task=$1
    shift
fi
case $task in
    build | demo | test | bench | install | clean) ;;
    *)
        echo "build.sh: unknown task '$task'; the tasks are build, demo, test, bench, install and clean" >&2
        exit 2 ;;
esac
# .NET ends at once where ICU is missing, unless it is told to do without.
compgen -G '/usr/lib*/libicuuc.so.*' >/dev/null || compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null ||
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
[[ $task == clean ]] || eng/requirements.sh "$task"
# No build server outlives the build.
export MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 UseSharedCompilation=false
case $task in
    demo | test | bench)
        # Before the build: the cmdlets are compiled for the PowerShell that is there.
        if powershell=$(eng/powershell.sh); then
            [[ -z $powershell ]] || export PATH="$powershell:$PATH"
        else
            echo "build.sh: no PowerShell 7.6 with Pester 5, and none could be installed: what needs one is left out" >&2
        fi ;;
esac
case $task in
    demo | test | bench)
        # These speak to the person at the terminal: MSBuild builds, then makes room.
        dotnet msbuild build.proj -nologo -v:m -t:build
        case $task in
            demo) exec demo/run.sh "$@" ;;
            test) exec tests/run.sh "$@" ;;
            bench) exec bench/run.sh "$@" ;;
        esac ;;
esac
exec dotnet msbuild build.proj -nologo -v:m "-t:$task" "$@"
