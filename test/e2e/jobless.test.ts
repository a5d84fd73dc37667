import { access, chown, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LAB_BOXES, PLUTO } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { writeOriginalBootFile } from './lab/original-boot-file.ts';
import { BOT_USER } from './lab/settings.ts';
import { useLab } from './lab/use-lab.ts';

const lab = useLab({
  name: 'jobless',
  boxes: [PLUTO],
  inventory: LAB_BOXES,
  storageWords: ['--jobless'],
  agentWords: ['--allow-jobless'],
  withBot: false,
});

/** The box is switched off and on, as whoever wrote the file does; it comes home by itself. */
async function act(action: string): Promise<void> {
  const { tftp } = lab().directories;
  const file = await writeOriginalBootFile(tftp, { address: PLUTO.address, action });
  // Whoever writes it may write there: with squashed exports that is the bot's user.
  await chown(file, BOT_USER.id, BOT_USER.id);
  const box = lab().box('pluto');
  const from = box.serial.length;
  await box.powerOn();
  await box.home(from);
  await expect(access(file)).rejects.toThrow('ENOENT');
  await expectHome(lab(), 'pluto');
}

it('does the job of a boot file in the form of the original, without a bot', async () => {
  await lab().play('!sha256 pluto sda as installed');
  await act('backup');
  await lab().play(`
    expect-log pluto info: Executing 'backup'.
    expect-log pluto info: 'backup' - done
    !sha256 pluto sda same installed
    !scribble pluto sda
  `);
  await act('restore');
  await lab().play(`
    expect-log pluto info: 'restore' - done
    expect-log pluto info: rebooting
    !sha256 pluto sda same installed
  `);
  const log = await readFile(join(lab().directories.backup, PLUTO.address, 'maintenance.log'), 'utf8');
  expect(log).toMatch(/Successfully restored .* onto \/dev\/sda/);
});
