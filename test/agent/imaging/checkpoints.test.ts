import { expect, it } from 'vitest';
import { Checkpoints } from '../../../agent/imaging/checkpoints.ts';
import { ImagingControl } from '../../../agent/imaging/control.ts';

/** A disk whose flushes end when the test says so. */
function bed() {
  const control = new ImagingControl();
  const flushes: PromiseWithResolvers<void>[] = [];
  let now = 0;
  const checkpoints = new Checkpoints({
    disk: {
      fd: -1,
      directFd: null,
      sync() {
        const flush = Promise.withResolvers<void>();
        flushes.push(flush);
        return flush.promise;
      },
      async close() {},
    },
    control,
    clock: { now: () => now, elapsed: () => now, sleep: () => Promise.reject(new Error('not here')) },
    everyMs: 5_000,
  });
  const at = (ms: number) => {
    now = ms;
    checkpoints.look();
    return flushes.length;
  };
  return { control, flushes, checkpoints, at };
}

it('a disk is flushed when it is time and something was written, one flush after the other', async () => {
  const { control, flushes, checkpoints, at } = bed();

  const untouched = at(6_000);
  control.count({ done: 1, written: 1 });
  const begun = at(6_001);
  control.count({ done: 1, written: 1 });
  const meanwhile = at(60_000);
  flushes[0]?.resolve();
  await checkpoints.quiet();
  const soon = at(64_999);
  const later = at(65_000);

  expect({ untouched, begun, meanwhile, soon, later }).toEqual({
    untouched: 0,
    begun: 1,
    meanwhile: 1,
    soon: 1,
    later: 2,
  });
});

it('a flush that fails ends the work as the failure of the box', async () => {
  const { control, flushes, checkpoints, at } = bed();
  control.count({ done: 1, written: 1 });
  at(5_000);

  flushes[0]?.reject(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
  await checkpoints.quiet();

  expect(() => checkpoints.look()).toThrow(expect.objectContaining({ class: 'box', code: 'disk-failed' }));
  expect(() => checkpoints.requireSound()).toThrow('EIO');
});
