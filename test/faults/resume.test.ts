import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PowerCut, REBOOT_EXIT_STATUS } from '../../src/contract/described-machine.ts';
import type { Directive } from '../../src/contract/report.ts';
import { BenchBox, hashFile, JOB, MIB } from '../agent/bench-box.ts';
import { FakeBot } from '../agent/fake-bot.ts';

const AGENT = fileURLToPath(new URL('../../agent/main.ts', import.meta.url));
const CHUNK = 4 * MIB;
const CHUNKS = 144;
const DATA_BYTES = 64 * 1024;
/** Slow enough that a flush comes every few chunks, as it does every few hundred on a disk of today. */
const SLOW = 8 * CHUNK;
const POINTS = 10;
const AT_ONCE = 5;
const NEVER = 1_000_000;
const LONGEST_MS = 600_000;

let folder: string;
let disk: string;
/** Of an image that nobody disturbed. */
let whole: { hashes: string[]; codedBytes: number; writes: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-resume-'));
  disk = join(folder, 'disk');
  await makeDisk();
  const end = await backUp([{ afterWrites: NEVER, loseUnflushed: false }]);
  whole = { ...end, writes: end.countedWrites };
}, LONGEST_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Some data in each chunk, which does not compress. */
async function makeDisk(): Promise<void> {
  await writeFile(disk, '');
  await truncate(disk, CHUNKS * CHUNK);
  await using file = await open(disk, 'r+');
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    await file.write(randomFillSync(Buffer.alloc(DATA_BYTES)), 0, DATA_BYTES, chunk * CHUNK);
  }
}

interface End {
  /** Of the image and its index. */
  hashes: string[];
  codedBytes: number;
  /** To disk or share, by the last boot. */
  countedWrites: number;
  /** Bytes that each boot wrote. */
  written: number[];
}

const untilDone = (self: FakeBot): Directive => ({
  kind: self.ended?.type === 'done' ? 'reboot-local' : 'continue',
});

/** One job, with a boot for each of the cuts; null lets it come to its end. */
async function backUp(cuts: readonly (PowerCut | null)[]): Promise<End> {
  const box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: CHUNK }]);
  const [described] = box.description.disks;
  if (described === undefined) throw new Error('a box has a disk');
  const changed = { ...described, sizeBytes: CHUNKS * CHUNK, file: disk };
  box.description = { ...box.description, disks: [changed] };
  const bot = await FakeBot.start(await box.plan('backup'), { direct: untilDone });
  try {
    const written: number[] = [];
    for (const [boot, powerCut] of cuts.entries()) {
      const isCut = powerCut !== null && powerCut.afterWrites < NEVER;
      await box.setRate(isCut ? SLOW : null);
      bot.mood.attempt = boot + 1;
      bot.reports.length = 0;
      const end = await bootOnce(box, bot, { boot, powerCut });
      if (isCut !== (end === 'power-cut')) throw new Error(`boot ${boot} ended by ${end}`);
      written.push(isCut ? await writtenBeforeCut(box) : writtenByTheLast(bot));
    }
    expect(bot.violations).toEqual([]);
    expect(await readdir(join(box.boxDirectory, 'generations'))).toEqual(['000001']);
    const image = join(box.boxDirectory, 'current/sda.raw.gz');
    const writes = await readFile(join(`${box.share}.power-cut`, 'writes'), 'utf8').catch(() => '0');
    return {
      hashes: await Promise.all([hashFile(image), hashFile(`${image}.index`)]),
      codedBytes: (await stat(image)).size,
      countedWrites: Number(writes),
      written,
    };
  } finally {
    await bot.stop();
    await box.remove();
  }
}

async function bootOnce(
  box: BenchBox,
  bot: FakeBot,
  { boot, powerCut }: { boot: number; powerCut: PowerCut | null },
): Promise<'reboot' | 'power-cut' | 'something else'> {
  const path = join(box.folder, 'machine.json');
  const machine = {
    ...box.description,
    bootId: `0b0c0d0e-0000-4000-8000-00000000000${boot}`,
    commandLine: `testbox-action-backup testbox.job=${JOB} testbox.nonce=${'b'.repeat(32)}`,
    agent: { botUrl: bot.url, allowJobless: false },
    powerCut,
  };
  await writeFile(path, JSON.stringify(machine));
  const agent = spawn(process.execPath, [AGENT, '--machine', path], {
    stdio: 'ignore',
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
  });
  const [status, signal] = await once(agent, 'exit');
  if (signal === 'SIGKILL') return 'power-cut';
  return status === REBOOT_EXIT_STATUS ? 'reboot' : 'something else';
}

/** As the agent says at its end. */
function writtenByTheLast(bot: FakeBot): number {
  const words = bot
    .all('log')
    .map(({ message }) => message)
    .join('\n');
  const [, coded] = /\((\d+) bytes, /.exec(words) ?? [];
  const [, kept = 0] = /(\d+) as an attempt that was cut off left them/.exec(words) ?? [];
  if (coded === undefined) throw new Error(`the backup has not ended: ${words}`);
  return Number(coded) - Number(kept);
}

/** All that was written to disk and share, whether or not it lasted. */
async function writtenBeforeCut(box: BenchBox): Promise<number> {
  const log = await readFile(join(`${box.share}.power-cut`, 'log'), 'utf8');
  const changes: { kind: string; length?: number }[] = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return changes.reduce((sum, { kind, length }) => sum + (kind === 'data' ? (length ?? 0) : 0), 0);
}

it(
  'a backup that loses its power at 10 random moments ends byte-identical, with less than 110 % of the bytes',
  async () => {
    const points = Array.from({ length: POINTS }, () =>
      Math.floor(whole.writes * (0.1 + 0.75 * Math.random())),
    );
    // All come to their end before one of them is looked at: none is left behind.
    const ends: End[] = [];
    for (let first = 0; first < points.length; first += AT_ONCE) {
      const some = points.slice(first, first + AT_ONCE);
      const cuts = some.map((afterWrites) => backUp([{ afterWrites, loseUnflushed: true }, null]));
      ends.push(...(await Promise.all(cuts)));
    }
    const sums = ends.map(({ written }) => written.reduce((total, bytes) => total + bytes, 0));
    const shares = sums.map((sum) => Math.round((1000 * sum) / whole.codedBytes) / 10);
    console.log(`resumed backups: cuts after writes ${points} of ${whole.writes}, ${shares} % of the bytes`);
    expect(ends.map(({ hashes }) => hashes)).toEqual(points.map(() => whole.hashes));
    expect(shares.filter((share) => share >= 110)).toEqual([]);
  },
  LONGEST_MS,
);

it(
  'a backup that loses its power three times goes on each time',
  async () => {
    const cutAt = (share: number) => ({ afterWrites: Math.floor(whole.writes * share), loseUnflushed: true });

    const end = await backUp([cutAt(0.4), cutAt(0.3), cutAt(0.2), null]);

    expect(end.hashes).toEqual(whole.hashes);
    expect(end.written.reduce((total, bytes) => total + bytes, 0)).toBeLessThan(1.3 * whole.codedBytes);
  },
  LONGEST_MS,
);
