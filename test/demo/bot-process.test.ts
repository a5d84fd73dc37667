import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BotProcess } from '../../src/cli/demo/bot-process.ts';
import { startChild } from '../../src/lab/child-process.ts';
import { findFreePort } from '../../src/lab/free-port.ts';

/** Answers /healthz; crashes when asked at /crash; tells its pid at /pid. */
const STUB_BOT = `
import { createServer } from 'node:http';
console.log('up');
createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  response.end(request.url === '/pid' ? String(process.pid) : (process.env.MORE ?? 'ok'));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

async function stubBot(): Promise<{ bot: BotProcess; url: string; logFile: string; troubles: string[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-bot-'));
  const script = join(directory, 'bot.mjs');
  await writeFile(script, STUB_BOT);
  const port = await findFreePort('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(directory, 'bot.log');
  const troubles: string[] = [];
  const env = { PORT: String(port) };
  const bot = new BotProcess({
    script,
    cwd: directory,
    env,
    url,
    logFile,
    onTrouble: (line) => troubles.push(line),
  });
  onTestFinished(async () => {
    await bot.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return { bot, url, logFile, troubles };
}

const pidOf = async (url: string) => (await fetch(`${url}/pid`)).text();

describe('the bot as a process of the demo', () => {
  it('is another process on the same port after a kill, without trouble being told', async () => {
    const { bot, url, troubles } = await stubBot();
    await bot.start();
    const before = await pidOf(url);

    await bot.kill();

    expect(await pidOf(url)).not.toBe(before);
    expect(troubles).toEqual([]);
  });

  it('stays away when it was ended, until it is started again, with more settings', async () => {
    const { bot, url, troubles } = await stubBot();
    await bot.start();

    await bot.down();
    await expect(fetch(url)).rejects.toThrow();
    await bot.start({ MORE: 'settings' });
    await bot.kill();

    expect(await (await fetch(url)).text()).toBe('settings');
    expect(troubles).toEqual([]);
  });

  it('is started again when it crashes, and that is told', async () => {
    const { bot, url, troubles, logFile } = await stubBot();
    await bot.start();

    await fetch(`${url}/crash`).catch(() => undefined);
    await expect
      .poll(() =>
        fetch(`${url}/healthz`).then(
          (answer) => answer.ok,
          () => false,
        ),
      )
      .toBe(true);

    expect(troubles).toEqual(['the bot ended with 3; it is started again']);
    expect(await readFile(logFile, 'utf8')).toBe('up\nup\n');
  });
});

describe('a child of the lab', () => {
  it('does not outlive its parent, even one that is killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'testbox-child-'));
    const server = createServer().listen(join(directory, 'sign-of-life'));
    onTestFinished(async () => {
      server.close();
      await rm(directory, { recursive: true, force: true });
    });
    const library = JSON.stringify(new URL('../../src/lab/child-process.ts', import.meta.url).href);
    const grandchild = join(directory, 'grandchild.mjs');
    const parent = join(directory, 'parent.mjs');
    await writeFile(grandchild, `import { connect } from 'node:net'; connect('sign-of-life');`);
    await writeFile(
      parent,
      `import { startChild } from ${library};
       startChild({ script: process.argv[2], args: [], cwd: '.', env: {}, onOutput: () => {} });`,
    );

    const connected = once(server, 'connection');
    const child = startChild({
      script: parent,
      args: [grandchild],
      cwd: directory,
      env: {},
      onOutput: () => undefined,
    });
    const [life] = await connected;
    child.kill('SIGKILL');

    // The kernel closes it when the grandchild is gone; its pid may stay until somebody reaps it.
    life.on('error', () => undefined).resume();
    await once(life, 'close');
    await child.ended;
  });
});
