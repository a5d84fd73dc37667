import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INVENTORY, storageLab, withoutBootPackages, withoutRoot } from './storage-lab.ts';

const why = withoutBootPackages;
const whyRoot = withoutBootPackages ?? withoutRoot;

/** Everything is refused before anything is made. */
function expectNothingMade(root: string): void {
  expect(readdirSync(root).toSorted()).toEqual(['.env', 'testboxes.yaml']);
}

describe.skipIf(why !== null)(`storage init refuses${why === null ? '' : ` (${why})`}`, () => {
  it.each([
    [
      'backup root in the TFTP root',
      { TESTBOX_BACKUP_ROOT: 'tftp/backup' },
      /TESTBOX_BACKUP_ROOT \(\S+\) lies inside TESTBOX_TFTP_ROOT/,
    ],
    [
      'nfsroot in the backup root',
      { TESTBOX_NFSROOT: 'backup/nfsroot' },
      /TESTBOX_NFSROOT \(\S+\) lies inside TESTBOX_BACKUP_ROOT/,
    ],
    [
      'one directory for two',
      { TESTBOX_NFSROOT: 'tftp' },
      /TESTBOX_NFSROOT \(\S+\) is the same directory as TESTBOX_TFTP_ROOT/,
    ],
    [
      'an area around the configuration',
      { TESTBOX_TFTP_ROOT: '.' },
      /--output \(\S+\) lies inside TESTBOX_TFTP_ROOT/,
    ],
    [
      'the whole machine',
      { TESTBOX_TFTP_ROOT: '/' },
      /TESTBOX_TFTP_ROOT is \/, which has other things in it/,
    ],
    [
      'all that is served',
      { TESTBOX_BACKUP_ROOT: '/srv' },
      /TESTBOX_BACKUP_ROOT is \/srv, which has other things in it/,
    ],
    [
      'a path that daemons would read differently',
      { TESTBOX_TFTP_ROOT: '/srv/test box' },
      /TESTBOX_TFTP_ROOT is "\/srv\/test box": choose a path of letters/,
    ],
    [
      'a server by name and no net',
      { TESTBOX_NFS_SERVER: 'storage.lab' },
      /the net of the boxes is unknown.*--boxes 10\.40\.41\.0\/24/,
    ],
    ['no server at all', { TESTBOX_NFS_SERVER: '' }, /TESTBOX_NFS_SERVER: expected /],
  ])('%s', async (_what, env, sentence) => {
    const lab = storageLab({ env });

    const { status, output, problems } = await lab.layOutHere();

    expect({ status, output }).toEqual({ status: 1, output: [] });
    expect(problems.join('\n')).toMatch(sentence);
    expectNothingMade(lab.root);
  });

  it('areas that only a link puts into one another', async () => {
    const lab = storageLab({ env: { TESTBOX_BACKUP_ROOT: 'link/backup' } });
    mkdirSync(lab.tftpRoot);
    symlinkSync(lab.tftpRoot, join(lab.root, 'link'));

    const { status, problems } = await lab.layOutHere();

    expect(status).toBe(1);
    expect(problems.join('\n')).toMatch(
      /TESTBOX_BACKUP_ROOT \(\S+link\/backup\) lies inside TESTBOX_TFTP_ROOT/,
    );
    expect(readdirSync(lab.tftpRoot)).toEqual([]);
  });

  it.each([
    ['no YAML', 'testboxes: [', /testboxes\.yaml: not YAML/],
    ['an unknown key', INVENTORY.replace('mac', 'mca'), /mca/],
    [
      'a box elsewhere',
      INVENTORY.replace('10.40.41.42', '10.40.42.42'),
      /pluto \(10\.40\.42\.42\) can't be on the net 10\.40\.41\.0\/24, as it was taken from TESTBOX_NFS_SERVER: .*--boxes/,
    ],
    [
      "a box with the net's address",
      INVENTORY.replace('10.40.41.42', '10.40.41.255'),
      /pluto \(10\.40\.41\.255\) can't be on the net/,
    ],
    [
      "a box with the server's address",
      INVENTORY.replace('10.40.41.42', '10.40.41.1'),
      /pluto has the address of the storage server itself \(10\.40\.41\.1\)/,
    ],
  ])('an inventory with %s', async (_what, inventory, sentence) => {
    const lab = storageLab({ inventory });

    const { status, problems } = await lab.layOutHere();

    expect(status).toBe(1);
    expect(problems.join('\n')).toMatch(sentence);
    expectNothingMade(lab.root);
  });

  it('no inventory', () => {
    const lab = storageLab();
    rmSync(join(lab.root, 'testboxes.yaml'));

    const { status, stderr } = lab.layOut();

    expect(status).toBe(1);
    expect(stderr).toMatch(/expected the inventory in the file \S+testboxes\.yaml/);
    expect(readdirSync(lab.root)).toEqual(['.env']);
  });

  it.each([
    [
      'below a file',
      { TESTBOX_TFTP_ROOT: 'testboxes.yaml/tftp' },
      /^failed {3}\S+: a part of its path is no directory/m,
    ],
    ['a file', { TESTBOX_TFTP_ROOT: 'testboxes.yaml' }, /^failed {3}\S+: it is no directory: move it away/m],
    [
      'a backup area below a file',
      { TESTBOX_BACKUP_ROOT: '.env/b' },
      /^failed {3}\S+: a part of its path is no directory/m,
    ],
    [
      'a link that leads nowhere',
      { TESTBOX_TFTP_ROOT: 'link' },
      /^failed {3}\S+: a link that leads nowhere/m,
    ],
  ])('an area that is %s', async (_what, env, sentence) => {
    const lab = storageLab({ env });
    symlinkSync('nowhere', join(lab.root, 'link'));

    const { status, output, problems } = await lab.layOutHere();

    expect(status).toBe(1);
    expect(output.join('\n')).toMatch(sentence);
    expect(problems.join('\n')).toContain('it ended there: put that right and run it again');
  });

  it('everything that is wrong at once, a sentence each', () => {
    const lab = storageLab({
      inventory: INVENTORY.replace('10.40.41.42', '10.40.42.42'),
      env: { TESTBOX_NFSROOT: 'tftp' },
    });

    const { stderr } = lab.init('--user', 'nobody-of-that-name');

    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).toMatch(/--user nobody-of-that-name: there is no user of that name/);
  });

  it.each([
    [['--boxes', '10.40.41.1/24'], /did you mean 10\.40\.41\.0\/24\?/],
    [['--boxes', '10.40.41.0'], /expected a network such as/],
    [['--boxes', '10.40.41.0/31'], /expected a network such as/],
    [['--gateway', '10.40.41'], /expected an IPv4 address/],
    [['--interface', 'eth0 eth1'], /expected the name of a network interface/],
    [['--ipv6-prefix', 'fd12::'], /--ipv6-prefix goes with --interface only/],
    [['--interface', 'eth1', '--ipv6-prefix', '10.40.41.0'], /expected an IPv6 prefix/],
    [['--backup-export', 'all'], /Allowed choices are per-box, shared/],
    [['--chek'], /Did you mean --check\?/],
    [['pluto'], /too many arguments/],
  ])('the words %j with status 2', (words, sentence) => {
    const lab = storageLab();

    const { status, stdout, stderr } = lab.init(...words);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expectNothingMade(lab.root);
  });
});

