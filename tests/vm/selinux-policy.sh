#!/bin/bash
# Writes a SELinux policy (CIL) for the tests: a host that may do everything, and containers that may only use files of their own type whose
# categories they have, and those of the system: the kernel's, and programs. Classes and permissions that it doesn't name are allowed: what is shown with it is the labels' effect on files.
cat <<'CIL'
(handleunknown allow)
(mls true)
(class process (transition dyntransition))
(class file (read write))
(class dir (read write))
(class lnk_file (relabelfrom))
(class chr_file (relabelfrom))
(class blk_file (relabelfrom))
(class sock_file (relabelfrom))
(class fifo_file (relabelfrom))
(classorder (process file dir lnk_file chr_file blk_file sock_file fifo_file))
; As everywhere where there are categories: what is made in a directory has that one's.
(defaultrange (file dir) target low)
(classmap special (relabel))
(classmapping special relabel (lnk_file (relabelfrom)))
(classmapping special relabel (chr_file (relabelfrom)))
(classmapping special relabel (blk_file (relabelfrom)))
(classmapping special relabel (sock_file (relabelfrom)))
(classmapping special relabel (fifo_file (relabelfrom)))

(sensitivity s0)
(sensitivityorder (s0))
CIL
printf '(category c%d)\n' {0..1023}
printf '(categoryorder (%s))\n' "$(printf 'c%d ' {0..1023})"
cat <<'CIL'
(sensitivitycategory s0 (range c0 c1023))
(level lowest (s0))
(level highest (s0 (range c0 c1023)))
(levelrange low (lowest lowest))
(levelrange whole (lowest highest))

(user system_u)
(role object_r)
(role system_r)
(userrole system_u object_r)
(userrole system_u system_r)
(userlevel system_u lowest)
(userrange system_u whole)

(type host_t)
(type host_file_t)
(type system_file_t)
(type container_t)
(type container_init_t)
(type other_t)
(type container_file_t)
(type other_file_t)
(typeattribute confined)
(typeattributeset confined (container_t container_init_t other_t))
(typeattribute every)
(typeattributeset every (all))
(roletype object_r every)
(roletype system_r host_t)
(roletype system_r confined)

(allow host_t every (process (all)))
(allow host_t every (file (all)))
(allow host_t every (dir (all)))
(allow host_t every (special (relabel)))
(allow confined confined (process (all)))
(allow confined self (file (all)))
(allow confined self (dir (all)))
(allow confined system_file_t (file (all)))
(allow confined system_file_t (dir (all)))
(allow confined container_file_t (file (all)))
(allow confined container_file_t (dir (all)))
(allow other_t other_file_t (file (all)))
(allow other_t other_file_t (dir (all)))
(mlsconstrain (file (all)) (or (dom h1 h2) (eq t1 host_t)))
(mlsconstrain (dir (all)) (or (dom h1 h2) (eq t1 host_t)))

(context of_host (system_u system_r host_t whole))
(context of_host_files (system_u object_r host_file_t low))
(context of_system_files (system_u object_r system_file_t low))
(fsuse xattr ext4 of_host_files)
(fsuse xattr overlay of_host_files)
(fsuse trans tmpfs of_host_files)
(fsuse trans devtmpfs of_host_files)
(fsuse trans devpts of_system_files)
(fsuse trans mqueue of_system_files)
(fsuse task pipefs of_host_files)
(fsuse task sockfs of_host_files)
(genfscon proc "/" of_system_files)
(genfscon sysfs "/" of_system_files)
(genfscon cgroup2 "/" of_system_files)
(genfscon selinuxfs "/" of_system_files)
CIL
# The kernel's own subjects and objects, in its order.
sids='kernel security unlabeled fs file file_labels init any_socket port netif netmsg node igmp_packet icmp_socket tcp_socket sysctl_modprobe sysctl
    sysctl_fs sysctl_kernel sysctl_net sysctl_net_unix sysctl_vm sysctl_dev kmod policy scmp_packet devnull'
printf '(sid %s)\n' $sids
printf '(sidorder (%s))\n' "$(echo $sids)"
for sid in $sids; do
    case $sid in
        kernel | init | kmod) context=of_host ;;
        sysctl*) context=of_system_files ;;
        *) context=of_host_files ;;
    esac
    echo "(sidcontext $sid $context)"
done
