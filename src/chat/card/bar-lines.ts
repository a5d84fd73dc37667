import type { Bar } from '../platform.ts';
import { barCells } from './bar-cells.ts';

const LABEL_LENGTH = 16;

/** How a platform escapes what stands within code, and cuts it, and what stands outside of it. */
export interface BarEscapes {
  code(text: string): string;
  words(text: string): string;
  clip(text: string, limit: number): string;
}

/** Bars below each other: label and cells as code, which is as wide in every line, then the note. */
export function barLines(bars: readonly Bar[], { code, words, clip }: BarEscapes): string[] {
  const labels = bars.map(({ label }) => clip(code(label), LABEL_LENGTH));
  const width = Math.max(0, ...labels.map((label) => label.length));
  return bars.map(({ fraction, note }, index) => {
    const { done, toDo } = barCells(fraction);
    return `\`${(labels[index] ?? '').padEnd(width)} ${done}${toDo}\` ${words(note)}`.trimEnd();
  });
}
