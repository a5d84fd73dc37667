import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { HelloAccepted } from '../../src/contract/report.ts';
import { BenchBox, MIB } from './bench-box.ts';
import type { FakeBot } from './fake-bot.ts';

const SETTINGS: HelloAccepted['settings'] = { codec: 'gzip', hostKeys: [], shutdown: 'clean' };

let box: BenchBox;
afterEach(() => box.remove());

function imagingMs(bot: FakeBot): number {
  const done = bot.all('done')[0];
  if (done === undefined) throw new Error('the backup did not end');
  return done.durationMs;
}

it('goes no faster than the bot allows, and the image is the same', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 24 * MIB }]);

  const bot = await box.run(await box.plan('backup'), {
    settings: { ...SETTINGS, maxBytesPerSecond: 8 * MIB },
    rate: 8 * MIB,
  });

  // What the first second allows may come at once.
  expect(imagingMs(bot)).toBeGreaterThan(1_500);
  const image = gunzipSync(await readFile(join(box.boxDirectory, 'sda.raw.gz')));
  expect(image.equals(await readFile(box.diskFile('sda')))).toBe(true);
});

it('goes by the newest answer: a limit that the bot no longer names is none', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 24 * MIB }]);

  // At this rate alone it would take a day and more.
  const bot = await box.run(await box.plan('backup'), { settings: { ...SETTINGS, maxBytesPerSecond: 256 } });

  expect(bot.ended).toMatchObject({ type: 'done' });
});
