const GLOBAL_PER_SECOND = 50;

/** How often a route may be called. */
export interface Budget {
  /** Routes with the same name share their calls. */
  name: string;
  limit: number;
  perMs: number;
}

/** Nobody has published these figures: clients read them from the headers. */
export const BUDGETS = {
  reads: { name: 'reads', limit: 50, perMs: 1000 },
  posts: { name: 'posts', limit: 5, perMs: 5000 },
  edits: { name: 'edits', limit: 5, perMs: 5000 },
  deletes: { name: 'deletes', limit: 5, perMs: 1000 },
  threads: { name: 'threads', limit: 10, perMs: 10_000 },
  webhooks: { name: 'webhooks', limit: 5, perMs: 2000 },
  commands: { name: 'commands', limit: 5, perMs: 20_000 },
} as const satisfies Record<string, Budget>;

interface Window {
  endsAt: number;
  used: number;
}

export type Taken =
  | { kind: 'taken'; headers: Record<string, string> }
  | { kind: 'exceeded'; isGlobal: boolean; retryAfterSeconds: number; headers: Record<string, string> };

/**
 * Route limits as windows that begin with their first call, and the limit of the whole bot.
 * By the real time: clients wait by their own clock.
 */
export class RateLimits {
  readonly #enabled: boolean;
  readonly #windows = new Map<string, Window>();
  #recent: readonly number[] = [];

  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }

  /** Counts one call of the whole bot; gives seconds to wait when that is one too many. */
  takeGlobal(): number | null {
    if (!this.#enabled) return null;
    const now = Date.now();
    this.#recent = this.#recent.filter((at) => at > now - 1000);
    const [first] = this.#recent;
    if (this.#recent.length >= GLOBAL_PER_SECOND && first !== undefined) return (first + 1000 - now) / 1000;
    this.#recent = [...this.#recent, now];
    return null;
  }

  take(budget: Budget | null, major: string): Taken {
    if (!this.#enabled || budget === null) return { kind: 'taken', headers: {} };
    const now = Date.now();
    const key = `${budget.name}:${major}`;
    const open = this.#windows.get(key);
    const window = open !== undefined && open.endsAt > now ? open : { endsAt: now + budget.perMs, used: 0 };
    const isOver = window.used >= budget.limit;
    if (!isOver) this.#windows.set(key, { ...window, used: window.used + 1 });
    const inSeconds = (window.endsAt - now) / 1000;
    const headers = {
      'x-ratelimit-limit': String(budget.limit),
      'x-ratelimit-remaining': String(Math.max(0, budget.limit - window.used - 1)),
      'x-ratelimit-reset': (window.endsAt / 1000).toFixed(3),
      'x-ratelimit-reset-after': inSeconds.toFixed(3),
      'x-ratelimit-bucket': budget.name,
    };
    if (!isOver) return { kind: 'taken', headers };
    return { kind: 'exceeded', isGlobal: false, retryAfterSeconds: inSeconds, headers };
  }
}
