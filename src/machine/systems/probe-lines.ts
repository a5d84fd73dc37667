import { z } from 'zod';
import { BootId } from '../../contract/ids.ts';
import { bootIdOfMark } from './boot-mark.ts';

export interface ProbeResult {
  bootId: BootId;
  system: 'own' | 'maintenance';
  uptimeSeconds: number | null;
  users: readonly string[];
}

const Uuid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/)
  .transform((uuid) => uuid.toLowerCase())
  .pipe(BootId);
/** 128 random bits of the kernel, or a boot time in epoch seconds. */
const Mark = z
  .string()
  .regex(/^(?:0x[0-9a-f]{32}|[1-9][0-9]{8,10})$/)
  .transform(bootIdOfMark);

const Common = {
  maintenance: z.enum(['yes', 'no']),
  uptime: z
    .string()
    .regex(/^[0-9]{1,10}$/)
    .transform(Number)
    .nullable()
    .catch(null),
  users: z.string().default(''),
};
const ProbeLines = z.union([
  z.object({ ...Common, 'boot-id': Uuid, 'boot-mark': z.undefined().optional() }),
  z.object({ ...Common, 'boot-id': z.undefined().optional(), 'boot-mark': Mark }),
]);

/**
 * Reads the `name=value` lines of a probe: `boot-id` (a UUID) or `boot-mark`, `maintenance`,
 * and where known `uptime` in seconds and `users`. Lines around them, such as a banner, don't
 * matter. Gives undefined when they aren't all there.
 */
export function readProbeLines(output: string): ProbeResult | undefined {
  const lines = new Map<string, string>();
  for (const line of output.split(/\r?\n/)) {
    const [, name, value] = /^([a-z-]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) lines.set(name, value.trim());
  }
  const parsed = ProbeLines.safeParse(Object.fromEntries(lines));
  if (!parsed.success) return undefined;
  const { maintenance, uptime, users, 'boot-id': id, 'boot-mark': mark } = parsed.data;
  const bootId = id ?? mark;
  if (bootId === undefined) return undefined;
  return {
    bootId,
    system: maintenance === 'yes' ? 'maintenance' : 'own',
    uptimeSeconds: uptime,
    users: [...new Set(users.split(/\s+/).filter((user) => user !== ''))],
  };
}
