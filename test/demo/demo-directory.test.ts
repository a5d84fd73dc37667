import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DirectoryHeldError, takeDirectory } from '../../src/cli/demo/demo-directory.ts';

async function parent(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-dir-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('takeDirectory', () => {
  it('refuses a second demo in one directory, and lets go at the end', async () => {
    const path = await parent();
    const first = await takeDirectory(path);

    await expect(takeDirectory(path)).rejects.toThrow(DirectoryHeldError);
    await first.release({ keep: true });
    const second = await takeDirectory(path);

    expect(second.path).toBe(path);
    await second.release({ keep: false });
    expect(await readdir(path)).toEqual([]);
  });

  it('takes over the lock of a dead process', async () => {
    const path = await parent();
    const dead = spawnSync(process.execPath, ['--version']).pid;
    await writeFile(join(path, 'demo.lock'), String(dead));

    await takeDirectory(path);

    expect(await readFile(join(path, 'demo.lock'), 'utf8')).toBe(String(process.pid));
  });

  it('removes a temporary directory unless it is to be looked at', async () => {
    const removed = await takeDirectory(undefined);
    const kept = await takeDirectory(undefined);
    onTestFinished(() => rm(kept.path, { recursive: true, force: true }));

    await removed.release({ keep: false });
    await kept.release({ keep: true });

    await expect(stat(removed.path)).rejects.toThrow();
    expect((await stat(kept.path)).isDirectory()).toBe(true);
  });

  it('puts the socket where its name is short enough', async () => {
    const deep = join(await parent(), 'd'.repeat(100));

    const { socketPath, release } = await takeDirectory(deep);

    expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(100);
    await release({ keep: true });
  });
});
