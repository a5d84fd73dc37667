import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostKeyAlgorithms } from '../../src/machine/host-keys.ts';
import { knownHostKeys } from '../../src/machine/known-hosts.ts';
import { newKey } from './ssh-box.ts';

const KEY = newKey().public;
const OLD = newKey().public;

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'testbox-known-hosts-')), 'known_hosts');
  writeFileSync(path, content);
  return path;
}

describe('knownHostKeys', () => {
  it('finds plain names, names with ports, and hashed ones', async () => {
    const plain = file(`10.40.41.42 ${KEY}\n[10.40.41.42]:2222 ${OLD}\n`);
    const hashed = file(`10.40.41.42 ${KEY}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', hashed], { stdio: 'ignore' });

    expect(await knownHostKeys({ host: '10.40.41.42', port: 22, file: plain })).toMatchObject({
      keys: [KEY],
    });
    expect(await knownHostKeys({ host: '10.40.41.42', port: 2222, file: plain })).toMatchObject({
      keys: [OLD],
    });
    expect(await knownHostKeys({ host: '10.40.41.42', port: 22, file: hashed })).toMatchObject({
      keys: [KEY],
    });
  });

  it('tells revoked keys apart and leaves out certificate authorities', async () => {
    const path = file(
      `@revoked pluto ${OLD}\n@cert-authority * ${newKey().public}\npluto ${KEY} a comment\n`,
    );

    expect(await knownHostKeys({ host: 'pluto', port: 22, file: path })).toEqual({
      kind: 'known',
      keys: [KEY],
      revoked: [OLD],
    });
  });

  it('knows nothing of others, and says so when there is no file', async () => {
    const path = file(`venus ${KEY}\n`);

    expect(await knownHostKeys({ host: 'pluto', port: 22, file: path })).toEqual({
      kind: 'known',
      keys: [],
      revoked: [],
    });
    expect(await knownHostKeys({ host: 'pluto', port: 22, file: `${path}.not` })).toEqual({
      kind: 'unreadable',
      why: expect.stringContaining(`${path}.not`),
    });
  });
});

describe('hostKeyAlgorithms', () => {
  it('offers those of the known keys first', () => {
    expect(hostKeyAlgorithms(['ssh-rsa AAAA']).slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ]);
    expect(hostKeyAlgorithms([])[0]).toBe('ssh-ed25519');
  });
});
