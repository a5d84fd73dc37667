import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LAB_BOXES, PLUTO, VENUS } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { BOT_USER, PLACES, SERVER_ADDRESS } from './lab/settings.ts';
import { useLab } from './lab/use-lab.ts';

const lab = useLab({ name: 'cycle', boxes: [PLUTO, VENUS], inventory: LAB_BOXES });

it('is a storage server on which the doctor finds nothing to put right', async () => {
  const found = await lab().testbox(['doctor'], { as: BOT_USER.name, env: { HOME: PLACES.state } });

  expect(found.split('\n').filter((line) => line.startsWith('FIX'))).toEqual([]);
});

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
  // The native modules of the agent's bundle load in the maintenance system.
  const index = await readFile(join(share, PLUTO.address, 'current/sda.raw.gz.index'), 'latin1');
  expect(index.slice(0, index.indexOf('\n'))).toContain('"chunkHash":"blake3"');
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

it('lets people look around in a box by their key, where they reach nothing of other boxes', async () => {
  await lab().play(
    `
    as alice
    rescue pluto
    press confirm pluto
    wait pluto in-rescue 180s
    expect ssh root@${PLUTO.address}
    `,
    'pluto',
  );
  const keys = await lab().enclosure.must({ argv: ['ssh-keyscan', '-t', 'ed25519', PLUTO.address] });
  const shown = await lab().enclosure.must({ argv: ['ssh-keygen', '-lf', '-'], input: keys });
  const [fingerprint] = /SHA256:\S+/.exec(shown) ?? [];
  await lab().play(`expect ${fingerprint}`, 'pluto');
  expect(await lab().mustSsh('pluto', 'cat /proc/cmdline')).toContain('testbox-action-rescue');

  const shell = (command: string) => lab().ssh('pluto', command);
  const mount = (path: string) =>
    `umount -q -R /tmp/m; mkdir -p /tmp/m; mount -t nfs4 -o vers=4.1 ${SERVER_ADDRESS}:${path} /tmp/m`;
  // Boot configs: every box may read them, as by TFTP; none may write any.
  expect(await shell(`${mount('/export/testbox-tftp')} && ls /tmp/m/pxelinux.0`)).toMatchObject({
    status: 0,
  });
  expect((await shell('touch /tmp/m/pxelinux.cfg/0A28292B')).stderr).toMatch(/read-only/i);
  expect((await shell('rm /tmp/m/pxelinux.cfg/default')).stderr).toMatch(/read-only/i);
  expect((await shell(`${mount('/export/testbox-nfsroot')} && touch /tmp/m/owned`)).stderr).toMatch(
    /read-only/i,
  );
  // Images: its own, as the bot's user; another's not at all, whatever way is tried.
  const own = `/export/testbox-backup/${PLUTO.address}`;
  expect(await shell(`${mount(own)} && ls /tmp/m/current/sda.raw.gz && touch /tmp/m/mine`)).toMatchObject({
    status: 0,
  });
  expect((await stat(join(lab().directories.backup, PLUTO.address, 'mine'))).uid).toBe(BOT_USER.id);
  expect(await shell(mount(`/export/testbox-backup/${VENUS.address}`))).not.toMatchObject({ status: 0 });
  const whole = await shell(`${mount('/export/testbox-backup')} && find /tmp/m -name '*.raw.gz'`);
  expect(whole.stdout).not.toContain(VENUS.address);
});

it('answers nobody but a box itself about its job', async () => {
  await lab().play(
    `
    refresh-info venus
    press confirm venus
    wait venus booting 60s
    `,
    'venus',
  );
  // What any box can read: the other's boot config, with job and nonce.
  const fetched = 'busybox tftp -g -r pxelinux.cfg/0A28292B -l /tmp/config';
  const config = await lab().mustSsh('pluto', `${fetched} ${SERVER_ADDRESS} && cat /tmp/config`);
  // By NFS too, though a moment ago there was none of that name.
  const mount = `umount -q -R /tmp/m; mount -t nfs4 -o vers=4.1 ${SERVER_ADDRESS}:/export/testbox-tftp /tmp/m`;
  expect(await lab().mustSsh('pluto', `${mount}; cat /tmp/m/pxelinux.cfg/0A28292B`)).toBe(config);
  const [, job] = /testbox\.job=(\S+)/.exec(config) ?? [];
  const [, nonce] = /testbox\.nonce=(\S+)/.exec(config) ?? [];
  const hello = {
    ...{ protocol: 1, job, nonce, bootId: '7e57b0c5-1111-4111-8111-111111111111' },
    ...{ uuid: null, macs: [], disks: [], agentVersion: 'none' },
  };
  const call = `
    const body = ${JSON.stringify(JSON.stringify(hello))};
    const headers = { 'content-type': 'application/json' };
    fetch('http://${SERVER_ADDRESS}:7480/v1/hello', { method: 'POST', headers, body })
      .then(async (answer) => console.log(answer.status, await answer.text()));`;
  const answer = await lab().mustSsh('pluto', '/run/testbox/node --input-type=module -', call);
  expect(answer).toMatch(/^403 /);

  await lab().play(
    `
    expect ${PLUTO.address}
    wait venus running 120s
    wait venus succeeded 180s
    !sha256 venus sda same installed
    `,
    'venus',
  );
  await expectHome(lab(), 'venus');
});

it('starts a crashed agent again, and goes home when the box is released', async () => {
  const from = lab().box('pluto').serial.length;
  await lab().mustSsh('pluto', 'systemctl kill --signal=KILL testbox-maintenance.service');
  await lab()
    .box('pluto')
    .serial.untilLine(/Testbox agent /, { from });
  await lab()
    .box('pluto')
    .serial.untilLine(/The bot says stay: the box is in rescue/, { from });
  await lab().play(
    `
    expect-not attempt 2
    release pluto
    wait pluto succeeded 180s
    !sha256 pluto sda same installed
    `,
    'pluto',
  );
  await expectHome(lab(), 'pluto');
});
