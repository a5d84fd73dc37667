import type { ServerChannel } from 'ssh2';
import { afterAll, describe, expect, it } from 'vitest';
import type { OperatingSystem, Testbox } from '../../src/domain/testbox.ts';
import { systemOf } from '../../src/machine/system-of.ts';
import { bootIdOfMark } from '../../src/machine/systems/boot-mark.ts';
import { linux } from '../../src/machine/systems/linux.ts';
import { BOOT_ID, closeBoxes, machines, newKey, pinsInMemory, pluto, sshBox } from './ssh-box.ts';

afterAll(closeBoxes);

const NOT_POSIX =
  "'sh' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n";
const NOT_LINUX = 'boot-id=\nmaintenance=no\nuptime=\nusers=\n';

interface Transcript {
  os: OperatingSystem;
  /** What it says to the probe for Linux. */
  toLinux: { status: number; stdout?: string; stderr?: string };
  answer: string;
  seen: { bootId: string; uptimeSeconds: number | null; users: string[] };
}

const TRANSCRIPTS: Transcript[] = [
  {
    os: 'windows',
    toLinux: { status: 1, stderr: NOT_POSIX },
    answer: 'boot-mark=1795368535\r\nmaintenance=no\r\nuptime=7200\r\nusers=Administrator tester\r\n',
    seen: { bootId: bootIdOfMark('1795368535'), uptimeSeconds: 7200, users: ['Administrator', 'tester'] },
  },
  {
    os: 'macos',
    toLinux: { status: 0, stdout: NOT_LINUX, stderr: 'cat: /proc/…: No such file or directory\n' },
    answer:
      'boot-id=7C1AB8E2-58C6-4F0B-9D1D-0F6B6F3C3F10\nmaintenance=no\nuptime=60\nusers=_mbsetupuser bob \n',
    seen: { bootId: BOOT_ID, uptimeSeconds: 60, users: ['_mbsetupuser', 'bob'] },
  },
  {
    os: 'freebsd',
    toLinux: { status: 0, stdout: NOT_LINUX },
    answer: 'boot-mark=0x4c8609698ad1a11cdc00cf6eb7d954e1\nmaintenance=no\nuptime=60\nusers=\n',
    seen: { bootId: bootIdOfMark('0x4c8609698ad1a11cdc00cf6eb7d954e1'), uptimeSeconds: 60, users: [] },
  },
  {
    os: 'solaris',
    toLinux: { status: 0, stdout: NOT_LINUX },
    answer: 'Oracle Solaris\nboot-mark=1795368535\nmaintenance=no\nuptime=60\nusers=root \n',
    seen: { bootId: bootIdOfMark('1795368535'), uptimeSeconds: 60, users: ['root'] },
  },
  {
    os: 'custom',
    toLinux: { status: 127, stderr: '?NO SUCH COMMAND' },
    answer: 'BOOT COUNT 17\r\n',
    seen: { bootId: bootIdOfMark('BOOT COUNT 17'), uptimeSeconds: null, users: [] },
  },
];

const boxOf = (os: OperatingSystem, port: number): Testbox => ({
  ...pluto({ port }),
  os,
  commands: os === 'custom' ? { reboot: 'RESTART /DETACHED', bootId: 'SHOW BOOT' } : null,
});

type Said = { status: number; stdout?: string; stderr?: string };

/** A box that answers commands by what they are, and writes down which came. */
async function scripted(os: OperatingSystem, says: { linux: Said; probe: Said; reboot?: Said }) {
  const came: string[] = [];
  const port = await sshBox({
    command: (channel, command) => {
      const { probe, reboot } = systemOf(boxOf(os, 22));
      const name =
        command === linux.probe ? 'linux' : command === probe ? 'probe' : command === reboot ? 'reboot' : '?';
      came.push(name);
      if (name === '?') throw new Error(`an unexpected command: ${command}`);
      say(channel, says[name] ?? { status: 0 });
    },
  });
  return { box: boxOf(os, port), came };
}

function say(channel: ServerChannel, { status, stdout = '', stderr = '' }: Said): void {
  channel.write(stdout);
  channel.stderr.write(stderr);
  channel.exit(status);
  channel.end();
}

describe.concurrent.each(TRANSCRIPTS)('a box with $os', ({ os, toLinux, answer, seen }) => {
  it('is up with its boot id, uptime and users', async () => {
    const { box } = await scripted(os, { linux: toLinux, probe: { status: 0, stdout: answer } });

    expect(await machines({}).machines.probe(box, [])).toMatchObject({ kind: 'up', system: 'own', ...seen });
  });

  it('is refused when it answers otherwise, or its probe fails', async () => {
    const odd = await scripted(os, { linux: toLinux, probe: { status: 0, stdout: 'hello\nworld\n' } });
    const failing = await scripted(os, {
      linux: toLinux,
      probe: { status: 1, stdout: answer, stderr: 'denied' },
    });

    expect(await machines({}).machines.probe(odd.box, [])).toEqual({
      kind: 'refused',
      why: expect.stringMatching(/^it does not answer as a .* \(without a word\)$/),
    });
    expect(await machines({}).machines.probe(failing.box, [])).toEqual({
      kind: 'refused',
      why: expect.stringContaining('(denied)'),
    });
  });

  it('reboots by its own command', async () => {
    const { box, came } = await scripted(os, { linux: toLinux, probe: { status: 0, stdout: answer } });

    expect(await machines({}).machines.reboot(box, [])).toEqual({ kind: 'issued' });
    expect(came).toEqual(['linux', 'probe', 'reboot']);
  });

  it('is not rebooted, and its key is not kept, while it runs the maintenance system', async () => {
    const pins = pinsInMemory();
    const { box, came } = await scripted(os, {
      linux: { status: 0, stdout: `boot-id=${BOOT_ID}\nmaintenance=yes\nuptime=3\nusers=\n` },
      probe: { status: 127 },
    });
    const bot = machines({ pins }).machines;

    expect(await bot.probe(box, [])).toMatchObject({ kind: 'up', system: 'maintenance', bootId: BOOT_ID });
    expect(await bot.reboot(box, [])).toEqual({
      kind: 'failed',
      why: 'it runs the maintenance system, which is not rebooted over SSH',
    });
    expect(came).toEqual(['linux', 'linux']);
    expect(pins.pins.size).toBe(0);
  });

  it('says why it can not be rebooted', async () => {
    const { box } = await scripted(os, {
      linux: toLinux,
      probe: { status: 0, stdout: answer },
      reboot: { status: 77, stderr: 'a password is required\n' },
    });

    expect(await machines({}).machines.reboot(box, [])).toEqual({
      kind: 'failed',
      why: "the bot's user there may not reboot it (a password is required)",
    });
  });
});

it('does not reboot a box that shows another host key', async () => {
  const { box, came } = await scripted('windows', { linux: { status: 1 }, probe: { status: 0 } });
  const pins = pinsInMemory(new Map([[`127.0.0.1:${box.ssh.port}`, newKey().public]]));

  expect(await machines({ pins }).machines.reboot(box, [])).toMatchObject({ kind: 'failed' });
  expect(came).toEqual([]);
});
