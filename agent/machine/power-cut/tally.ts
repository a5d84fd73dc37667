import fs from 'node:fs';
import { join } from 'node:path';
import type { PowerCutSettings } from './cells.ts';

// The functions as they are before anything is put in their place.
const { appendFileSync, readlinkSync } = { ...fs };

/** The file in the folder of the undo log, a line of JSON a transfer. */
export const TALLY = 'tally';

/** Bytes that went to or came from a file: the work that a power cut makes be done again shows in it. */
export interface Transfer {
  path: string;
  way: 'read' | 'written' | 'made zero';
  bytes: number;
}

/** Notes a transfer; it outlasts the cut. */
export function tally(
  { folder, places }: PowerCutSettings,
  transfer: { fd: number; way: Transfer['way']; bytes: number },
): void {
  const path = readlinkSync(`/proc/self/fd/${transfer.fd}`);
  if (!places.some((place) => path === place || path.startsWith(`${place}/`))) return;
  const { way, bytes } = transfer;
  const line: Transfer = { path, way, bytes };
  appendFileSync(join(folder, TALLY), `${JSON.stringify(line)}\n`);
}
