interface Storm {
  method: string | null;
  retryAfterSeconds: number;
  until: number;
}

/** What goes wrong on purpose, and hasn't yet. */
export class Faults {
  readonly #now: () => number;
  #storms: Storm[] = [];
  readonly #failing: { method: string; error: string }[] = [];
  readonly #losing: string[] = [];
  readonly #hanging: string[] = [];
  readonly #lost = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  storm(method: string | null, settings: { retryAfterSeconds: number; forMs: number }): void {
    const { retryAfterSeconds, forMs } = settings;
    this.#storms.push({ method, retryAfterSeconds, until: this.#now() + forMs });
  }

  failNext(method: string, error: string): void {
    this.#failing.push({ method, error });
  }

  loseNextAnswer(method: string): void {
    this.#losing.push(method);
  }

  hangNext(method: string): void {
    this.#hanging.push(method);
  }

  /** Seconds for Retry-After while a storm is on. */
  stormFor(method: string): number | null {
    this.#storms = this.#storms.filter(({ until }) => until > this.#now());
    const storm = this.#storms.find((storm) => storm.method === null || storm.method === method);
    return storm?.retryAfterSeconds ?? null;
  }

  takeFailure(method: string): string | null {
    const index = this.#failing.findIndex((failing) => failing.method === method);
    return index < 0 ? null : (this.#failing.splice(index, 1)[0]?.error ?? null);
  }

  takeLoss(method: string): boolean {
    const taken = take(this.#losing, method);
    if (taken) this.#lost.add(method);
    return taken;
  }

  takeHang(method: string): boolean {
    return take(this.#hanging, method);
  }

  /** An app that never got the answer can't be blamed for trying again. */
  hasLost(method: string): boolean {
    return this.#lost.has(method);
  }
}

function take(list: string[], method: string): boolean {
  const index = list.indexOf(method);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}
