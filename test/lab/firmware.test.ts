import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseBoot } from '../../src/lab/firmware.ts';
import { PLUTO, temporaryDirectory } from './lab-fixture.ts';

const LOCAL = 'DEFAULT local\nLABEL local\nLOCALBOOT\n';
const CLIENT = { uuid: PLUTO.uuid, mac: PLUTO.mac, address: PLUTO.address };
const NAMES = [PLUTO.uuid, '01-52-54-00-00-00-42', '0A28292A', '0A28292', '0A28', '0', 'default'];

async function tftpWith(files: Record<string, string>): Promise<string> {
  const root = await temporaryDirectory();
  await mkdir(join(root, 'pxelinux.cfg'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, 'pxelinux.cfg', name), text);
  return root;
}

describe('chooseBoot', () => {
  it.each(NAMES.map((name, rank) => [name, NAMES.slice(rank)] as const))(
    'takes %s before every later name',
    async (name, present) => {
      const root = await tftpWith(Object.fromEntries(present.map((file) => [file, LOCAL])));

      expect(await chooseBoot(root, CLIENT)).toEqual({ kind: 'local-disk', config: name });
    },
  );

  it('stands still without any file, and with one that has no label to boot', async () => {
    const empty = await tftpWith({});
    const useless = await tftpWith({ default: 'DEFAULT nowhere\n' });

    expect((await chooseBoot(empty, CLIENT)).kind).toBe('stuck');
    expect((await chooseBoot(useless, CLIENT)).kind).toBe('stuck');
  });
});
