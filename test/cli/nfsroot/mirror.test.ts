import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { passedOptions } from '../../../src/cli/nfsroot/apt-options.ts';
import { findMirror, sourcesFor } from '../../../src/cli/nfsroot/mirror.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

function etcApt(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'etc-apt-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

it('takes the mirrors of a sources file with stanzas', async () => {
  const folder = etcApt({
    'sources.list.d/debian.sources': `# the archive
Types: deb deb-src
URIs: http://ftp.lab/debian
Suites: bookworm
 bookworm-updates
Components: main contrib
Signed-By: ${KEYRING}

Types: deb
URIs: http://security.lab/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${KEYRING}
`,
  });

  expect(await findMirror(folder)).toEqual({
    uri: 'http://ftp.lab/debian',
    securityUri: 'http://security.lab/debian-security',
  });
});

it('takes the mirrors of a sources.list with one a line', async () => {
  const folder = etcApt({
    'sources.list': `# deb http://old.lab/debian buster main
deb-src http://src.lab/debian trixie main
deb [arch=amd64 signed-by=${KEYRING}] http://ftp.lab/debian trixie main # ours
deb http://ftp.lab/debian-security trixie-security main
`,
  });

  expect(await findMirror(folder)).toEqual({
    uri: 'http://ftp.lab/debian',
    securityUri: 'http://ftp.lab/debian-security',
  });
});

it.each([
  [
    'signed by somebody else',
    'deb [signed-by=/usr/share/keyrings/vpn.gpg] https://vpn.example/debian bookworm main',
  ],
  ['another component', 'deb https://download.example/linux/debian bookworm stable'],
  ['another suite', 'deb https://packages.example/apt cloud-sdk-bookworm main'],
  ['a CD', 'deb cdrom:[Debian GNU/Linux 12]/ bookworm main'],
])('takes no other archive for Debian: %s', async (_what, line) => {
  const both = etcApt({
    'sources.list.d/a.list': `${line}\n`,
    'sources.list.d/b.list': 'deb http://x/debian bookworm main\n',
  });
  const alone = etcApt({ 'sources.list': `${line}\n` });

  expect(await findMirror(both)).toEqual({ uri: 'http://x/debian', securityUri: null });
  await expect(findMirror(alone)).rejects.toThrow(
    /names no mirror of Debian's archive: name one, such as --mirror/,
  );
});

it('prefers what is surely the archive, and takes no stanza that is switched off', async () => {
  const folder = etcApt({
    'sources.list.d/a.list': 'deb http://mesh.example/debian bookworm main\n',
    'sources.list.d/b.sources': `Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\n`,
    'sources.list.d/c.sources': `Enabled: no\nTypes: deb\nURIs: http://off.debian.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: ${KEYRING}\n`,
  });

  expect(await findMirror(folder)).toMatchObject({ uri: 'http://deb.debian.org/debian' });
});

it('reads the list of mirrors that cloud images name', async () => {
  const folder = etcApt({ 'mirrors/debian.list': 'https://cloud.lab/debian\nhttps://other.lab/debian\n' });
  writeFileSync(
    join(folder, 'sources.list'),
    `deb mirror+file://${join(folder, 'mirrors/debian.list')} bookworm main\n`,
  );

  expect(await findMirror(folder)).toMatchObject({ uri: 'https://cloud.lab/debian' });
});

it('asks the security archive for the suite that is built, not the one that runs here', () => {
  const mirror = { uri: 'http://ftp.lab/debian', securityUri: 'http://ftp.lab/debian-security' };

  expect(
    sourcesFor(mirror, { suite: 'trixie', components: ['main', 'non-free-firmware'], keyring: KEYRING }),
  ).toEqual([
    `deb [signed-by=${KEYRING}] http://ftp.lab/debian trixie main non-free-firmware`,
    `deb [signed-by=${KEYRING}] http://ftp.lab/debian-security trixie-security main non-free-firmware`,
  ]);
});

it('passes on how the machine reaches its mirror, and nothing else', () => {
  const dump = `APT "";
Acquire::http::Proxy "http://proxy.lab:3142";
Acquire::http::Proxy::security.lab "DIRECT";
Acquire::Check-Valid-Until "false";
Acquire::GzipIndexes "true";
APT::Update::Post-Invoke:: "rm -rf /";
Acquire::http::Proxy "";
`;

  expect(passedOptions(dump)).toEqual([
    'Acquire::http::Proxy "http://proxy.lab:3142";',
    'Acquire::http::Proxy::security.lab "DIRECT";',
    'Acquire::Check-Valid-Until "false";',
  ]);
});
