import type { Job } from '../domain/job.ts';
import { newestOf, type Verification } from '../domain/verification.ts';
import type { App } from './app.ts';

/**
 * Whether the job's agent has to read its image through before its first write: not where all of it was
 * read through on this server lately. A copy that was handed over never was.
 */
export async function mustReadThrough(app: App, { plan, testbox }: Job): Promise<boolean> {
  if (plan.source !== undefined) return true;
  const known = await app.verifications.of(testbox.address);
  return !isProved({ plan, known, since: app.clock.now() - app.settings.verifyMaxAgeMs });
}

/** Every image of the plan was found sound then or later. */
export function isProved({
  plan,
  known,
  since,
}: {
  plan: Job['plan'];
  known: readonly Verification[];
  since: number;
}): boolean {
  return plan.disks.every(({ slot, image }) => {
    if (image?.kind !== 'indexed') return false;
    const { generation, indexHash: imageHash } = image;
    const found = newestOf(known, { generation, slot, imageHash });
    return found !== null && found.problem === null && found.at >= since;
  });
}
