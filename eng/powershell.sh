#!/bin/bash
# Prints the directory of a PowerShell that serves (7.6 or later, with Pester 5), to be put before PATH; nothing if the one on
# PATH does. Without one, it is made of packages: once, below PODSHARP_TOOLS (/var/cache/podsharp, or the user's cache).
# Exit code 1 where that can't be done.
set -euo pipefail
cd "$(dirname "$0")"
export POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

serves() {
    "$1" -NoProfile -NonInteractive -Command 'exit [int]!($PSVersionTable.PSVersion -ge "7.6" -and
        (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 }))' >/dev/null 2>&1
}

if command -v pwsh >/dev/null && serves pwsh; then exit 0; fi
tools=${PODSHARP_TOOLS:-}
if [[ -z $tools && $EUID == 0 ]]; then tools=/var/cache/podsharp; fi
[[ -n $tools ]] || tools=${XDG_CACHE_HOME:-$HOME/.cache}/podsharp
home=$tools/powershell-$(sha256sum PowerShell.proj powershell.sh | sha256sum | cut -c 1-12)
if [[ ! -x $home/pwsh ]]; then
    echo "Installing PowerShell and Pester in $home" >&2
    mkdir -p "$tools"
    part=$(mktemp -d "$tools/powershell-part-XXXXXX")
    trap 'rm -rf "$part"' EXIT
    dotnet msbuild PowerShell.proj -restore -t:Install -v:q -nologo "-p:Destination=$part/home" "-p:ArtifactsPath=$part/work" >"$part/log" 2>&1 ||
        { tail -n 5 "$part/log" >&2; exit 1; }
    # Beside what belongs to it, where PowerShell looks for itself.
    cat >"$part/home/pwsh" <<'LAUNCHER'
#!/bin/sh
home=$(dirname "$(readlink -f "$0")")
[ -x "${DOTNET_ROOT:-}/dotnet" ] && exec "$DOTNET_ROOT/dotnet" "$home/pwsh.dll" "$@"
exec dotnet "$home/pwsh.dll" "$@"
LAUNCHER
    chmod -R u=rwX,go=rX "$part/home"
    chmod 755 "$part/home/pwsh"
    serves "$part/home/pwsh" || { echo "PowerShell from the package registry does not run" >&2; exit 1; }
    rm -rf "$home"
    mv "$part/home" "$home"
fi
printf '%s\n' "$home"
