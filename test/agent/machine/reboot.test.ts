import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rebootLinux } from '../../../agent/machine/reboot.ts';

const TIMES = { flushMs: 400, orderMs: 400, killedMs: 1 };
const SHARE = '/mnt/testbox-backup';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-reboot-'));
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'proc/self'), { recursive: true });
  await writeFile(
    join(folder, 'proc/self/mountinfo'),
    ['/', SHARE, `${SHARE}/10.40.41.42`, `${SHARE}-other`]
      .map((place) => `1 2 0:1 / ${place} rw - x y rw`)
      .join('\n'),
  );
  await writeFile(join(folder, 'proc/sysrq-trigger'), '');
  for (const name of ['sync', 'umount', 'systemctl', 'reboot']) await program(name, 'exit 0');
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that notes how it was called and then does as told. */
async function program(name: string, body: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\necho "${name} $*" >> ${folder}/called\n${body}\n`);
  await chmod(path, 0o755);
}

async function reboot(): Promise<{ called: string[]; kernel: string; error: string }> {
  const path = join(folder, 'bin');
  const error = await rebootLinux({ proc: join(folder, 'proc'), path, shares: [SHARE] }, TIMES).then(
    () => '',
    (thrown: Error) => thrown.message,
  );
  const called = (await readFile(join(folder, 'called'), 'utf8')).trim().split('\n');
  return { called, kernel: await readFile(join(folder, 'proc/sysrq-trigger'), 'utf8'), error };
}

const ORDERLY = ['sync ', `umount ${SHARE}/10.40.41.42`, `umount ${SHARE}`, 'systemctl reboot'];

it('flushes, lets the shares go, and asks the service manager first', async () => {
  expect((await reboot()).called.slice(0, 4)).toEqual(ORDERLY);
});

it('goes on to the last resort while the machine still runs, and then says so', async () => {
  const { called, kernel, error } = await reboot();

  expect(called).toEqual([...ORDERLY, 'reboot -f -f -n']);
  expect(kernel).toBe('b');
  expect(error).toMatch(/does not boot again/);
});

it('waits for nothing that hangs, a dead share least of all', async () => {
  for (const name of ['sync', 'systemctl', 'reboot']) await program(name, 'sleep 600');
  await program('umount', '[ "$1" = -l ] || sleep 600');

  const { called, kernel } = await reboot();

  expect(called).toContain(`umount -l -c ${SHARE}`);
  expect(kernel).toBe('b');
});

it('is not kept by programs that fail or are not there', async () => {
  await program('systemctl', 'echo "Failed to connect to bus: No such file or directory" >&2; exit 1');
  await rm(join(folder, 'bin/reboot'));

  const { kernel, error } = await reboot();

  expect(kernel).toBe('b');
  expect(error).toContain('Failed to connect to bus');
  expect(error).toContain('no program "reboot"');
});
