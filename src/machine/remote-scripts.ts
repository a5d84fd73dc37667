import { z } from 'zod';
import { ACTION_WORD } from '../contract/command-line.ts';
import { BootId } from '../contract/ids.ts';

/** Exit status of the reboot script in the maintenance system: it is the agent that reboots that. */
export const IN_MAINTENANCE_STATUS = 75;
/** Exit status of the reboot script for a user who may not reboot. */
export const NOT_ALLOWED_STATUS = 77;

/** Prints what `parseProbe` reads. For any POSIX shell; the user's own may be another. */
export const PROBE_SCRIPT = posix(`
echo "boot-id=$(cat /proc/sys/kernel/random/boot_id)"
if grep -q ${ACTION_WORD} /proc/cmdline; then echo maintenance=yes; else echo maintenance=no; fi
echo "uptime=$(cut -d. -f1 /proc/uptime)"
echo "users=$(who 2>/dev/null | cut -d" " -f1 | sort -u | tr "\\n" " ")"
`);

/**
 * Starts a reboot that outlives the connection and ends 0 before it: a session that the
 * reboot itself cuts would leave the outcome unknown.
 */
export const REBOOT_SCRIPT = posix(`
if grep -q ${ACTION_WORD} /proc/cmdline 2>/dev/null; then exit ${IN_MAINTENANCE_STATUS}; fi
if [ "$(id -u)" = 0 ]; then as=; else as="sudo -n"; $as true || exit ${NOT_ALLOWED_STATUS}; fi
detach=; if command -v setsid >/dev/null; then detach=setsid; fi
nohup $detach sh -c "sleep 1; $as systemctl reboot || $as shutdown -r now || $as reboot" </dev/null >/dev/null 2>&1 &
exit 0
`);

export interface ProbeResult {
  bootId: BootId;
  system: 'own' | 'maintenance';
  uptimeSeconds: number | null;
  users: readonly string[];
}

const ProbeLines = z.object({
  'boot-id': BootId,
  maintenance: z.enum(['yes', 'no']),
  uptime: z.coerce.number().int().nonnegative().nullable().catch(null),
  users: z.string().default(''),
});

/** Gives undefined when the lines aren't those of the script. Lines around them, such as a banner, don't matter. */
export function parseProbe(output: string): ProbeResult | undefined {
  const lines = new Map<string, string>();
  for (const line of output.split(/\r?\n/)) {
    const [, name, value] = /^([a-z-]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) lines.set(name, value.trim());
  }
  const parsed = ProbeLines.safeParse(Object.fromEntries(lines));
  if (!parsed.success) return undefined;
  const { maintenance, uptime, users } = parsed.data;
  return {
    bootId: parsed.data['boot-id'],
    system: maintenance === 'yes' ? 'maintenance' : 'own',
    uptimeSeconds: lines.get('uptime') === '' ? null : uptime,
    users: users.split(' ').filter((user) => user !== ''),
  };
}

/** The script must not contain single quotes. */
function posix(script: string): string {
  return `sh -c '${script}'`;
}
