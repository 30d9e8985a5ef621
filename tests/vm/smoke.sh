#!/bin/bash
# The life of a container on cgroup v2 under systemd. Prints TAP.
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/run" --systemd --timeout "${PODSHARP_VM_TIMEOUT:-600}" "$@" "PODSHARP_TEST_TIMEOUT=240 bash /tests/vm/suite.sh"
