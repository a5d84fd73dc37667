import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBootConfig } from '../../src/contract/pxelinux.ts';
import { bootConfig, HEX, JOB, shareTree } from '../storage/share-tree.ts';
import { PROGRAM_ENVIRONMENT } from './program-environment.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

/** A TFTP area, and the command as a person types it. */
function lab({ inventory }: { inventory?: string } = {}) {
  const { tftpRoot } = shareTree();
  const directory = join(tftpRoot, 'pxelinux.cfg');
  const file = join(directory, HEX);
  if (inventory !== undefined) writeFileSync(join(tftpRoot, 'testboxes.yaml'), inventory);
  const pxe = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', 'umask 077; exec "$@"', 'sh', process.execPath, main, 'pxe', ...args],
      {
        cwd: tftpRoot,
        env: { ...PROGRAM_ENVIRONMENT, TESTBOX_TFTP_ROOT: '.', TESTBOX_NFS_SERVER: '10.40.41.1' },
        encoding: 'utf8',
      },
    );
    return { status, stdout, stderr };
  };
  return { tftpRoot, directory, file, pxe };
}

const INVENTORY = `testboxes:
  - { name: pluto, ip: 10.40.41.42, mac: "52:54:00:00:00:42", kernel-words: [console=ttyS0] }`;

describe('testbox pxe <box> <action>', () => {
  it('writes a world-readable file without a job, whatever the umask', () => {
    const { pxe, file, directory } = lab();

    const { status, stdout, stderr } = pxe('10.40.41.42', 'restore');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('does restore without a job, if its agent.json allows that');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(parseBootConfig(readFileSync(file, 'utf8'))).toMatchObject({
      kind: 'maintenance',
      kernel: 'maintenance-boot/vmlinuz',
      orders: { kind: 'jobless', action: 'restore' },
      append: expect.stringContaining('nfsroot=10.40.41.1:/export/testbox-nfsroot,ro,tcp'),
    });
    expect(readdirSync(directory).toSorted()).toEqual([HEX, 'default']);
  });

  it.each(['pluto', '10.40.41.42'])('takes %s from the inventory, with its kernel words', (box) => {
    const { pxe, file, directory } = lab({ inventory: INVENTORY });
    writeFileSync(join(directory, '01-52-54-00-00-00-42'), '');

    const { status, stderr } = pxe(box, 'backup');

    expect(status).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/nfs\.nfs4_unique_id=pluto .* console=ttyS0$/m);
    expect(stderr).toBe(
      'testbox pxe: warning: PXELINUX finds pxelinux.cfg/01-52-54-00-00-00-42 first, if it is of this box\n',
    );
  });

  it('replaces one without a job, and says when an inventory that is there is broken', () => {
    const { pxe, file } = lab({ inventory: 'testboxes: [' });
    writeFileSync(file, bootConfig(null));

    const { status, stderr } = pxe('10.40.41.42', 'rescue');

    expect(status).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('testbox-action-rescue');
    expect(stderr).toMatch(/^testbox pxe: warning: the inventory was not used: .*not YAML/);
  });

  it.each([
    ['of a job', bootConfig(JOB), /is of job 7k3m9q2x of the bot; nothing was changed/],
    ['of somebody else', 'DEFAULT memtest\n', /somebody else put it there; nothing was changed/],
    ['of an unknown action', bootConfig(null).replace('-backup', '-destroy'), /somebody else put it there/],
  ])('leaves a file %s alone, unless told to replace it', (_what, text, why) => {
    const { pxe, file } = lab();
    writeFileSync(file, text);

    const kept = pxe('10.40.41.42', 'backup');
    const after = readFileSync(file, 'utf8');
    const replaced = pxe('10.40.41.42', 'backup', '--replace');

    expect(kept).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(why) });
    expect(after).toBe(text);
    expect(replaced).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^replaced a file by which /),
    });
    expect(readFileSync(file, 'utf8')).toContain('testbox-action-backup ');
  });

  it('never follows a link, told to replace or not', () => {
    const { pxe, file, tftpRoot } = lab();
    symlinkSync(join(tftpRoot, 'elsewhere'), file);

    expect(pxe('10.40.41.42', 'backup', '--replace')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is no plain file'),
    });
    expect(readdirSync(tftpRoot)).not.toContain('elsewhere');
  });

  it('exits 1 without the file default, and without a mounted TFTP area', () => {
    const { pxe, directory, tftpRoot } = lab();
    rmSync(join(directory, 'default'));
    const withoutDefault = pxe('10.40.41.42', 'backup');
    rmSync(join(tftpRoot, 'pxelinux.0'));
    const unmounted = pxe('10.40.41.42', 'backup');

    expect(withoutDefault).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/expected the file default in .*; nothing was changed/),
    });
    expect(unmounted).toMatchObject({ status: 1, stderr: expect.stringContaining('is the share mounted?') });
    expect(readdirSync(directory)).toEqual([]);
  });

  // Defect 14 of the original's scripts: 256 made nine digits, 010 was read as octal.
  it.each([
    [['10.40.41.256', 'backup'], /"10\.40\.41\.256" is no IPv4 address/],
    [['10.40.41.010', 'backup'], /"10\.40\.41\.010" is no IPv4 address/],
    [['plutp', 'backup'], /did you mean pluto\?/],
    [['pluto', 'bakcup'], /there is no action "bakcup", did you mean backup\?/],
    [['pluto', 'destroy'], /there is no action "destroy", expected one of backup, /],
    [['pluto'], /expected an action, or --show, or --remove/],
    [['pluto', 'backup', '--show'], /expected an action, or --show, or --remove/],
    [['pluto', '--remove', '--replace'], /--replace goes with an action only/],
    [[], /missing required argument 'box'/],
  ])('exits 2 for %j', (words, why) => {
    const { pxe, directory } = lab({ inventory: INVENTORY });

    expect(pxe(...words)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(why) });
    expect(readdirSync(directory)).toEqual(['default']);
  });
});

