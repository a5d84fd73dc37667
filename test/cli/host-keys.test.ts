import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { createHostKeyPins } from '../../src/database/host-keys.ts';
import { openDatabase } from '../../src/database/open.ts';
import { newKey } from '../machine/ssh-box.ts';
import { botDirectory, MAIN } from './served-bot.ts';

const INVENTORY = `testboxes:
  - { name: pluto, ip: 127.40.41.42, ssh: { host-key: first-use } }
  - { name: venus, ip: 127.40.41.43, ssh: { host-key: known-hosts } }`;

let directory: string;

beforeEach(async () => {
  directory = await botDirectory(INVENTORY);
  onTestFinished(() => rm(directory, { recursive: true }));
});

/** `testbox host-keys …`, as a program. */
function hostKeys(...args: string[]): Promise<{ status: unknown; said: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: `sqlite:${join(directory, 'a.sqlite')}` };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, 'host-keys', ...args],
      { cwd: directory, env },
      (error, stdout, stderr) => resolve({ status: error?.code ?? 0, said: `${stdout}${stderr}` }),
    );
  });
}

async function keep(place: string): Promise<void> {
  const db = await openDatabase(join(directory, 'a.sqlite'));
  await createHostKeyPins(db).pin(place, newKey().public);
  await db.destroy();
}

it('says by which key a box is known, and forgets it', async () => {
  await keep('127.40.41.42:22');
  await keep('restored 127.40.41.43:22');

  expect(await hostKeys('list')).toEqual({
    status: 0,
    said: expect.stringMatching(
      /^pluto: ED25519 SHA256:\S+\nvenus: by the known_hosts file, and by ED25519 SHA256:\S+, which a restore has brought\n$/,
    ),
  });
  expect(await hostKeys('forget', 'PLUTO', '127.40.41.43')).toEqual({
    status: 0,
    said: 'pluto: forgotten; the next key that it shows is kept\nvenus: forgotten; it is known by the known_hosts file\n',
  });
  expect((await hostKeys('forget', 'pluto')).said).toBe(
    'pluto: there was none; the next key that it shows is kept\n',
  );
  expect((await hostKeys('list')).said).toBe(
    'pluto: not known yet, the first key that it shows is kept\nvenus: by the known_hosts file\n',
  );
});

it('refuses boxes that are not there, and to forget all of them at once', async () => {
  expect(await hostKeys('forget', 'plutto')).toEqual({
    status: 2,
    said: expect.stringContaining('did you mean pluto?'),
  });
  expect((await hostKeys('forget')).status).toBe(2);
});
