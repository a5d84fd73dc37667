import { describe, expect, it } from 'vitest';
import { dueStep, TOUR, type TourSight } from '../../src/cli/demo/tour.ts';

const START: TourSight = { speaker: 'alice', jobs: [], plutoState: 'own-system', numberOf: () => 7 };

function job(action: string, ...history: string[]): TourSight['jobs'][number] {
  return {
    id: '7k3m9q2x',
    testbox: 'pluto',
    action,
    state: history.at(-1) ?? 'planned',
    history,
    progressPercent: null,
  };
}

/** The main job as the tour sees it go by, and what it offers each time. */
const COURSE: [Partial<TourSight>, string | undefined][] = [
  [{}, 'backup pluto'],
  [{ jobs: [job('backup', 'planned')] }, '7'],
  [{ jobs: [job('backup', 'planned', 'queued', 'running')] }, undefined],
  [{ jobs: [job('backup', 'queued', 'succeeded')] }, '!break pluto'],
  [{ jobs: [job('backup', 'queued', 'succeeded')], plutoState: 'stuck' }, 'restore pluto'],
];
const BACKUP = job('backup', 'queued', 'succeeded');
const RESTORE: [Partial<TourSight>, string | undefined][] = [
  [{ jobs: [job('restore', 'planned'), BACKUP] }, '7'],
  [{ jobs: [job('restore', 'awaiting-approval'), BACKUP] }, 'as bob'],
  [{ jobs: [job('restore', 'awaiting-approval'), BACKUP], speaker: 'bob' }, '7'],
  [{ jobs: [job('restore', 'queued', 'arming', 'rebooting'), BACKUP], speaker: 'bob' }, undefined],
  [
    {
      jobs: [job('restore', 'arming', 'rebooting', 'needs-hands'), BACKUP],
      speaker: 'bob',
      plutoState: 'stuck',
    },
    '!power-on pluto',
  ],
  [{ jobs: [job('restore', 'arming', 'booting', 'running'), BACKUP], speaker: 'bob' }, undefined],
];

describe('the tour', () => {
  it('offers the next line as things go on, and ends', () => {
    let step = 0;
    const offered: (string | undefined)[] = [];
    for (const [sight] of [...COURSE, ...RESTORE]) {
      const seen = { ...START, ...sight };
      step = dueStep(seen, step);
      offered.push(TOUR[step]?.offer(seen));
    }

    expect(offered).toEqual([...COURSE, ...RESTORE].map(([, line]) => line));
    expect(dueStep({ ...START, jobs: [job('restore', 'succeeded'), BACKUP] }, step)).toBe(TOUR.length);
  });

  it('does not go back when somebody switches the speaker again', () => {
    const sight = { ...START, jobs: [job('restore', 'awaiting-approval'), BACKUP], speaker: 'bob' };
    const step = dueStep(sight, 0);

    expect(dueStep({ ...sight, speaker: 'alice' }, step)).toBe(step);
  });
});
