import { assertNever } from '../../contract/assert-never.ts';
import type { Effect } from '../../domain/effects.ts';
import { type Job, wantsBootConfig } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { putBootConfig, removeBootConfig } from '../boot-config-file.ts';
import { changeJob } from '../change-job.ts';
import { findTestbox } from '../find-testbox.ts';
import { handImagesOver, takeImagesBack } from '../handed-over.ts';
import { keysOfJob } from '../restored-keys.ts';
import { ShareError } from '../share-port.ts';
import type { Carried } from './carried.ts';
import { powerCycle } from './power-cycle.ts';

const DONE: Carried = { kind: 'done' };
const REBOOT_RETRY_MS = 5_000;

/** Carries out an effect on share or box, if the job as it is now still wants it. */
export async function carryOutOnMachine(
  app: App,
  job: Job,
  {
    effect,
    tries,
  }: {
    effect: Extract<Effect, { kind: 'arm' | 'disarm' | 'take-back' | 'reboot' | 'power' }>;
    tries: number;
  },
): Promise<Carried> {
  switch (effect.kind) {
    case 'arm':
      return onShare(tries, () => arm(app, job));
    case 'disarm':
      return onShare(tries, () => disarm(app, job, tries));
    case 'take-back':
      return onShare(tries, () => takeImagesBack(app, job));
    case 'reboot':
      return job.state === 'rebooting' ? reboot(app, job) : DONE;
    case 'power':
      return powerCycle(app, job);
    default:
      return assertNever(effect);
  }
}

/** 1 s, 2 s, 4 s … 30 s. */
export function backoffMs(tries: number): number {
  return Math.min(30_000, 1_000 * 2 ** tries);
}

async function onShare(tries: number, work: () => Promise<Carried>): Promise<Carried> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ShareError) return { kind: 'again', afterMs: backoffMs(tries), why: error.message };
    throw error;
  }
}

async function arm(app: App, job: Job): Promise<Carried> {
  if (!wantsBootConfig(job)) return DONE;
  if (job.state !== 'arming') {
    await putBootConfig(app, job);
    return DONE;
  }
  const why = await obstacleToDirectory(app, job);
  if (why !== null) {
    await changeJob(app, job.id, { type: 'arming-refused', code: 'box-directory-refused', why });
    return DONE;
  }
  const handed = await handImagesOver(app, job);
  if (handed.kind === 'refused') {
    await changeJob(app, job.id, { type: 'arming-refused', code: 'image-not-handed-over', why: handed.why });
    return DONE;
  }
  // Images take their time: the job may have been cancelled meanwhile.
  if ((await app.store.job(job.id))?.state !== 'arming') return DONE;
  const written = await putBootConfig(app, job);
  await changeJob(
    app,
    job.id,
    written.kind === 'in-place'
      ? { type: 'armed' }
      : { type: 'arming-refused', code: 'boot-config-refused', why: written.why },
  );
  return DONE;
}

/** Why the box has no directory on the backup share. A rescue has to do without one. */
async function obstacleToDirectory(app: App, { action, testbox }: Job): Promise<string | null> {
  if (action === 'rescue') {
    await app.share.prepareBox(testbox.address).catch(unlessShareError);
    return null;
  }
  const prepared = await app.share.prepareBox(testbox.address);
  return prepared.kind === 'ready' ? null : prepared.why;
}

function unlessShareError(error: unknown): void {
  if (!(error instanceof ShareError)) throw error;
}

async function disarm(app: App, job: Job, tries: number): Promise<Carried> {
  const after = await removeBootConfig(app, job.id);
  const owed = after !== null && !after.disarmed && !wantsBootConfig(after);
  return owed ? { kind: 'again', afterMs: backoffMs(tries), why: 'the share did not answer' } : DONE;
}

/**
 * Reboots the box, provably at most once: the boot id is stored before the command goes out,
 * and while it is still the same one the command has had no effect.
 */
async function reboot(app: App, job: Job): Promise<Carried> {
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox) return refuse(app, job, `${job.testbox.name} is no longer in the inventory`);
  const trusted = await keysOfJob(app, job);
  const probe = await app.machines.probe(testbox, trusted);
  if (probe.kind === 'down') return { kind: 'again', afterMs: REBOOT_RETRY_MS, why: probe.why };
  if (probe.kind === 'refused') return refuse(app, job, probe.why);
  if (probe.system === 'maintenance') return refuse(app, job, 'the box is already in the maintenance system');
  if (job.bootIdBefore !== null && job.bootIdBefore !== probe.bootId) {
    await changeJob(app, job.id, { type: 'booted-own-disk', bootId: probe.bootId });
    return DONE;
  }
  await changeJob(app, job.id, { type: 'boot-id-seen', bootId: probe.bootId, hostKey: probe.hostKey });
  const outcome = await app.machines.reboot(testbox, trusted);
  if (outcome.kind !== 'issued') return { kind: 'again', afterMs: REBOOT_RETRY_MS, why: outcome.why };
  await changeJob(app, job.id, (now) => (now.state === 'rebooting' ? { type: 'reboot-issued' } : null));
  return DONE;
}

async function refuse(app: App, job: Job, why: string): Promise<Carried> {
  await changeJob(app, job.id, { type: 'reboot-failed', why });
  return DONE;
}
