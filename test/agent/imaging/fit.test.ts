import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitDevice } from '../../../agent/imaging/fit/fit-device.ts';
import { Workshop } from '../../../agent/imaging/workshop.ts';
import { FakeDevice } from './fake-device.ts';
import { partition } from './gpt-disk.ts';

const MIB = 1024 * 1024;
const IMAGE_BYTES = 4 * MIB;
const SECTORS = [512, 4096] as const;
const workshop = new Workshop();

/** A larger disk of old data, with the image at its beginning. */
function diskWith(image: Buffer, tailBytes: number, sectorBytes: number): FakeDevice {
  const held = Buffer.alloc(image.length + tailBytes, 0xee);
  image.copy(held);
  return new FakeDevice(held, sectorBytes);
}

function imageWithGpt(sectorBytes: number): Buffer {
  const image = Buffer.alloc(IMAGE_BYTES, 0x11);
  partition(image, sectorBytes);
  return image;
}

const fitOnto = (device: FakeDevice, sectorSizeBytes: number) =>
  fitDevice({ device, imageBytes: IMAGE_BYTES, sectorSizeBytes, workshop });

describe.each(SECTORS)('with sectors of %i bytes', (sector) => {
  it.each([MIB, sector, 3 * sector, 40 * sector])(
    'a GPT goes to the end of a disk that is %i bytes larger',
    (tailBytes) => {
      const device = diskWith(imageWithGpt(sector), tailBytes, sector);

      const outcome = fitOnto(device, sector);

      expect(outcome).toEqual({ tailBytes, wiped: [], gpt: 'moved' });
      const expected = Buffer.alloc(device.sizeBytes);
      partition(expected, sector);
      const tables = (disk: Buffer) => [
        disk.subarray(446, 512),
        disk.subarray(2 * sector, 2 * sector + 32),
        disk.subarray(disk.length - 16_384 - sector, disk.length - sector - 128),
      ];
      // The partition ends where it did.
      for (const [held, made] of tables(device.held).map((part, at) => [part, tables(expected)[at]] as const))
        expect(held.subarray(0, 32)).toEqual(made?.subarray(0, 32));
      const places = (header: Buffer) => [24, 32, 40, 48, 72].map((at) => Number(header.readBigUInt64LE(at)));
      expect(places(device.held.subarray(sector))).toEqual(places(expected.subarray(sector)));
      expect(places(device.held.subarray(device.sizeBytes - sector))).toEqual(
        places(expected.subarray(expected.length - sector)),
      );
      const old = device.held.indexOf('EFI PART', 2 * sector, 'latin1');
      expect(old).toBe(device.sizeBytes - sector);
    },
  );

  it('done again it changes nothing', () => {
    const device = diskWith(imageWithGpt(sector), MIB, sector);
    fitOnto(device, sector);
    const once = Buffer.from(device.held);

    // Its own backup header is known by now.
    expect(fitOnto(device, sector)).toMatchObject({ wiped: ['backup GPT header'], gpt: 'moved' });
    expect(device.held.equals(once)).toBe(true);
  });

  it.each(signatures(sector))('%s behind the image is wiped', (name, place) => {
    const device = diskWith(Buffer.alloc(IMAGE_BYTES, 0x11), 2 * MIB, sector);
    place(device.held);

    const outcome = fitOnto(device, sector);

    expect(outcome).toEqual({ tailBytes: 2 * MIB, wiped: [name], gpt: 'none' });
    expect(fitOnto(device, sector).wiped).toEqual([]);
    expect(device.held.subarray(0, IMAGE_BYTES).every((byte) => byte === 0x11)).toBe(true);
    expect(device.transfers.filter(({ on, position }) => on !== 'read' && position < IMAGE_BYTES)).toEqual(
      [],
    );
  });
});

