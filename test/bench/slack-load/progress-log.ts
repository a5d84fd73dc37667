import { Figures } from './figures.ts';

/** How long ago people were last shown how far a box is. */
export class ProgressLog {
  readonly ages = new Figures();
  readonly #shownAt = new Map<string, number>();
  #from = 0;

  /** Until now nothing moved: what was shown is true. */
  measure(): void {
    this.#from = Date.now();
  }

  /** A message that was shown, as its lines: a card of one box, or the summary card. */
  shown(lines: readonly string[]): void {
    const [, ofCard] = /^\S+ [a-z-]+ ([a-z0-9-]+): /.exec(lines[0] ?? '') ?? [];
    for (const line of lines.filter((one) => /\d+%/.test(one))) {
      const [, ofLine] = /^\S+ [a-z-]+ ([a-z0-9-]+): \d+%$/.exec(line) ?? [];
      const box = ofCard ?? ofLine;
      if (box !== undefined) this.#shownAt.set(box, Date.now());
    }
  }

  /** Notes how old what people see of these boxes is at this moment. */
  sample(boxes: readonly { name: string; imagingSince: number }[]): void {
    for (const { name, imagingSince } of boxes) {
      this.ages.add(Date.now() - Math.max(this.#from, imagingSince, this.#shownAt.get(name) ?? 0));
    }
  }
}
