import type { ChatPerson } from '../../../domain/person.ts';
import type { HomePage } from '../../platform.ts';
import { withTimeLimit } from '../../time-limit.ts';
import { homeView } from '../blocks/home.ts';
import type { HandlerParts } from './parts.ts';

const SHOWN_WITHIN_MS = 30_000;

/** The Home tabs of people. One at a time for each, so that an older page never covers a newer one. */
export class HomePages {
  readonly #parts: HandlerParts;
  /** The last publication of each user that is under way or waits. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(parts: HandlerParts) {
    this.#parts = parts;
  }

  show(person: ChatPerson): Promise<void> {
    return this.#inTurn(person.user, () => this.#parts.inbound.home(person));
  }

  showRefusal(user: string, why: string): Promise<void> {
    return this.#inTurn(user, async () => ({
      at: this.#parts.clock.now(),
      sections: [{ title: 'Testbox', empty: why, entries: [] }],
    }));
  }

  async #inTurn(user: string, read: () => Promise<HomePage>): Promise<void> {
    const before = this.#turns.get(user) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => this.#publish(user, read));
    this.#turns.set(user, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(user) === turn) this.#turns.delete(user);
    }
  }

  async #publish(user: string, read: () => Promise<HomePage>): Promise<void> {
    const { client, clock, link } = this.#parts;
    await withTimeLimit({ clock, ms: SHOWN_WITHIN_MS }, async (signal) => {
      const view = homeView(await read(), link);
      // Somebody else has had the turn since.
      if (signal.aborted) return;
      await client.views.publish({ user_id: user, view });
    });
  }
}
