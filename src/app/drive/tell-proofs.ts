import type { App } from '../app.ts';
import { AnnounceError } from '../chat-ports.ts';
import type { AskedProof } from '../proof-ports.ts';
import { proveForSomebody } from '../prove-for-somebody.ts';
import type { Tasks } from './tasks.ts';

const EVERY_MS = 5_000;
const RETRY_MS = 60_000;

/**
 * Keeps what was promised to people who asked for a proof and could not be answered at once: tells the
 * result, and reads images that a bot which was stopped has left unread.
 */
export class TellProofs {
  readonly #app: App;
  readonly #tasks: Tasks;
  #nextAt = 0;
  #proving = false;

  constructor(app: App, tasks: Tasks) {
    this.#app = app;
    this.#tasks = tasks;
  }

  look(): void {
    const now = this.#app.clock.now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + EVERY_MS;
    this.#tasks.start('proofs', () => this.#lookAtAll());
  }

  async #lookAtAll(): Promise<void> {
    for (const { result, ...asked } of await this.#app.askedProofs.open()) {
      if (result === null) this.#readOn(asked);
      else await this.#tell(asked, result);
    }
  }

  async #tell(asked: AskedProof, result: Parameters<App['teller']['tellProof']>[1]['result']): Promise<void> {
    const { teller, inventory, askedProofs, clock, log } = this.#app;
    const box = inventory.testboxes().find(({ address }) => address === asked.address)?.name ?? asked.address;
    try {
      await teller.tellProof(asked, { box, result });
      await askedProofs.done(asked.id);
    } catch (error) {
      if (!(error instanceof AnnounceError)) throw error;
      this.#nextAt = clock.now() + Math.max(EVERY_MS, error.retryAfterMs ?? RETRY_MS);
      log.warn({ testbox: box, why: error.message }, 'the result of a proof could not be told yet');
    }
  }

  /** One box at a time, and none that is being read already: whoever reads it tells what is found. */
  #readOn(asked: AskedProof): void {
    const { verifying } = this.#app;
    if (this.#proving || verifying.has(asked.address)) return;
    this.#proving = true;
    verifying.add(asked.address);
    // Nobody waits for it, not even a bot that stops: reading ends with the process that reads.
    void this.#prove(asked)
      .catch((error: unknown) =>
        this.#app.log.error({ err: error, testbox: asked.address }, 'a proof that was asked for failed'),
      )
      .finally(() => {
        this.#proving = false;
        verifying.delete(asked.address);
      });
  }

  async #prove({ id, address }: AskedProof): Promise<void> {
    const { askedProofs, log } = this.#app;
    const result = await proveForSomebody(this.#app, address).catch((error: unknown) => {
      log.error({ err: error, testbox: address }, 'images could not be proved');
      // Once is enough: what nobody foresaw would be so again.
      return { kind: 'unread', why: "something went wrong; it is in the bot's log" } as const;
    });
    if (result !== null) await askedProofs.finish(id, result);
  }
}
