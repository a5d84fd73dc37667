/** Delays or ages, in ms. */
export class Figures {
  readonly #values: number[] = [];

  add(ms: number): void {
    this.#values.push(ms);
  }

  get count(): number {
    return this.#values.length;
  }

  /** The value that this part of all is not above; null without any. */
  percentile(part: number): number | null {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
  }

  get max(): number | null {
    return this.percentile(1);
  }
}
