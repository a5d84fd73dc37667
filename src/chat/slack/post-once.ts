import type { Clock, PostLedger } from '../../app/ports.ts';
import type { MessageRef } from '../platform.ts';
import { hadNoEffect, SlackCallError } from './failure.ts';
import type { Found } from './find-posted.ts';
import { type SlackPlace, toRef } from './ref.ts';

export interface PostSteps {
  /** Looks for what an earlier try, begun then (epoch ms), may have posted. */
  find(begunAt: number): Promise<Found>;
  post(): Promise<SlackPlace>;
  /** What belongs to it, such as a file; `again`: an earlier try may have done it. */
  complete(place: SlackPlace, again: boolean): Promise<void>;
}

/** One message per nonce, whatever dies or gets lost in between. */
export class PostOnce {
  readonly #ledger: PostLedger;
  readonly #clock: Clock;
  readonly #running = new Map<string, Promise<MessageRef>>();

  constructor(parts: { ledger: PostLedger; clock: Clock }) {
    this.#ledger = parts.ledger;
    this.#clock = parts.clock;
  }

  /** @throws what the steps and the ledger throw; the next call finds out what became of it */
  run(nonce: string, steps: PostSteps): Promise<MessageRef> {
    const running = this.#running.get(nonce);
    if (running !== undefined) return running;
    const started = this.#run(nonce, steps).finally(() => this.#running.delete(nonce));
    this.#running.set(nonce, started);
    return started;
  }

  async #run(nonce: string, steps: PostSteps): Promise<MessageRef> {
    const begun = await this.#ledger.begin(nonce, this.#clock.now());
    if (begun.kind === 'posted') return begun.ref;
    const found: Found = begun.kind === 'unknown' ? await steps.find(begun.at) : { kind: 'absent' };
    const again = found.kind === 'found';
    const place = again ? found.place : await this.#post(nonce, found, steps);
    await steps.complete(place, again);
    const ref = toRef(place);
    await this.#ledger.posted(nonce, ref);
    return ref;
  }

  async #post(nonce: string, found: Found, { post }: PostSteps): Promise<SlackPlace> {
    try {
      return await post();
    } catch (error) {
      const nothingPosted = error instanceof SlackCallError && hadNoEffect(error.failure);
      // Where Slack doesn't let the bot look, an earlier try may still have posted it.
      if (nothingPosted && found.kind === 'absent') await this.#ledger.failed(nonce);
      throw error;
    }
  }
}
