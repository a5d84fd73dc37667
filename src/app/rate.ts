import { occupiesShare } from '../domain/job.ts';
import type { App } from './app.ts';

/**
 * Bytes a second that a job may image at now: its own cap, and its part of the share's among the
 * jobs that have a machine at it. Null is no limit.
 */
export async function rateOfJob({
  settings,
  store,
}: Pick<App, 'settings' | 'store'>): Promise<number | null> {
  const { maxRate, maxShareRate } = settings;
  if (maxShareRate === null) return maxRate;
  const running = (await store.activeJobs()).filter(({ state }) => occupiesShare(state)).length;
  const part = Math.floor(maxShareRate / Math.max(1, running));
  return maxRate === null ? part : Math.min(maxRate, part);
}
