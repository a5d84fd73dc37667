import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/clock.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import { BenchBox, MIB } from './bench-box.ts';
import { ADDRESS } from './box-description.ts';
import { direct, FakeBot } from './fake-bot.ts';

const KEY = 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
const DAY_MS = 86_400_000;

let box: BenchBox;
let bot: FakeBot | undefined;
beforeEach(async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
  bot = undefined;
});
afterEach(async () => {
  await bot?.stop();
  await box.remove();
});

const said = () => box.console.join('\n');

describe('the hello', () => {
  it('has the fingerprints of the SSH host keys, which are waited for', async () => {
    let looks = 0;
    box.machine = {
      async sshFingerprints() {
        looks += 1;
        return looks < 3 ? [] : [KEY];
      },
    };

    const heard = await box.run(await box.plan('refresh-info'));

    expect(heard.hellos.map(({ sshFingerprints }) => sshFingerprints)).toEqual([[KEY]]);
  });

  it('goes without fingerprints where there never are any', async () => {
    box.machine = { sshFingerprints: async () => [] };

    const heard = await box.run(await box.plan('refresh-info'));

    expect(heard.hellos[0]).not.toHaveProperty('sshFingerprints');
    expect(heard.ended).toMatchObject({ type: 'done' });
  });

  it('waits for the first disk of a slow controller', async () => {
    box.machine = slowDisks(3);

    const heard = await box.run(await box.plan('backup'));

    expect(heard.hellos[0]?.disks.map(({ kernelName }) => kernelName)).toEqual(['sda']);
    expect(said()).toContain('Waiting for a disk');
  });

  it('that the bot does not take from this address is said with what to do, and repeated', async () => {
    bot = await FakeBot.start(await box.plan('backup'), { away: 403 });
    box.description = { ...box.description, sshFingerprints: [KEY] };
    const run = box.start(bot);
    await bot.until(({ requests }) => requests > 3);
    const before = said();

    bot.mood.away = null;
    await run.ended;

    expect(before.match(/does not take this machine for the testbox/g)).toHaveLength(1);
    expect(before).toContain(`This machine is ${ADDRESS}; if DHCP gave it another address`);
    expect(before).toContain(`ssh root@${ADDRESS}, host key ${KEY}`);
    expect(bot.ended).toMatchObject({ type: 'done' });
  });
});

describe('a plan for another address', () => {
  it.each(['backup', 'rescue'] as const)('is refused before anything is touched: %s', async (action) => {
    const before = await box.imagesAndDisks();
    const plan = await box.plan(action);
    const { testbox } = plan;
    let mounts = 0;
    box.machine = {
      mountBackupShare: () => {
        mounts += 1;
        return Promise.reject(new Error('mounted'));
      },
    };
    box.description = { ...box.description, address: TestboxAddress.parse('10.40.41.99') };

    const heard = await box.run({ ...plan, testbox });

    expect(heard.ended).toMatchObject({
      type: 'failed',
      class: 'operator',
      code: 'wrong-address',
      message: expect.stringMatching(
        /this machine is 10\.40\.41\.99, and the job is for bench-1 at 10\.40\.41\.42.*DHCP/,
      ),
    });
    expect(mounts).toBe(0);
    expect(await box.imagesAndDisks()).toEqual(before);
  });
});

