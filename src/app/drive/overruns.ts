import { limitOf } from '../../domain/deadlines.ts';
import type { Job } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { changeJob, deadlinesOf } from '../change-job.ts';

/** Applies the deadlines that have passed. */
export async function applyOverruns(app: App, jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    if (!(await isOverrun(app, job))) continue;
    const { version } = job;
    await changeJob(app, job.id, (now) => (now.version === version ? { type: 'overrun' } : null));
  }
}

async function isOverrun(app: App, job: Job): Promise<boolean> {
  const { deadline } = job;
  if (deadline === null) return false;
  const now = app.clock.now();
  if (job.state !== 'running') return now >= deadline.at;
  // A running job's deadline is the agent's silence.
  const hearing = await app.store.hearing(job.id);
  const heard = Math.max(job.stateSince, hearing?.lastHeardAt ?? 0);
  const limit = limitOf('running', deadlinesOf(app, job)) ?? Number.POSITIVE_INFINITY;
  return now >= heard + limit * (deadline.overruns + 1);
}
