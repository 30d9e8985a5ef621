#!/bin/bash
# Builds the last version of Podsharp whose state was another, once for each commit, and prints the options with which tests/host/enter shows
# it to a test as /podsharp-previous; where there is none, it prints why.
#
#   tests/versions/previous.sh          --bind DIR:/podsharp-previous:ro    or    --env PODSHARP_NO_PREVIOUS=REASON, an option a line
#
# It is built for this machine's .NET, not ahead of time: half a minute. The builds lie in /var/cache/podsharp/versions.
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
cache=${PODSHARP_VERSIONS:-/var/cache/podsharp/versions}
# What is written into the state, and read from it.
state=(src/Podsharp.Engine/State/State{Schema,Database,Writer,Reader}.cs)

none() {
    printf '%s\n' --env "PODSHARP_NO_PREVIOUS=$*"
    exit 0
}

git -C "$repo" rev-parse --git-dir >/dev/null 2>&1 || none 'this is no clone of the repository, so there is no earlier version to build'
changed=$(git -C "$repo" rev-list -1 HEAD -- "${state[@]}")
commit=$(git -C "$repo" rev-parse --verify --quiet "$changed^" || true)
if [[ -z $commit ]]; then
    [[ $(git -C "$repo" rev-parse --is-shallow-repository) == true ]] || none 'the state was never another'
    none 'the clone is shallow: the version before the last change of the state is not in it (git fetch --unshallow)'
fi
built=$cache/$commit
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [[ ! -x $built/podsharp ]]; then
    work=$(mktemp -d "$cache/build-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/source"
    git -C "$repo" archive "$commit" | tar -x -C "$work/source"
    (cd "$work/source" && MSBUILDDISABLENODEREUSE=1 dotnet build src/Podsharp.Cli -c Release -v q -nologo -p:ArtifactsPath="$work/out") >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        echo "previous.sh: the version $commit can't be built" >&2
        exit 1
    }
    program=$(find "$work/out/bin" -type f -name podsharp -perm -u+x | head -n 1)
    rm -rf "$built"
    mv "$(dirname "$program")" "$built"
    # Others' clones may stand at other commits; what nobody has used for a month goes.
    find "$cache" -mindepth 1 -maxdepth 1 -type d -not -name 'build-*' -mtime +30 -exec rm -rf {} +
fi
touch "$built"
printf '%s\n' --bind "$built:/podsharp-previous:ro" --env "PODSHARP_PREVIOUS_COMMIT=$commit"
