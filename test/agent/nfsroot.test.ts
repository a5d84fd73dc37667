import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const RECIPE = fileURLToPath(new URL('../../agent/nfsroot/', import.meta.url));
const TREE = join(RECIPE, 'root');
const UNITS = join(TREE, 'etc/systemd/system');

const files = readdirSync(RECIPE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const isScript = (path: string) => /^#!.*sh\b/.test(firstLine(path)) || path.endsWith('.sh');
const scripts = files.filter(isScript);
const units = files.filter((path) => path.startsWith(UNITS) && !path.endsWith('.conf'));
const settings = files.filter((path) => path.startsWith(UNITS));

describe('scripts', () => {
  it.each(scripts.map((path) => [relative(RECIPE, path), path]))('%s is one to a shell', (_name, path) => {
    execFileSync('sh', ['-n', path]);
  });

  it.each(
    scripts.filter((path) => firstLine(path).startsWith('#!')).map((path) => [relative(RECIPE, path), path]),
  )('%s is a program', (_name, path) => {
    expect(statSync(path).mode & 0o111).toBe(0o111);
  });
});

describe('units', () => {
  it.each(
    settings.flatMap((path) =>
      programsOf(path).map((program) => [`${relative(UNITS, path)}: ${program}`, program]),
    ),
  )('%s is there', (_name, program) => {
    if (program.startsWith('/usr/lib/testbox/')) expect(isExecutable(join(TREE, program))).toBe(true);
    else expect(OF_DEBIAN).toContain(program);
  });

  it('name only units that there are', () => {
    const ours = new Set(units.map((path) => basename(path)));
    const named = settings
      .flatMap((path) => valuesOf(path, /^(?:Wants|Requires|After|Before|OnFailure|Unit)$/))
      .flatMap((value) => value.split(/\s+/))
      .filter((name) => name.startsWith('testbox'));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !ours.has(name))).toEqual([]);
  });

  it('have no dependency on what is not started: sysinit.target and all that hangs on it', () => {
    const standing = units.filter((path) => !valuesOf(path, /^DefaultDependencies$/).includes('no'));
    expect(standing.map((path) => basename(path))).toEqual([]);
  });

  it('start sshd whatever becomes of the agent', () => {
    expect(reachable('testbox.target', ['testbox-maintenance.service'])).toContain('ssh.service');
    expect(reachable('testbox-stranded.service', [])).toContain('ssh.service');
  });

  it('run the agent from memory alone', () => {
    const [start] = valuesOf(join(UNITS, 'testbox-maintenance.service'), /^ExecStart$/);
    for (const word of (start ?? '').split(' ')) expect(word).toMatch(/^\/run\/testbox\//);
  });
});

describe('disks', () => {
  it.each(['systemd-gpt-auto-generator', 'systemd-hibernate-resume-generator', 'systemd-fstab-generator'])(
    'are not looked at by %s',
    (name) => {
      expect(readlinkSync(join(TREE, 'etc/systemd/system-generators', name))).toBe('/dev/null');
    },
  );

  it.each(['64-btrfs', '60-persistent-storage-dm', '95-dm-notify', '55-dm', '60-block'])(
    'are not looked at by the rules %s',
    (name) => {
      expect(readlinkSync(join(TREE, 'etc/udev/rules.d', `${name}.rules`))).toBe('/dev/null');
    },
  );

  it('are not watched, and nothing that is on them is read', () => {
    const folder = join(TREE, 'etc/udev/rules.d');
    const rules = readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((path) => lstatSync(path).isFile())
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    expect(rules).toMatch(/^SUBSYSTEM=="block", OPTIONS\+="nowatch"$/m);
    expect(rules).not.toMatch(/blkid|scsi_id|ata_id/);
  });

  it('and firmware and TPM of a box keep what is in them', () => {
    const masked = readFileSync(join(RECIPE, 'customize.sh'), 'utf8');
    for (const unit of [
      'systemd-pstore',
      'systemd-hibernate-clear',
      'systemd-tpm2-setup',
      'systemd-pcrphase',
    ]) {
      expect(masked).toContain(` ${unit}.service `);
    }
  });
});

describe('packages', () => {
  const lists = ['common', 'trixie', 'bookworm'].map((name) => ({ name, packages: packagesOf(name) }));

  it('are names, each once', () => {
    for (const suite of ['trixie', 'bookworm']) {
      const all = [...packagesOf('common'), ...packagesOf(suite)];
      expect(all.filter((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name))).toEqual([]);
      expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
    }
  });

  it.each([
    'initramfs-tools',
    'zip',
    'gddrescue',
    'sudo',
    'joe',
    'pciutils',
    'dmidecode',
    'fdisk',
    'openssh-server',
  ])("have the seed's and the original's %s", (name) => {
    expect(packagesOf('common')).toContain(name);
  });

  it.each(lists)('of $name have none that assembles or mounts what is on disks', ({ packages }) => {
    const assembling =
      /^(?:mdadm|dmraid|lvm2|dmsetup|bcache-tools|multipath-tools|kpartx|zfs|cryptsetup|udisks|gvfs|open-iscsi)/;
    expect(packages.filter((name) => assembling.test(name))).toEqual([]);
  });
});

it('nobody logs in by a password', () => {
  const sshd = readFileSync(join(TREE, 'etc/ssh/sshd_config.d/testbox.conf'), 'utf8');
  expect(sshd).toMatch(/^PermitRootLogin prohibit-password$/m);
  expect(sshd).toMatch(/^PasswordAuthentication no$/m);
  expect(sshd).toMatch(/^KbdInteractiveAuthentication no$/m);
});

/** What units start that comes with Debian's packages. */
const OF_DEBIAN = ['/usr/bin/ssh-keygen', '/usr/sbin/sshd', 'udevadm', '/run/testbox/node'];

function firstLine(path: string): string {
  return readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
}

function valuesOf(path: string, key: RegExp): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => /^([A-Za-z]+)=(.+)$/.exec(line))
    .filter((match) => match !== null && key.test(match[1] ?? ''))
    .map((match) => match?.[2] ?? '');
}

function programsOf(path: string): string[] {
  return valuesOf(path, /^Exec(?:Start|StartPre|Stop)$/).map(
    (value) => value.replace(/^[-@!+:]+/, '').split(' ')[0] ?? '',
  );
}

function isExecutable(path: string): boolean {
  return (statSync(path).mode & 0o100) !== 0;
}

/** Units that are started with this one, other ways than by way of those that are down. */
function reachable(from: string, down: readonly string[]): string[] {
  const found = new Set<string>();
  const waiting = [from];
  for (let unit = waiting.pop(); unit !== undefined; unit = waiting.pop()) {
    if (found.has(unit) || down.includes(unit)) continue;
    found.add(unit);
    for (const path of settings.filter((each) => basename(each) === unit)) {
      waiting.push(...valuesOf(path, /^(?:Wants|Requires|Unit)$/).flatMap((value) => value.split(/\s+/)));
    }
  }
  return [...found];
}

function packagesOf(list: string): string[] {
  return readFileSync(join(RECIPE, 'packages', `${list}.txt`), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
