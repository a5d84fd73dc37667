import { mkdtemp, open, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LightAfter } from '../../../agent/imaging/light-left.ts';
import { ProgressMeter } from '../../../agent/imaging/meter.ts';
import { ZeroMap } from '../../../agent/imaging/zero-map.ts';
import { lightBySamples, sampleZeros } from '../../../agent/imaging/zero-samples.ts';
import { DiskSlot } from '../../../src/contract/disk.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const CHUNK = 4 * MIB;
const SLOT = DiskSlot.parse('sda');
/** The promise: within 15 % from a fifth of the disk on. Whole seconds can't say it better at the end. */
const TOLERANCE = 0.15;
const ROUNDING_SECONDS = 1.5;

interface Disk {
  sizeBytes: number;
  isZero: (position: number) => boolean;
  /** What a restore finds there already. */
  isEqual: (position: number) => boolean;
  /** Of a device that has to be sent its zeros. */
  sendsZeros: boolean;
  /** Milliseconds a chunk of data, or of zeros, takes when work has gone on for so long. */
  dataMs: (elapsedMs: number) => number;
  zeroMs: number;
}

interface Told {
  at: number;
  doneBytes: number;
  secondsLeft: number | undefined;
  bytesPerSecond: number;
}

/** What the meter says each second while such a disk is imaged. */
function image(disk: Disk, lightAfter?: LightAfter): { told: Told[]; totalMs: number } {
  let elapsed = 0;
  const clock = { now: () => 0, elapsed: () => elapsed, sleep: () => Promise.resolve() };
  const meter = new ProgressMeter(clock, [{ slot: SLOT, totalBytes: disk.sizeBytes }]);
  if (lightAfter !== undefined) meter.expect(SLOT, lightAfter);
  const counted = { done: 0, written: 0, skipped: 0, heavyMs: 0, lightMs: 0, readingMs: 0 };
  const told: Told[] = [];
  let work = 0;
  let looked = 0;
  // Noise that is the same in each run: some chunks take half as long again, some half.
  let noise = 1;
  const look = () => {
    meter.update(SLOT, counted, disk.sizeBytes);
    const [said] = meter.all();
    if (said === undefined) throw new Error('the disk is missing');
    told.push({ at: elapsed, ...said, secondsLeft: said.secondsLeft });
  };
  look();
  for (let position = 0; position < disk.sizeBytes; position += CHUNK) {
    noise = (noise * 16_807) % 2_147_483_647;
    const light = (disk.isZero(position) && !disk.sendsZeros) || disk.isEqual(position);
    const milliseconds = (light ? disk.zeroMs : disk.dataMs(work)) * (0.5 + noise / 2_147_483_647);
    work += milliseconds;
    // Two threads: they spend twice the time that passes.
    counted[light ? 'lightMs' : 'heavyMs'] += 2 * milliseconds;
    if (!light) counted.readingMs += 2 * disk.zeroMs * 0.9;
    counted.done += CHUNK;
    if (light) counted.skipped += CHUNK;
    else counted.written += CHUNK / 2;
    if (work - looked < 1_000) continue;
    looked = work;
    elapsed = work;
    look();
  }
  elapsed = work;
  look();
  return { told, totalMs: work };
}

/** Where it was further off than promised. */
function wrong(run: { told: Told[]; totalMs: number }, fromBytes: number): string[] {
  return run.told
    .filter(({ doneBytes }) => doneBytes >= fromBytes)
    .filter(({ at, secondsLeft }) => {
      const left = (run.totalMs - at) / 1000;
      if (secondsLeft === undefined) return true;
      return Math.abs(secondsLeft - left) > Math.max(left * TOLERANCE, ROUNDING_SECONDS);
    })
    .map(({ at, secondsLeft }) => `at ${at} ms: ${secondsLeft} s, ${(run.totalMs - at) / 1000} s were left`);
}

/** What the index of an image tells. */
function indexed({ sizeBytes, isZero }: Disk): LightAfter {
  const map = new ZeroMap(sizeBytes);
  for (let position = 0; position < sizeBytes; position += CHUNK)
    if (isZero(position)) map.add(position, CHUNK);
  return map.lightAfter();
}

/** What a look at a disk in 512 places tells. */
function sampled({ sizeBytes, isZero }: Disk): LightAfter {
  const step = sizeBytes / 512;
  const samples = Array.from({ length: 512 }, (_none, sample) => isZero((sample + 0.5) * step));
  return lightBySamples(samples, step);
}

const steady = (milliseconds: number) => () => milliseconds;
const everyOther = (bytes: number) => (position: number) => Math.floor(position / bytes) % 2 === 1;
const disk = (about: Partial<Disk>): Disk => ({
  sizeBytes: 64 * GIB,
  isZero: () => false,
  isEqual: () => false,
  sendsZeros: false,
  dataMs: steady(20),
  zeroMs: 1,
  ...about,
});