describe('testbox pxe <box> --show', () => {
  it.each([
    ['a file of a job', bootConfig(JOB), 'asks the bot about job 7k3m9q2x (backup)'],
    ['one without a job', bootConfig(null), 'does backup without a job'],
    ['a local boot', 'DEFAULT l\nLABEL l\nLOCALBOOT 0\n', 'the box boots its local disk'],
    ['anything else', 'hello\n', 'no boot config that Testbox understands'],
  ])('says what %s means, and prints it', (_what, text, meaning) => {
    const { pxe, file } = lab();
    writeFileSync(file, text);

    const { status, stdout } = pxe('10.40.41.42', '--show');

    expect(status).toBe(0);
    expect(stdout.split('\n', 1)[0]).toContain(meaning);
    expect(stdout).toContain(`\n\n${text.trimEnd()}\n`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('says so when there is none', () => {
    expect(lab().pxe('10.40.41.42', '--show').stdout).toContain('is not there: the box boots from default');
  });
});

describe('testbox pxe <box> --remove', () => {
  it('removes a file without a job, and is content when there is none', () => {
    const { pxe, file, directory } = lab();
    writeFileSync(file, bootConfig(null));

    const first = pxe('10.40.41.42', '--remove');
    const second = pxe('10.40.41.42', '--remove');

    expect([first.status, second.status]).toEqual([0, 0]);
    expect(readdirSync(directory)).toEqual(['default']);
  });

  it.each([
    ['of a job', bootConfig(JOB)],
    ['of somebody else', 'DEFAULT memtest\n'],
  ])('leaves a file %s alone', (_what, text) => {
    const { pxe, file } = lab();
    writeFileSync(file, text);

    expect(pxe('10.40.41.42', '--remove')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('it was left alone'),
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('leaves a directory of that name alone', () => {
    const { pxe, file } = lab();
    mkdirSync(file);

    expect(pxe('10.40.41.42', '--remove').status).toBe(1);
  });
});

it('says which variables are missing', () => {
  const { tftpRoot } = shareTree();

  const { status, stderr } = spawnSync(process.execPath, [main, 'pxe', '10.40.41.42', 'backup'], {
    cwd: tftpRoot,
    env: PROGRAM_ENVIRONMENT,
    encoding: 'utf8',
  });

  expect(status).toBe(1);
  expect(stderr).toMatch(/TESTBOX_TFTP_ROOT: expected .*\n.*TESTBOX_NFS_SERVER: expected /);
});
