import type { Clock, Log } from '../../../app/ports.ts';

/** So long a value is taken as it is. */
const FRESH_MS = 60_000;
/** So long it still counts when Slack can't be asked. */
const STALE_MS = 15 * 60_000;
const KEPT = 2_000;

/** Values that Slack gives, kept for a minute; at most one question for each is under way. */
export class FreshValues<T> {
  readonly #load: (key: string) => Promise<T>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, { value: T; at: number }>();
  readonly #asking = new Map<string, Promise<T>>();

  constructor(settings: { load: (key: string) => Promise<T>; clock: Clock; log: Log }) {
    this.#load = settings.load;
    this.#clock = settings.clock;
    this.#log = settings.log;
  }

  /** @throws what `load` threw, when there is no value of the last 15 minutes either */
  async read(key: string): Promise<T> {
    const known = this.#known.get(key);
    if (known !== undefined && this.#clock.now() - known.at < FRESH_MS) return known.value;
    try {
      return await this.#ask(key);
    } catch (error) {
      if (known === undefined || this.#clock.now() - known.at > STALE_MS) throw error;
      this.#log.warn({ err: error, key, readAt: known.at }, 'Slack can not be asked; the last answer counts');
      return known.value;
    }
  }

  #ask(key: string): Promise<T> {
    const asking = this.#asking.get(key);
    if (asking !== undefined) return asking;
    const asked = this.#loadAndKeep(key).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  async #loadAndKeep(key: string): Promise<T> {
    // The answer may have been true at the asking already, so its age counts from there.
    const at = this.#clock.now();
    const value = await this.#load(key);
    this.#known.delete(key);
    this.#known.set(key, { value, at });
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    return value;
  }
}
