#!/bin/bash
# Started by the unit podsharp-test.service inside the virtual machine: runs the command that the payload disk holds. Its
# output goes to the second serial line, then its exit code.
stty -F /dev/ttyS1 raw -echo
exec >/dev/ttyS1 2>&1 </dev/null
ln -sfn /payload/podsharp /podsharp
ln -sfn /payload/tests /tests
ip link set lo up
export HOME=/root LANG=C.UTF-8 PATH=/podsharp/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /root
bash /payload/command
echo "podsharp-vm: exit code $?"
# No orderly end, since the disk is thrown away; just time for the line to be sent.
sleep 1
echo b >/proc/sysrq-trigger
