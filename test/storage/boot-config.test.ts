import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  jobNamedBy,
  putBootConfig,
  readBootConfig,
  removeBootConfig,
  shadowingBootConfigs,
} from '../../src/storage/boot-config.ts';
import { bootConfig, HEX, JOB, OTHER_JOB, PLUTO, shareTree } from './share-tree.ts';

const NOW = Date.now();

function tree() {
  const { tftpRoot } = shareTree();
  const directory = join(tftpRoot, 'pxelinux.cfg');
  const path = join(directory, HEX);
  const put = (text: string) => putBootConfig({ tftpRoot, address: PLUTO, text, now: NOW });
  const remove = (job = JOB) => removeBootConfig({ tftpRoot, address: PLUTO, job });
  return { tftpRoot, directory, path, put, remove };
}

describe('putBootConfig', () => {
  const umask = process.umask();
  afterEach(() => process.umask(umask));

  it('writes the file world-readable whatever the umask', async () => {
    const { directory, path, put } = tree();
    process.umask(0o077);

    const outcome = await put(bootConfig(JOB));

    expect(outcome).toEqual({ kind: 'in-place' });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readFileSync(path, 'utf8')).toBe(bootConfig(JOB));
    expect(readdirSync(directory).toSorted()).toEqual([HEX, 'default']);
  });

  it('changes nothing when the file says it already', async () => {
    const { path, put } = tree();
    await put(bootConfig(JOB));
    const { ino } = statSync(path);

    await put(bootConfig(JOB));

    expect(statSync(path).ino).toBe(ino);
  });

  it('mends a mode that the TFTP server could not read', async () => {
    const { path, put } = tree();
    writeFileSync(path, bootConfig(JOB), { mode: 0o600 });

    await put(bootConfig(JOB));

    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it('replaces what a job of the bot said before', async () => {
    const { path, put } = tree();
    await put(bootConfig(OTHER_JOB));

    await put(bootConfig(JOB, 'b'));

    expect(readFileSync(path, 'utf8')).toBe(bootConfig(JOB, 'b'));
  });

  it.each([
    ['a maintenance file without a job', bootConfig(null)],
    ['a file of somebody else', 'DEFAULT windows\nLABEL windows\nKERNEL wds.0\nAPPEND x\n'],
    ['an empty file', ''],
    ['a huge file', bootConfig(JOB) + '#'.repeat(70_000)],
  ])('never replaces %s', async (_what, text) => {
    const { path, put } = tree();
    writeFileSync(path, text);

    const outcome = await put(bootConfig(JOB));

    expect(outcome).toEqual({ kind: 'refused', why: expect.stringContaining(path) });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('never replaces a link or a directory', async () => {
    const linked = tree();
    symlinkSync('default', linked.path);
    const nested = tree();
    mkdirSync(nested.path);

    expect(await linked.put(bootConfig(JOB))).toMatchObject({ kind: 'refused' });
    expect(await nested.put(bootConfig(JOB))).toMatchObject({ kind: 'refused' });
  });

  it('refuses a directory without the file default', async () => {
    const { directory, path, put } = tree();
    rmSync(join(directory, 'default'));

    expect(await put(bootConfig(JOB))).toEqual({ kind: 'refused', why: expect.stringContaining('default') });
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('does nothing at all without the proof that the area is mounted', async () => {
    const { tftpRoot, path, put } = tree();
    rmSync(join(tftpRoot, 'pxelinux.0'));

    await expect(put(bootConfig(JOB))).rejects.toThrow(/pxelinux\.0 in .*is the share mounted/);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('removes what a killed writer left, and leaves a live one alone', async () => {
    const { directory, put } = tree();
    const abandoned = join(directory, `.testbox-${HEX}.1.aaaaaaaaaaaa`);
    writeFileSync(abandoned, 'LABEL half');
    utimesSync(abandoned, 0, NOW / 1_000 - 3_600);
    writeFileSync(join(directory, `.testbox-${HEX}.2.bbbbbbbbbbbb`), 'LABEL ha');

    await put(bootConfig(JOB));

    expect(readdirSync(directory).toSorted()).toEqual([`.testbox-${HEX}.2.bbbbbbbbbbbb`, HEX, 'default']);
  });
});

describe('readBootConfig', () => {
  it('gives null without a file', async () => {
    const { tftpRoot, put } = tree();

    expect(await readBootConfig({ tftpRoot, address: PLUTO })).toBeNull();
    await put(bootConfig(JOB));
    expect(await readBootConfig({ tftpRoot, address: PLUTO })).toBe(bootConfig(JOB));
  });
});

describe('removeBootConfig', () => {
  it('removes what a bot that was killed just now had begun to write for the box', async () => {
    const { directory, put, remove } = tree();
    await put(bootConfig(JOB));
    writeFileSync(join(directory, `.testbox-${HEX}.1.aaaaaaaaaaaa`), '');

    await remove();

    expect(readdirSync(directory)).toEqual(['default']);
  });

  it('removes the file of its job, and is content when it is gone', async () => {
    const { directory, put, remove } = tree();
    await put(bootConfig(JOB));

    expect(await remove()).toEqual({ kind: 'gone' });
    expect(await remove()).toEqual({ kind: 'gone' });
    expect(readdirSync(directory)).toEqual(['default']);
  });

  it('removes a file of its job whose nonce is damaged', async () => {
    const { path, remove } = tree();
    writeFileSync(path, bootConfig(JOB).replace(/testbox\.nonce=\S+/, 'testbox.nonce=?'));

    expect(await remove()).toEqual({ kind: 'gone' });
  });

  it.each([
    ['of another job', bootConfig(OTHER_JOB), 'is of job 00000000'],
    ['without a job', bootConfig(null), 'not a file of this bot'],
    ['of somebody else', 'LABEL x', 'not a file of this bot'],
  ])('leaves a file %s', async (_what, text, why) => {
    const { path, remove } = tree();
    writeFileSync(path, text);

    expect(await remove()).toEqual({ kind: 'foreign', why: expect.stringContaining(why) });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('shadowingBootConfigs', () => {
  it('names the file of the boot NIC and those of client UUIDs, and no others', async () => {
    const { tftpRoot, directory, put } = tree();
    await put(bootConfig(JOB));
    const names = [
      '01-52-54-00-00-00-42',
      '01-52-54-00-00-00-43',
      'DEADBEEF-0000-4000-8000-00000000000a',
      '0A2829',
    ];
    for (const name of names) writeFileSync(join(directory, name), '');

    expect(await shadowingBootConfigs(tftpRoot, '52:54:00:00:00:42')).toEqual([
      'pxelinux.cfg/01-52-54-00-00-00-42',
      'pxelinux.cfg/DEADBEEF-0000-4000-8000-00000000000a',
    ]);
    expect(await shadowingBootConfigs(tftpRoot, null)).toHaveLength(1);
  });
});

describe('jobNamedBy', () => {
  it('takes the last job word of the label that boots', () => {
    const text = bootConfig(JOB).replace('boot=nfs', 'boot=nfs testbox.job=x');

    expect(jobNamedBy(text)).toBe('x');
    expect(jobNamedBy(`# testbox.job=${JOB}\n${bootConfig(null)}`)).toBeUndefined();
  });
});
