import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { exampleConfigurations } from '../../../src/cli/storage/example.ts';
import { isOwnWriting } from '../../../src/cli/storage/render/lines.ts';
import { readStorageEnvironment } from '../../../src/config/storage-env.ts';

const root = join(import.meta.dirname, '../../..');

// That manifests/storage/ has these very texts is looked at with the other manifests.
it('is of the values of .env.example and of the example inventory', async () => {
  const environment = readStorageEnvironment(parseEnv(readFileSync(join(root, '.env.example'), 'utf8')));
  if (!environment.ok) throw new Error(environment.problems.join('\n'));
  const { tftpRoot, backupRoot, nfsroot, nfsServer } = environment.config;

  const files = new Map((await exampleConfigurations()).map(({ name, text }) => [name, text]));

  expect([...files.keys()]).toEqual([
    'exports',
    'ganesha.conf',
    'dnsmasq.conf',
    'dnsmasq-proxy.conf',
    'tftpd-hpa',
  ]);
  expect([...files.values()].map(isOwnWriting)).toEqual([true, true, true, true, true]);
  for (const area of [tftpRoot, `${backupRoot}/10.40.41.42`, nfsroot]) {
    expect(files.get('ganesha.conf')).toContain(`  Path = "${area}";\n`);
  }
  expect(files.get('ganesha.conf')).toContain(`  Bind_addr = ${nfsServer};\n`);
  expect(files.get('dnsmasq.conf')).toContain(`\ntftp-root=${tftpRoot}\n`);
  expect(files.get('dnsmasq.conf')).toContain(`\nlisten-address=${nfsServer}\n`);
  expect(files.get('dnsmasq.conf')).toMatch(/^# mars \(10\.40\.41\.44\) has no "mac"/m);
  expect(files.get('exports')).not.toContain('none bind');
});
