const MINUTE_MS = 60_000;
/** A second, less what the network may squeeze two posts together. */
const POST_GAP_MS = 850;

/** Calls a minute; null where Slack has no limit of its own. */
export type PerMinute = number | null;

export const TIER = { free: null, one: 1, two: 20, three: 50, four: 100 } as const;
/** Documented as tier 1, but an app is given its ten sockets. */
export const CONNECTIONS_PER_MINUTE = 10;

/** Slack's limits, as sliding windows. What is refused doesn't count. */
export class RateLimits {
  readonly #enabled: boolean;
  readonly #now: () => number;
  readonly #calls = new Map<string, number[]>();
  readonly #lastPost = new Map<string, number>();

  constructor(settings: { enabled: boolean; now: () => number }) {
    this.#enabled = settings.enabled;
    this.#now = settings.now;
  }

  /** Seconds until the method may be called again; null when this call goes through, and counts. */
  take(method: string, perMinute: PerMinute): number | null {
    if (!this.#enabled || perMinute === null) return null;
    const now = this.#now();
    const recent = (this.#calls.get(method) ?? []).filter((at) => at > now - MINUTE_MS);
    const blocking = recent[recent.length - perMinute];
    if (blocking !== undefined) return inSeconds(blocking + MINUTE_MS - now);
    this.#calls.set(method, [...recent, now]);
    return null;
  }

  /** The same for a post into a channel: one a second. */
  takePost(channel: string): number | null {
    if (!this.#enabled) return null;
    const now = this.#now();
    const last = this.#lastPost.get(channel);
    if (last !== undefined && now - last < POST_GAP_MS) return inSeconds(last + 1000 - now);
    this.#lastPost.set(channel, now);
    return null;
  }
}

function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
