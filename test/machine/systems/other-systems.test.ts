import { describe, expect, it } from 'vitest';
import { bootIdOfMark } from '../../../src/machine/systems/boot-mark.ts';
import { custom } from '../../../src/machine/systems/custom.ts';
import { freebsd } from '../../../src/machine/systems/freebsd.ts';
import { macos } from '../../../src/machine/systems/macos.ts';
import { solaris } from '../../../src/machine/systems/solaris.ts';
import type { System } from '../../../src/machine/systems/system.ts';
import { windows } from '../../../src/machine/systems/windows.ts';
import { FakePrograms } from './programs.ts';

const BOOT_ID = '0x4c8609698ad1a11cdc00cf6eb7d954e1';
const BOOT_TIME = '{ sec = 1795368535, usec = 120000 } Sun Nov 22 17:28:55 2026';
const COMMON = {
  date: 'echo 1795372135',
  who: 'printf "bob ttyv0 a\\nalice pts/0 b\\nbob pts/1 c\\n"',
  id: 'if [ "$1" = -u ]; then echo 501; else echo "uid=501(bot) gid=1(other)"; fi',
};
const sysctl = (answers: Record<string, string>) =>
  `case "$*" in ${Object.entries(answers)
    .map(([args, answer]) => `"${args}") echo "${answer}" ;;`)
    .join(' ')} *) exit 1 ;; esac`;

const SYSTEMS: [
  string,
  { system: System; programs: Record<string, string>; bootId: string; reboots: string },
][] = [
  [
    'macOS',
    {
      system: macos,
      programs: {
        ...COMMON,
        sysctl: sysctl({
          '-n kern.boottime': BOOT_TIME,
          '-n kern.bootsessionuuid': '7C1AB8E2-58C6-4F0B-9D1D-0F6B6F3C3F10',
        }),
      },
      bootId: '7c1ab8e2-58c6-4f0b-9d1d-0f6b6f3c3f10',
      reboots: 'shutdown -r now\n',
    },
  ],
  [
    'FreeBSD',
    {
      system: freebsd,
      programs: {
        ...COMMON,
        uname: 'echo FreeBSD',
        sysctl: sysctl({
          '-n kern.boottime': BOOT_TIME,
          '-nx kern.boot_id': `Format: Length:16 Dump:${BOOT_ID}`,
        }),
      },
      bootId: bootIdOfMark(BOOT_ID),
      reboots: 'shutdown -r now\n',
    },
  ],
  [
    'a FreeBSD without kern.boot_id',
    {
      system: freebsd,
      programs: { ...COMMON, uname: 'echo FreeBSD', sysctl: sysctl({ '-n kern.boottime': BOOT_TIME }) },
      bootId: bootIdOfMark('1795368535'),
      reboots: 'shutdown -r now\n',
    },
  ],
  [
    'Solaris',
    {
      system: solaris,
      programs: {
        ...COMMON,
        kstat: `case "$2" in
          *:boot_time) printf "%s\\t1795368535\\n" "$2" ;;
          *:snaptime) printf "%s\\t3600.123456\\n" "$2" ;;
        esac`,
      },
      bootId: bootIdOfMark('1795368535'),
      reboots: 'shutdown -y -i6 -g0\n',
    },
  ],
];

describe.each(SYSTEMS)('the commands for %s', (_name, { system, programs, bootId, reboots }) => {
  it('tell boot id, uptime and users of its own programs', () => {
    const { status, output } = new FakePrograms(programs).run(system.probe);

    expect(status).toBe(0);
    expect(system.read(output)).toEqual({
      bootId,
      system: 'own',
      uptimeSeconds: 3600,
      users: ['alice', 'bob'],
    });
  });

  it('end 0 at once and reboot after that', () => {
    const fakes = new FakePrograms(programs);

    const { status } = fakes.run(system.reboot);

    expect(status).toBe(0);
    expect(fakes.called()).toBe(reboots);
  });

  it('end 77 for a user who may not reboot', () => {
    const { status } = new FakePrograms({ ...programs, true: 'exit 1' }).run(system.reboot);

    expect(status).toBe(77);
  });

  it('say nothing that could be read on another system', () => {
    const { output } = new FakePrograms().run(system.probe);

    expect(system.read(output)).toBeUndefined();
  });
});

describe('the commands for Windows', () => {
  it.each([
    ['probe', windows.probe],
    ['reboot', windows.reboot],
  ])('hide the %s from the quoting of cmd.exe and PowerShell, which take 8,191 letters', (_what, command) => {
    expect(command).toMatch(/^powershell\.exe [A-Za-z -]+ -EncodedCommand [A-Za-z0-9+/=]+$/);
    expect(command.length).toBeLessThan(8_191);
  });

  it('are PowerShell once decoded', () => {
    const script = Buffer.from(windows.probe.split(' ').at(-1) ?? '', 'base64').toString('utf16le');

    expect(script).toContain('Get-CimInstance Win32_OperatingSystem');
    expect(script.match(/\{/g)).toHaveLength(script.match(/\}/g)?.length ?? 0);
    expect(script).not.toContain('undefined');
  });
});

describe('the commands of a custom system', () => {
  const { read } = custom({ reboot: 'r', bootId: 'b' });

  it('tell boots apart by the one line that is printed', () => {
    expect(read('boot 17\n')).toEqual({
      bootId: bootIdOfMark('boot 17'),
      system: 'own',
      uptimeSeconds: null,
      users: [],
    });
    expect(read('\r\n boot 17 \r\n')).toEqual(read('boot 17'));
    expect(read('boot 18')).not.toEqual(read('boot 17'));
  });

  it.each(['', '\n', 'one\ntwo', 'x'.repeat(201), '\u001b[0m17'])('make nothing of %j', (answer) => {
    expect(read(answer)).toBeUndefined();
  });
});
