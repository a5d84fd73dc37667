import type { SectionBlock } from '@slack/types';
import { barCells } from '../../card/bar-cells.ts';
import type { Bar } from '../../platform.ts';
import { packLines } from './pack.ts';
import { clip, escapeCode, escapeOneLine } from './text.ts';

const LABEL_LENGTH = 16;

/**
 * How far a job is, of at most `size` JSON. Slack's `plan` and `task_card` blocks would say it
 * too, but not every workspace's clients show them: the choice is made here alone.
 */
export function progressBlocks(bars: readonly Bar[], size: number): SectionBlock[] {
  const labels = bars.map(({ label }) => clip(escapeCode(label), LABEL_LENGTH));
  const width = Math.max(0, ...labels.map((label) => label.length));
  const lines = bars.map(({ fraction, note }, index) => {
    const { done, toDo } = barCells(fraction);
    return `\`${(labels[index] ?? '').padEnd(width)} ${done}${toDo}\` ${escapeOneLine(note)}`.trimEnd();
  });
  return packLines(lines, { size, others: 'more disks' });
}
