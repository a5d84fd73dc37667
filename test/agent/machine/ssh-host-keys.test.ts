import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintOf, hostKeyFingerprints } from '../../../agent/machine/ssh-host-keys.ts';

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
if (!hasKeygen) console.warn('Skipped: fingerprints against ssh-keygen (openssh-client is not installed)');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

function makeKey(type: string): string {
  const file = join(folder, `ssh_host_${type}_key`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'root@maintenance', '-f', file]);
  return (
    execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`])
      .toString()
      .split(' ')[1] ?? ''
  );
}

it.skipIf(!hasKeygen)('fingerprints are those that ssh-keygen shows, the usual key first', async () => {
  const [rsa, ecdsa, ed25519] = ['rsa', 'ecdsa', 'ed25519'].map(makeKey);
  await writeFile(join(folder, 'sshd_config'), '');

  expect(await hostKeyFingerprints(folder)).toEqual([ed25519, ecdsa, rsa]);
  const whole = await readFile(join(folder, 'ssh_host_ed25519_key.pub'), 'utf8');
  expect(fingerprintOf(whole.slice(0, 60))).toBeNull();
});

it('there are none while there are no keys, or none that is whole', async () => {
  expect(await hostKeyFingerprints(join(folder, 'missing'))).toEqual([]);
  await writeFile(join(folder, 'ssh_host_ed25519_key.pub'), '');
  await writeFile(join(folder, 'ssh_host_rsa_key.pub'), 'ssh-rsa AAAA');

  expect(await hostKeyFingerprints(folder)).toEqual([]);
});

it.each(['', 'ssh-ed25519', 'ssh-ed25519 !!!!', 'ssh-ed25519 AAAAB3NzaC1yc2E='])('"%s" is no key', (text) => {
  expect(fingerprintOf(text)).toBeNull();
});
