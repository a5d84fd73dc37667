import { readFile, rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CaptureBed, CHUNK, SECTOR } from './capture-bed.ts';

let bed: CaptureBed;
afterEach(() => bed.remove());

describe('a capture beside an earlier image', () => {
  it.each(['gzip', 'zstd'] as const)(
    'takes over what is unchanged, and is the same image, by %s',
    async (codec) => {
      bed = await CaptureBed.make(9 * CHUNK + SECTOR, [2, 3]);
      await bed.capture('old', { codec });
      await using old = await bed.open('old', codec);

      const { takenBytes, codedBytes, damagedBefore, counted } = await bed.capture('new', {
        codec,
        previous: old.source,
      });

      expect(await readFile(bed.path('new'))).toEqual(await readFile(bed.path('old')));
      const zeros = (await bed.records('old')).slice(2, 4).reduce((sum, { length }) => sum + length, 0);
      expect(takenBytes).toBe(codedBytes - zeros);
      expect(damagedBefore).toBe(0);
      expect(counted.written).toBe(codedBytes);
    },
  );

  it('codes what has changed', async () => {
    bed = await CaptureBed.make(10 * CHUNK);
    await bed.capture('old');
    const before = await bed.records('old');
    for (const chunk of [0, 4, 9]) await bed.fill(chunk);
    await using old = await bed.open('old');

    const { takenBytes, codedBytes } = await bed.capture('new', { previous: old.source });

    expect(await bed.faults('new', await bed.readDisk())).toEqual([]);
    const unchanged = before.reduce((sum, { length }, at) => sum + ([0, 4, 9].includes(at) ? 0 : length), 0);
    expect(takenBytes).toBeGreaterThan(0);
    expect(takenBytes).toBeLessThanOrEqual(unchanged);
    expect(codedBytes).toBeGreaterThan(takenBytes);
  });

  it('needs nothing of the earlier image afterwards', async () => {
    bed = await CaptureBed.make(3 * CHUNK);
    await bed.capture('old');
    const old = await bed.open('old');
    await bed.capture('new', { previous: old.source });
    await old.close();
    await Promise.all(['old', 'old.index'].map((name) => rm(bed.path(name))));

    expect(await bed.faults('new', await bed.readDisk())).toEqual([]);
  });

  it('inherits no damage: what is not as the index says is coded anew, and counted', async () => {
    bed = await CaptureBed.make(6 * CHUNK);
    await bed.capture('old');
    const undamaged = await readFile(bed.path('old'));
    // Of several, only the first would surely be read: once a thread has coded one it may find that faster.
    const at = ((await bed.records('old'))[4]?.offset ?? 0) + 100;
    await bed.poke(bed.path('old'), at, Buffer.from([~(undamaged[at] ?? 0) & 0xff]));
    await using old = await bed.open('old');

    const { damagedBefore } = await bed.capture('new', { previous: old.source });

    expect(damagedBefore).toBe(1);
    expect(await readFile(bed.path('new'))).toEqual(undamaged);
  });

  it('takes no chunk over that could not be read in full', async () => {
    bed = await CaptureBed.make(3 * CHUNK);
    await bed.capture('old');
    await bed.changeRecords('old', (records) => {
      for (const record of records.slice(0, 2)) record.bad = true;
    });
    const last = (await bed.records('old')).at(-1)?.length;
    await using old = await bed.open('old');

    const { takenBytes } = await bed.capture('new', { previous: old.source });

    expect(takenBytes).toBe(last);
    expect((await bed.records('new')).some(({ bad }) => bad)).toBe(false);
  });

  it('of another codec takes nothing over', async () => {
    bed = await CaptureBed.make(2 * CHUNK);
    await bed.capture('old', { codec: 'zstd' });
    await using old = await bed.open('old', 'zstd');

    const { takenBytes } = await bed.capture('new', { previous: old.source });

    expect(takenBytes).toBe(0);
    expect(await bed.faults('new', await bed.readDisk())).toEqual([]);
  });
});
