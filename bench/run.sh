#!/bin/bash
# Measures Podsharp beside podman, docker (where it does the like) and the floor, in one run on one machine, interleaved.
#
#   bench/run.sh [run|bridge|pod|exec|stop|copy|list|images|import|fifty|pull|save|load|push|commit|build|checkpoint]...      default: all
#
# The floor is what no engine can do without: conmon and the runtime on a prepared bundle; the downloads with curl, the
# digests with sha256sum, unpacking with gzip and tar. Same runtime, conmon, log driver, image and file system for all.
# Each bar is the larger of X times podman and 1.3 times the floor. PODSHARP_BENCH_PAIRS sets the number of pairs
# (default 20; 3 for the pull and the push, 5 for the save and the load).
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
[[ -x $repo/out/bin/podsharp ]] || { echo "bench/run.sh: build first: ./build.sh" >&2; exit 1; }
exec "$repo/tests/host/enter" --peers --bind "$repo/bench:/bench:ro" --env "PODSHARP_BENCH_PAIRS=${PODSHARP_BENCH_PAIRS:-}" \
    bash /bench/inside.sh "$@"
