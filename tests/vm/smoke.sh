#!/bin/bash
# The life of a container on cgroup v2 under systemd, with AppArmor and then with SELinux. Prints TAP.
here=$(cd "$(dirname "$0")" && pwd)
status=0
"$here/run" --systemd --timeout "${PODSHARP_VM_TIMEOUT:-1000}" "$@" "export PODSHARP_TEST_TIMEOUT=240; code=0; for suite in suite checkpoint; do bash /tests/vm/\$suite.sh || code=\$?; done; exit \$code" || status=$?
"$here/run" --timeout "${PODSHARP_VM_TIMEOUT:-600}" --kernel security=selinux "$@" "PODSHARP_TEST_TIMEOUT=240 bash /tests/vm/selinux.sh" || status=$?
exit $status
