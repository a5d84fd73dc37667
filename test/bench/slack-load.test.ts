import { describe, expect, it } from 'vitest';
import { Figures } from './slack-load/figures.ts';
import { readOptions } from './slack-load/options.ts';
import { type LoadFigures, resultTable } from './slack-load/results.ts';
import { runLoad } from './slack-load/run.ts';

function figures(...values: number[]): Figures {
  const all = new Figures();
  for (const value of values) all.add(value);
  return all;
}

function load(changes: Partial<LoadFigures>): LoadFigures {
  return {
    ...{ stages: figures(), notices: figures(), answers: figures(), clicks: figures() },
    ...{ progress: figures(), postsPerMinute: 0, editsPerMinute: 0, refusedCalls: 0, problems: [] },
    ...changes,
  };
}

describe('the load bench', () => {
  it('meets every kind of figure in a small load, and breaks no rule of Slack', async () => {
    const measured = await runLoad({ jobs: 4, seconds: 6, imagingSeconds: 5, seed: 1 }, () => undefined);

    const { lines } = resultTable(measured);
    expect(lines.map((line) => /^(?:[a-z]+ ?)*/.exec(line)?.[0].trim())).toEqual([
      '',
      ...['stage shown', 'command answered', 'click answered', 'thread post', 'age of progress'],
      'posts a minute',
    ]);
    const { stages, answers, clicks, notices, progress } = measured;
    for (const { count } of [stages, answers, clicks, notices, progress]) expect(count).toBeGreaterThan(0);
    expect(measured.problems).toEqual([]);
    expect(measured.refusedCalls).toBe(0);
  });

  it('says which bounds are broken', () => {
    const answers = figures(...Array.from({ length: 99 }, () => 20), 30_000);
    const kept = load({ stages: figures(9_000, 10_000), answers });
    const broken = load({ stages: figures(9_000, 12_000), clicks: figures(1_500), problems: ['a 429'] });

    expect(resultTable(kept).broken).toEqual([]);
    expect(resultTable(broken).broken).toEqual([
      'stage shown: 12.00 s is above 10.00 s',
      'click answered: 1.50 s is above 1.00 s',
      'a 429',
    ]);
  });

  it.each([['--seconds', '0'], ['--jobs', 'many'], ['--jobs', '201'], ['--fast']])(
    'refuses %j',
    (...words) => {
      expect(() => readOptions(words)).toThrow('--');
    },
  );
});
