import type { Effect } from '../../domain/effects.ts';
import type { App } from '../app.ts';
import { AnnounceError } from '../chat-ports.ts';
import { viewOf } from '../look.ts';
import type { OwedEffect } from '../store.ts';
import type { Carried } from './carried.ts';
import { backoffMs } from './machine-effects.ts';

type Announcement = Extract<Effect, { kind: 'card' | 'notice' }>;

/** What became of it, and the effects that it paid. */
export interface Announced {
  carried: Carried;
  paid: readonly OwedEffect[];
}

/** Brings a card up to date or posts a notice. What it says is read when the chat lets it out. */
export async function announce(app: App, owed: OwedEffect, effect: Announcement): Promise<Announced> {
  const job = await app.store.job(owed.jobId);
  let paid: readonly OwedEffect[] = [owed];
  if (job === null) return { carried: { kind: 'done' }, paid };
  const look = async () => {
    // Read before the job: what is owed by now is shown by the job as it is then.
    if (effect.kind === 'card') paid = await cardsOwed(app, owed);
    return viewOf(app, (await app.store.job(job.id)) ?? job);
  };
  try {
    if (effect.kind === 'card') await app.announcer.showCard(job, look);
    else await app.announcer.tell(job, { look, notice: effect.notice, key: owed.id });
  } catch (error) {
    if (!(error instanceof AnnounceError)) throw error;
    const afterMs = error.retryAfterMs ?? backoffMs(owed.tries);
    return { carried: { kind: 'again', afterMs, why: error.message }, paid: [] };
  }
  return { carried: { kind: 'done' }, paid };
}

/** One edit pays for every card of the job that is owed before it. */
async function cardsOwed(app: App, { jobId }: OwedEffect): Promise<OwedEffect[]> {
  const owed = await app.store.owedEffects();
  return owed.filter((other) => other.jobId === jobId && other.effect.kind === 'card');
}
