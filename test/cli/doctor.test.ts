import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boxDirectories } from '../../src/cli/doctor/box-directories.ts';
import type { Check, DoctorContext, DoctorShare } from '../../src/cli/doctor/check.ts';
import { CHECKS } from '../../src/cli/doctor/checks.ts';
import { examine, type Finding, findingLine } from '../../src/cli/doctor/examine.ts';
import { parseExportsFile } from '../../src/cli/doctor/nfs/exports-file.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { readInventory } from '../../src/config/inventory.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import { PROGRAM_ENVIRONMENT } from './program-environment.ts';

const GOOD_SHARE: DoctorShare = {
  checkTftp: async () => [],
  checkBackup: async () => ({ problems: [], freeBytes: 5 * 1024 ** 3 }),
  checkBoxDirectories: async () => [],
  shadowingBootConfigs: async () => [],
};

/** A lab where nothing is wrong. */
function lab(env: Record<string, string> = {}): DoctorContext {
  const directory = mkdtempSync(join(tmpdir(), 'testbox-doctor-'));
  writeFileSync(join(directory, 'id'), 'key', { mode: 0o600 });
  const environment = readEnvironment({
    TESTBOX_LAB: '1',
    TESTBOX_CONSOLE: join(directory, 'console'),
    TESTBOX_TFTP_ROOT: join(directory, 'tftp'),
    TESTBOX_BACKUP_ROOT: join(directory, 'backup'),
    TESTBOX_INVENTORY: join(directory, 'testboxes.yaml'),
    TESTBOX_SSH_KEY: join(directory, 'id'),
    TESTBOX_LISTEN: '127.0.0.1:0',
    DATABASE_URL: `sqlite:${directory}/testbox.sqlite`,
    ...env,
  });
  const inventory = readInventory(
    'testboxes: [{ name: pluto, ip: 10.40.41.42, ssh: { host-key: first-use } }]',
  );
  if (!environment.ok || !inventory.ok) throw new Error('the lab of this test is wrong');
  return {
    nodeVersion: '24.21.0',
    environmentProblems: [],
    config: environment.config,
    inventoryProblems: [],
    testboxes: inventory.testboxes,
    access: inventory.access,
    share: GOOD_SHARE,
    nfsroot: { kind: 'here', lines: [{ ok: true, line: 'Debian bookworm' }] },
    exports: {
      file: '/var/lib/nfs/etab',
      exports: parseExportsFile('/export/testbox-nfsroot *(ro)\n/export/testbox-backup *(rw)'),
    },
    slack: null,
    discord: null,
  };
}

async function fixes(context: DoctorContext): Promise<string[]> {
  const findings = await examine(CHECKS, context);
  return findings.filter(({ status }) => status === 'fix').map(({ name, text }) => `${name}: ${text}`);
}

