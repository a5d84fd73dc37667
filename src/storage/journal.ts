import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../contract/address.ts';
import type { JobId } from '../contract/ids.ts';
import { type JournalLine, readJournalLine } from '../contract/journal.ts';
import { boxDirectory, JOBS_DIRECTORY, journalFileName } from '../contract/share-layout.ts';
import { unlessMissing } from './file-error.ts';
import { requireBackupMarker } from './marker.ts';

/** A day of reports every five seconds is a tenth of it. */
const SIZE_LIMIT_BYTES = 64 * 1024 * 1024;

/** The agent's journal as it is; empty without one. It is proved by `provedLines`. */
export async function readJournalText(place: {
  backupRoot: string;
  address: TestboxAddress;
  job: JobId;
  attempt: number;
}): Promise<string> {
  await requireBackupMarker(place.backupRoot);
  const name = journalFileName(place.job, place.attempt);
  const path = join(place.backupRoot, boxDirectory(place.address), JOBS_DIRECTORY, name);
  const found = await unlessMissing(stat(path));
  if (found === undefined) return '';
  if (found.size > SIZE_LIMIT_BYTES) {
    throw new Error(`expected a journal of at most ${SIZE_LIMIT_BYTES} bytes, but ${path} has ${found.size}`);
  }
  return readFile(path, 'utf8');
}

/** The lines whose proof is right. Any box can write to the share, so the others mean nothing. */
export function provedLines(text: string, tokenOf: (session: string) => string): JournalLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => readJournalLine(line, tokenOf))
    .filter((line) => line !== undefined);
}
