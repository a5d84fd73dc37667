import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LAB_BOXES, PLUTO } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { PLACES } from './lab/settings.ts';
import { useLab } from './lab/use-lab.ts';

const lab = useLab({ name: 'faults', boxes: [PLUTO], inventory: LAB_BOXES });

it('says in the thread that the share is not exported, writes nothing, and goes on after a repair', async () => {
  const share = join(lab().directories.backup, PLUTO.address);
  await lab().nfs.kill();
  await lab().nfs.start(withoutExport(PLUTO.address));
  await lab().play(`
    !sha256 pluto sda as installed
    backup pluto
    press confirm pluto
    wait pluto stopped 180s
    expect does not export /export/testbox-backup/${PLUTO.address}
    expect Put the storage right, then press Retry
    expect-screen pluto does not export /export/testbox-backup/${PLUTO.address}
  `);
  expect(await readdir(share)).toEqual(['testbox-backup']);

  await lab().nfs.kill();
  await lab().nfs.start();
  await lab().play(`
    press retry pluto
    wait pluto succeeded 240s
    !sha256 pluto sda same installed
  `);
  expect(await readdir(join(share, 'generations'))).toEqual(['000001']);
  await expectHome(lab(), 'pluto');
});

it('ends in a system that people can log in to when the agent can not start, and goes on with a good one', async () => {
  // A new file in its place: the old one belongs to all labs.
  const spoil = 'echo "throw new Error(1)" >"$1/spoilt" && mv "$1/spoilt" "$1/main.cjs"';
  const release = `${PLACES.nfsroot}/current/opt/testbox/current`;
  await lab().enclosure.must({ argv: ['sh', '-euc', spoil, 'spoil', release] });
  const from = lab().box('pluto').serial.length;
  await lab().play(`
    refresh-info pluto
    press confirm pluto
    wait pluto booting 60s
  `);
  await lab()
    .box('pluto')
    .serial.untilLine(/agent does not run|can't start|does not start/i, { from, withinMs: 240_000 });
  expect(await lab().mustSsh('pluto', 'cat /proc/cmdline')).toContain('testbox-action-refresh-info');
  expect(await lab().mustSsh('pluto', 'systemctl is-failed testbox-maintenance.service || true')).toBe(
    'failed\n',
  );

  await lab().testbox(['nfsroot', 'update-agent']);
  await lab().mustSsh('pluto', 'systemctl reset-failed testbox-maintenance.service; systemctl reboot');
  await lab().play(`
    wait pluto succeeded 240s
    !sha256 pluto sda same installed
  `);
  await expectHome(lab(), 'pluto');
});

/** The configuration that somebody has who added a box and forgot to load the new exports. */
function withoutExport(address: string): (configuration: string) => string {
  return (configuration) => {
    const blocks = configuration.split(/^(?=EXPORT \{)/m);
    return blocks
      .filter(
        (block) =>
          !block.includes(`/testbox-backup/${address}"`) && !block.includes(`/testbox-backup/${address};`),
      )
      .join('');
  };
}
