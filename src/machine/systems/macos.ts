import { posix, USERS } from './posix.ts';
import { readProbeLines } from './probe-lines.ts';
import { NOT_ALLOWED_STATUS, type System } from './system.ts';

/** macOS. `kern.bootsessionuuid` is a UUID that the kernel draws at each boot. */
export const macos: System = {
  called: 'a macOS system',
  probe: posix(`
PATH=$PATH:/sbin:/usr/sbin
booted=$(sysctl -n kern.boottime | sed -n "s/^{ sec = \\([0-9]*\\),.*/\\1/p")
echo "boot-id=$(sysctl -n kern.bootsessionuuid)"
echo maintenance=no
echo "uptime=$(($(date +%s) - booted))"
echo "users=$(${USERS})"
`),
  reboot: posix(`
PATH=$PATH:/sbin:/usr/sbin
if [ "$(id -u)" = 0 ]; then as=; else as="sudo -n"; $as true || exit ${NOT_ALLOWED_STATUS}; fi
nohup sh -c "sleep 1; $as shutdown -r now" </dev/null >/dev/null 2>&1 &
exit 0
`),
  read: readProbeLines,
};
