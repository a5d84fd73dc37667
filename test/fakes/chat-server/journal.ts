/** What happened, in order, and who waits for something to happen. */
export class Journal<Call> {
  readonly calls: Call[] = [];
  readonly breaches: string[] = [];
  readonly #waiting = new Set<() => void>();

  addCall(call: Call): void {
    this.calls.push(call);
    this.stir();
  }

  breach(sentence: string): void {
    this.breaches.push(sentence);
    this.stir();
  }

  /** Wakes everybody who waits in `changed`. */
  stir(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Rejects with the signal's reason when it is aborted first. */
  changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        this.#waiting.delete(wake);
        reject(signal?.reason);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.add(wake);
    });
  }
}
