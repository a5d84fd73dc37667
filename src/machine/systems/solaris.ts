import { posix, USERS } from './posix.ts';
import { readProbeLines } from './probe-lines.ts';
import { NOT_ALLOWED_STATUS, type System } from './system.ts';

/**
 * Solaris and illumos. The mark is the boot time in seconds that the kernel keeps as a kstat;
 * the uptime is the kstat's own age, which does not follow the clock. Back quotes, and no
 * `id -u`, because `/bin/sh` and `/usr/bin/id` of Solaris 10 know nothing newer.
 */
export const solaris: System = {
  called: 'a Solaris system',
  probe: posix(`
PATH=$PATH:/usr/bin:/usr/sbin
mark=\`kstat -p unix:0:system_misc:boot_time | cut -f2\`
uptime=\`kstat -p unix:0:system_misc:snaptime | cut -f2 | cut -d. -f1\`
users=\`${USERS}\`
echo "boot-mark=$mark"
echo maintenance=no
echo "uptime=$uptime"
echo "users=$users"
`),
  reboot: posix(`
PATH=$PATH:/usr/bin:/usr/sbin:/opt/csw/bin
who=\`id\`
case "$who" in
  "uid=0("*) as= ;;
  *) as="sudo -n"; $as true || exit ${NOT_ALLOWED_STATUS} ;;
esac
nohup sh -c "sleep 1; cd /; $as shutdown -y -i6 -g0" </dev/null >/dev/null 2>&1 &
exit 0
`),
  read: readProbeLines,
};
