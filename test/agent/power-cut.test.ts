import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { REBOOT_EXIT_STATUS } from '../../src/contract/described-machine.ts';
import type { Directive } from '../../src/contract/report.ts';
import { BenchBox, fillDisk, hashFile, JOB, MIB } from './bench-box.ts';
import { FakeBot, inTheMiddle } from './fake-bot.ts';

const AGENT = fileURLToPath(new URL('../../agent/main.ts', import.meta.url));
const SIZE = 24 * MIB;
const SLOW = MIB;

let box: BenchBox;
let bot: FakeBot;
afterEach(async () => {
  await bot.stop();
  await box.remove();
});

/** The agent as a process of its own: SIGKILL is a power cut. */
async function boot(bootId: number): Promise<ChildProcess> {
  const path = join(box.folder, 'machine.json');
  const machine = {
    ...box.description,
    bootId: `0b0c0d0e-0000-4000-8000-00000000000${bootId}`,
    commandLine: `testbox-action-${bot.mood.plan.action} testbox.job=${JOB} testbox.nonce=${'b'.repeat(32)}`,
    agent: { botUrl: bot.url, allowJobless: false },
  };
  await writeFile(path, JSON.stringify(machine));
  return spawn(process.execPath, [AGENT, '--machine', path], {
    stdio: 'ignore',
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
  });
}

async function powerCut(agent: ChildProcess): Promise<void> {
  agent.kill('SIGKILL');
  await once(agent, 'exit');
}

const untilDone = (self: FakeBot): Directive => ({
  kind: self.ended?.type === 'done' ? 'reboot-local' : 'continue',
});

describe('after a power cut', () => {
  it('defect 2: in a backup, the next attempt publishes a whole generation and clears the remains', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    bot = await FakeBot.start(await box.plan('backup'), { direct: untilDone });
    await box.setRate(SLOW);
    const first = await boot(1);
    await bot.until(inTheMiddle);
    await powerCut(first);
    const remains = await readdir(join(box.boxDirectory, 'generations'));

    await box.setRate(null);
    bot.mood.attempt = 2;
    const second = await boot(2);
    const [status] = await once(second, 'exit');

    expect(remains).toEqual([`.partial-${JOB}.1`]);
    expect(status).toBe(REBOOT_EXIT_STATUS);
    expect(bot.violations).toEqual([]);
    expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
    expect(await readdir(join(box.boxDirectory, 'generations'))).toEqual(['000001']);
  });

  it('defect 1: in a backup-again, and in the next one too, the old generation stays the current one', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await box.run(await box.plan('backup'));
    const before = await box.imagesAndDisks();
    bot = await FakeBot.start(await box.plan('backup-again'), { direct: untilDone });
    await box.setRate(SLOW);
    const afterCuts: unknown[] = [];
    for (const attempt of [1, 2]) {
      bot.mood.attempt = attempt;
      bot.reports.length = 0;
      const agent = await boot(attempt);
      await bot.until(inTheMiddle);
      await powerCut(agent);
      afterCuts.push(await box.imagesAndDisks());
    }

    await box.setRate(null);
    bot.mood.attempt = 3;
    await once(await boot(3), 'exit');

    expect(afterCuts[0]).toMatchObject(before);
    expect(afterCuts[1]).toMatchObject(before);
    expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
    const old = 'generations/000001/sda.raw.gz';
    expect(await hashFile(join(box.boxDirectory, old))).toBe(before[`10.40.41.42/${old}`]);
  });

  it('in a restore, the disk is known to be dirty and the next attempt ends it', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await box.run(await box.plan('backup'));
    const original = await hashFile(box.diskFile('sda'));
    await fillDisk(box.diskFile('sda'), SIZE, 12);
    bot = await FakeBot.start(await box.plan('restore'), { direct: untilDone });
    await box.setRate(SLOW);
    const first = await boot(1);
    await bot.until(inTheMiddle);
    await powerCut(first);
    const dirtyAfterCut = bot.dirty;

    await box.setRate(null);
    bot.mood.attempt = 2;
    const second = await boot(2);
    await once(second, 'exit');

    expect(dirtyAfterCut).toEqual(['sda']);
    expect(bot.dirty).toEqual([]);
    expect(await hashFile(box.diskFile('sda'))).toBe(original);
  });
});
