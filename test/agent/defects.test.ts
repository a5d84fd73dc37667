import { chmod, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { describedMachine } from '../../agent/machine/described.ts';
import type { OpenDisk } from '../../agent/machine.ts';
import { BenchBox, fillDisk, hashFile, MIB } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 16 * MIB;

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
}

it('defect 3: a backup-again that fails leaves the image there was, as the current one', async () => {
  await backedUpBox();
  const image = join(box.boxDirectory, 'sda.raw.gz');
  const before = await hashFile(image);
  const plan = await box.plan('backup-again');
  await truncate(box.diskFile('sda'), 9 * MIB);
  box.useJob('8k3m9q2x');

  const bot = await box.run(plan);

  expect(bot.ended).toMatchObject({ type: 'failed', code: 'disk-failed' });
  expect((await box.currentManifest())?.generation).toBe(1);
  expect(await hashFile(image)).toBe(before);
});

it('defect 5: a damaged image never makes a box with a half-written disk', async () => {
  await backedUpBox();
  await fillDisk(box.diskFile('sda'), SIZE, 20);
  const plan = await box.plan('restore');
  const before = await hashFile(box.diskFile('sda'));
  const index = join(box.boxDirectory, 'generations/000001/sda.raw.gz.index');
  await chmod(index, 0o644);
  await truncate(index, 100);

  const attempts = [await box.run(plan), await box.run(plan, { attempt: 2 })];

  for (const bot of attempts) {
    expect(bot.ended).toMatchObject({ type: 'failed', class: 'storage', code: 'index-damaged' });
    expect(bot.all('dirty')).toEqual([]);
  }
  expect(await hashFile(box.diskFile('sda'))).toBe(before);
});

it('defect 10: a disk that forgets what is written to it is found out by reading it back', async () => {
  await backedUpBox();
  await fillDisk(box.diskFile('sda'), SIZE, 21);
  const forgetful = `${box.diskFile('sda')}.elsewhere`;
  await fillDisk(forgetful, SIZE, 22);
  const bot = await FakeBot.start(await box.plan('restore'));
  const commandLine = box.description.commandLine.replace('action-backup', 'action-restore');
  const agent = { botUrl: bot.url, allowJobless: false };
  const described = describedMachine({ ...box.description, commandLine, agent }, () => undefined);
  const other = describedMachine(
    { ...box.description, disks: box.description.disks.map((disk) => ({ ...disk, file: forgetful })) },
    () => undefined,
  );
  const openDisk = async (): Promise<OpenDisk> => {
    const [reads, writes] = [await described.openDisk('sda', 'read'), await other.openDisk('sda', 'write')];
    const close = async () => {
      await reads.close();
      await writes.close();
    };
    return { ...writes, directFd: reads.directFd ?? reads.fd, close };
  };

  await box.start(bot, { machine: { ...described, openDisk } }).ended;
  await bot.stop();

  expect(bot.ended).toMatchObject({ type: 'failed', class: 'box', code: 'disk-write-failed' });
  expect(bot.dirty).toEqual(['sda']);
});

it('defect 13: a job is heard from its start to its end', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);

  const bot = await box.run(await box.plan('backup'));

  expect(bot.all('phase').map(({ phase }) => phase)).toEqual([
    'preflight',
    'imaging',
    'publishing',
    'syncing',
  ]);
  expect(bot.all('progress').at(-1)?.disks).toMatchObject([
    { slot: 'sda', doneBytes: SIZE, totalBytes: SIZE },
  ]);
  expect(bot.reports.at(-1)).toMatchObject({ type: 'done', generation: 1 });
});

it('defect 16: zeros are not written where the disk has them already', async () => {
  await backedUpBox();
  const file = box.diskFile('sda');
  await truncate(file, 0);
  await truncate(file, SIZE);

  const bot = await box.run(await box.plan('restore'));

  // The second half of the image is zeros, and so was all of the disk.
  expect(bot.all('done')).toMatchObject([{ disks: [{ writtenBytes: SIZE / 2, skippedBytes: SIZE / 2 }] }]);
});

it('defect 16: an image is members of their own, which several threads can pack and unpack', async () => {
  await backedUpBox();
  const { sizeBytes, codedBytes } = (await box.currentManifest())?.disks[0] ?? {};
  const image = await readFile(join(box.boxDirectory, 'sda.raw.gz'));
  const magic = Buffer.from([0x1f, 0x8b, 0x08]);
  const starts: number[] = [];
  for (let at = image.indexOf(magic); at >= 0; at = image.indexOf(magic, at + 1)) starts.push(at);

  // A start of a member can also come up by chance within one, so each is tried.
  const members = starts.filter((at) => opens(image.subarray(at)));

  expect(members.length).toBe(SIZE / (4 * MIB));
  expect([sizeBytes, codedBytes]).toEqual([SIZE, image.length]);
});

function opens(bytes: Buffer): boolean {
  try {
    return gunzipSync(bytes).length > 0;
  } catch {
    return false;
  }
}
