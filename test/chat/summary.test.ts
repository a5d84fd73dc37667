import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/app/job-view.ts';
import { renderSummary } from '../../src/chat/summary.ts';
import { JobId } from '../../src/contract/ids.ts';
import { isEnded, JOB_STATES, type Job, occupiesShare } from '../../src/domain/job.ts';
import { NOW, restoreJob } from '../fakes/job.ts';
import { PLUTO } from '../fakes/plan.ts';

function view(box: string, job: Partial<Job> = {}, done: number | null = null): JobView {
  const disk = (doneBytes: number) => ({
    slot: 'sda',
    totalBytes: 1000,
    doneBytes,
    writtenBytes: 0,
    skippedBytes: 0,
    bytesPerSecond: 0,
  });
  return {
    job: restoreJob({ testbox: { name: box, address: PLUTO }, state: 'running', phase: 'imaging', ...job }),
    testbox: null,
    hearing:
      done === null
        ? null
        : { session: 's', lastSequence: 1, lastHeardAt: NOW, progress: [disk(done), disk(0)], log: [] },
    queuePlace: null,
    approvers: [],
    now: NOW,
  };
}

describe('a summary', () => {
  it('has a line for each job, sorted by box', () => {
    const { title, text, lines } = renderSummary([
      view('box-10', {}, 1000),
      view('box-9', { phase: 'checking-image' }, 500),
      view('box-2', { state: 'succeeded' }),
      view('box-3', { phase: null }),
      view('box-1', { state: 'needs-hands' }),
      view('box-2', { state: 'rebooting', action: 'backup-again', createdAt: NOW + 1 }),
    ]);

    expect(title).toBe('5 jobs at work');
    expect(text).toBe('5 jobs at work, 1 of them waits for somebody');
    expect(lines).toEqual([
      '🔧 restore box-1: needs hands',
      '✅ restore box-2: done',
      '⏳ backup-again box-2: rebooting',
      '⏳ restore box-3: running',
      '⏳ restore box-9: checking image',
      '⏳ restore box-10: 50%',
    ]);
  });

  it('never shows as done what is not', () => {
    const almost = { ...view('pluto', {}, 1000) };
    const [disk] = almost.hearing?.progress ?? [];
    if (disk === undefined || almost.hearing === null) throw new Error('no disk');
    const progress = [{ ...disk, doneBytes: 999 }];

    expect(renderSummary([{ ...almost, hearing: { ...almost.hearing, progress } }]).lines).toEqual([
      '⏳ restore pluto: 99%',
    ]);
  });

  const shown = JOB_STATES.filter((state) => occupiesShare(state) || isEnded(state));

  it.each(shown)('keeps the line of a job that is %s within a phone, by its name', (state) => {
    const long = 'a-box-with-quite-a-long-name-in-rack-7';

    const [line = ''] = renderSummary([view(long, { state, action: 'refresh-info' })]).lines;

    expect(line.length).toBeLessThanOrEqual(38);
    expect(line).toContain('refresh-info a-box');
  });

  it('leaves out none that wait for somebody when there are too many', () => {
    const many = Array.from({ length: 70 }, (_, index) => view(`box-${index + 1}`, { id: idOf(index) }));
    const waiting = [68, 69].map((index) => view(`box-${index + 1}`, { id: idOf(index), state: 'held' }));

    const { lines } = renderSummary([...many.slice(0, 68), ...waiting]);

    expect(lines).toHaveLength(61);
    expect(lines.slice(-3)).toEqual([
      '❓ restore box-69: held',
      '❓ restore box-70: held',
      'and 10 more: `/testbox status`',
    ]);
  });

  it('has the newest of those that ended when there is no room for all', () => {
    const atWork = Array.from({ length: 59 }, (_, index) => view(`box-${index + 1}`, { id: idOf(index) }));
    const ended = [97, 98, 99].map((number) =>
      view(`box-${number}`, {
        id: idOf(number),
        state: 'succeeded',
        stateSince: NOW + (number === 98 ? 1 : 0),
      }),
    );

    const { lines } = renderSummary([...atWork, ...ended]);

    expect(lines.slice(-2)).toEqual(['✅ restore box-98: done', 'and 2 more: `/testbox status`']);
  });
});

function idOf(index: number): JobId {
  return JobId.parse(String(index).padStart(8, '0'));
}
