import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LAB_BOXES, PLUTO, VENUS } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { BOT_USER } from './lab/settings.ts';
import { useLab } from './lab/use-lab.ts';

const lab = useLab({ name: 'cycle', boxes: [PLUTO, VENUS], inventory: LAB_BOXES });

it('backs up two boxes at the same time', async () => {
  const backup = (box: string) =>
    lab().play(
      `
      !sha256 ${box} sda as installed
      backup ${box}
      expect Plan: backup ${box}
      press confirm ${box}
      wait ${box} running 120s
      wait ${box} succeeded 180s
      expect ${box} is back on its own disk: backup done
      !sha256 ${box} sda same installed
      `,
      box,
    );
  await Promise.all([backup('pluto'), backup('venus')]);

  await expectHome(lab(), 'pluto');
  await expectHome(lab(), 'venus');
  const { backup: share, tftp } = lab().directories;
  expect(await readdir(join(share, PLUTO.address, 'current'))).toEqual(
    expect.arrayContaining(['manifest.json', 'sda.raw.gz', 'sda.raw.gz.index']),
  );
  // Whoever writes from a box writes as the bot's user, and no boot config is left.
  const image = await stat(join(share, PLUTO.address, 'current/sda.raw.gz'));
  expect([image.uid, image.gid]).toEqual([BOT_USER.id, BOT_USER.id]);
  expect(await readdir(join(tftp, 'pxelinux.cfg'))).toEqual(['default']);
});

it('puts a disk back as it was, and looks at the hardware of the other box meanwhile', async () => {
  const restored = lab().play(
    `
    !scribble pluto sda
    restore pluto
    expect OVERWRITES
    press confirm pluto
    as bob
    press approve pluto
    wait pluto running 120s
    wait pluto succeeded 180s
    !sha256 pluto sda same installed
    `,
    'pluto',
  );
  const looked = lab().play(
    `
    refresh-info venus
    press confirm venus
    wait venus running 120s
    wait venus succeeded 180s
    !sha256 venus sda same installed
    `,
    'venus',
  );
  await Promise.all([restored, looked]);

  await expectHome(lab(), 'pluto');
  await expectHome(lab(), 'venus');
  const info = await readFile(join(lab().directories.backup, VENUS.address, 'testbox-info.txt'), 'utf8');
  expect(info).toContain(`IP: ${VENUS.address}`.replace('IP: ', ''));
  expect(info).toMatch(/\*\*\*\* .*dmidecode.* \*\*\*\*/);
  expect(info).toContain(VENUS.uuid);
});
