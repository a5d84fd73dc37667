import { type ScriptJob, ScriptStepError, type ScriptWorld } from './ports.ts';

const POLL_MS = 100;
const PERCENT_TIMEOUT_MS = 60_000;
const ENDS = ['succeeded', 'failed', 'cancelled', 'denied', 'expired'];

/**
 * Waits until the newest job on the box has entered the state at any time.
 *
 * @throws ScriptStepError at once when the job has ended otherwise
 */
export async function waitForState(
  world: ScriptWorld,
  wait: { box: string; state: string; timeoutMs: number },
): Promise<void> {
  const isMet = (job: ScriptJob) => job.history.includes(wait.state) || job.state === wait.state;
  await waitForJob(world, { box: wait.box, goal: wait.state, timeoutMs: wait.timeoutMs, isMet });
}

/** Waits until that much of the newest job on the box is done, or all of it. */
export async function waitForPercent(
  world: ScriptWorld,
  wait: { box: string; percent: number },
): Promise<void> {
  const isMet = (job: ScriptJob) =>
    (job.progressPercent ?? 0) >= wait.percent || job.history.includes('succeeded');
  await waitForJob(world, { box: wait.box, goal: `${wait.percent}%`, timeoutMs: PERCENT_TIMEOUT_MS, isMet });
}

async function waitForJob(
  world: ScriptWorld,
  wait: { box: string; goal: string; timeoutMs: number; isMet: (job: ScriptJob) => boolean },
): Promise<void> {
  const { box, goal } = wait;
  const deadline = world.clock.now() + wait.timeoutMs;
  for (;;) {
    const job = await world.bot.newestJob(box);
    if (job !== undefined && wait.isMet(job)) return;
    if (job !== undefined && ENDS.includes(job.state)) {
      throw new ScriptStepError(`job ${job.id} on ${box} is ${told(job)}, so it never gets to ${goal}`);
    }
    if (world.clock.now() >= deadline) {
      const seen = job === undefined ? 'there is no job' : `job ${job.id} is ${told(job)}`;
      throw new ScriptStepError(`${box} did not get to ${goal} in ${wait.timeoutMs / 1000} s: ${seen}`);
    }
    await world.clock.sleep(POLL_MS);
  }
}

function told(job: ScriptJob): string {
  const path = job.history.at(-1) === job.state ? job.history : [...job.history, job.state];
  const percent = job.progressPercent === null ? '' : `, ${job.progressPercent}%`;
  return `${job.state} (${path.join(' → ')}${percent})`;
}
