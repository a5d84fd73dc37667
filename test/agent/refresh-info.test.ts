import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TestboxInfo } from '../../src/contract/testbox-info.ts';
import { BenchBox, MIB } from './bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SECTIONS = ['cpuinfo', 'lspci -vvv', 'biosdecode', 'dmidecode', 'fdisk -l', 'dmesg'];

async function infoText(): Promise<string> {
  return await readFile(join(box.boxDirectory, 'testbox-info.txt'), 'utf8');
}

describe('refresh-info', () => {
  it('writes the inventory in the original form, and for programs', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);

    const bot = await box.run(await box.plan('refresh-info', { disks: [] }));

    const text = await infoText();
    const json = await readFile(join(box.boxDirectory, 'testbox-info.json'), 'utf8');
    expect(bot.ended).toMatchObject({ type: 'done', generation: null, disks: [] });
    expect(text).toMatch(/^IP: 10\.40\.41\.42\nHEX-IP: 0A28292A\nHostname: bench-1\n/);
    expect(text.match(/^\*{4} .* \*{4}$/gm)).toEqual(
      SECTIONS.flatMap((title) => Array.from({ length: 3 }, () => `**** ${title} ****`)),
    );
    expect(TestboxInfo.parse(JSON.parse(json))).toMatchObject({
      name: 'bench-1',
      address: '10.40.41.42',
      uuid: box.description.uuid,
      disks: [{ kernelName: 'sda', identity: { serial: 'SER-sda' }, sizeBytes: 8 * MIB }],
      agentVersion: 'test',
    });
  });

  it('asks when the machine is not the one that was recorded', async () => {
    box = await BenchBox.make([]);
    const plan = await box.plan('refresh-info', {
      testbox: { name: 'bench-1', address: box.description.address, mac: null, uuid: 'a-real-uuid' },
    });

    const bot = await box.run(plan, {
      direct: (self) => ({ kind: self.all('held').length === 0 ? 'continue' : 'reboot-local' }),
    });

    expect(bot.all('held')).toMatchObject([{ question: { kind: 'uuid-changed' } }]);
  });

  it('fails when the inventory can not be written', async () => {
    box = await BenchBox.make([]);
    await mkdir(join(box.boxDirectory, 'testbox-info.txt', 'in-the-way'), { recursive: true });

    const bot = await box.run(await box.plan('refresh-info'));

    expect(bot.ended).toMatchObject({ type: 'failed' });
  });
});

describe('the inventory beside other actions', () => {
  it('never makes a backup fail', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    await mkdir(join(box.boxDirectory, 'testbox-info.txt', 'in-the-way'), { recursive: true });

    const bot = await box.run(await box.plan('backup'));

    expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
    expect(bot.all('log').filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('defect 15: stays whole when a backup is refused', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    await box.run(await box.plan('backup'));
    await writeFile(join(box.boxDirectory, 'marker'), '');
    const before = await infoText();

    const bot = await box.run(await box.plan('backup'), { attempt: 1 });
    box.useJob('8k3m9q2x');
    const refused = await box.run(await box.plan('backup'));

    expect(bot.ended?.type).toBe('failed');
    expect(refused.ended).toMatchObject({ type: 'failed', code: 'image-exists' });
    expect(await infoText()).toBe(before);
  });

  it('is written by a restore that finds none', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    await box.run(await box.plan('backup'));
    await rm(join(box.boxDirectory, 'testbox-info.txt'), { force: true });

    await box.run(await box.plan('restore'));

    expect(await infoText()).toContain('HEX-IP: 0A28292A');
  });
});
