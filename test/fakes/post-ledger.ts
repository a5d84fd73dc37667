import type { Begun, PostLedger } from '../../src/app/chat-ports.ts';

/** Keeps what the store would, and fails where a test says so. */
export class MemoryLedger implements PostLedger {
  readonly #rows = new Map<string, { at: number; ref: string | null }>();
  #deaths: ('posted' | 'failed')[] = [];

  /** The next call of this is never written down, as when the bot is killed before it. */
  dieBefore(what: 'posted' | 'failed'): void {
    this.#deaths.push(what);
  }

  async begin(nonce: string, at: number): Promise<Begun> {
    const row = this.#rows.get(nonce);
    if (row === undefined) {
      this.#rows.set(nonce, { at, ref: null });
      return { kind: 'new' };
    }
    return row.ref === null ? { kind: 'unknown', at: row.at } : { kind: 'posted', ref: row.ref };
  }

  async posted(nonce: string, ref: string): Promise<void> {
    this.#live('posted');
    const row = this.#rows.get(nonce);
    if (row !== undefined) row.ref = ref;
  }

  async failed(nonce: string): Promise<void> {
    this.#live('failed');
    if (this.#rows.get(nonce)?.ref === null) this.#rows.delete(nonce);
  }

  /** What is known of the nonce: `posted`, `unknown`, or nothing. */
  stateOf(nonce: string): 'posted' | 'unknown' | null {
    const row = this.#rows.get(nonce);
    if (row === undefined) return null;
    return row.ref === null ? 'unknown' : 'posted';
  }

  #live(what: 'posted' | 'failed'): void {
    const at = this.#deaths.indexOf(what);
    if (at < 0) return;
    this.#deaths = this.#deaths.toSpliced(at, 1);
    throw new Error(`killed before ${what} was written down`);
  }
}