describe.skipIf(whyRoot !== null)(`storage init and users${whyRoot === null ? '' : ` (${whyRoot})`}`, () => {
  it.each([
    ['root', /--user root is root: every box could write as root then/],
    ['0:0', /--user \S+ is root/],
    ['99999999999:1', /no ids above/],
  ])('refuses --user %s', async (user, sentence) => {
    const lab = storageLab();

    const { status, problems } = await lab.layOutHere({ user });

    expect(status).toBe(1);
    expect(problems.join('\n')).toMatch(sentence);
    expectNothingMade(lab.root);
  });

  it('takes whom the backup area belongs to already, and exports to that user', () => {
    const lab = storageLab();
    mkdirSync(lab.backupRoot);
    chownSync(lab.backupRoot, 54_321, 54_322);

    const { status } = lab.init('--state', lab.state);

    expect(status).toBe(0);
    expect(readFileSync(join(lab.output, 'exports'), 'utf8')).toContain('anonuid=54321,anongid=54322');
  });

  it('says who could write where, when the bot could not', () => {
    const lab = storageLab();
    const box = join(lab.backupRoot, '10.40.41.42');
    mkdirSync(box, { recursive: true });
    chownSync(lab.backupRoot, 54_321, 54_322);
    writeFileSync(join(box, 'sda.raw.gz'), 'an image of root');

    const { status, stdout } = lab.layOut();

    expect(status).toBe(0);
    expect(stdout).toContain(
      `differs  ${box}: it belongs to 0:0 and 54321:54322 can't write there: \`chown -R 54321:54322 ${box}\` gives it away\n`,
    );
    expect(stdout).toContain(`created  ${box}/testbox-backup\n`);
  });
});