/** Each where its makers put it on a disk of 6 MiB. */
function signatures(sector: number): [string, (disk: Buffer) => void][] {
  const end = IMAGE_BYTES + 2 * MIB;
  return [
    ['backup GPT header', (disk) => disk.write('EFI PART', end - sector, 'latin1')],
    ['md 0.90 superblock', (disk) => disk.writeUInt32LE(0xa92b4efc, end - 65_536)],
    ['md 0.90 superblock', (disk) => disk.writeUInt32BE(0xa92b4efc, end - 65_536)],
    [
      'md 1.0 superblock',
      (disk) => {
        disk.writeUInt32LE(0xa92b4efc, end - 8_192);
        disk.writeUInt32LE(1, end - 8_188);
      },
    ],
    ['ZFS label 2', (disk) => disk.writeBigUInt64LE(0x00bab10cn, end - 524_288 + 131_072 + 7 * 1024)],
    ['ZFS label 3', (disk) => disk.writeBigUInt64BE(0x00bab10cn, end - 262_144 + 131_072)],
    [
      'Intel RAID metadata',
      (disk) => disk.write('Intel Raid ISM Cfg Sig. 1.3.00', end - 2 * sector, 'latin1'),
    ],
    ['DDF RAID header', (disk) => disk.writeUInt32BE(0xde11de11, end - sector)],
  ];
}

it('what belongs to the image is not wiped, though a larger disk would have it there', () => {
  const image = Buffer.alloc(IMAGE_BYTES, 0x11);
  image.writeUInt32LE(0xa92b4efc, IMAGE_BYTES - 65_536);
  const device = diskWith(image, 4096, 512);
  const before = Buffer.from(device.held);

  expect(fitOnto(device, 512)).toEqual({ tailBytes: 4096, wiped: [], gpt: 'none' });
  expect(device.held.equals(before)).toBe(true);
});

it.each([
  ['its header', 512 + 60],
  ['its entries', 1024 + 3],
])('a GPT that is damaged in %s stays as it is', (_what, at) => {
  const image = imageWithGpt(512);
  image[at] = (image[at] ?? 0) ^ 1;
  const device = diskWith(image, MIB, 512);
  const before = Buffer.from(device.held);

  expect(fitOnto(device, 512).gpt).toBe('damaged');
  expect(device.held.equals(before)).toBe(true);
});

it('a protective MBR that says something else stays as it is', () => {
  const image = imageWithGpt(512);
  image.writeUInt32LE(0xffff_ffff, 458);
  const device = diskWith(image, MIB, 512);

  expect(fitOnto(device, 512).gpt).toBe('moved');
  expect(device.held.readUInt32LE(458)).toBe(0xffff_ffff);
});

it.each([
  ['an error', { code: 'EIO' }, 'disk-failed'],
  ['nothing kept', 'forgotten' as const, 'disk-write-failed'],
])('%s at a write is the failure of the box', (_what, what, code) => {
  const device = diskWith(imageWithGpt(512), MIB, 512);
  device.faults = [{ at: device.sizeBytes - 1, on: 'write', what }];

  expect(() => fitOnto(device, 512)).toThrow(expect.objectContaining({ class: 'box', code }));
});

const sfdisk = whySfdiskIsMissing();
if (sfdisk !== null) console.warn(`Skipped: what sfdisk says of a moved GPT (${sfdisk})`);

it.skipIf(sfdisk !== null)('sfdisk finds nothing to complain about', () => {
  const folder = mkdtempSync(join(tmpdir(), 'testbox-fit-'));
  try {
    const device = diskWith(imageWithGpt(512), MIB, 512);
    const verify = () => {
      writeFileSync(join(folder, 'disk'), device.held);
      return execFileSync('sfdisk', ['--verify', join(folder, 'disk')], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }).toString();
    };
    const before = verify();
    fitOnto(device, 512);

    expect(before).not.toContain('No errors detected');
    expect(verify()).toContain('No errors detected');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function whySfdiskIsMissing(): string | null {
  try {
    execFileSync('sfdisk', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no sfdisk, package fdisk';
  }
}
