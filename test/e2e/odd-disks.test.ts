import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LAB_BOXES, MARS, SATURN } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { useLab } from './lab/use-lab.ts';

const lab = useLab({ name: 'odd-disks', boxes: [MARS, SATURN], inventory: LAB_BOXES });

it('knows a disk without a serial number by its place, and refuses two disks that claim to be one', async () => {
  const nameless = lab().play(
    `
    !sha256 mars sda as installed
    backup mars
    press confirm mars
    wait mars running 120s
    wait mars succeeded 180s
    !scribble mars sda
    restore mars
    press confirm mars
    as bob
    press approve mars
    wait mars running 120s
    wait mars succeeded 180s
    !sha256 mars sda same installed
    `,
    'mars',
  );
  const doubled = lab().play(
    `
    !sha256 saturn sda as installed
    !sha256 saturn sdb as installed
    backup saturn
    press confirm saturn
    wait saturn stopped 180s
    expect sda and sdb
    press boot-local saturn
    wait saturn failed 120s
    !sha256 saturn sda same installed
    !sha256 saturn sdb same installed
    `,
    'saturn',
  );
  await Promise.all([nameless, doubled]);

  await expectHome(lab(), 'mars');
  await expectHome(lab(), 'saturn');
  const share = lab().directories.backup;
  expect(await readdir(join(share, MARS.address, 'generations'))).toEqual(['000001']);
  expect(await readdir(join(share, SATURN.address))).not.toContain('current');
});
