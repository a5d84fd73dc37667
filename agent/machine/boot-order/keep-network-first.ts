import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Remark } from '../../machine.ts';
import { runProgram, saidBy } from '../run-program.ts';
import { type BootSettings, parseBootSettings } from './efibootmgr.ts';
import { adviseBootOrder, isNetworkEntry } from './network-first.ts';

const PROGRAM = 'efibootmgr';
const PROGRAM_MS = 20_000;

/**
 * Looks at a UEFI firmware's boot order and puts the network first, so that the box asks for
 * its boot config at every boot. Nothing on machines without UEFI. Never throws.
 */
export async function keepNetworkFirst(about: {
  sys: string;
  /** As in PATH. */
  path: string;
  macs: readonly string[];
}): Promise<Remark[]> {
  const firmware = join(about.sys, 'firmware/efi');
  const isUefi = await access(firmware).then(
    () => true,
    () => false,
  );
  if (!isUefi) return [];
  const variables = await readdir(join(firmware, 'efivars')).catch((): string[] => []);
  if (variables.length === 0) {
    return [warn(`this box boots by UEFI, but ${firmware}/efivars is empty: is efivarfs mounted?`)];
  }
  const read = await readSettings(about.path);
  if (typeof read === 'string') return [warn(`the UEFI boot order can't be read: ${read}`)];
  return [...(await putNetworkFirst(about, read)), ...remarksOnNext(read)];
}

async function putNetworkFirst(
  { path, macs }: { path: string; macs: readonly string[] },
  settings: BootSettings,
): Promise<Remark[]> {
  const advice = adviseBootOrder(settings, macs);
  if (advice.kind === 'fine') return [];
  if (advice.kind === 'no-network') {
    const { inactive } = advice;
    return [
      warn(
        inactive === null
          ? 'the UEFI firmware has no entry that boots from the network: switch PXE on in its setup, or the next job will not start'
          : `the UEFI firmware's network entry Boot${inactive.number} (${inactive.name}) is switched off: switch it on in its setup, or the next job will not start`,
      ),
    ];
  }
  const { entry, order } = advice;
  const named = `Boot${entry.number} (${entry.name})`;
  const set = await runProgram(PROGRAM, ['-o', order.join(',')], { path, deadlineMs: PROGRAM_MS });
  const after = await readSettings(path);
  if (typeof after !== 'string' && after.order[0] === entry.number) {
    const before = settings.order.length === 0 ? 'not set' : settings.order.join(',');
    return [
      { level: 'info', message: `UEFI boot order: the network, ${named}, is first again (it was ${before})` },
    ];
  }
  const why =
    set.kind === 'ended' && set.status === 0 ? 'the firmware did not keep it' : saidBy(set, PROGRAM);
  return [
    warn(
      `the network, ${named}, can't be put first in the UEFI boot order: ${why}. Put it first in the firmware's setup`,
    ),
  ];
}

function remarksOnNext({ next, entries }: BootSettings): Remark[] {
  if (next === null) return [];
  const entry = entries.find(({ number }) => number === next);
  if (entry !== undefined && isNetworkEntry(entry)) return [];
  return [
    warn(
      `BootNext is set: the firmware's next boot goes to Boot${next} (${entry?.name ?? 'which does not exist'}), not to the network`,
    ),
  ];
}

/** Gives what the program said instead where it could not. */
async function readSettings(path: string): Promise<BootSettings | string> {
  const outcome = await runProgram(PROGRAM, ['-v'], { path, deadlineMs: PROGRAM_MS });
  if (outcome.kind !== 'ended' || outcome.status !== 0) return saidBy(outcome, PROGRAM);
  return parseBootSettings(outcome.stdout);
}

function warn(message: string): Remark {
  return { level: 'warn', message };
}
