import { readFile, stat } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import type { PlanFacts } from '../../src/contract/plan.ts';
import { BenchBox, fillDisk, MIB } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';
import { BAD_SECTORS_WORKER, setBadSectors } from './imaging/bad-sectors.ts';

const SIZE = 12 * MIB;
const PAGE = 4096;
const BAD_PAGE = 5 * MIB;

let box: BenchBox;
afterEach(async () => {
  setBadSectors(null);
  await box.remove();
});

async function runWithBadSector(plan: PlanFacts): Promise<FakeBot> {
  setBadSectors({ inode: (await stat(box.diskFile('sda'))).ino, sectors: [BAD_PAGE / 512] });
  const bot = await FakeBot.start(plan);
  await box.start(bot, { workerEntry: BAD_SECTORS_WORKER }).ended;
  await bot.stop();
  setBadSectors(null);
  return bot;
}

const warnings = (bot: FakeBot) =>
  bot
    .all('log')
    .filter(({ level }) => level === 'warn')
    .map(({ message }) => message);

it('a backup of a disk with bad sectors is published as damaged, and the thread hears of it', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);

  const bot = await runWithBadSector(await box.plan('backup'));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
  expect((await box.currentManifest())?.disks).toMatchObject([
    { slot: 'sda', damaged: true, badRanges: [{ offset: BAD_PAGE, length: PAGE }] },
  ]);
  expect(warnings(bot)).toEqual([
    expect.stringContaining(
      `/dev/sda has bad sectors: ${PAGE} bytes could not be read however often they were tried (bytes ${BAD_PAGE}-${BAD_PAGE + PAGE - 1})`,
    ),
  ]);
});

it('a restore of a damaged image says what does not come back, and brings the rest', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await runWithBadSector(await box.plan('backup'));
  const expected = await readFile(box.diskFile('sda'));
  expected.fill(0, BAD_PAGE, BAD_PAGE + PAGE);
  await fillDisk(box.diskFile('sda'), SIZE, 77);
  const plan = await box.plan('restore');
  const [disk] = plan.disks;
  if (disk?.image?.kind !== 'indexed') throw new Error('there is an image');
  const image = { ...disk.image, badRanges: [{ offset: BAD_PAGE, length: PAGE }] };

  const bot = await box.run({ ...plan, disks: [{ ...disk, image }] });

  expect(bot.ended).toMatchObject({ type: 'done' });
  expect(warnings(bot)).toEqual([
    expect.stringContaining(`zeros come back for ${PAGE} bytes that its disk did not give`),
  ]);
  expect((await readFile(box.diskFile('sda'))).equals(expected)).toBe(true);
});

it('a later backup of a disk that gives all of it again is not damaged', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await runWithBadSector(await box.plan('backup'));
  box.useJob('8k3m9q2x');

  const bot = await box.run(await box.plan('backup-again'));

  const [disk] = (await box.currentManifest())?.disks ?? [];
  expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
  expect(disk).not.toHaveProperty('damaged');
  expect(warnings(bot)).toEqual([]);
});
