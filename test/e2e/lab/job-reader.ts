import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { DiskProgress } from '../../../src/contract/report.ts';
import type { ScriptJob } from '../../../src/lab/script/ports.ts';

const JobRow = z.object({ id: z.string(), state: z.string() });
const BodyRow = z.object({ body: z.string() });
const Audit = z.object({ fromState: z.string().nullable(), toState: z.string().nullable() });
const Hearing = z.object({ progress: z.array(DiskProgress).nullish() });

/** Looks into the bot's store from outside: outside of a demo, the bot has no door for that. */
export function readNewestJob(databaseFile: string, address: string): ScriptJob | undefined {
  using database = new DatabaseSync(databaseFile, { readOnly: true, timeout: 5_000 });
  const newest = database
    .prepare('select id, state from jobs where testbox = ? order by created_at desc limit 1')
    .get(address);
  if (newest === undefined) return undefined;
  const { id, state } = JobRow.parse(newest);
  const audits = database.prepare('select body from audit where job_id = ? order by id').all(id);
  const hearing = database.prepare('select body from hearings where job_id = ?').get(id);
  return {
    id,
    state,
    history: audits.flatMap((row) => {
      const { fromState, toState } = Audit.parse(JSON.parse(BodyRow.parse(row).body));
      return toState === null || toState === fromState ? [] : [toState];
    }),
    progressPercent: hearing === undefined ? null : percentOf(BodyRow.parse(hearing).body),
  };
}

function percentOf(body: string): number | null {
  const progress = (Hearing.parse(JSON.parse(body)).progress ?? []).filter(({ checking }) => !checking);
  const totalBytes = progress.reduce((sum, disk) => sum + disk.totalBytes, 0);
  const doneBytes = progress.reduce((sum, disk) => sum + disk.doneBytes, 0);
  return totalBytes === 0 ? null : (100 * doneBytes) / totalBytes;
}
