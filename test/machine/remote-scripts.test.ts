import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBE_SCRIPT, parseProbe, REBOOT_SCRIPT } from '../../src/machine/remote-scripts.ts';

const onLinux = existsSync('/proc/sys/kernel/random/boot_id');

/** A directory of programs that only write down that they were called. */
function harmlessPrograms(): { path: string; calls: string } {
  const directory = mkdtempSync(join(tmpdir(), 'testbox-programs-'));
  const calls = join(directory, 'calls');
  execFileSync('mkfifo', [calls]);
  const program = (name: string, text: string) =>
    writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  for (const name of ['systemctl', 'shutdown', 'reboot']) program(name, `echo ${name} "$@" >"${calls}"`);
  program('sleep', ':');
  program('sudo', 'shift; exec "$@"');
  return { path: `${directory}:${process.env.PATH}`, calls };
}

describe.skipIf(!onLinux)('the scripts on this machine', () => {
  it('probe tells the boot id of this kernel', () => {
    const output = execFileSync('/bin/sh', ['-c', PROBE_SCRIPT], { encoding: 'utf8' });

    expect(parseProbe(output)).toEqual({
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      system: 'own',
      uptimeSeconds: expect.any(Number),
      users: expect.any(Array),
    });
  });

  it('reboot ends 0 at once and reboots after that', () => {
    const { path, calls } = harmlessPrograms();

    const { status } = spawnSync('/bin/sh', ['-c', REBOOT_SCRIPT], { env: { ...process.env, PATH: path } });

    expect(status).toBe(0);
    expect(readFileSync(calls, 'utf8')).toBe('systemctl reboot\n'); // waits for the detached writer
  });
});

describe('parseProbe', () => {
  const LINES = 'boot-id=7c1ab8e2-58c6-4f0b-9d1d-0f6b6f3c3f10\nmaintenance=no\nuptime=12\nusers=\n';

  it('does not mind banners, carriage returns and unknown uptime', () => {
    expect(parseProbe(`Welcome!\n${LINES.replaceAll('\n', '\r\n')}`)).toMatchObject({
      system: 'own',
      uptimeSeconds: 12,
    });
    expect(parseProbe(LINES.replace('=12', '='))).toMatchObject({ uptimeSeconds: null, users: [] });
  });

  it.each([
    '',
    'boot-id=x\nmaintenance=no',
    LINES.replace('maintenance=no', ''),
    LINES.replace('=no', '=maybe'),
  ])('has nothing to say about %j', (output) => {
    expect(parseProbe(output)).toBeUndefined();
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseProbe(text) === undefined));
  });
});
