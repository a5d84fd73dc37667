import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DiskSlot } from '../src/contract/disk.ts';
import type { JobId } from '../src/contract/ids.ts';
import { JournalLine, journalLine } from '../src/contract/journal.ts';
import type { Report, ReportBody } from '../src/contract/report.ts';
import { JOBS_DIRECTORY, journalFileName } from '../src/contract/share-layout.ts';
import { syncDirectory } from './durable.ts';
import { errorCode } from './failure.ts';

/** What the bot must find after a power cut, whatever else is lost. */
const DURABLE: ReadonlySet<ReportBody['type']> = new Set(['dirty', 'clean', 'failed', 'done']);

export interface JournalSession {
  session: string;
  token: string;
}

/** The job's reports on the share, one a line, in the order in which they came to be. */
export class Journal {
  readonly #file: FileHandle;
  #writes: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(where: { boxDirectory: string; job: JobId; attempt: number }): Promise<Journal> {
    const path = journalPath(where);
    await mkdir(dirname(path), { recursive: true });
    await syncDirectory(where.boxDirectory);
    const file = await open(path, 'a+');
    await endTornLine(file);
    await syncDirectory(dirname(path));
    return new Journal(file);
  }

  /** @throws when the share does not take the lines */
  append(reports: readonly Report[], signer: JournalSession): Promise<void> {
    const text = reports.map((report) => journalLine(signer.session, report, signer.token)).join('');
    const durable = reports.some((report) => DURABLE.has(report.body.type));
    const write = async () => {
      await this.#file.appendFile(text);
      if (durable) await this.#file.sync();
    };
    const written = this.#writes.then(write, write);
    this.#writes = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#writes;
    await this.#file.close();
  }
}

/**
 * Slots that this job left half-written in its attempts up to this one. Signatures of
 * older sessions can't be checked here; believing a false line only makes it more careful.
 */
export async function dirtyByJournal(where: {
  boxDirectory: string;
  job: JobId;
  attempt: number;
}): Promise<Set<DiskSlot>> {
  const dirty = new Set<DiskSlot>();
  for (let attempt = 1; attempt <= where.attempt; attempt += 1) {
    for (const body of await journalBodies({ ...where, attempt })) {
      if (body.type === 'dirty') dirty.add(body.slot);
      if (body.type === 'clean') dirty.delete(body.slot);
    }
  }
  return dirty;
}

/** A power cut in this attempt may have left half a line; the next one must not join it. */
async function endTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] !== 0x0a) await file.appendFile('\n');
}

/** What was reported in an attempt; empty without a journal. */
export async function journalBodies(where: {
  boxDirectory: string;
  job: JobId;
  attempt: number;
}): Promise<ReportBody[]> {
  let text: string;
  try {
    text = await readFile(journalPath(where), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    const parsed = JournalLine.safeParse(jsonOrNull(line));
    return parsed.success ? [parsed.data.report.body] : [];
  });
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // a torn last line is what a power cut leaves
  }
}

function journalPath(where: { boxDirectory: string; job: JobId; attempt: number }): string {
  return join(where.boxDirectory, JOBS_DIRECTORY, journalFileName(where.job, where.attempt));
}
