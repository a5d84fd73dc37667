import { parseTestboxAddress } from '../../src/contract/address.ts';
import { JobId } from '../../src/contract/ids.ts';
import type { DiskProgress } from '../../src/contract/report.ts';
import type { Effect } from '../../src/domain/effects.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { createTestApp, PLUTO_BOX, type TestApp } from './app.ts';
import { restoreJob } from './job.ts';

/** `box-1`, `box-2` … */
function fleetBoxes(count: number): Testbox[] {
  return Array.from({ length: count }, (_, index) => {
    const address = parseTestboxAddress(`10.40.42.${index + 1}`);
    if (address === undefined) throw new Error(`there is no address for ${count} boxes`);
    return { ...PLUTO_BOX, name: `box-${index + 1}`, address };
  });
}

/** An app with so many boxes, and a job on each that its agent works on. */
export async function runningFleet(count: number): Promise<{ app: TestApp; jobs: Job[] }> {
  const boxes = fleetBoxes(count);
  const app = await createTestApp(':memory:', boxes);
  const jobs: Job[] = [];
  for (const box of boxes) {
    const job = restoreJob({
      id: JobId.parse(String(jobs.length + 1).padStart(8, '0')),
      testbox: { name: box.name, address: box.address },
    });
    await app.store.create(job, audit(job));
    jobs.push(await changeStored(app, job, { state: 'running', phase: 'imaging' }));
  }
  return { app, jobs };
}

/** The fleet's n-th job, counted from 1. */
export function nth(jobs: readonly Job[], number: number): Job {
  const job = jobs[number - 1];
  if (job === undefined) throw new Error(`the fleet has no job ${number}`);
  return job;
}

/** The job as the store has it, changed without any of the use cases. */
export async function changeStored(
  app: TestApp,
  { id }: Job,
  changes: Partial<Job>,
  effects: readonly Effect[] = [],
): Promise<Job> {
  const before = await app.store.job(id);
  if (before === null) throw new Error(`there is no job ${id}`);
  const now = app.clock.now();
  const after = { ...before, stateSince: now, ...changes, version: before.version + 1 };
  const outcome = await app.store.commit({ before, after, effects, audit: audit(after, now) });
  if (outcome !== 'committed') throw new Error(`the change of ${id} ended in ${outcome}`);
  return after;
}

/** A report of the agent, without the agent. */
export function hear(app: TestApp, { id }: Job, doneBytes: number): Promise<void> {
  const disk: DiskProgress = {
    slot: 'sda',
    totalBytes: 100,
    doneBytes,
    writtenBytes: doneBytes,
    skippedBytes: 0,
    bytesPerSecond: 1,
  };
  const lastHeardAt = app.clock.now();
  return app.store.saveHearing(id, { session: 's', lastSequence: 1, lastHeardAt, progress: [disk], log: [] });
}

function audit(job: Job, at = 0) {
  const { id: jobId, testbox } = job;
  const nothing = { actor: null, fromState: null, toState: null, detail: null };
  return { at, jobId, testbox: testbox.address, event: 'set by a test', ...nothing };
}
