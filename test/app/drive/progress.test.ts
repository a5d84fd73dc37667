import { describe, expect, it } from 'vitest';
import { Driver } from '../../../src/app/drive/driver.ts';
import type { Job } from '../../../src/domain/job.ts';
import type { TestApp } from '../../fakes/app.ts';
import { changeStored, hear, nth, runningFleet } from '../../fakes/fleet.ts';

async function look(app: TestApp, driver: Driver): Promise<string[]> {
  const before = app.announcer.progress.length;
  await driver.pass();
  await driver.settled();
  return app.announcer.progress.slice(before);
}

/** A second later, with a word of every agent and room for so many edits. */
async function second(app: TestApp, jobs: readonly Job[], budget: number): Promise<void> {
  app.clock.advance(1_000);
  app.announcer.progressBudget = budget;
  for (const job of jobs) await hear(app, job, 1);
}

describe('progress', () => {
  it('is shown once for each report, and not before its interval is over', async () => {
    const { app, jobs } = await runningFleet(1);
    const driver = new Driver(app);
    await second(app, jobs, 5);

    expect(await look(app, driver)).toEqual(['box-1']);
    app.clock.advance(999);
    for (const job of jobs) await hear(app, job, 2);
    expect(await look(app, driver)).toEqual([]);
    app.clock.advance(1);
    expect(await look(app, driver)).toEqual(['box-1']);
    app.clock.advance(5_000);
    expect(await look(app, driver)).toEqual([]);
  });

  it('of the card that was not shown for the longest time comes first, and none starves', async () => {
    const { app, jobs } = await runningFleet(5);
    const driver = new Driver(app);
    const shown: string[][] = [];
    for (let round = 0; round < 9; round += 1) {
      await second(app, jobs, 2);
      shown.push(await look(app, driver));
    }

    expect(shown.slice(0, 3)).toEqual([
      ['box-1', 'box-2'],
      ['box-3', 'box-4'],
      ['box-5', 'box-1'],
    ]);
    // With room for two of five, each one is shown in any three rounds.
    for (let round = 0; round + 3 <= shown.length; round += 1) {
      expect(new Set(shown.slice(round, round + 3).flat()).size).toBe(5);
    }
  });

  it('finds no room in a channel that is full, and waits for nothing', async () => {
    const { app, jobs } = await runningFleet(2);
    const driver = new Driver(app);
    await second(app, jobs, 0);
    expect(await look(app, driver)).toEqual([]);

    app.announcer.progressBudget = 1;

    expect(await look(app, driver)).toEqual(['box-1']);
  });

  it('of a full channel leaves room for another one', async () => {
    const { app, jobs } = await runningFleet(2);
    await changeStored(app, nth(jobs, 2), { origin: { platform: 'slack', channel: 'C1' } });
    app.announcer.fullChannel = 'lab';
    await second(app, jobs, 1);

    expect(await look(app, new Driver(app))).toEqual(['box-2']);
  });

  it('waits while the card is being edited for something else', async () => {
    const { app, jobs } = await runningFleet(1);
    const job = nth(jobs, 1);
    const driver = new Driver(app);
    const edit = Promise.withResolvers<void>();
    const shows = app.announcer.showCard.bind(app.announcer);
    app.announcer.showCard = (...card) => edit.promise.then(() => shows(...card));
    await changeStored(app, job, {}, [{ kind: 'card' }]);
    await second(app, jobs, 1);

    await driver.pass();
    await expect.poll(() => app.store.hearing(job.id)).not.toBeNull();
    edit.resolve();
    await driver.settled();

    expect(app.announcer.progress).toEqual([]);
    expect(app.announcer.progressBudget).toBe(1);
    expect(await look(app, driver)).toEqual(['box-1']);
  });

  it('that could not be shown is left out, and the next report is shown', async () => {
    const { app, jobs } = await runningFleet(1);
    const errors: string[] = [];
    const driver = new Driver({
      ...app,
      log: { ...app.log, error: (_, message) => void errors.push(message) },
    });
    app.announcer.down = true;
    await second(app, jobs, 1);
    expect(await look(app, driver)).toEqual([]);

    app.announcer.down = false;
    await second(app, jobs, 1);

    expect(await look(app, driver)).toEqual(['box-1']);
    expect(errors).toEqual([]);
  });
});
