import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check, DoctorContext } from '../../src/cli/doctor/check.ts';
import { examine } from '../../src/cli/doctor/examine.ts';
import { findNfsroot } from '../../src/cli/doctor/find-nfsroot.ts';
import { maintenanceSystem } from '../../src/cli/doctor/maintenance-system.ts';
import { parseExportsFile } from '../../src/cli/doctor/nfs/exports-file.ts';
import { parseGaneshaFile } from '../../src/cli/doctor/nfs/ganesha-file.ts';
import { isFor } from '../../src/cli/doctor/nfs/nfs-export.ts';
import { readNfsExports } from '../../src/cli/doctor/nfs/read-exports.ts';
import { nfsExports } from '../../src/cli/doctor/nfs-exports.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { readInventory } from '../../src/config/inventory.ts';
import { TestboxAddress } from '../../src/contract/address.ts';

const PLUTO = TestboxAddress.parse('10.40.41.42');
const TWO_BOXES = 'testboxes: [{ name: pluto, ip: 10.40.41.42 }, { name: venus, ip: 10.40.41.43 }]';
const OF_PLUTO = `
/export/testbox-nfsroot 10.40.41.0/24(ro,sync,no_root_squash)
/export/testbox-backup/10.40.41.42 10.40.41.42(rw,sync,all_squash,anonuid=105,anongid=109)
`;

function context(parts: Partial<DoctorContext>): DoctorContext {
  const directory = tmpdir();
  const environment = readEnvironment({
    TESTBOX_LAB: '1',
    TESTBOX_CONSOLE: 'console',
    TESTBOX_TFTP_ROOT: directory,
    TESTBOX_BACKUP_ROOT: directory,
  });
  const inventory = readInventory(TWO_BOXES);
  if (!environment.ok || !inventory.ok) throw new Error('the lab of this test is wrong');
  return {
    nodeVersion: '24.21.0',
    environmentProblems: [],
    config: environment.config,
    inventoryProblems: [],
    testboxes: inventory.testboxes,
    access: inventory.access,
    share: null,
    nfsroot: null,
    exports: null,
    slack: null,
    discord: null,
    ...parts,
  };
}

async function found(check: Check, parts: Partial<DoctorContext>): Promise<string[]> {
  const findings = await examine([check], context(parts));
  return findings.map(({ status, text }) => `${status}: ${text}`);
}

/** A machine whose files these are. */
function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'testbox-exports-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('the check of the NFS exports', () => {
  it('finds the box that came to the inventory after they were written', async () => {
    const exports = { file: '/etc/exports', exports: parseExportsFile(OF_PLUTO) };

    expect(await found(nfsExports, { exports })).toEqual([
      expect.stringMatching(
        /^fix: run `testbox storage init`, .*: venus can't reach its images, as \/export\/testbox-backup\/10\.40\.41\.43 is not exported to 10\.40\.41\.43$/,
      ),
    ]);
  });

  it('is content with a share that all boxes reach', async () => {
    const exports = {
      file: '/etc/exports',
      exports: parseExportsFile(
        '/export/testbox-nfsroot *(ro)\n/export/testbox-backup 10.40.41.0/255.255.255.0(rw,sync)',
      ),
    };

    expect(await found(nfsExports, { exports })).toEqual(['ok: 2 boxes are in /etc/exports']);
  });

  it('finds images that are read-only, and a root that is for others', async () => {
    const exports = {
      file: '/etc/exports',
      exports: parseExportsFile(
        '/export/testbox-nfsroot 10.40.41.43(ro)\n/export/testbox-backup 10.40.41.42 10.40.41.43(rw)',
      ),
    };

    expect(await found(nfsExports, { exports })).toEqual([
      expect.stringMatching(/pluto can't mount its root, as \/export\/testbox-nfsroot is not exported/),
      expect.stringMatching(
        /pluto can't write its images, as they are exported to 10\.40\.41\.42 read-only$/,
      ),
    ]);
  });

  it.each([
    ['exports', parseExportsFile],
    ['ganesha.conf', parseGaneshaFile],
  ])('finds every box of the example in the %s that storage init writes', async (name, parse) => {
    const manifests = join(import.meta.dirname, '../../manifests');
    const inventory = readInventory(readFileSync(join(manifests, 'testboxes.example.yaml'), 'utf8'));
    if (!inventory.ok) throw new Error(inventory.problems.join('\n'));
    const file = join(manifests, 'storage', name);
    const exports = { file, exports: parse(readFileSync(file, 'utf8')) };
    const late = readInventory('testboxes: [{ name: ceres, ip: 10.40.41.99 }]');

    const known = await found(nfsExports, { exports, testboxes: inventory.testboxes });
    const unknown = await found(nfsExports, { exports, testboxes: late.ok ? late.testboxes : [] });

    expect(known).toEqual([`ok: ${inventory.testboxes.length} boxes are in ${file}`]);
    expect(unknown).toEqual([expect.stringMatching(/10\.40\.41\.99 is not exported to 10\.40\.41\.99$/)]);
  });

  it('says so where no NFS server has any', async () => {
    expect(await found(nfsExports, { exports: null })).toEqual([
      'skipped: not looked at, no NFS server of this machine exports /export/testbox-backup',
    ]);
  });
});

