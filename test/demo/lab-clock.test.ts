import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { advanceLabClock } from '../../src/cli/demo/lab-clock.ts';
import { labClock } from '../../src/cli/serve/system.ts';

const MINUTE_MS = 60_000;

async function offsetFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-clock-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'clock-offset');
}

it('the clock of a lab is the real one until time is injected, and ahead by all of it afterwards', async () => {
  const file = await offsetFile();
  const clock = labClock(file);
  const aheadMs = () => clock.now() - Date.now();

  expect(Math.abs(aheadMs())).toBeLessThan(MINUTE_MS);
  await advanceLabClock(file, 10 * MINUTE_MS);
  await advanceLabClock(file, 5 * MINUTE_MS);

  expect(Math.abs(aheadMs() - 15 * MINUTE_MS)).toBeLessThan(MINUTE_MS);
});

it('nonsense in the file is no offset', async () => {
  const file = await offsetFile();
  await writeFile(file, 'soon');

  expect(Math.abs(labClock(file).now() - Date.now())).toBeLessThan(MINUTE_MS);
});
