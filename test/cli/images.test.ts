import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workOnImages } from '../../src/cli/images/work.ts';
import { publishImage } from '../storage/published-image.ts';
import { PLUTO, shareTree } from '../storage/share-tree.ts';

const INVENTORY = `testboxes:
  - { name: pluto, ip: 10.40.41.42 }
  - { name: venus, ip: 10.40.41.43 }`;

/** A share with three generations of pluto, and the commands as they are called. */
function lab() {
  const { backupRoot } = shareTree();
  const images = [1, 2, 3].map((generation) => publishImage(backupRoot, { generation, chunks: 0 }));
  const inventory = join(backupRoot, '../testboxes.yaml');
  writeFileSync(inventory, INVENTORY);
  const env = {
    TESTBOX_BACKUP_ROOT: backupRoot,
    TESTBOX_INVENTORY: inventory,
    DATABASE_URL: `sqlite:${join(backupRoot, '../testbox.sqlite')}`,
    TESTBOX_KEEP_GENERATIONS: '2',
  };
  const run = async (work: Parameters<typeof workOnImages>[1], more: Record<string, string> = {}) => {
    const said: string[] = [];
    const complaints: string[] = [];
    const status = await workOnImages({ ...env, ...more }, work, {
      say: (line) => said.push(line),
      complain: (line) => complaints.push(line),
      progress: () => {},
    });
    return { status, said, complaints };
  };
  const generation = (number: number) => join(backupRoot, PLUTO, 'generations', `00000${number}`);
  return { run, images, generation };
}

function spoil(image: string | undefined): void {
  if (image === undefined) throw new Error('no image');
  chmodSync(image, 0o644);
  writeFileSync(image, 'X', { flag: 'r+' });
}

describe('testbox images verify', () => {
  it('proves every image of every box, newest first', async () => {
    const { run } = lab();

    expect(await run({ kind: 'verify', boxes: [] })).toEqual({
      status: 0,
      said: [
        'pluto: generation 3 sda: sound',
        'pluto: generation 2 sda: sound',
        'pluto: generation 1 sda: sound',
        'venus: no images with an index',
      ],
      complaints: [],
    });
  });

  it('names the damaged one, and fails', async () => {
    const { run, images } = lab();
    spoil(images[1]?.image);

    expect(await run({ kind: 'verify', boxes: ['Pluto'] })).toEqual({
      status: 1,
      said: ['pluto: generation 3 sda: sound', 'pluto: generation 1 sda: sound'],
      complaints: [
        'pluto: generation 2 sda: DAMAGED, chunk 0 of sda.raw.gz is damaged: its checksum is wrong',
      ],
    });
  });

  it('says which words and variables make no sense', async () => {
    const { run } = lab();

    expect(await run({ kind: 'verify', boxes: ['plutto'] })).toMatchObject({
      status: 2,
      complaints: ['there is no box "plutto" in the inventory, did you mean pluto?'],
    });
    expect(await run({ kind: 'verify', boxes: [] }, { TESTBOX_BACKUP_ROOT: '' })).toMatchObject({
      status: 1,
      complaints: [expect.stringContaining('TESTBOX_BACKUP_ROOT')],
    });
    expect(await run({ kind: 'verify', boxes: [] }, { TESTBOX_BACKUP_ROOT: '/nowhere' })).toMatchObject({
      status: 1,
      complaints: [expect.stringContaining('is the share mounted?')],
    });
  });
});

describe('testbox images prune', () => {
  it('says what it would remove, and then removes it', async () => {
    const { run, generation } = lab();

    expect(await run({ kind: 'prune', boxes: [], dryRun: true })).toEqual({
      status: 0,
      said: ['pluto: would remove generation 1', 'venus: no images'],
      complaints: [],
    });
    expect(existsSync(generation(1))).toBe(true);
    expect(await run({ kind: 'prune', boxes: ['pluto'], dryRun: false })).toMatchObject({
      said: ['pluto: removed generation 1'],
    });
    expect([1, 2, 3].map((number) => existsSync(generation(number)))).toEqual([false, true, true]);
  });

  it('removes nothing while the current one is damaged: an older one may be the last good one', async () => {
    const { run, images, generation } = lab();
    spoil(images[2]?.image);

    expect(await run({ kind: 'prune', boxes: ['pluto'], dryRun: false })).toMatchObject({
      status: 1,
      complaints: [expect.stringContaining('nothing was removed')],
    });
    expect(existsSync(generation(1))).toBe(true);
  });
});
