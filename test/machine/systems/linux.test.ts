import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linux } from '../../../src/machine/systems/linux.ts';
import { FakePrograms } from './programs.ts';

const onLinux = existsSync('/proc/sys/kernel/random/boot_id');

describe.skipIf(!onLinux)('the commands for Linux, on this machine', () => {
  it('tell the boot id of this kernel', () => {
    const { output } = new FakePrograms().run(linux.probe);

    expect(linux.read(output)).toEqual({
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      system: 'own',
      uptimeSeconds: expect.any(Number),
      users: expect.any(Array),
    });
  });

  it('end 0 at once and reboot after that', () => {
    const programs = new FakePrograms();

    const { status } = programs.run(linux.reboot);

    expect(status).toBe(0);
    expect(programs.called()).toBe('systemctl reboot\n');
  });
});
