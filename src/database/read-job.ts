import { z } from 'zod';
import { NEWEST_OWN } from '../domain/image-wish.ts';
import { JOB_STATES, type Job } from '../domain/job.ts';

const Stored = z.looseObject({ id: z.string(), version: z.int(), state: z.enum(JOB_STATES) });

/** What jobs that were stored by earlier versions don't have. */
const ADDED_LATER = {
  sshFingerprints: [],
  strangers: [],
  warnings: [],
  wish: NEWEST_OWN,
} satisfies Partial<Job>;

/** Reads a job as this program wrote it. Null for no row. */
export function readJob(row: { body: string } | undefined): Job | null {
  if (row === undefined) return null;
  const body: unknown = JSON.parse(row.body);
  Stored.parse(body);
  return { ...ADDED_LATER, ...(body as Job) };
}

export function readJobs(rows: readonly { body: string }[]): Job[] {
  return rows.map(readJob).filter((job) => job !== null);
}
