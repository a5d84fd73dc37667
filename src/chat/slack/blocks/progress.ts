import type { SectionBlock } from '@slack/types';
import { barLines } from '../../card/bar-lines.ts';
import type { Bar } from '../../platform.ts';
import { packLines } from './pack.ts';
import { clip, escapeCode, escapeOneLine } from './text.ts';

/**
 * How far a job is, of at most `size` JSON. Slack's `plan` and `task_card` blocks would say it
 * too, but not every workspace's clients show them: the choice is made here alone.
 */
export function progressBlocks(bars: readonly Bar[], size: number): SectionBlock[] {
  const lines = barLines(bars, { code: escapeCode, words: escapeOneLine, clip });
  return packLines(lines, { size, others: 'more disks' });
}
