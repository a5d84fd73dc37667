interface Storm {
  target: string | null;
  retryAfterSeconds: number;
  until: number;
}

/** What goes wrong on purpose, and hasn't yet. Calls are named; faults are meant for a name or what it matches. */
export class Faults<Failure> {
  readonly #now: () => number;
  readonly #isMeant: (target: string, call: string) => boolean;
  #storms: Storm[] = [];
  readonly #failing: { target: string; failure: Failure }[] = [];
  readonly #losing: { target: string }[] = [];
  readonly #hanging: { target: string }[] = [];
  readonly #lost = new Set<string>();

  constructor(
    now: () => number,
    isMeant: (target: string, call: string) => boolean = (target, call) => target === call,
  ) {
    this.#now = now;
    this.#isMeant = isMeant;
  }

  storm(target: string | null, settings: { retryAfterSeconds: number; forMs: number }): void {
    const { retryAfterSeconds, forMs } = settings;
    this.#storms.push({ target, retryAfterSeconds, until: this.#now() + forMs });
  }

  failNext(target: string, failure: Failure): void {
    this.#failing.push({ target, failure });
  }

  loseNextAnswer(target: string): void {
    this.#losing.push({ target });
  }

  hangNext(target: string): void {
    this.#hanging.push({ target });
  }

  /** Seconds for Retry-After while a storm is on. */
  stormFor(call: string): number | null {
    this.#storms = this.#storms.filter(({ until }) => until > this.#now());
    const storm = this.#storms.find(({ target }) => target === null || this.#isMeant(target, call));
    return storm?.retryAfterSeconds ?? null;
  }

  takeFailure(call: string): Failure | null {
    return this.#take(this.#failing, call)?.failure ?? null;
  }

  takeLoss(call: string): boolean {
    const taken = this.#take(this.#losing, call) !== null;
    if (taken) this.#lost.add(call);
    return taken;
  }

  takeHang(call: string): boolean {
    return this.#take(this.#hanging, call) !== null;
  }

  /** An app that never got the answer can't be blamed for trying again. */
  hasLost(call: string): boolean {
    return this.#lost.has(call);
  }

  #take<Item extends { target: string }>(list: Item[], call: string): Item | null {
    const index = list.findIndex(({ target }) => this.#isMeant(target, call));
    return index < 0 ? null : (list.splice(index, 1)[0] ?? null);
  }
}
