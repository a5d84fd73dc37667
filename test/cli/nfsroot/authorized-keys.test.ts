import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { collectKeys } from '../../../src/cli/nfsroot/authorized-keys.ts';

let folder: string;
let key: string;
let publicLine: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  key = newKey('bot');
  publicLine = readFileSync(`${key}.pub`, 'utf8').trim();
});

it('takes every key once, with its options, and the half of the bot that is no secret', async () => {
  const person = readFileSync(`${newKey('ann', 'ecdsa')}.pub`, 'utf8').trim();
  const rsa = readFileSync(`${newKey('ray', 'rsa')}.pub`, 'utf8').trim();
  const restricted = `no-pty,from="10.0.0.*,host a",command="echo \\"hi\\"" ${rsa}`;
  const file = listed('several', `# people\n\n${person}\n  ${restricted}  \n${publicLine}\n`);

  expect(await collectKeys({ sshKeyFile: key, authorizedKeysFile: file })).toEqual([
    person,
    restricted,
    publicLine,
  ]);
});

it('gets the public half out of the key where no file beside it has it', async () => {
  const alone = newKey('alone');
  const wanted = readFileSync(`${alone}.pub`, 'utf8').trim();
  rmSync(`${alone}.pub`);

  expect(await collectKeys({ sshKeyFile: alone, authorizedKeysFile: null })).toEqual([wanted]);
});

it.each([
  ['no key', () => 'hello', /line 2 of .* is no public key that OpenSSH takes/],
  ['a cut one', () => publicLine.slice(0, 40), /line 2 of /],
  ['a type that is not its own', () => publicLine.replace('ssh-ed25519', 'ssh-rsa'), /line 2 of /],
  ['a retired type', () => publicLine.replace('ssh-ed25519', 'ssh-dss'), /line 2 of /],
  [
    'a private key',
    () => readFileSync(key, 'utf8'),
    /is a private key, and the root is readable to the whole net/,
  ],
])('refuses %s', async (_what, line, why) => {
  const file = listed('bad', `${publicLine}\n${line()}\n`);

  await expect(collectKeys({ sshKeyFile: key, authorizedKeysFile: file })).rejects.toThrow(why);
});

it('refuses a root that nobody could log in to, and files that are not there', async () => {
  const nowhere = join(folder, 'nowhere');

  await expect(collectKeys({ sshKeyFile: null, authorizedKeysFile: null })).rejects.toThrow(
    /nobody could log in .* set TESTBOX_AUTHORIZED_KEYS/,
  );
  await expect(
    collectKeys({ sshKeyFile: null, authorizedKeysFile: listed('empty', '# none\n') }),
  ).rejects.toThrow(/nobody could log in/);
  await expect(collectKeys({ sshKeyFile: null, authorizedKeysFile: nowhere })).rejects.toThrow(
    /nowhere of TESTBOX_AUTHORIZED_KEYS can't be read \(ENOENT\)/,
  );
  await expect(collectKeys({ sshKeyFile: nowhere, authorizedKeysFile: null })).rejects.toThrow(
    /nowhere of TESTBOX_SSH_KEY can't be read \(ENOENT\)/,
  );
});

it('says where to put the public half of a key with a passphrase', async () => {
  const locked = newKey('locked', 'ed25519', 'secret');
  rmSync(`${locked}.pub`);

  await expect(collectKeys({ sshKeyFile: locked, authorizedKeysFile: null })).rejects.toThrow(
    /the public half of .*locked can't be had \(.*\): put it into .*locked\.pub/,
  );
});

function newKey(name: string, type = 'ed25519', passphrase = ''): string {
  const path = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', path]);
  return path;
}

function listed(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