describe('a clock that is wrong', () => {
  it('is set by the bot, and both console and bot hear by how much', async () => {
    const set: number[] = [];
    let off = 0;
    box.machine = {
      async setClock(epochMs) {
        set.push(epochMs);
        off = epochMs - Date.now();
      },
    };
    const clock = { ...systemClock, now: () => Date.now() + off };
    const time = Date.now() + 3 * DAY_MS;
    bot = await FakeBot.start(await box.plan('refresh-info'), { time });

    await box.start(bot, { clock }).ended;

    expect(set).toEqual([Math.floor(time / 1000) * 1000]);
    expect(bot.all('log')[0]).toEqual({
      type: 'log',
      level: 'warn',
      message: expect.stringMatching(/^this box's clock is 3 days behind the bot's; it was set to 20/),
    });
    expect(said()).toContain('3 days behind');
  });

  it.each([
    ['can not be set', () => Promise.reject(new Error('not permitted')), /can't be set \(not permitted\)/],
    ['is not its own', null, /5 hours ahead of the bot's; the times in its logs are wrong by that/],
  ] as const)('that %s is only said', async (_what, setClock, words) => {
    box.machine = { setClock };
    bot = await FakeBot.start(await box.plan('refresh-info'), { time: Date.now() - 5 * 3_600_000 });

    await box.start(bot).ended;

    expect(bot.all('log').filter(({ level }) => level === 'warn')).toEqual([
      { type: 'log', level: 'warn', message: expect.stringMatching(words) },
    ]);
    expect(bot.ended).toMatchObject({ type: 'done' });
  });

  it('by a minute is not worth a word', async () => {
    box.machine = { setClock: () => Promise.reject(new Error('must not be set')) };
    bot = await FakeBot.start(await box.plan('refresh-info'), { time: Date.now() + 60_000 });

    await box.start(bot).ended;

    expect(bot.all('log').filter(({ level }) => level === 'warn')).toEqual([]);
  });
});

describe('a disk of the plan that is not there yet', () => {
  it('is waited for, and that it is waited for is told', async () => {
    const plan = await box.plan('backup');
    box.machine = slowDisks(5, ['sda'], true);

    const heard = await box.run(plan);

    expect(heard.ended).toMatchObject({ type: 'done', generation: 1 });
    expect(
      heard.all('log').some(({ message }) => /the disk of sda is not there.*waiting for it/.test(message)),
    ).toBe(true);
  });

  it('is refused when it does not come', async () => {
    const plan = await box.plan('backup');
    box.machine = { listDisks: async () => [] };

    const heard = await box.run(plan);

    expect(heard.ended).toMatchObject({ type: 'failed', code: 'disk-missing' });
  });
});

describe('the firmware', () => {
  it('is looked at in each job and before the reboot; what it says is told once', async () => {
    let looks = 0;
    const remark = { level: 'warn' as const, message: 'the UEFI firmware has no entry' };
    box.machine = {
      async keepNetworkFirst() {
        looks += 1;
        return [remark];
      },
    };

    const heard = await box.run(await box.plan('refresh-info'));

    expect(looks).toBeGreaterThanOrEqual(2);
    expect(heard.all('log').filter(({ level }) => level === 'warn')).toEqual([{ type: 'log', ...remark }]);
    expect(box.reboots).toBe(1);
  });

  it('that was changed by the job is told of before the reboot', async () => {
    let looks = 0;
    box.machine = {
      async keepNetworkFirst() {
        looks += 1;
        return looks === 2 ? [{ level: 'info', message: 'the network is first again' }] : [];
      },
    };

    const heard = await box.run(await box.plan('refresh-info'));

    expect(heard.reports.at(-1)).toEqual({
      type: 'log',
      level: 'info',
      message: 'the network is first again',
    });
  });
});

it('a rescue tells in the thread and on the console how to log in, and stays until it is released', async () => {
  box.description = { ...box.description, sshFingerprints: [KEY] };
  bot = await FakeBot.start(await box.plan('rescue', { disks: [] }), { direct: direct('stay') });
  const run = box.start(bot);
  await bot.until((self) => self.ended !== undefined);
  await bot.until(() => said().includes('until people decide'));
  const rebootsMeanwhile = box.reboots;

  bot.mood.direct = direct('reboot-local');
  await run.ended;

  const words = `ssh root@${ADDRESS}, host key ${KEY}`;
  expect(bot.all('log').some(({ message }) => message.includes(words))).toBe(true);
  expect(said()).toContain(`the box stays in the maintenance system (${words})`);
  expect([rebootsMeanwhile, box.reboots]).toEqual([0, 1]);
});

/** The disks come at the n-th look; or all but them at first, where the hello has had its look. */
function slowDisks(atLook: number, late: readonly string[] = ['sda'], afterHello = false) {
  let looks = 0;
  const { disks } = box.description;
  const all = disks.map(({ file: _file, ...disk }) => disk);
  return {
    async listDisks() {
      looks += 1;
      if (looks >= atLook || (afterHello && looks <= 2)) return all;
      return all.filter(({ kernelName }) => !late.includes(kernelName));
    },
  };
}
