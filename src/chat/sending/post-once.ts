import type { PostLedger } from '../../app/chat-ports.ts';
import type { Clock } from '../../app/ports.ts';
import type { MessageRef } from '../platform.ts';

/** What became of an earlier try to post. */
export type Found<Place> =
  | { kind: 'found'; place: Place }
  | { kind: 'absent' }
  /** The platform doesn't let the bot look. */
  | { kind: 'unknown' };

export interface PostSteps<Place> {
  /** Looks for what an earlier try, begun then (epoch ms), may have posted. */
  find(begunAt: number): Promise<Found<Place>>;
  post(): Promise<Place>;
  /** What belongs to it, such as a file; `again`: an earlier try may have done it. */
  complete(place: Place, again: boolean): Promise<void>;
}

interface PostOnceParts<Place> {
  ledger: PostLedger;
  clock: Clock;
  toRef: (place: Place) => MessageRef;
  /** Whether a post that failed so surely posted nothing. */
  postedNothing: (error: unknown) => boolean;
}

/** One message per nonce, whatever dies or gets lost in between. */
export class PostOnce<Place> {
  readonly #parts: PostOnceParts<Place>;
  readonly #running = new Map<string, Promise<MessageRef>>();
  readonly #looking = new Map<string, Promise<unknown>>();

  constructor(parts: PostOnceParts<Place>) {
    this.#parts = parts;
  }

  /** @throws what the steps and the ledger throw; the next call finds out what became of it */
  run(nonce: string, steps: PostSteps<Place>): Promise<MessageRef> {
    const running = this.#running.get(nonce);
    if (running !== undefined) return running;
    const started = this.#run(nonce, steps).finally(() => this.#running.delete(nonce));
    this.#running.set(nonce, started);
    return started;
  }

  /** The message of this nonce that went through before; null without. @throws what the ledger throws */
  async posted(nonce: string): Promise<MessageRef | null> {
    const running = this.#running.get(nonce);
    if (running !== undefined) return running.catch(() => null);
    const look = this.#look(nonce).finally(() => this.#looking.delete(nonce));
    this.#looking.set(nonce, look);
    return look;
  }

  async #look(nonce: string): Promise<MessageRef | null> {
    const { ledger, clock } = this.#parts;
    const begun = await ledger.begin(nonce, clock.now());
    if (begun.kind === 'posted') return begun.ref;
    // Nobody posts: what was begun just now is undone.
    if (begun.kind === 'new') await ledger.failed(nonce);
    return null;
  }

  async #run(nonce: string, steps: PostSteps<Place>): Promise<MessageRef> {
    await this.#looking.get(nonce)?.catch(() => null);
    const { ledger, clock, toRef } = this.#parts;
    const begun = await ledger.begin(nonce, clock.now());
    if (begun.kind === 'posted') return begun.ref;
    const found: Found<Place> = begun.kind === 'unknown' ? await steps.find(begun.at) : { kind: 'absent' };
    const again = found.kind === 'found';
    const place = again ? found.place : await this.#post(nonce, found, steps);
    await steps.complete(place, again);
    const ref = toRef(place);
    await ledger.posted(nonce, ref);
    return ref;
  }

  async #post(nonce: string, found: Found<Place>, { post }: PostSteps<Place>): Promise<Place> {
    try {
      return await post();
    } catch (error) {
      // Where the platform doesn't let the bot look, an earlier try may still have posted it.
      if (found.kind === 'absent' && this.#parts.postedNothing(error)) await this.#parts.ledger.failed(nonce);
      throw error;
    }
  }
}
