import type { BootConfigRemoval, BootConfigWrite } from '../app/share-port.ts';
import { parseBootConfig } from '../contract/pxelinux.ts';
import { jobNamedBy } from './boot-config.ts';
import { defaultMissing, type Found, look, type Place, pathOf, removeUnless } from './boot-config-place.ts';
import { createFile, removeAbandoned, replaceFile } from './durable-file.ts';
import { requireTftpMarker } from './marker.ts';

/**
 * Writes a boot config of the seed's kind, without a job. One of that kind is replaced; any
 * other plain file only with `replace`.
 */
export async function putJoblessBootConfig(
  place: Place & { text: string; replace: boolean; now: number },
): Promise<BootConfigWrite> {
  const path = pathOf(place);
  await requireTftpMarker(place.tftpRoot);
  const withoutDefault = await defaultMissing(path);
  if (withoutDefault !== undefined) return { kind: 'refused', why: withoutDefault };
  await removeAbandoned(path, place.now);
  const found = await look(path);
  const why = obstacle(path, found, place.replace);
  if (why !== undefined) return { kind: 'refused', why };
  if (found.kind === 'none') {
    const isNew = await createFile(path, place.text);
    if (!isNew) return { kind: 'refused', why: `${path} was put there by somebody else at this very moment` };
  } else await replaceFile(path, place.text);
  const written = await look(path);
  if (written.kind === 'file' && written.text === place.text) return { kind: 'in-place' };
  throw new Error(`${path} does not say what was just written to it`);
}

/** Removes the file if it is one without a job. */
export async function removeJoblessBootConfig(place: Place): Promise<BootConfigRemoval> {
  await requireTftpMarker(place.tftpRoot);
  const path = pathOf(place);
  return removeUnless(path, (text) => notJobless(path, text));
}

function obstacle(path: string, found: Found, replace: boolean): string | undefined {
  switch (found.kind) {
    case 'none':
      return undefined;
    case 'foreign':
      return found.why;
    case 'file':
      return replace ? undefined : notJobless(path, found.text);
  }
}

/** Why a file isn't one of the seed's kind. */
function notJobless(path: string, text: string): string | undefined {
  const job = jobNamedBy(text);
  if (job !== undefined) return `${path} is of job ${job} of the bot`;
  const parsed = parseBootConfig(text);
  if (parsed?.kind === 'maintenance' && parsed.orders.kind === 'jobless') return undefined;
  return `${path} starts no maintenance action: somebody else put it there`;
}
