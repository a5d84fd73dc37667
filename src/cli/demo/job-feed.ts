import { z } from 'zod';
import type { ScriptJob } from '../../lab/script/ports.ts';

const LabJobs = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      testbox: z.string(),
      action: z.string(),
      state: z.string(),
      history: z.array(z.object({ state: z.string(), at: z.number() })),
      progressPercent: z.number().nullable(),
    }),
  ),
});

/** A job as the bot's lab door tells it. */
export interface FedJob extends ScriptJob {
  testbox: string;
  action: string;
}

/** All jobs, newest first; undefined while the bot is away. */
export async function fetchJobs(botUrl: string): Promise<readonly FedJob[] | undefined> {
  const response = await fetch(`${botUrl}/v1/lab/jobs`).catch(() => undefined); // being restarted
  if (response === undefined || response.status >= 500) return undefined;
  const { jobs } = LabJobs.parse(await response.json());
  return jobs.map((job) => ({ ...job, history: job.history.map(({ state }) => state) }));
}
