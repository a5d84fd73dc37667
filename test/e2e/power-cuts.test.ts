import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LAB_BOXES, VENUS } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { hostProgram } from './lab/host-program.ts';
import { useLab } from './lab/use-lab.ts';

const lab = useLab({ name: 'power-cuts', boxes: [VENUS], inventory: LAB_BOXES });

const generations = async () =>
  (await readdir(join(lab().directories.backup, VENUS.address, 'generations'))).filter(
    (name) => !name.startsWith('.'),
  );
const current = () => readlink(join(lab().directories.backup, VENUS.address, 'current'));

it('restores to the end after a power cut in the middle, though nobody does more than switch it on', async () => {
  await lab().play(`
    !sha256 venus sda as installed
    backup venus
    press confirm venus
    wait venus running 120s
    wait venus succeeded 180s

    !scribble venus sda
    restore venus
    press confirm venus
    as bob
    press approve venus
    wait venus running 120s
    !throttle venus 6
    wait venus 40%
    !power-cut venus
    !sha256 venus sda as half-restored
  `);
  await expect(lab().play('!sha256 venus sda same installed')).rejects.toThrow(/was [0-9a-f]{64} and is/);
  await lab().play(`
    !power-on venus
    expect venus booted again; attempt 2 starts
    wait venus succeeded 180s
    !sha256 venus sda same installed
  `);
  await expectHome(lab(), 'venus');
});

it('keeps the image of before through a power cut in a second backup, and then has the new one', async () => {
  await lab().play(`
    as alice
    !scribble venus sda
    !sha256 venus sda as used
    backup-again venus
    press confirm venus
    as bob
    press approve venus
    wait venus running 120s
    !throttle venus 6
    wait venus 30%
    !power-cut venus
  `);
  expect(await current()).toBe('generations/000001');
  expect(await generations()).toEqual(['000001']);
  await lab().play(`
    !power-on venus
    wait venus succeeded 180s
    as alice
    images venus
    expect generation 2
    !sha256 venus sda same used
  `);
  expect(await current()).toBe('generations/000002');
  await expectHome(lab(), 'venus');

  // What is stored is what is on the disk, for whoever has nothing but gunzip.
  const image = join(lab().directories.backup, VENUS.address, 'current/sda.raw.gz');
  const unpacked = await hostProgram([
    'sh',
    '-c',
    'gunzip -c "$1" | cmp - "$2" && echo same',
    'compare',
    image,
    lab().box('venus').disk('sda').file,
  ]);
  expect(unpacked).toBe('same\n');
});

it('carries on when the storage server was away in the middle of a restore', async () => {
  await lab().play(`
    !scribble venus sda
    restore venus
    press confirm venus
    as bob
    press approve venus
    wait venus running 120s
    !throttle venus 6
    wait venus 30%
  `);
  await lab().nfs.kill();
  await lab().play('!throttle venus off');
  await lab().nfs.start();
  await lab().play(`
    wait venus succeeded 240s
    !sha256 venus sda same used
  `);
  await expectHome(lab(), 'venus');
});
