import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TALLY, type Transfer } from '../../agent/machine/power-cut/tally.ts';
import type { PowerCut } from '../../src/contract/described-machine.ts';
import type { Directive } from '../../src/contract/report.ts';
import { BenchBox, fillDisk, hashFile, JOB, MIB } from '../agent/bench-box.ts';
import { FakeBot } from '../agent/fake-bot.ts';
import { type AgentEnd, runAgent } from './power-cut/agent.ts';

const CHUNK = 4 * MIB;
/** Each thread of the agent may lose the chunk it has in hand; of so many that is little. */
const SIZE = Math.max(40, 14 * (availableParallelism() + 1)) * CHUNK + 512;
const POINTS = 10;
const NEVER = 1_000_000;

interface Boot {
  end: AgentEnd['kind'];
  /** Coded bytes of the image. */
  fetched: number;
  /** Of the disk. */
  written: number;
  zeroed: number;
}

let box: BenchBox;
let original: string;
let codedBytes: number;
let dataBytes: number;
let writes: number;

beforeAll(async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  // The last fifth is empty.
  await fillDisk(box.diskFile('sda'), 1.6 * SIZE, 1);
  await truncate(box.diskFile('sda'), SIZE);
  original = await hashFile(box.diskFile('sda'));
  await box.run(await box.plan('backup'));
  await fillDisk(other(), SIZE * 2, 77);
  await truncate(other(), SIZE);
  const [boot] = await restore([NEVER]);
  if (boot === undefined) throw new Error('expected a boot');
  codedBytes = boot.fetched;
  dataBytes = boot.written;
  writes = Number(await readFile(join(powerCutFolder(), 'writes'), 'utf8'));
});
afterAll(() => box.remove());

const other = () => join(box.folder, 'other');
const powerCutFolder = () => `${box.share}.power-cut`;

/** Restores onto a disk full of other data, with a power cut after so many writes of each boot. */
async function restore(cuts: readonly number[], settings: { readThrough: boolean } = { readThrough: false }) {
  await copyFile(other(), box.diskFile('sda'));
  // Of an earlier restore by the same job.
  await rm(join(box.boxDirectory, 'jobs'), { recursive: true, force: true });
  const untilDone = (self: FakeBot): Directive => ({
    kind: self.ended?.type === 'done' ? 'reboot-local' : 'continue',
  });
  const bot = await FakeBot.start(await box.plan('restore'), {
    direct: untilDone,
    settings: { codec: 'gzip', hostKeys: [], shutdown: 'clean', ...settings },
  });
  try {
    const boots: Boot[] = [];
    for (const [number, afterWrites] of cuts.entries()) {
      bot.mood.attempt = number + 1;
      boots.push(await boot(bot, number, { afterWrites, loseUnflushed: false }));
    }
    if (bot.ended?.type !== 'done') throw new Error(`the restore ended with ${JSON.stringify(bot.ended)}`);
    return boots;
  } finally {
    await bot.stop();
  }
}

async function boot(bot: FakeBot, number: number, powerCut: PowerCut): Promise<Boot> {
  const path = join(box.folder, 'machine.json');
  const machine = {
    ...box.description,
    bootId: `0b0c0d0e-0000-4000-8000-00000000000${number}`,
    commandLine: `testbox-action-restore testbox.job=${JOB} testbox.nonce=${'b'.repeat(32)}`,
    agent: { botUrl: bot.url, allowJobless: false },
    powerCut,
  };
  await writeFile(path, JSON.stringify(machine));
  const end = await runAgent(path, join(box.folder, 'compiled'));
  const transfers = (await readFile(join(powerCutFolder(), TALLY), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Transfer => JSON.parse(line));
  const sum = (way: Transfer['way'], file: string) =>
    transfers
      .filter((transfer) => transfer.way === way && transfer.path.endsWith(file))
      .map(({ bytes }) => bytes)
      .reduce((total, bytes) => total + bytes, 0);
  return {
    end: end.kind,
    fetched: sum('read', '/sda.raw.gz'),
    written: sum('written', '/sda.disk'),
    zeroed: sum('made zero', '/sda.disk'),
  };
}

/** The same moments every time. */
function moments(): number[] {
  let state = 20_261_123;
  return Array.from({ length: POINTS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + Math.floor((state / 2 ** 32) * writes);
  });
}

it('goes on where the power was cut, at any of ten moments, and does next to nothing twice', async () => {
  const found = [];
  for (const moment of moments()) {
    const [first, second] = await restore([moment, NEVER]);
    if (first === undefined || second === undefined) throw new Error('expected two boots');
    found.push({
      moment,
      ends: [first.end, second.end],
      same: (await hashFile(box.diskFile('sda'))) === original,
      fetched: (first.fetched + second.fetched) / codedBytes,
      written: (first.written + second.written) / dataBytes,
      zeroed: (first.zeroed + second.zeroed) / (SIZE - dataBytes),
      secondFetched: second.fetched / codedBytes,
    });
  }
  console.table(found);

  for (const { moment, ends, same, fetched, written, zeroed } of found) {
    expect({ moment, ends, same }).toEqual({ moment, ends: ['power-cut', 'reboot'], same: true });
    expect(fetched).toBeLessThan(1.1);
    expect(written).toBeLessThan(1.1);
    expect(zeroed).toBeLessThan(1.1);
  }
  expect(found.some(({ secondFetched }) => secondFetched < 0.5)).toBe(true);
});

it('reads an image through once, not again for a disk that has been begun', async () => {
  const moment = Math.floor(writes / 2);
  const [first, second] = await restore([moment, NEVER], { readThrough: true });

  expect(await hashFile(box.diskFile('sda'))).toBe(original);
  expect([first?.end, second?.end]).toEqual(['power-cut', 'reboot']);
  expect((first?.fetched ?? 0) + (second?.fetched ?? 0)).toBeLessThan(2.1 * codedBytes);
});