describe('readNfsExports', () => {
  it('believes what is exported now more than what is written', async () => {
    const root = machine({ 'var/lib/nfs/etab': OF_PLUTO, 'etc/exports': '/export/testbox-backup *(rw)' });

    const read = await readNfsExports(root);

    expect(read?.file).toBe(join(root, 'var/lib/nfs/etab'));
    expect(read?.exports).toContainEqual({
      path: '/export/testbox-backup/10.40.41.42',
      client: '10.40.41.42',
      isWritable: true,
    });
  });

  it('reads all files of the kernel’s server while it is not running', async () => {
    const root = machine({
      'var/lib/nfs/etab': '',
      'etc/exports': '# /export/testbox-backup *(rw)\n/srv *(rw)\n',
      'etc/exports.d/testbox.exports': OF_PLUTO,
      'etc/exports.d/notes.txt': '/export/testbox-backup *(rw)',
    });

    const read = await readNfsExports(root);

    expect(read?.exports.map(({ path, client }) => `${path} ${client}`)).toEqual([
      '/srv *',
      '/export/testbox-nfsroot 10.40.41.0/24',
      '/export/testbox-backup/10.40.41.42 10.40.41.42',
    ]);
  });

  it('gives nothing for exports of somebody else', async () => {
    expect(await readNfsExports(machine({ 'etc/exports': '/export/testbox-backup-old *(rw)' }))).toBeNull();
    expect(await readNfsExports(machine({}))).toBeNull();
  });

  it('reads what nfs-ganesha is told', async () => {
    const root = machine({
      'etc/ganesha/ganesha.conf': `
        EXPORT_DEFAULTS { Access_Type = None; }
        EXPORT { Export_Id = 3; Path = "/srv/root"; Pseudo = "/export/testbox-nfsroot";
          CLIENT { Clients = 10.40.41.0/24; Access_Type = RO; Squash = No_Root_Squash; } FSAL { Name = VFS; } }
        # EXPORT { Pseudo = "/export/testbox-backup"; CLIENT { Clients = *; Access_Type = RW; } }
        EXPORT { Export_Id = 10538; Pseudo = "/export/testbox-backup/10.40.41.42";
          CLIENT { Clients = 10.40.41.42, 10.40.41.1; Access_Type = RW; } FSAL { Name = VFS; } }`,
    });

    expect((await readNfsExports(root))?.exports).toEqual([
      { path: '/export/testbox-nfsroot', client: '10.40.41.0/24', isWritable: false },
      { path: '/export/testbox-backup/10.40.41.42', client: '10.40.41.42', isWritable: true },
      { path: '/export/testbox-backup/10.40.41.42', client: '10.40.41.1', isWritable: true },
    ]);
  });

  it('stops at the end of a block that nobody closed', () => {
    expect(parseGaneshaFile('EXPORT { Pseudo = /a; CLIENT { Clients = *; ')).toEqual([
      { path: '/a', client: '*', isWritable: false },
    ]);
  });
});

describe('isFor', () => {
  it.each<[string, boolean]>([
    ['10.40.41.42', true],
    ['10.40.41.43', false],
    ['10.40.41.0/24', true],
    ['10.40.40.0/24', false],
    ['10.40.40.0/23', true],
    ['10.40.41.40/255.255.255.252', true],
    ['10.40.41.44/255.255.255.252', false],
    ['0.0.0.0/0', true],
    ['*', true],
    ['*.lab.example', true],
    ['10.40.41.0/33', false],
  ])('%s: %s', (client, expected) => {
    expect(isFor({ path: '/', client, isWritable: true }, PLUTO)).toBe(expected);
  });
});

describe('the check of the maintenance system', () => {
  it('says all that is well, or all that is not', async () => {
    const good = { ok: true, line: 'Debian bookworm' };
    const bad = { ok: false, line: 'the agent is old: testbox nfsroot update-agent' };

    expect(
      await found(maintenanceSystem, {
        nfsroot: { kind: 'here', lines: [good, { ...good, line: '1 key' }] },
      }),
    ).toEqual(['ok: Debian bookworm; 1 key']);
    expect(await found(maintenanceSystem, { nfsroot: { kind: 'here', lines: [good, bad] } })).toEqual([
      'fix: the agent is old: testbox nfsroot update-agent',
    ]);
  });

  it('is passed over where the root is on another machine', async () => {
    const env = {
      TESTBOX_TFTP_ROOT: '/tftp',
      TESTBOX_BACKUP_ROOT: '/backup',
      TESTBOX_NFS_SERVER: '10.40.41.1',
      TESTBOX_NFSROOT: join(machine({}), 'nowhere'),
    };

    const nfsroot = await findNfsroot(env);

    expect(await found(maintenanceSystem, { nfsroot })).toEqual([
      `skipped: not looked at, TESTBOX_NFSROOT (${env.TESTBOX_NFSROOT}) is not on this machine`,
    ]);
  });

  it('looks at the root that is there', async () => {
    const root = machine({ 'some/file': '' });
    const nfsroot = await findNfsroot({
      TESTBOX_TFTP_ROOT: '/tftp',
      TESTBOX_BACKUP_ROOT: '/backup',
      TESTBOX_NFS_SERVER: '10.40.41.1',
      TESTBOX_NFSROOT: root,
    });

    expect(await found(maintenanceSystem, { nfsroot })).toEqual([
      `fix: there is no maintenance system in ${root}: testbox nfsroot build makes it`,
    ]);
  });

  it('needs an environment that can be read', async () => {
    expect(await findNfsroot({ TESTBOX_NFS_SERVER: '' })).toBeNull();
    expect(await found(maintenanceSystem, { nfsroot: null })).toEqual([
      'skipped: not looked at, the environment comes first',
    ]);
  });
});
