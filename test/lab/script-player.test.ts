import { describe, expect, it } from 'vitest';
import { playScript } from '../../src/lab/script/play-script.ts';
import { fakeWorld } from './fake-world.ts';

describe('playScript', () => {
  it('plays chat lines, presses and lab commands in order', async () => {
    const { world, calls } = fakeWorld();

    const outcome = await playScript(
      [
        '# a comment',
        '',
        'backup pluto',
        'press confirm',
        'as bob',
        'press deny pluto too busy',
        '!break pluto',
      ],
      world,
      'alice',
    );

    expect(outcome).toEqual({ kind: 'passed' });
    expect(calls).toEqual([
      'alice says backup pluto',
      'alice presses confirm of null: null',
      'bob presses deny of pluto: too busy',
      'break pluto',
    ]);
  });

  it('passes on what lab commands say', async () => {
    const { world, calls } = fakeWorld();

    const outcome = await playScript(
      [
        '!add-disk pluto sdb 16M',
        '!replace-disk pluto sda 1G',
        '!throttle pluto 4',
        '!throttle pluto off',
        '!boot-order pluto disk',
        '!agent pluto jobless',
        '!pxe pluto backup',
        '!clock +10m',
        '!max-running 1',
        '!bot-down',
        '!bot-up',
        '!kill-bot',
      ],
      world,
      'alice',
    );

    expect(outcome).toEqual({ kind: 'passed' });
    expect(calls).toEqual([
      `add-disk pluto sdb ${16 * 1024 ** 2}`,
      `replace-disk pluto sda ${1024 ** 3}`,
      'throttle pluto 4000000',
      'throttle pluto ',
      'boot-order pluto disk',
      'agent pluto jobless',
      'pxe pluto backup',
      'clock 600000',
      'max-running 1',
      'bot-down',
      'bot-up',
      'kill-bot',
    ]);
  });

  it('expects on a screen what was shown since the box or anybody was last told to do something', async () => {
    const { world } = fakeWorld();

    const seen = await playScript(
      ['expect-screen pluto login:', '!break pluto', 'expect-screen pluto break is over'],
      world,
      'alice',
    );
    const old = await playScript(['!break pluto', 'expect-screen pluto login:'], world, 'alice');
    const oldToo = await playScript(['status', 'expect-screen venus login:'], world, 'alice');

    expect(seen).toEqual({ kind: 'passed' });
    expect(old).toMatchObject({
      line: 2,
      why: 'pluto did not show "login:". Shown: break is over',
    });
    expect(oldToo).toMatchObject({ line: 2, why: 'venus did not show "login:". Nothing new was shown.' });
  });

  it('looks into the logs', async () => {
    const { world } = fakeWorld({ log: 'one\n10.40.41.42: info: rebooting' });

    expect(await playScript(['expect-log pluto info: rebooting'], world, 'alice')).toEqual({
      kind: 'passed',
    });
    expect(await playScript(['expect-log pluto two'], world, 'alice')).toMatchObject({
      why: expect.stringContaining(`the logs of pluto don't say "two"`),
    });
  });

  it('stops at the first line that fails, naming it and what was seen', async () => {
    const { world, calls } = fakeWorld({ answers: { 'backup pluto': 'You may not do that' } });

    const outcome = await playScript(['backup pluto', 'expect Done', '!break pluto'], world, 'alice');

    expect(outcome).toEqual({
      kind: 'failed',
      line: 2,
      text: 'expect Done',
      why: 'alice did not see "Done". Shown: You may not do that',
    });
    expect(calls).not.toContain('break pluto');
  });

  it('expects text across wrapped lines and in any case, since the last typed line only', async () => {
    const { world } = fakeWorld({ answers: { one: 'Backup\n  of pluto', two: 'else' } });

    const seen = await playScript(
      ['one', 'expect backup of PLUTO', 'two', 'expect-not backup'],
      world,
      'alice',
    );
    const unwanted = await playScript(['one', 'expect-not of pluto'], world, 'alice');

    expect(seen).toEqual({ kind: 'passed' });
    expect(unwanted).toMatchObject({ kind: 'failed', line: 2 });
  });

  it('meets a wait by a state that was entered and left again', async () => {
    const { world } = fakeWorld({
      jobs: [{ state: 'succeeded', history: ['planned', 'running', 'succeeded'] }],
    });

    expect(await playScript(['wait pluto running'], world, 'alice')).toEqual({ kind: 'passed' });
  });

  it('fails a wait at once when the job has ended otherwise', async () => {
    const { world, clock } = fakeWorld({ jobs: [{ state: 'denied', history: ['planned', 'denied'] }] });

    const outcome = await playScript(['wait pluto succeeded 90s'], world, 'alice');

    expect(outcome).toMatchObject({ why: expect.stringContaining('is denied (planned → denied)') });
    expect(clock.now()).toBe(0);
  });

  it('keeps waiting while the bot is away, and gives up after the time the line says', async () => {
    const { world, clock } = fakeWorld({
      jobs: [undefined, undefined, { state: 'running', history: ['running'] }],
    });

    expect(await playScript(['wait pluto running'], world, 'alice')).toEqual({ kind: 'passed' });
    expect(await playScript(['wait pluto succeeded 2m'], world, 'alice')).toMatchObject({ kind: 'failed' });
    expect(clock.now()).toBeGreaterThanOrEqual(120_000);
  });

  it('waits for a share of the work', async () => {
    const running = { state: 'running', history: ['running'] };
    const { world } = fakeWorld({
      jobs: [10, 29, 31].map((progressPercent) => ({ ...running, progressPercent })),
    });

    expect(await playScript(['wait pluto 30%'], world, 'alice')).toEqual({ kind: 'passed' });
  });

  it('compares hashes only when asked to', async () => {
    const { world } = fakeWorld({ hashes: ['aa', 'aa', 'bb', 'cc'] });

    const outcome = await playScript(
      ['!sha256 pluto sda', '!sha256 pluto sda same', '!sha256 pluto sda', '!sha256 pluto sda same'],
      world,
      'alice',
    );

    expect(outcome).toMatchObject({ line: 4, why: 'pluto sda was bb and is cc' });
  });

  it('compares with a hash that was given a name', async () => {
    const { world } = fakeWorld({ hashes: ['aa', 'bb', 'aa', 'bb'] });

    const outcome = await playScript(
      [
        '!sha256 pluto sda as good',
        '!sha256 pluto sda',
        '!sha256 pluto sda same good',
        '!sha256 pluto sda same good',
      ],
      world,
      'alice',
    );

    expect(outcome).toMatchObject({ line: 4, why: 'pluto sda as good was aa and is bb' });
  });

  it.each([
    ['wait pluto', 'expected wait <box> <state> [timeout, such as 90s] or wait <box> <n>%'],
    ['wait pluto running soon', 'expected wait'],
    ['as', 'expected as <name>'],
    ['as carol', 'nobody called carol'],
    ['press', 'expected press'],
    ['!break', 'expected !break <box>'],
    ['!break mars', 'no box called mars'],
    ['!explode pluto', 'unknown lab command !explode'],
    ['!throttle pluto fast', 'expected !throttle'],
    ['!replace-disk pluto sda big', 'expected !replace-disk'],
    ['!sha256 pluto sda equal', 'expected !sha256'],
    ['!sha256 pluto sda same unheard', 'pluto sda as unheard was not hashed before'],
    ['!add-disk pluto sdb', 'expected !add-disk'],
    ['!boot-order pluto floppy', 'expected !boot-order <box> <network, disk or none>'],
    ['!agent pluto idle', 'expected !agent'],
    ['!pxe pluto', 'expected !pxe'],
    ['!clock 10m', 'expected !clock'],
    ['!clock +soon', 'expected !clock'],
    ['!max-running 0', 'expected !max-running'],
    ['!bot-down now', 'expected !bot-down'],
    ['expect-screen pluto', 'expected expect-screen'],
    ['expect-screen mars login', 'no box called mars'],
    ['expect', 'expected expect <text>'],
  ])('complains about "%s"', async (line, why) => {
    const { world } = fakeWorld();

    expect(await playScript([line], world, 'alice')).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining(why),
    });
  });
});
