import { capturesImages } from '../contract/action.ts';
import type { Job, JobState } from '../domain/job.ts';
import type { App } from './app.ts';

/** In these, an agent moves bytes of images, or may go on with it at any moment. */
const MOVING: ReadonlySet<JobState> = new Set(['running', 'held', 'needs-hands', 'cancelling']);

/**
 * Bytes a second that a job may image at now: its own cap, and its part of the share's among the
 * jobs that read or write images. Null is no limit.
 */
export async function rateOfJob({
  settings,
  store,
}: Pick<App, 'settings' | 'store'>): Promise<number | null> {
  const { maxRate, maxShareRate } = settings;
  if (maxShareRate === null) return maxRate;
  const moving = (await store.activeJobs()).filter(movesImages).length;
  const part = Math.floor(maxShareRate / Math.max(1, moving));
  return maxRate === null ? part : Math.min(maxRate, part);
}

/** A box that only boots, or is in a rescue for days, takes nothing of the share from the others. */
function movesImages({ action, state }: Job): boolean {
  return (capturesImages(action) || action === 'restore') && MOVING.has(state);
}
