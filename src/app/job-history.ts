import type { Job, JobState } from '../domain/job.ts';
import type { App } from './app.ts';
import { progressPercent } from './progress.ts';

/** A job as seen from outside, with the states it went through. */
export interface JobHistory {
  id: string;
  testbox: string;
  address: string;
  action: string;
  requester: string;
  createdAt: number;
  state: JobState;
  history: readonly { state: string; at: number }[];
  /** Of all disks' bytes; null before the agent has told of any. */
  progressPercent: number | null;
}

/** The newest jobs, newest first. */
export async function recentHistories(app: App, limit: number): Promise<JobHistory[]> {
  const jobs = [...(await app.store.plannedJobs()), ...(await app.store.recentJobs(null, limit))];
  const newest = jobs.sort((a, b) => b.createdAt - a.createdAt).slice(0, limit);
  return Promise.all(newest.map((job) => historyOf(app, job)));
}

async function historyOf(app: App, job: Job): Promise<JobHistory> {
  const [audits, hearing] = await Promise.all([
    app.store.audits({ jobId: job.id }),
    app.store.hearing(job.id),
  ]);
  return {
    id: job.id,
    testbox: job.testbox.name,
    address: job.testbox.address,
    action: job.action,
    requester: job.requester.key,
    createdAt: job.createdAt,
    state: job.state,
    history: audits.flatMap(({ at, toState, fromState }) =>
      toState === null || toState === fromState ? [] : [{ state: toState, at }],
    ),
    progressPercent: progressPercent(hearing),
  };
}