describe('the checks', () => {
  it('are all content with a good lab', async () => {
    const findings = await examine(CHECKS, lab());

    expect(findings.map(({ name, status }) => [name, status])).toEqual(
      CHECKS.map(({ name }) => [name, /^(?:slack|discord) /.test(name) ? 'skipped' : 'ok']),
    );
  });

  it('say what to do about the share', async () => {
    const share: DoctorShare = {
      checkTftp: async () => ['put the file default there', 'let the bot write there'],
      checkBackup: async () => ({ problems: [], freeBytes: 1024 }),
      checkBoxDirectories: async () => [],
      shadowingBootConfigs: async () => ['pxelinux.cfg/01-52-54-00-00-00-42'],
    };

    expect(await fixes({ ...lab(), share })).toEqual([
      'TFTP root: put the file default there',
      'TFTP root: let the bot write there',
      expect.stringMatching(/^boot configs: move pxelinux.cfg\/01-52-54-00-00-00-42 away/),
      expect.stringMatching(/^backup share: make room on .* 0\.0 GiB are free/),
    ]);
  });

  it('say so when the share does not answer', async () => {
    const hung = () => Promise.reject(new Error('the storage share does not answer'));
    const share = {
      checkTftp: hung,
      checkBackup: hung,
      checkBoxDirectories: hung,
      shadowingBootConfigs: hung,
    };

    expect(await fixes({ ...lab(), share })).toEqual([
      'TFTP root: the storage share does not answer',
      'boot configs: the storage share does not answer',
      'backup share: the storage share does not answer',
      'box directories: the storage share does not answer',
    ]);
  });

  it('say what to do about the directories of boxes', async () => {
    const context = lab();
    const inventory = readInventory(
      'testboxes: [{ name: pluto, ip: 10.40.41.42 }, { name: venus, ip: 10.40.41.43 }, { name: mars, ip: 10.40.41.44 }, { name: ceres, ip: 10.40.41.45 }]',
    );
    if (!inventory.ok) throw new Error('the inventory of this test is wrong');
    const kinds = ['missing', 'unmarked', 'no-directory', 'read-only'] as const;
    const share: DoctorShare = {
      ...GOOD_SHARE,
      checkBoxDirectories: async (addresses) =>
        kinds.flatMap((kind, index) => {
          const address = addresses[index];
          return address === undefined ? [] : [{ address, kind }];
        }),
    };

    const found = await examine([boxDirectories], { ...context, share, testboxes: inventory.testboxes });

    const root = context.config?.backupRoot;
    expect(found.map(({ text }) => text)).toEqual([
      `run \`testbox storage init\`: pluto has no directory ${root}/10.40.41.42`,
      `run \`testbox storage init\`: the directory of venus, ${root}/10.40.41.43, lacks its marker testbox-backup`,
      `move ${root}/10.40.41.44 away and run \`testbox storage init\`: it has to be a directory, of mars`,
      `let the bot's user write to ${root}/10.40.41.45: the images of ceres belong there`,
    ]);
  });

  it('leave the directories alone while the share is not there', async () => {
    const share: DoctorShare = {
      ...GOOD_SHARE,
      checkBackup: async () => ({ problems: ['the marker is missing'], freeBytes: null }),
      checkBoxDirectories: async () => [{ address: TestboxAddress.parse('10.40.41.42'), kind: 'missing' }],
    };

    const found = await examine([boxDirectories], { ...lab(), share });

    expect(found).toEqual([
      { name: 'box directories', status: 'skipped', text: 'not looked at, the backup share comes first' },
    ]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no key', { TESTBOX_SSH_KEY: '' }, /^SSH key: set TESTBOX_SSH_KEY/],
    ['a missing key', { TESTBOX_SSH_KEY: '/nowhere/id' }, /^SSH key: let the bot's user read \/nowhere\/id/],
    [
      'a missing directory of the store',
      { DATABASE_URL: 'sqlite:/nowhere/x.sqlite' },
      /^store: let the bot's user write to \/nowhere/,
    ],
    [
      'a foreign address',
      { TESTBOX_LISTEN: '192.0.2.1:7480' },
      /^listen address: choose another TESTBOX_LISTEN: .*EADDRNOTAVAIL/,
    ],
  ])('find %s', async (_what, env, expected) => {
    expect(await fixes(lab(env))).toEqual([expect.stringMatching(expected)]);
  });

  it('find a key that others can read', async () => {
    const context = lab();
    const file = join(mkdtempSync(join(tmpdir(), 'testbox-key-')), 'id');
    writeFileSync(file, 'key', { mode: 0o644 });

    expect(
      await fixes(
        context.config === null ? context : { ...context, config: { ...context.config, sshKeyFile: file } },
      ),
    ).toEqual([`SSH key: keep the key to the bot's user: chmod 600 ${file}`]);
  });

  it('find a box without a known host key, and an old Node', async () => {
    const inventory = readInventory('testboxes: [{ name: pluto, ip: 10.40.41.42 }]');
    const knownHosts = join(mkdtempSync(join(tmpdir(), 'testbox-hosts-')), 'known_hosts');
    writeFileSync(knownHosts, '');
    const context = lab({ TESTBOX_SSH_KNOWN_HOSTS: knownHosts });

    const found = await fixes({
      ...context,
      nodeVersion: '20.19.0',
      testboxes: inventory.ok ? inventory.testboxes : null,
    });

    expect(found).toEqual([
      'Node: install Node 24 or newer, this is 20.19.0',
      `host keys: add the host key of pluto (10.40.41.42) to ${knownHosts}; check its fingerprint first`,
    ]);
  });

  it('find a power program that is not installed, and name its boxes', async () => {
    const power = (program: string) => `power: { cycle: [${program}, 'off on'] }`;
    const inventory = readInventory(`testboxes:
  - { name: pluto, ip: 10.40.41.42, ssh: { host-key: first-use }, ${power('no-such-program')} }
  - { name: venus, ip: 10.40.41.43, ssh: { host-key: first-use }, ${power('no-such-program')} }
  - { name: mars, ip: 10.40.41.44, ssh: { host-key: first-use }, ${power('sh')} }
  - { name: ceres, ip: 10.40.41.45, ssh: { host-key: first-use }, ${power('/no/such/place')} }`);

    const found = await fixes({ ...lab(), testboxes: inventory.ok ? inventory.testboxes : null });

    expect(found).toEqual([
      expect.stringMatching(/^power commands: install no-such-program so .* switches pluto, venus$/),
      expect.stringMatching(/^power commands: install \/no\/such\/place so .* switches ceres$/),
    ]);
  });

  it('do not mind a port that a bot listens on, but one that something else does', async () => {
    let answer: object = { status: 'ok', name: 'testbox', version: '0.1.0', problem: null };
    const server = createServer((_request, response) => response.end(JSON.stringify(answer)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const context = lab({ TESTBOX_LISTEN: `127.0.0.1:${port}` });

    const ours = await fixes(context);
    answer = { hello: 'world' };
    const foreign = await fixes(context);
    server.close();

    expect(ours).toEqual([]);
    expect(foreign).toEqual([expect.stringMatching(/^listen address: .*EADDRINUSE/)]);
  });

  it('look at nothing else while the environment is wrong', async () => {
    const findings = await examine(CHECKS, {
      nodeVersion: '24.21.0',
      environmentProblems: ['LOG_LEVEL: expected one of …'],
      config: null,
      inventoryProblems: [],
      testboxes: null,
      access: null,
      share: null,
      nfsroot: null,
      exports: null,
      slack: null,
      discord: null,
    });

    expect(findings.map(({ status }) => status)).toEqual(['ok', 'fix', ...Array(23).fill('skipped')]);
  });
});

describe('examine', () => {
  it('makes a line of each thing to do', async () => {
    const check: Check = { name: 'roof', run: async () => ({ kind: 'fix', todo: ['mend it', 'paint it'] }) };

    const findings = await examine([check], lab());

    expect(findings.map(findingLine)).toEqual(['FIX  roof: mend it', 'FIX  roof: paint it']);
  });
});

describe('testbox doctor', () => {
  const main = join(import.meta.dirname, '../../src/main.ts');

  function doctor(directory: string, env: Record<string, string>, ...args: string[]) {
    return spawnSync(process.execPath, [main, 'doctor', ...args], {
      cwd: directory,
      env: { ...PROGRAM_ENVIRONMENT, HOME: directory, ...env },
      encoding: 'utf8',
    });
  }

  it('looks at a real share and exits 1 until all is put right', () => {
    const directory = mkdtempSync(join(tmpdir(), 'testbox-doctor-'));
    mkdirSync(join(directory, 'tftp/pxelinux.cfg'), { recursive: true });
    mkdirSync(join(directory, 'tftp/maintenance-boot'));
    mkdirSync(join(directory, 'backup/10.40.41.42'), { recursive: true });
    for (const file of [
      'tftp/pxelinux.0',
      'tftp/pxelinux.cfg/default',
      'tftp/maintenance-boot/vmlinuz',
      'backup/testbox-backup',
      'backup/10.40.41.42/testbox-backup',
    ]) {
      writeFileSync(join(directory, file), '');
    }
    writeFileSync(join(directory, 'id'), 'key', { mode: 0o600 });
    writeFileSync(
      join(directory, 'testboxes.yaml'),
      'testboxes: [{ name: pluto, ip: 10.40.41.42, ssh: { host-key: first-use } }]',
    );
    writeFileSync(
      join(directory, '.env'),
      'TESTBOX_LAB=1\nTESTBOX_CONSOLE=console\nTESTBOX_TFTP_ROOT=tftp\nTESTBOX_BACKUP_ROOT=backup\nTESTBOX_NFSROOT=nfsroot\nTESTBOX_SSH_KEY=id\nTESTBOX_LISTEN=127.0.0.1:0\n',
    );

    const before = doctor(directory, {}, '--json');
    writeFileSync(join(directory, 'tftp/maintenance-boot/initrd.img'), '');
    const after = doctor(directory, {});

    const findings: Finding[] = JSON.parse(before.stdout);
    expect(before.status).toBe(1);
    expect(findings.filter(({ status }) => status === 'fix')).toEqual([
      {
        name: 'TFTP root',
        status: 'fix',
        text: expect.stringMatching(/^put the file maintenance-boot\/initrd.img into /),
      },
    ]);
    expect(after.stdout).toMatch(/^ok {3}Node: /);
    expect(after.stdout).not.toContain('FIX');
    expect(after.status).toBe(0);
    expect(readFileSync(join(directory, '.env'), 'utf8')).toContain('TESTBOX_LAB');
    rmSync(directory, { recursive: true });
  });
});
