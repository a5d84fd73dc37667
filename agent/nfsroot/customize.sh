#!/bin/sh
# Turns a Debian root that has the packages and this recipe's files in it into the maintenance system:
# `customize.sh ROOT`, with the suite in TESTBOX_SUITE. mmdebstrap's customize-hook, run as root after
# the tree `root/` was copied over ROOT.
#
# Who builds the root puts in, before or after:
#   /opt/testbox/node                        the Node that runs the agent
#   /opt/testbox/releases/<version>/         main.cjs, worker.cjs, version
#   /opt/testbox/current                     link to releases/<version>, swapped by rename
#   /etc/testbox/agent.json                  see src/contract/agent-config.ts
#   /root/.ssh/authorized_keys               who may log in; directory 0700, file 0600, owned by root
#   /etc/fstab                               the shares, `noauto`
# Afterwards /boot/vmlinuz-<version> and /boot/initrd.img-<version> (world-readable) are what PXELINUX
# loads. Kernel command line: `boot=nfs root=/dev/nfs nfsroot=<server>:/export/testbox-nfsroot` and the
# rest of docs/storage-server.md; none of the original's words do harm.
#
# At run time:
#   /run/testbox-boot                        TESTBOX_DEVICE, _ADDRESS, _GATEWAY, _ROOT_SERVER
#   /run/testbox/node, /run/testbox/agent/   what runs, in memory
#   /etc/ssh/ssh_host_ed25519_key(.pub)      made at each boot, in memory, before the agent starts
set -eu
root="$1"

in_root() { chroot "$root" "$@"; }

# Nothing of the machine that built it, nothing that all boxes would share.
rm -f "$root"/etc/ssh/ssh_host_* "$root"/var/lib/dbus/machine-id "$root"/etc/resolv.conf
rm -f "$root"/var/lib/systemd/random-seed "$root"/var/lib/nfs/state
: >"$root/etc/machine-id"
echo testbox-maintenance >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 testbox-maintenance\n::1 localhost ip6-localhost\n' >"$root/etc/hosts"
mkdir -p "$root/mnt/testbox-tftp" "$root/mnt/testbox-backup" "$root/run/testbox" "$root/etc/testbox"

# iproute2 is left out (packages/common.txt).
in_root sh -c 'for applet in ip ping nc netstat traceroute vi less; do command -v $applet >/dev/null || ln -s busybox /usr/bin/$applet; done'

# No passwords: root logs in with a key, or not at all.
in_root passwd -l root >/dev/null
in_root usermod -p '*' root

# What only costs time, and what would touch a box's disks, firmware or TPM.
for unit in \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer \
  e2scrub_reap.service systemd-tmpfiles-clean.timer man-db.timer \
  rpcbind.service rpcbind.socket rpc-statd.service rpc-statd-notify.service nfs-blkmap.service \
  nfs-client.target nfs-idmapd.service rpc-gssd.service remote-fs.target \
  var-lib-nfs-rpc_pipefs.mount run-rpc_pipefs.mount \
  smartmontools.service smartd.service sshd-keygen.service ssh.socket \
  systemd-logind.service systemd-networkd.service systemd-resolved.service systemd-timesyncd.service \
  systemd-pstore.service systemd-hibernate-clear.service systemd-firstboot.service \
  systemd-machine-id-commit.service systemd-random-seed.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-update-done.service systemd-hwdb-update.service \
  systemd-journal-catalog-update.service systemd-journal-flush.service systemd-sysusers.service \
  systemd-pcrmachine.service systemd-pcrphase.service systemd-pcrphase-sysinit.service \
  systemd-tpm2-setup.service systemd-tpm2-setup-early.service systemd-remount-fs.service \
  systemd-udev-load-credentials.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount \
  systemd-ask-password-console.path systemd-ask-password-wall.path \
  systemd-boot-random-seed.service systemd-bless-boot.service ldconfig.service \
  systemd-creds.socket systemd-hostnamed.socket systemd-journald-audit.socket systemd-pcrextend.socket systemd-pcrlock.socket \
  systemd-sysext.socket systemd-initctl.socket \
  sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  dev-hugepages.mount dev-mqueue.mount systemd-user-sessions.service console-getty.service getty-static.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# Nobody could log in there: there are no passwords. The console belongs to the agent's lines.
rm -f "$root"/etc/systemd/system/getty.target.wants/*
ln -sf /dev/null "$root/etc/systemd/system/serial-getty@.service"
ln -sf /dev/null "$root/etc/systemd/system/getty@tty1.service"

in_root systemctl set-default testbox.target >/dev/null 2>&1

in_root update-initramfs -c -k all
chmod 0644 "$root"/boot/vmlinuz-* "$root"/boot/initrd.img-*
