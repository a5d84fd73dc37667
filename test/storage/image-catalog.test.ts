import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import { readImageCatalog } from '../../src/storage/image-catalog.ts';
import { index, publish } from './published.ts';
import { PLUTO, shareTree } from './share-tree.ts';

function box() {
  const { backupRoot } = shareTree();
  const directory = join(backupRoot, PLUTO);
  mkdirSync(directory);
  const read = () => readImageCatalog(backupRoot, PLUTO);
  return { backupRoot, directory, read };
}

describe('readImageCatalog', () => {
  it('gives an empty catalog for a box that was never imaged', async () => {
    const { backupRoot } = shareTree();

    expect(await readImageCatalog(backupRoot, PLUTO)).toEqual({
      current: null,
      generations: [],
      plain: [],
      diskList: null,
      freeBytes: expect.any(Number),
    });
  });

  it('lists generations by number, with their manifests, and what is current', async () => {
    const { directory, read } = box();
    for (const generation of [10, 9, 11]) publish(directory, generation);
    mkdirSync(join(directory, 'generations/.partial-7k3m9q2x.1'));
    mkdirSync(join(directory, 'generations/old'));

    const { current, generations } = await read();

    expect(current).toBe(11);
    expect(generations.map(({ generation, problem }) => [generation, problem])).toEqual([
      [9, null],
      [10, null],
      [11, null],
    ]);
    expect(generations[2]?.manifest?.disks[0]?.slot).toBe('sda');
  });

  it("shows the original's own images and not the links to ours", async () => {
    const { directory, read } = box();
    publish(directory, 1);
    symlinkSync('current/sda.raw.gz', join(directory, 'sda.raw.gz'));
    writeFileSync(join(directory, 'sdb.gz'), 'old');
    writeFileSync(join(directory, 'sdb.raw.gz'), 'newer');
    writeFileSync(join(directory, 'sdb.gz.old'), 'older');
    writeFileSync(join(directory, 'testbox-info.txt'), '');

    const { plain } = await read();

    expect(plain).toEqual([
      { slot: 'sdb', file: 'sdb.raw.gz', codedBytes: 5, modifiedAt: expect.any(Number) },
      { slot: 'sdb', file: 'sdb.gz', codedBytes: 3, modifiedAt: expect.any(Number) },
    ]);
  });

  it.each([
    ['sda sdb\n', ['sda', 'sdb']],
    ['/dev/sda\n/dev/nvme0n1\n', ['sda', 'nvme0n1']],
    ['', []],
  ])('reads disk-devices.lst %j', async (text, expected) => {
    const { directory, read } = box();
    writeFileSync(join(directory, 'disk-devices.lst'), text);

    expect((await read()).diskList).toEqual(expected);
  });

  it('refuses a disk-devices.lst that it can not read, for it might restrict', async () => {
    const { directory, read } = box();
    writeFileSync(join(directory, 'disk-devices.lst'), '/dev/disk/by-id/x');

    await expect(read()).rejects.toThrow(/expected disks such as sda .*by-id/);
  });

  it.each<[string, (place: string) => void, RegExp]>([
    [
      'a truncated image',
      (place) => truncateSync(join(place, 'sda.raw.gz'), 99),
      /sda\.raw\.gz has 99 bytes, expected 100/,
    ],
    ['no image', (place) => rmSync(join(place, 'sda.raw.gz')), /sda\.raw\.gz can't be read \(ENOENT\)/],
    ['no index', (place) => rmSync(join(place, 'sda.raw.gz.index')), /index can't be read \(ENOENT\)/],
    [
      'a truncated index',
      (place) => truncateSync(join(place, 'sda.raw.gz.index'), 400),
      /index has 400 bytes, expected \d+/,
    ],
    ['an empty index', (place) => truncateSync(join(place, 'sda.raw.gz.index'), 0), /it has no header/],
    [
      'an index of another capture',
      (place) => writeFileSync(join(place, 'sda.raw.gz.index'), index(9).bytes),
      /the hash of sda.raw.gz.index is not the manifest's/,
    ],
    [
      'an index with a damaged header',
      (place) => writeFileSync(join(place, 'sda.raw.gz.index'), '{}\n'),
      /its header is damaged/,
    ],
    ['no manifest', (place) => rmSync(join(place, 'manifest.json')), /manifest.json can't be read: ENOENT/],
    ['half a manifest', (place) => truncateSync(join(place, 'manifest.json'), 20), /it is not JSON/],
    [
      'a manifest of something else',
      (place) => writeFileSync(join(place, 'manifest.json'), '{"version":2}'),
      /version is not as expected/,
    ],
  ])('says what is wrong with a generation that has %s', async (_what, damage, problem) => {
    const { directory, read } = box();
    damage(publish(directory, 1));

    const { current, generations } = await read();

    expect(current).toBe(1);
    expect(generations).toEqual([
      expect.objectContaining({ generation: 1, problem: expect.stringMatching(problem) }),
    ]);
  });

  it.each<[string, (manifest: Manifest) => Manifest, RegExp]>([
    ['another generation', (manifest) => ({ ...manifest, generation: 7 }), /is of generation 000007/],
    [
      'another testbox',
      (manifest) => ({
        ...manifest,
        testbox: { ...manifest.testbox, address: TestboxAddress.parse('10.0.0.1') },
      }),
      /another testbox \(10\.0\.0\.1\)/,
    ],
    [
      'files elsewhere',
      (manifest) => ({ ...manifest, disks: manifest.disks.map((disk) => ({ ...disk, file: '../../sda' })) }),
      /outside of it/,
    ],
    [
      'another disk size',
      (manifest) => ({ ...manifest, disks: manifest.disks.map((disk) => ({ ...disk, sizeBytes: 1 })) }),
      /of another disk/,
    ],
  ])('does not believe a manifest of %s', async (_what, change, problem) => {
    const { directory, read } = box();
    publish(directory, 1, change);

    expect((await read()).generations[0]?.problem).toMatch(problem);
  });

  it('says so when the current generation is not there', async () => {
    const { directory, read } = box();
    symlinkSync('generations/000003', join(directory, 'current'));

    expect(await read()).toMatchObject({
      current: 3,
      generations: [{ generation: 3, manifest: null, problem: expect.any(String) }],
    });
  });

  it('never takes a strange current for "no image"', async () => {
    const elsewhere = box();
    symlinkSync('/mnt/other', join(elsewhere.directory, 'current'));
    const plain = box();
    mkdirSync(join(plain.directory, 'current'));

    await expect(elsewhere.read()).rejects.toThrow(/points to \/mnt\/other/);
    await expect(plain.read()).rejects.toThrow(/is no link/);
  });

  it('does not look at a share that is not mounted', async () => {
    const { backupRoot, directory, read } = box();
    publish(directory, 1);
    rmSync(join(backupRoot, 'testbox-backup'));

    await expect(read()).rejects.toThrow(/marker file testbox-backup/);
  });
});
