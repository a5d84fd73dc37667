import type { JobId } from '../../contract/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { Delivery } from './delivery.ts';
import { cardUrgency } from './urgency.ts';

/**
 * Turns for edits of cards. A card that waits among the stages of all jobs waits no longer once
 * somebody is called to it: they look for what it says now, and for its buttons.
 */
export class CardTurns {
  readonly #delivery: Delivery;
  /** Of each card that waits as a stage. */
  readonly #call = new Map<JobId, () => void>();

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** @throws AnnounceError */
  async take(job: Job): Promise<void> {
    const urgency = cardUrgency(job);
    if (urgency === 'people') return this.#delivery.turn(job, { kind: 'edit', urgency });
    const called = Promise.withResolvers<void>();
    this.#call.set(job.id, called.resolve);
    const forPeople = called.promise.then(() =>
      this.#delivery.turn(job, { kind: 'edit', urgency: 'people' }),
    );
    try {
      await Promise.race([this.#delivery.turn(job, { kind: 'edit', urgency }), forPeople]);
    } finally {
      this.#call.delete(job.id);
    }
  }

  /** Somebody is called to the job's card. */
  callTo(job: Job): void {
    this.#call.get(job.id)?.();
  }
}
