import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PowerControl } from '../../src/domain/testbox.ts';
import { hideArguments } from '../../src/machine/hide-arguments.ts';
import { PowerCommands } from '../../src/machine/power.ts';
import { pluto } from './ssh-box.ts';

const LONG_MS = 20_000;

function bot() {
  const logged: string[] = [];
  const log = (fields: object, message: string) => logged.push(JSON.stringify([fields, message]));
  return { power: new PowerCommands({ log: { info: log, warn: log, error: log } }), logged };
}

const withPower = (cycle: PowerControl['cycle'], timeoutMs = LONG_MS) => ({
  ...pluto({}),
  power: { cycle, mode: 'click' as const, timeoutMs },
});
const node = (script: string, ...args: string[]): PowerControl['cycle'] => [
  process.execPath,
  '-e',
  script,
  '--',
  ...args,
];

describe('cycle', () => {
  it('is done when the program ends with 0, and gives it each argument as it is', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'testbox-power-')), 'arguments');
    const script = `require('fs').writeFileSync(process.argv[1], JSON.stringify(process.argv.slice(2)))`;
    const odd = ['two words', '$HOME', '; reboot', '"quoted"', '*'];

    const outcome = await bot().power.cycle(withPower(node(script, file, ...odd)));

    expect(outcome).toEqual({ kind: 'done' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(odd);
  });

  it('has nothing to read, and none of the variables of the bot', async () => {
    process.env.SLACK_BOT_TOKEN = 'xoxb-secret';
    const script = `
      if (process.env.SLACK_BOT_TOKEN !== undefined) process.exit(3);
      process.stdin.on('end', () => process.exit(0)).resume();`;

    const outcome = await bot().power.cycle(withPower(node(script)));
    delete process.env.SLACK_BOT_TOKEN;

    expect(outcome).toEqual({ kind: 'done' });
  });

  it('failed, with the last line that the program said, when it ends with another status', async () => {
    const script = `process.stderr.write('x'.repeat(100000) + '\\nError: no such host\\n\\n'); process.exitCode = 4;`;

    const outcome = await bot().power.cycle(withPower(node(script)));

    expect(outcome).toEqual({
      kind: 'failed',
      why: `${process.execPath} ended with status 4 (Error: no such host)`,
    });
  });

  it('failed when there is no such program, or no command for the box', async () => {
    expect(await bot().power.cycle(withPower(['no-such-power-program']))).toEqual({
      kind: 'failed',
      why: "no-such-power-program can't be started (ENOENT)",
    });
    expect(await bot().power.cycle(pluto({}))).toEqual({
      kind: 'failed',
      why: 'the inventory has no power command for pluto',
    });
  });

  it('is of unknown outcome when a signal ended the program', async () => {
    const outcome = await bot().power.cycle(
      withPower(node(`process.kill(process.pid, 'SIGTERM'); for (;;);`)),
    );

    expect(outcome).toEqual({ kind: 'unknown', why: `${process.execPath} was ended by SIGTERM` });
  });

  it('is of unknown outcome past its time, and nothing that it started is left', async () => {
    const pipe = join(mkdtempSync(join(tmpdir(), 'testbox-power-')), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const untilNobodyWrites = readFile(pipe);
    const family = ['/bin/sh', '-c', 'sleep 60 >"$0" & exec sleep 60', pipe] as const;

    const outcome = await bot().power.cycle(withPower([...family], 300));

    expect(outcome).toEqual({ kind: 'unknown', why: '/bin/sh had no end within 0.3 s' });
    expect(await untilNobodyWrites).toHaveLength(0);
  });

  it('neither logs nor repeats what the command line says', async () => {
    const { power, logged } = bot();
    const script = `console.error('can not log in with ' + process.argv.slice(1).join(' ')); process.exit(1)`;

    const outcome = await power.cycle(
      withPower(node(script, '-U', 'admin', '-P', 'hunter2', 'power', 'cycle')),
    );

    expect(outcome).toMatchObject({
      why: expect.stringContaining('can not log in with -U … -P … power cycle'),
    });
    expect(logged).toHaveLength(1);
    expect(logged.join()).toContain(process.execPath);
    expect(logged.join()).not.toMatch(/hunter2|admin|console/);
  });
});

describe('hideArguments', () => {
  it.each([
    [['-Phunter2'], 'bad password hunter2', 'bad password …'],
    [['--password=hunter2'], 'bad --password=hunter2', 'bad --password=…'],
    [['https://admin:pw@bmc/reset'], 'no route to https://admin:pw@bmc/reset', 'no route to …'],
    [['-H', '10.40.41.142', 'power'], 'no power at 10.40.41.142', 'no power at 10.40.41.142'],
    [['-p', 'ab', '-k', 'abab'], 'abab ab', '… ab'],
    [[], 'all as it was', 'all as it was'],
  ])('of %j takes %j for %j', (args, text, expected) => {
    expect(hideArguments(text, args)).toBe(expected);
  });
});
