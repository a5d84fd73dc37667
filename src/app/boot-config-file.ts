import type { JobId } from '../contract/ids.ts';
import { type Job, wantsBootConfig } from '../domain/job.ts';
import type { App } from './app.ts';
import { wantedBootConfig } from './boot-config.ts';
import { changeJob } from './change-job.ts';
import { findTestbox } from './find-testbox.ts';
import { type BootConfigWrite, ShareError } from './share-port.ts';

/**
 * Makes the box's boot config say what the job wants, if it still wants one.
 *
 * @throws ShareError
 */
export async function putBootConfig(app: App, job: Job): Promise<BootConfigWrite> {
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox) return { kind: 'refused', why: `${job.testbox.name} is no longer in the inventory` };
  const text = wantsBootConfig(job) ? wantedBootConfig(job, testbox, app.settings) : null;
  if (text === null) return { kind: 'in-place' };
  const written = await app.share.putBootConfig(job.testbox.address, text);
  if (written.kind === 'in-place' && job.rotationOwed) {
    await changeJob(app, job.id, (now) =>
      now.nonceNext === job.nonceNext && now.rotationOwed ? { type: 'rotated' } : null,
    );
  }
  return written;
}

/** Removes the job's boot config and records it. Gives the job as it is then; ShareErrors are logged. */
export async function removeBootConfig(app: App, id: JobId): Promise<Job | null> {
  const job = await app.store.job(id);
  if (job === null || job.disarmed || wantsBootConfig(job)) return job;
  try {
    const removal = await app.share.removeBootConfig(job.testbox.address, job.id);
    if (removal.kind === 'foreign')
      app.log.warn({ jobId: id, why: removal.why }, 'a foreign boot config was left alone');
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    app.log.warn({ jobId: id, err: error }, 'the boot config could not be removed yet');
    return job;
  }
  const changed = await changeJob(app, id, (now) =>
    now.disarmed || wantsBootConfig(now) ? null : { type: 'disarmed' },
  );
  return changed.kind === 'changed' ? changed.job : job;
}
