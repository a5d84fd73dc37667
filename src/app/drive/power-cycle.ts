import type { Job } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { changeJob } from '../change-job.ts';
import { findTestbox } from '../find-testbox.ts';
import type { Carried } from './carried.ts';

/**
 * Runs the box's power command, at most once: that it began is stored before it does. If the
 * bot dies in between, its outcome is unknown, and only a person may ask for it again.
 */
export async function powerCycle(app: App, job: Job): Promise<Carried> {
  if (job.power?.state === 'begun') {
    await changeJob(app, job.id, {
      type: 'power-ended',
      outcome: 'unknown',
      why: 'the bot was stopped while it ran',
    });
  }
  if (job.power?.state !== 'asked') return { kind: 'done' };
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox) return { kind: 'done' };
  const begun = await changeJob(app, job.id, { type: 'power-begun' });
  if (begun.kind !== 'changed') return { kind: 'done' };
  const outcome = await app.power.cycle(testbox);
  const why = outcome.kind === 'done' ? null : outcome.why;
  await changeJob(app, job.id, { type: 'power-ended', outcome: outcome.kind, why });
  return { kind: 'done' };
}

/** Boxes whose inventory says `auto` need nobody's hands, once; an agent at work is left alone. */
export async function askForPower(app: App, jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    if (job.state !== 'needs-hands' || job.power !== null || job.bootIds.length > 0) continue;
    const testbox = findTestbox(app, job.testbox.name);
    if ('kind' in testbox || testbox.power?.mode !== 'auto') continue;
    await changeJob(app, job.id, (now) =>
      now.state === 'needs-hands' && now.power === null ? { type: 'power-asked', by: null } : null,
    );
  }
}
