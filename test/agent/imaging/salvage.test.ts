import { randomFillSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { noMoreThan, salvage } from '../../../agent/imaging/salvage.ts';
import type { ByteRange } from '../../../src/contract/byte-range.ts';
import { FakeDevice } from './fake-device.ts';

const KIB = 1024;
const SECTOR = 512;
const SIZE = 1024 * KIB;
const POSITION = 256 * KIB;
const LENGTH = 512 * KIB;

/** The chunk in the middle of the disk, read with these bad sectors. */
function readWith(
  bad: readonly { sector: number; times?: number; slowMs?: number; code?: string }[],
  patienceMs = Number.POSITIVE_INFINITY,
): { unread: ByteRange[]; found: Buffer; disk: FakeDevice; expected: Buffer } {
  const disk = new FakeDevice(randomFillSync(Buffer.alloc(SIZE)), SECTOR);
  for (const { sector, times, slowMs, code = 'EIO' } of bad) {
    const at = sector * SECTOR;
    if (slowMs !== undefined) disk.faults.push({ at, on: 'read', what: { slowMs } });
    disk.faults.push({ at, on: 'read', what: { code }, ...(times === undefined ? {} : { times }) });
  }
  const found = Buffer.alloc(LENGTH, 0xaa);
  const pages = Buffer.alloc(LENGTH);
  const unread = salvage(found, POSITION, {
    read(into, position) {
      // The device wants memory at a page, which slices of ours need not be.
      const page = pages.subarray(0, into.length);
      disk.read(page, position);
      page.copy(into);
    },
    sectorBytes: SECTOR,
    goesOn: () => disk.nowNs < patienceMs * 1e6,
  });
  const expected = Buffer.from(disk.held.subarray(POSITION, POSITION + LENGTH));
  for (const { offset, length } of unread) {
    expected.fill(0, offset - POSITION, offset - POSITION + length);
  }
  return { unread, found, disk, expected };
}

const FIRST = POSITION / SECTOR;

it('loses bad sectors and nothing else, with zeros in their place', () => {
  const { unread, found, expected } = readWith([
    { sector: FIRST },
    { sector: FIRST + 200 },
    { sector: FIRST + 201 },
    { sector: FIRST + LENGTH / SECTOR - 1 },
  ]);

  expect(unread).toEqual([
    { offset: POSITION, length: SECTOR },
    { offset: POSITION + 200 * SECTOR, length: 2 * SECTOR },
    { offset: POSITION + LENGTH - SECTOR, length: SECTOR },
  ]);
  expect(found.equals(expected)).toBe(true);
});

it.each(['EIO', 'ENODATA', 'EILSEQ'])(
  'gets what is only hard to read, whatever the disk calls it (%s)',
  (code) => {
    const { unread, found, disk } = readWith([{ sector: FIRST + 77, times: 3, code }]);

    expect(unread).toEqual([]);
    expect(found.equals(disk.held.subarray(POSITION, POSITION + LENGTH))).toBe(true);
  },
);

it('gives up on a sector after a few tries', () => {
  const { disk } = readWith([{ sector: FIRST + 300 }]);

  const tries = disk.transfers.filter(
    ({ position, length }) => position === (FIRST + 300) * SECTOR && length === SECTOR,
  );
  expect(tries).toHaveLength(3);
});

it('takes what is easy before it comes back to what is hard', () => {
  const { disk } = readWith([{ sector: FIRST + 130 }]);

  const firstSector = disk.transfers.findIndex(({ length }) => length === SECTOR);
  const pieces = disk.transfers.slice(0, firstSector);
  expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(LENGTH);
  // What lies behind the failure was left for later.
  expect(pieces.at(-1)?.position).toBe(POSITION + 2 * 64 * KIB);
});

it('has no more patience than it is given, and calls the rest unread', () => {
  const sectors = Array.from({ length: 100 }, (_unused, number) => ({
    sector: FIRST + 200 + number,
    slowMs: 5_000,
  }));

  const { unread, found, expected, disk } = readWith(sectors, 60_000);

  expect(disk.nowNs / 1e6).toBeLessThan(70_000);
  expect(unread).toHaveLength(1);
  expect(found.equals(expected)).toBe(true);
});

it('throws what is not the fault of a sector', () => {
  expect(() => readWith([{ sector: FIRST + 9, code: 'ENXIO' }])).toThrow('ENXIO');
});

it('tells many places as few that have all of them', () => {
  const ranges = Array.from({ length: 1_000 }, (_unused, number) => ({
    offset: number * 10_000 + (number > 500 ? 1_000_000 : 0),
    length: 512,
  }));

  const few = noMoreThan(10, ranges);

  expect(few.length).toBeLessThanOrEqual(10);
  expect(few[0]?.offset).toBe(0);
  const covers = ({ offset, length }: ByteRange) =>
    few.some((range) => range.offset <= offset && offset + length <= range.offset + range.length);
  expect(ranges.every(covers)).toBe(true);
  expect(noMoreThan(1_000, ranges)).toEqual(ranges);
});
