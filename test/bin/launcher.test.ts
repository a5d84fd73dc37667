import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Clone, ended } from './clone.ts';

const CI = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

describe('testbox.mjs', () => {
  it('installs the packages of a fresh clone, then runs the program with its arguments and status', async () => {
    const clone = new Clone();

    const first = await clone.run('testbox.mjs', ['one', '--two']);
    const second = await clone.run('testbox.mjs', ['again']);

    expect(first).toMatchObject({
      code: 3,
      stdout: 'main one --two\n',
      stderr: expect.stringMatching(/^testbox: installing .*\n$/),
    });
    expect(second).toMatchObject({ code: 3, stdout: 'main again\n', stderr: '' });
    expect(clone.npmCalls()).toEqual([{ args: CI, loglevel: null }]);
  });

  it('installs again when the lock file changed', async () => {
    const clone = new Clone();
    await clone.run('testbox.mjs', []);

    clone.lock('1.0.1');
    await clone.run('testbox.mjs', []);

    expect(clone.npmCalls()).toHaveLength(2);
  });

  it('leaves packages alone that npm itself installed for this lock file, and no others', async () => {
    const clone = new Clone();
    clone.write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
    const other = new Clone();
    other.write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"0.9.0"}}}');

    await clone.run('testbox.mjs', []);
    await other.run('testbox.mjs', []);

    expect(clone.npmCalls()).toHaveLength(0);
    expect(other.npmCalls()).toHaveLength(1);
  });

  it('keeps what npm run sets out of the install', async () => {
    const clone = new Clone();

    await clone.run('testbox.mjs', [], {
      npm_config_loglevel: 'silent',
      npm_config_omit: 'dev',
      npm_command: 'run-script',
    });

    expect(clone.npmCalls()).toEqual([{ args: CI, loglevel: null }]);
  });

  it('installs once when two are started at once', async () => {
    const clone = new Clone();

    const both = await Promise.all([clone.run('testbox.mjs', ['a']), clone.run('testbox.mjs', ['b'])]);

    expect(both.map(({ code }) => code)).toEqual([3, 3]);
    expect(clone.npmCalls()).toHaveLength(1);
    expect(readdirSync(clone.root).filter((name) => name.includes('install.lock'))).toEqual([]);
  });

  it('takes the lock of a killed launcher over', async () => {
    const clone = new Clone();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    clone.write('.testbox-install.lock/pid', `process ${pid}`);

    const all = await Promise.all(['a', 'b', 'c'].map((name) => clone.run('testbox.mjs', [name])));

    expect(all.map(({ code }) => code)).toEqual([3, 3, 3]);
    expect(clone.npmCalls()).toHaveLength(1);
    expect(readdirSync(clone.root).filter((name) => name.includes('install.lock'))).toEqual([]);
  });

  it('shows what npm said when the install fails, and tries again the next time', async () => {
    const clone = new Clone();
    clone.write('npm-fails', '');

    const failed = await clone.run('testbox.mjs', []);
    rmSync(join(clone.root, 'npm-fails'));
    const later = await clone.run('testbox.mjs', []);

    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/the network is away\ntestbox: npm ci failed/);
    expect(later.code).toBe(3);
  });

  it('passes a signal on and waits for the program to end', async () => {
    const clone = new Clone();
    const child = clone.start('testbox.mjs', ['wait']);
    const end = ended(child);
    await once(child.stdout ?? child, 'data');

    child.kill('SIGTERM');

    expect(await end).toMatchObject({ code: 7, stdout: 'waiting\nterminated\n' });
  });

  it('ends by the signal that ended the program', async () => {
    const clone = new Clone();

    expect(await clone.run('testbox.mjs', ['die'])).toMatchObject({ signal: 'SIGKILL' });
  });

  it('runs the compiled program of an installed package', async () => {
    const clone = new Clone();
    rmSync(join(clone.root, 'src'), { recursive: true });
    rmSync(join(clone.root, 'package-lock.json'));
    clone.write('dist/src/main.js', 'console.log("compiled"); process.exitCode = 4;');

    expect(await clone.run('testbox.mjs', [])).toMatchObject({ code: 4, stdout: 'compiled\n' });
    expect(clone.npmCalls()).toEqual([]);
  });

  const oldNode = findOldNode();
  it.skipIf(oldNode === undefined)('says on an old Node what to install', () => {
    const clone = new Clone();
    rmSync(join(clone.root, 'package-lock.json'));

    const { status, stderr } = spawnSync(oldNode ?? '', [join(clone.root, 'bin/testbox.mjs')], {
      encoding: 'utf8',
    });

    expect(status).toBe(1);
    expect(stderr).toMatch(/^testbox: expected Node 24 or newer, got .* install it from/);
  });
});

describe('tool.mjs', () => {
  it('runs a tool, or node itself, under the same Node', async () => {
    const clone = new Clone();

    const tool = await clone.run('tool.mjs', ['hello', 'world']);
    const node = await clone.run('tool.mjs', ['node', '-p', '1 + 1']);

    expect(tool).toMatchObject({ code: 0, stdout: `hello world ${process.version}\n` });
    expect(node).toMatchObject({ code: 0, stdout: '2\n' });
  });

  it('puts the tools of the project first on the path', async () => {
    const clone = new Clone();

    const { stdout } = await clone.run('tool.mjs', ['node', '-p', 'process.env.PATH']);

    expect(stdout.split(delimiter)[0]).toBe(join(clone.root, 'node_modules/.bin'));
  });

  it.each([
    [[], 'expected a tool'],
    [['nonsense'], 'there is no tool "nonsense"'],
  ])('refuses %j', async (args, message) => {
    expect(await new Clone().run('tool.mjs', args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });
});

/** A Node before 24 on the path, as distributions have it. */
function findOldNode(): string | undefined {
  const own = join('node_modules', '.bin');
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => !directory.endsWith(own) && directory !== dirname(process.execPath))
    .map((directory) => join(directory, 'node'));
  return candidates.find((node) => {
    try {
      const version = execFileSync(node, ['-p', 'process.versions.node'], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      return Number.parseInt(version, 10) < 24;
    } catch {
      return false; // no such program
    }
  });
}
