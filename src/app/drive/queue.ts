import { APPROVAL_MAX_AGE_MS } from '../../domain/approval.ts';
import { explainPlanRefusal } from '../../domain/explain.ts';
import { type Job, occupiesShare } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { changeJob } from '../change-job.ts';
import { findTestbox } from '../find-testbox.ts';
import { makePlan } from '../make-plan.ts';
import { ShareError } from '../share-port.ts';

/** Lets the oldest queued jobs go, as many as the share may carry at a time. */
export async function advanceQueue(app: App): Promise<void> {
  const jobs = await app.store.activeJobs();
  const free = app.settings.maxRunning - jobs.filter(({ state }) => occupiesShare(state)).length;
  const next = jobs.filter(({ state }) => state === 'queued').slice(0, Math.max(0, free));
  for (const job of next) await startJob(app, job);
}

/** The plan is made again at the last moment: what was approved may no longer be what would happen. */
async function startJob(app: App, job: Job): Promise<void> {
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox) {
    await changeJob(app, job.id, {
      type: 'arming-refused',
      code: 'boot-config-refused',
      why: `${job.testbox.name} is no longer in the inventory`,
    });
    return;
  }
  try {
    const built = await makePlan(app, testbox, job);
    await changeJob(
      app,
      job.id,
      built.kind === 'refused'
        ? {
            type: 'arming-refused',
            code: 'boot-config-refused',
            why: explainPlanRefusal(built.why, testbox.name),
          }
        : {
            type: 'turn-came',
            nonce: app.random.nonce(),
            facts: built,
            approvalMaxAgeMs: APPROVAL_MAX_AGE_MS,
          },
    );
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    app.log.warn({ jobId: job.id, err: error }, 'a queued job waits for the share');
  }
}
