import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, MIB } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';

const BUILD = fileURLToPath(new URL('../../agent/build.ts', import.meta.url));
let box: BenchBox;
let bot: FakeBot;
afterEach(async () => {
  await bot.stop();
  await box.remove();
});

it('bundles an agent that backs up on its own, away from the sources', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);
  const settings = { codec: 'zstd' as const, hostKeys: [], shutdown: 'clean' as const };
  bot = await FakeBot.start(await box.plan('backup'), { settings });
  const target = join(box.folder, 'agent');
  await promisify(execFile)(process.execPath, [BUILD, target]);
  const machine = join(box.folder, 'machine.json');
  const agentConfig = { botUrl: bot.url, allowJobless: false };
  await writeFile(machine, JSON.stringify({ ...box.description, agent: agentConfig }));

  const agent = spawn(process.execPath, [join(target, 'main.cjs'), '--machine', machine], { cwd: '/' });
  await once(agent, 'exit');

  expect((await readdir(target)).sort()).toEqual([
    'blake3.node',
    'koffi.node',
    'main.cjs',
    'version',
    'worker.cjs',
  ]);
  expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
  // A slow machine loads all of it before its hello: what makes it grow is seen here.
  expect((await stat(join(target, 'main.cjs'))).size).toBeLessThan(400_000);
  const version = (await readFile(join(target, 'version'), 'utf8')).trim();
  expect(bot.hellos[0]?.agentVersion).toBe(version);
  // Node's libzstd is in every Node: only the koffi that lies in the bundle can have called it here, and
  // BLAKE3's package is out of reach.
  const messages = bot.all('log').map(({ message }) => message);
  expect(messages.join('\n')).toMatch(/coded by Node's libzstd [\d.]+, hashed by BLAKE3/);
});
