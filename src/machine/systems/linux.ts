import { ACTION_WORD } from '../../contract/command-line.ts';
import { posix, USERS } from './posix.ts';
import { readProbeLines } from './probe-lines.ts';
import { IN_MAINTENANCE_STATUS, NOT_ALLOWED_STATUS, type System } from './system.ts';

/** Any Linux. Its probe also knows the maintenance system, which is one. */
export const linux: System = {
  called: 'a Linux system',
  probe: posix(`
echo "boot-id=$(cat /proc/sys/kernel/random/boot_id)"
if grep -q ${ACTION_WORD} /proc/cmdline; then echo maintenance=yes; else echo maintenance=no; fi
echo "uptime=$(cut -d. -f1 /proc/uptime)"
echo "users=$(${USERS})"
`),
  reboot: posix(`
if grep -q ${ACTION_WORD} /proc/cmdline 2>/dev/null; then exit ${IN_MAINTENANCE_STATUS}; fi
if [ "$(id -u)" = 0 ]; then as=; else as="sudo -n"; $as true || exit ${NOT_ALLOWED_STATUS}; fi
detach=; if command -v setsid >/dev/null; then detach=setsid; fi
nohup $detach sh -c "sleep 1; $as systemctl reboot || $as shutdown -r now || $as reboot" </dev/null >/dev/null 2>&1 &
exit 0
`),
  read: readProbeLines,
};