describe('the time that is left', () => {
  it.each([
    ['all data', disk({})],
    ['all zeros', disk({ isZero: () => true, zeroMs: 2 })],
    ['data and zeros in short turns', disk({ isZero: everyOther(23 * MIB) })],
    ['data and zeros in turns of a gigabyte', disk({ isZero: everyOther(GIB) })],
    ['a rate limit, under which zeros are no faster', disk({ isZero: everyOther(GIB), zeroMs: 20 })],
    ['an empty end', disk({ isZero: (position) => position >= 24 * GIB })],
  ])('is right to 15 percent after the first fifth: %s', (_name, about) => {
    const run = image(about, sampled(about));

    expect(run.told.length).toBeGreaterThan(30);
    expect(wrong(run, about.sizeBytes / 5)).toEqual([]);
  });

  const emptyEnd = (position: number) => position >= 24 * GIB;
  const onePercent = (position: number) => Math.floor(position / CHUNK) % 100 !== 50;
  it.each([
    ['unrelated data, and an empty end', disk({ isZero: emptyEnd })],
    ['unrelated data, half of the image empty', disk({ isZero: everyOther(23 * MIB) })],
    ['what differs by one percent', disk({ isZero: everyOther(GIB), isEqual: onePercent })],
    ['what differs by one percent, and an empty end', disk({ isZero: emptyEnd, isEqual: onePercent })],
    ['a device that has to be sent zeros', disk({ isZero: everyOther(GIB), sendsZeros: true })],
    ['a half that is equal', disk({ isZero: everyOther(GIB), isEqual: everyOther(70 * MIB) })],
    ['a first part that an attempt before brought', disk({ isEqual: (at) => at < 5 * GIB })],
  ])('is right to 15 percent after the first fifth of a restore onto %s', (_name, about) => {
    const run = image(about, indexed(about));

    expect(run.told.length).toBeGreaterThan(15);
    expect(wrong(run, about.sizeBytes / 5)).toEqual([]);
  });

  it('knows when what it was told comes late', () => {
    const about = disk({ isZero: everyOther(GIB) });
    const known = sampled(about);
    const late: LightAfter = (done) => (done < 5 * GIB ? null : known(done));

    expect(wrong(image(about, late), about.sizeBytes / 5)).toEqual([]);
  });

  it('goes on as it went when nothing is known of the disk', () => {
    const turns = disk({ isZero: everyOther(23 * MIB) });
    const emptyEnd = disk({ isZero: (position) => position >= 24 * GIB });

    expect(wrong(image(turns), turns.sizeBytes / 5)).toEqual([]);
    expect(wrong(image(emptyEnd), emptyEnd.sizeBytes / 5)).not.toEqual([]);
  });

  it('knows what data costs once it has met some', () => {
    const about = disk({ isZero: (position) => position < 24 * GIB });

    expect(wrong(image(about, sampled(about)), 25 * GIB)).toEqual([]);
  });

  it('follows when the share gets slower', () => {
    const slower = 60_000;
    const dataMs = (elapsed: number) => (elapsed < slower ? 10 : 30);
    const about = disk({ sizeBytes: 128 * GIB, dataMs, isZero: everyOther(GIB) });
    const run = image(about, sampled(about));
    const noticed = run.told.find(({ at }) => at >= slower + 60_000);

    expect(wrong(run, noticed?.doneBytes ?? Number.NaN)).toEqual([]);
    expect(noticed?.at).toBeLessThan(run.totalMs - 60_000);
  });

  it('is not told before there is anything to go by', () => {
    const { told } = image(disk({}));

    expect(told.filter(({ at }) => at < 3_000).map(({ secondsLeft }) => secondsLeft)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('counts only what this run has done, when it goes on with what another began', () => {
    let elapsed = 0;
    const clock = { now: () => 0, elapsed: () => elapsed, sleep: () => Promise.resolve() };
    const meter = new ProgressMeter(clock, [{ slot: SLOT, totalBytes: 10 * GIB }]);
    for (; elapsed <= 10_000; elapsed += 1_000) {
      const done = 5 * GIB + (elapsed / 1000) * 100 * MIB;
      const time = { heavyMs: elapsed, lightMs: 0, readingMs: 0 };
      meter.update(SLOT, { done, written: done, skipped: 0, ...time }, 10 * GIB);
    }

    expect(meter.all()[0]?.secondsLeft).toBeCloseTo((5 * GIB - 1000 * MIB) / (100 * MIB), 0);
  });
});

it('the rate is that of the last five seconds', () => {
  const about = disk({ isZero: (position) => position >= 32 * GIB, dataMs: steady(20), zeroMs: 1 });

  const { told } = image(about);

  const rates = told.map(({ bytesPerSecond }) => bytesPerSecond);
  expect(rates.at(60)).toBeGreaterThan((0.9 * CHUNK * 1000) / 20);
  expect(rates.at(60)).toBeLessThan((1.1 * CHUNK * 1000) / 20);
  expect(rates.at(-1)).toBeGreaterThan((0.9 * CHUNK * 1000) / 1);
});

describe('sampleZeros', () => {
  it('knows how much of the rest of a disk is zeros', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'testbox-zeros-')), 'disk');
    await writeFile(path, Buffer.alloc(12 * MIB, 1));
    await truncate(path, 32 * MIB + 512);
    await using file = await open(path);

    const lightAfter = await sampleZeros(file.fd, 32 * MIB + 512);

    const near = (bytes: number) => [bytes - MIB / 4, bytes + MIB / 4] as const;
    for (const [done, zeros] of [
      [0, 20],
      [12, 20],
      [22, 10],
      [32, 0],
    ] as const) {
      const [least, most] = near(zeros * MIB);
      expect(lightAfter(done * MIB)).toBeGreaterThanOrEqual(Math.max(0, least));
      expect(lightAfter(done * MIB)).toBeLessThanOrEqual(most);
    }
  });

  it.each([0, 512, 4096])('takes a disk of %i bytes', async (sizeBytes) => {
    const path = join(await mkdtemp(join(tmpdir(), 'testbox-zeros-')), 'disk');
    await writeFile(path, Buffer.alloc(sizeBytes));
    await using file = await open(path);

    const lightAfter = await sampleZeros(file.fd, sizeBytes);

    expect(lightAfter(0)).toBe(sizeBytes === 4096 ? 4096 : 0);
  });
});
