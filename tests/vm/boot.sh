#!/bin/bash
# Started by the unit podsharp-test.service inside the virtual machine: runs the command that the payload disk holds. Its
# output goes to the second serial line, between a line that says that it begins and one with its exit code.
stty -F /dev/ttyS1 raw -echo
exec >/dev/ttyS1 2>&1 </dev/null
echo 'podsharp-vm: begun'
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
