import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inspectLinux, outputOf } from '../../../agent/machine/linux-facts.ts';

it('reads processor and memory where Linux says them', async () => {
  const proc = await mkdtemp(join(tmpdir(), 'testbox-proc-'));
  onTestFinished(() => rm(proc, { recursive: true }));
  await writeFile(join(proc, 'cpuinfo'), 'processor\t: 0\nmodel name\t: AMD EPYC 7003\n');
  await writeFile(join(proc, 'meminfo'), 'MemTotal:        2048 kB\nMemFree: 1 kB\n');

  const facts = await inspectLinux({ proc });

  expect(facts).toMatchObject({ cpuModel: 'AMD EPYC 7003', memoryBytes: 2 * 1024 * 1024, kernel: null });
  expect(facts.sections.map(({ title }) => title)).toEqual([
    'cpuinfo',
    'lspci -vvv',
    'biosdecode',
    'dmidecode',
    'fdisk -l',
    'dmesg',
  ]);
});

it('says of a program that is not there that it is not', async () => {
  expect(await outputOf('no-such-program', [])).toBe('no-such-program is not installed here');
});

it('keeps what a program said before it failed', async () => {
  expect(await outputOf('sh', ['-c', 'echo half; echo no >&2; exit 3'])).toBe(
    'half\nsh did not end well: no',
  );
});
