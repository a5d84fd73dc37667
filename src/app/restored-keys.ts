import type { JobEvent } from '../domain/events.ts';
import type { Job } from '../domain/job.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { App } from './app.ts';
import type { Probe } from './ports.ts';

const LOOKED_BACK_AT = 20;

/**
 * Host keys that count as the box's own while the job goes on, beside those that are known of it: what it
 * showed when the plan was made, and what its image holds, once that may be on the disk.
 */
export async function keysOfJob(app: App, job: Job): Promise<string[]> {
  return [...job.notes.ownHostKeys, ...(await broughtBy(app, job))];
}

/**
 * Keys that the newest restore of a box has brought and that the box was not seen with yet: it came back
 * too late for its job, or nobody looked over SSH.
 */
export async function keysBroughtBefore(app: App, { address, back }: Testbox): Promise<readonly string[]> {
  for (const job of await app.store.recentJobs(address, LOOKED_BACK_AT)) {
    // It was seen, with a key that is kept by now.
    if (job.state === 'succeeded' && back.kind === 'ssh') return [];
    const keys = await broughtBy(app, job);
    if (keys.length > 0) return keys;
  }
  return [];
}

/** Keeps the key that a box shows, where a restore has brought it: the next job knows it then. */
export async function keepBroughtKey(
  { machines, log }: App,
  { testbox, probe, brought }: { testbox: Testbox; probe: Probe; brought: readonly string[] },
): Promise<void> {
  if (probe.kind !== 'up' || probe.system !== 'own' || !brought.includes(probe.hostKey)) return;
  await machines.keepHostKey(testbox, probe.hostKey);
  log.info({ testbox: testbox.name }, 'the host key that a restore has brought is kept');
}

/** None before a disk was begun: a box that shows them by then is another one. */
export async function broughtBy(
  { store }: App,
  { id, action, result, notes }: Job,
): Promise<readonly string[]> {
  if (action !== 'restore' || notes.imageHostKeys.length === 0) return [];
  if (result !== null) return notes.imageHostKeys;
  const wasBegun = (await store.audits({ jobId: id })).some(({ event }) => event === BEGUN);
  return wasBegun ? notes.imageHostKeys : [];
}

const BEGUN: JobEvent['type'] = 'disk-dirty';
