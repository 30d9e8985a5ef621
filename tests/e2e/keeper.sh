# An ordinary user's podsharp, sourced after lib.sh: in one user and mount namespace for all tests of a suite, as a pause process would keep it.
keeper=/tmp/rootless.pid
inside() { nsenter --preserve-credentials --user --mount --target "$(<$keeper)" -- "$@"; }
podsharp() { inside /podsharp/bin/podsharp "$@"; }
# For suites that name files: podsharp runs in their directory.
podsharp_in_directory() {
    podsharp() { nsenter --preserve-credentials --user --mount --wd="$PWD" --target "$(<"$keeper")" -- /podsharp/bin/podsharp "$@"; }
}

start_keeper() {
    [[ $EUID != 0 ]] || skip 'this is root'
    rm -f $keeper
    setsid unshare --user --mount --map-root-user --map-auto --fork --kill-child sleep 1000 >/dev/null 2>&1 </dev/null &
    eventually 10 pgrep -u "$EUID" -x sleep
    pgrep -u "$EUID" -x sleep >$keeper
}

stop_keeper() {
    kill "$(<$keeper)"
    rm -f $keeper
}
