import { posix, USERS } from './posix.ts';
import { readProbeLines } from './probe-lines.ts';
import { NOT_ALLOWED_STATUS, type System } from './system.ts';

/**
 * FreeBSD. `kern.boot_id` is 128 random bits, drawn once a boot (FreeBSD 13 and later, see
 * sys/kern/kern_mib.c). Without it the boot time to the second is the mark; the kernel moves
 * that when the clock is set, so on those releases a step of the clock between two looks is
 * taken for a boot.
 */
export const freebsd: System = {
  called: 'a FreeBSD system',
  probe: posix(`
PATH=$PATH:/sbin:/usr/sbin
booted=$(sysctl -n kern.boottime | sed -n "s/^{ sec = \\([0-9]*\\),.*/\\1/p")
mark=$(sysctl -nx kern.boot_id 2>/dev/null | sed -n "s/.*Dump:\\(0x[0-9a-f]*\\).*/\\1/p")
if [ "$(uname -s)" = FreeBSD ]; then echo "boot-mark=\${mark:-$booted}"; fi
echo maintenance=no
echo "uptime=$(($(date +%s) - booted))"
echo "users=$(${USERS})"
`),
  reboot: posix(`
PATH=$PATH:/sbin:/usr/sbin:/usr/local/bin
as="sudo -n"; if ! command -v sudo >/dev/null; then as="doas -n"; fi
if [ "$(id -u)" = 0 ]; then as=; else $as true || exit ${NOT_ALLOWED_STATUS}; fi
nohup sh -c "sleep 1; $as shutdown -r now" </dev/null >/dev/null 2>&1 &
exit 0
`),
  read: readProbeLines,
};
