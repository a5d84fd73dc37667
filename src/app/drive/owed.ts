import type { JobId } from '../../contract/ids.ts';
import { globalLogLine } from '../../contract/maintenance-log.ts';
import type { Effect } from '../../domain/effects.ts';
import type { App } from '../app.ts';
import { viewOf } from '../look.ts';
import { AnnounceError, ShareError } from '../ports.ts';
import type { OwedEffect } from '../store.ts';
import { backoffMs, carryOutOnMachine } from './machine-effects.ts';
import type { Tasks } from './tasks.ts';

type Lane = 'machine' | 'card' | 'notice' | 'log' | 'prune';

const LANES: Record<Effect['kind'], Lane> = {
  arm: 'machine',
  disarm: 'machine',
  reboot: 'machine',
  power: 'machine',
  prune: 'prune',
  card: 'card',
  notice: 'notice',
  log: 'log',
};

/**
 * Starts the next owed effect of every job and lane. Within a lane the order holds: what
 * waits for its next try keeps what came after it waiting.
 */
export async function carryOutOwed(app: App, tasks: Tasks): Promise<void> {
  const now = app.clock.now();
  const seen = new Set<string>();
  const owed = await app.store.owedEffects();
  for (const first of owed) {
    const lane = LANES[first.effect.kind];
    const key = `${lane}:${first.jobId}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (first.dueAt > now) continue;
    const sameLane = owed.filter(({ jobId, effect }) => jobId === first.jobId && LANES[effect.kind] === lane);
    // The lane's next effect is started by the pass that this asks for.
    tasks.start(key, () => carryOut(app, first, sameLane).finally(() => setImmediate(app.wake)));
  }
}

async function carryOut(app: App, owed: OwedEffect, lane: readonly OwedEffect[]): Promise<void> {
  const { effect } = owed;
  switch (effect.kind) {
    case 'card':
      // One edit shows the newest state: the cards owed after this one are paid with it.
      return announce(app, { owed, paid: lane.filter((other) => other.effect.kind === 'card') }, effect);
    case 'notice':
      return announce(app, { owed, paid: [owed] }, effect);
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

async function announce(
  app: App,
  { owed, paid }: { owed: OwedEffect; paid: readonly OwedEffect[] },
  effect: Extract<Effect, { kind: 'card' | 'notice' }>,
): Promise<void> {
  const job = await app.store.job(owed.jobId);
  if (job === null) return settle(app, paid);
  const look = async () => viewOf(app, (await app.store.job(job.id)) ?? job);
  try {
    if (effect.kind === 'card') await app.announcer.showCard(job, look);
    else await app.announcer.tell(job, { look, notice: effect.notice, key: owed.id });
  } catch (error) {
    if (!(error instanceof AnnounceError)) throw error;
    return again(app, owed, { afterMs: error.retryAfterMs ?? backoffMs(owed.tries), why: error.message });
  }
  return settle(app, paid);
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
  const active = await app.store.activeJob(address);
  const named =
    active?.plan.disks.flatMap(({ image }) => (image?.kind === 'indexed' ? [image.generation] : [])) ?? [];
  const keep = app.settings.keepGenerations;
  try {
    const pruned = await app.share.prune({ address, proved: generation, keep, named });
    app.log.info(
      { jobId: job.id, testbox: job.testbox.name, ...pruned },
      'older generations were looked through',
    );
    if (pruned.problem !== null)
      app.log.error({ jobId: job.id, problem: pruned.problem }, 'the new generation is not sound');
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

async function again(
  app: App,
  owed: OwedEffect,
  { afterMs, why }: { afterMs: number; why: string },
): Promise<void> {
  const jobId: JobId = owed.jobId;
  app.log.warn({ jobId, effect: owed.effect.kind, tries: owed.tries, why }, 'an effect is tried again later');
  await app.store.postpone(owed.id, { dueAt: app.clock.now() + afterMs, error: why });
}
