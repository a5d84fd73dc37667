import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { environmentFile } from './lab/settings.ts';

const guide = new URL('../../docs/storage-server.md', import.meta.url);
const example = new URL('../../.env.example', import.meta.url);

/** Where a real lab has its own: the server's addresses. */
const OF_A_LAB = ['TESTBOX_NFS_SERVER', 'TESTBOX_REPORT_URL'];

it('runs with the settings of the guide: a real lab has its own addresses, and a chat in place of the console', async () => {
  const block = /```sh\n(TESTBOX_TFTP_ROOT=[^`]*)```/.exec(await readFile(guide, 'utf8'))?.[1] ?? '';
  const { TESTBOX_CONSOLE: consoleSocket, ...own } = parseEnv(environmentFile('/chat.sock'));

  expect(consoleSocket).toBe('/chat.sock');
  expect(own).toEqual(parseEnv(block));
});

it('says nothing that .env.example does not tell of', async () => {
  const told = await readFile(example, 'utf8');
  const names = Object.keys(parseEnv(environmentFile('/chat.sock')));

  expect(names.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(told))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(OF_A_LAB));
  // Nothing that only the demo and tests have is open.
  expect(names.filter((name) => name.startsWith('TESTBOX_LAB'))).toEqual([]);
});
