import { globalLogLine } from '../../contract/maintenance-log.ts';
import type { App } from '../app.ts';
import { pruneImages } from '../prune-images.ts';
import { ShareError } from '../share-port.ts';
import type { OwedEffect } from '../store.ts';
import { verifyImages } from '../verify-images.ts';
import { announce } from './announce.ts';
import { laneKey, laneOf } from './lanes.ts';
import { backoffMs, carryOutOnMachine } from './machine-effects.ts';
import type { Tasks } from './tasks.ts';

/**
 * Starts the next owed effect of every job and lane. Within a lane the order holds: what
 * waits for its next try keeps what came after it waiting.
 */
export async function carryOutOwed(app: App, tasks: Tasks): Promise<void> {
  const now = app.clock.now();
  const seen = new Set<string>();
  for (const owed of await app.store.owedEffects()) {
    const key = laneKey(laneOf(owed.effect), owed.jobId);
    if (seen.has(key)) continue;
    seen.add(key);
    if (owed.dueAt > now) continue;
    // The lane's next effect is started by the pass that this asks for.
    tasks.start(key, () => carryOut(app, owed).finally(() => setImmediate(app.wake)));
  }
}

async function carryOut(app: App, owed: OwedEffect): Promise<void> {
  const { effect } = owed;
  switch (effect.kind) {
    case 'card':
    case 'notice': {
      const { carried, paid } = await announce(app, owed, effect);
      return carried.kind === 'done' ? settle(app, paid) : waitForChat(app, owed, carried);
    }
    case 'log':
      return writeLog(app, owed, effect.message);
    case 'prune':
      return prune(app, owed, effect.generation);
    default: {
      const job = await app.store.job(owed.jobId);
      if (job === null) return settle(app, [owed]);
      const carried = await carryOutOnMachine(app, job, { effect, tries: owed.tries });
      return carried.kind === 'done' ? settle(app, [owed]) : again(app, owed, carried);
    }
  }
}

async function writeLog(app: App, owed: OwedEffect, message: string): Promise<void> {
  const job = await app.store.job(owed.jobId);
  if (job === null) return settle(app, [owed]);
  try {
    await app.share.appendGlobalLog(globalLogLine(app.clock.now(), job.testbox.address, message));
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    return again(app, owed, { afterMs: backoffMs(owed.tries), why: error.message });
  }
  return settle(app, [owed]);
}

/** Keeps what any active job names. A generation that can't be proved makes nothing go. */
async function prune(app: App, owed: OwedEffect, generation: number): Promise<void> {
  const job = await app.store.job(owed.jobId);
  if (job === null) return settle(app, [owed]);
  const { address } = job.testbox;
  const keep = app.settings.keepGenerations;
  try {
    const pruned = await pruneImages(app, { address, keep, dryRun: false, after: generation });
    app.log.info(
      { jobId: job.id, testbox: job.testbox.name, ...pruned },
      'older generations were looked through',
    );
    if (pruned !== null && pruned.problem !== null) {
      app.log.error({ jobId: job.id, problem: pruned.problem }, 'the new generation is not sound');
      // Whoever asked for it is told, and no restore takes it.
      await verifyImages(app, { address, generations: [generation] });
    }
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    return again(app, owed, { afterMs: backoffMs(owed.tries), why: error.message });
  }
  return settle(app, [owed]);
}

function settle(app: App, paid: readonly OwedEffect[]): Promise<void> {
  return app.store.settle(
    paid.map(({ id }) => id),
    app.clock.now(),
  );
}

interface Wait {
  afterMs: number;
  why: string;
}

async function again(app: App, owed: OwedEffect, { afterMs, why }: Wait): Promise<void> {
  const { jobId, effect, tries } = owed;
  app.log.warn({ jobId, effect: effect.kind, tries, why }, 'an effect is tried again later');
  await app.store.postpone(owed.id, { dueAt: app.clock.now() + afterMs, error: why });
}

/** A chat may be away for hours, for every job at once: the log hears of the first try alone. */
async function waitForChat(app: App, owed: OwedEffect, wait: Wait): Promise<void> {
  if (owed.tries === 0) return again(app, owed, wait);
  await app.store.postpone(owed.id, { dueAt: app.clock.now() + wait.afterMs, error: wait.why });
}
