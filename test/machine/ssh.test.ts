import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/machine/host-keys.ts';
import {
  BOOT_ID,
  closeBoxes,
  endWith,
  listen,
  machines,
  newKey,
  pinsInMemory,
  pluto,
  SHORT_COMMAND,
  SHORT_LOGIN,
  sshBox,
  succeed,
} from './ssh-box.ts';

afterEach(closeBoxes);

const HOST_KEY = newKey();

describe('probe', () => {
  it('tells the boot id, the system, the host key, uptime and users', async () => {
    const port = await sshBox({ hostKeys: [HOST_KEY] });

    const probe = await machines({}).machines.probe(pluto({ port }), []);

    expect(probe).toEqual({
      kind: 'up',
      bootId: BOOT_ID,
      system: 'own',
      hostKey: HOST_KEY.public,
      uptimeSeconds: 3600,
      users: ['alice', 'bob'],
    });
  });

  it('pins the first host key and refuses another one from then on, naming both', async () => {
    const pins = pinsInMemory();
    const first = await sshBox({ hostKeys: [HOST_KEY] });
    await machines({ pins }).machines.probe(pluto({ port: first }), []);
    const imposter = newKey();
    const port = await sshBox({ hostKeys: [imposter] });
    pins.pins.set(`127.0.0.1:${port}`, HOST_KEY.public);

    const probe = await machines({ pins }).machines.probe(pluto({ port }), []);

    expect(pins.pins.get(`127.0.0.1:${first}`)).toBe(HOST_KEY.public);
    expect(probe).toEqual({
      kind: 'refused',
      why: `it shows another host key: ${fingerprint(imposter.public)}, but known is ${fingerprint(HOST_KEY.public)}. If its keys were made anew, \`testbox host-keys forget <box>\` on the server lets the next one be pinned`,
    });
  });

  it('takes the key that a restore brought back', async () => {
    const pins = pinsInMemory();
    const restored = newKey();
    const port = await sshBox({ hostKeys: [restored] });
    pins.pins.set(`127.0.0.1:${port}`, HOST_KEY.public);

    const probe = await machines({ pins }).machines.probe(pluto({ port }), [restored.public]);

    expect(probe).toMatchObject({ kind: 'up', hostKey: restored.public });
    expect(pins.pins.get(`127.0.0.1:${port}`)).toBe(HOST_KEY.public);
  });

  it('knows the key that a restore has brought from then on, and the one before no more', async () => {
    const pins = pinsInMemory();
    const restored = newKey();
    const port = await sshBox({ hostKeys: [restored] });
    const box = pluto({ port });
    await pins.pin(`127.0.0.1:${port}`, HOST_KEY.public);
    await machines({ pins }).machines.keepHostKey(box, restored.public);

    expect(await machines({ pins }).machines.probe(box, [])).toMatchObject({ kind: 'up' });
    expect([...pins.pins]).toEqual([[`127.0.0.1:${port}`, restored.public]]);
  });

  it('knows it beside a known_hosts file, until the box shows a key of the file again', async () => {
    const pins = pinsInMemory();
    const restored = newKey();
    const port = await sshBox({ hostKeys: [restored] });
    const box = pluto({ port, hostKey: 'known-hosts' });
    const probe = (knownHosts: string) => machines({ knownHosts, pins }).machines.probe(box, []);
    const line = (key: string) => `[127.0.0.1]:${port} ${key}\n`;
    expect(await probe(line(HOST_KEY.public))).toMatchObject({ kind: 'refused' });

    await machines({ knownHosts: line(HOST_KEY.public), pins }).machines.keepHostKey(box, restored.public);
    expect(await probe(line(HOST_KEY.public))).toMatchObject({ kind: 'up', hostKey: restored.public });
    expect(await probe(`${line(HOST_KEY.public)}@revoked ${line(restored.public)}`)).toMatchObject({
      kind: 'refused',
    });
    expect(pins.pins.size).toBe(1);

    const own = newKey();
    const again = pluto({ port: await sshBox({ hostKeys: [own] }), hostKey: 'known-hosts' });
    const knownHosts = `[127.0.0.1]:${again.ssh.port} ${own.public}\n`;
    const { machines: later } = machines({ knownHosts, pins });
    pins.pins.clear();
    await later.keepHostKey(again, restored.public);
    expect(await later.probe(again, [])).toMatchObject({ kind: 'up', hostKey: own.public });
    expect(pins.pins.size).toBe(0);
  });

  it('keeps no key that known_hosts has anyway', async () => {
    const pins = pinsInMemory();
    const box = pluto({ port: 2222, hostKey: 'known-hosts' });
    const knownHosts = `[127.0.0.1]:2222 ${HOST_KEY.public}\n`;

    await machines({ knownHosts, pins }).machines.keepHostKey(box, HOST_KEY.public);

    expect(pins.pins.size).toBe(0);
  });

  it('takes no key that was pinned at first use for one of known_hosts', async () => {
    const pins = pinsInMemory();
    const port = await sshBox({ hostKeys: [HOST_KEY] });
    await machines({ pins }).machines.probe(pluto({ port }), []);

    expect(
      await machines({ pins }).machines.probe(pluto({ port, hostKey: 'known-hosts' }), []),
    ).toMatchObject({
      kind: 'refused',
    });
  });

  it('does not pin the key of the maintenance system', async () => {
    const pins = pinsInMemory();
    const port = await sshBox({
      command: endWith(0, `boot-id=${BOOT_ID}\nmaintenance=yes\nuptime=3\nusers=\n`),
    });

    const probe = await machines({ pins }).machines.probe(pluto({ port }), []);

    expect(probe).toMatchObject({ kind: 'up', system: 'maintenance', users: [] });
    expect(pins.pins.size).toBe(0);
  });

  it('refuses when two bots pin different keys at once', async () => {
    const port = await sshBox({ hostKeys: [HOST_KEY] });
    const pins = { ...pinsInMemory(), pinned: async () => null, pin: async () => newKey().public };

    expect(await machines({ pins }).machines.probe(pluto({ port }), [])).toMatchObject({ kind: 'refused' });
  });

  it('finds the key in known_hosts, among others of the same server', async () => {
    const known = newKey();
    const port = await sshBox({ hostKeys: [known] });
    const knownHosts = `[127.0.0.1]:${port} ${known.public}\n[127.0.0.1]:1 ${HOST_KEY.public}\n`;

    const probe = await machines({ knownHosts }).machines.probe(pluto({ port, hostKey: 'known-hosts' }), []);

    expect(probe).toMatchObject({ kind: 'up' });
  });

  it('refuses a box that known_hosts does not name, one with another key, and one with a revoked key', async () => {
    const port = await sshBox({ hostKeys: [HOST_KEY] });
    const probe = (knownHosts: string) =>
      machines({ knownHosts }).machines.probe(pluto({ port, hostKey: 'known-hosts' }), []);
    const place = `[127.0.0.1]:${port}`;

    expect(await probe('')).toEqual({
      kind: 'refused',
      why: expect.stringContaining(`has no host key of ${place}`),
    });
    expect(await probe(`${place} ${newKey().public}`)).toEqual({
      kind: 'refused',
      why: expect.stringContaining('another host key'),
    });
    expect(
      await probe(
        `${place} ${newKey().public}\n@revoked ${place} ${HOST_KEY.public}\n${place} ${HOST_KEY.public}`,
      ),
    ).toEqual({ kind: 'refused', why: expect.stringContaining('is revoked') });
  });

  it('says when the box does not take the key of the bot', async () => {
    const port = await sshBox({ acceptLogin: false });

    expect(await machines({}).machines.probe(pluto({ port }), [])).toEqual({
      kind: 'refused',
      why: "it does not accept the bot's SSH key for the user root",
    });
  });

  it('is down for a closed port and for a peer that says nothing', async () => {
    const silent = await listen(() => undefined);
    const { machines: bot } = machines({ timeouts: SHORT_LOGIN });

    expect(await bot.probe(pluto({ port: 1 }), [])).toMatchObject({
      kind: 'down',
      why: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await bot.probe(pluto({ port: silent }), [])).toMatchObject({ kind: 'down' });
  });

  it('is down for a peer that hangs up at once, and for one that is no SSH server', async () => {
    const hangsUp = await listen((socket) => socket.destroy());
    const web = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { machines: bot } = machines({});

    expect(await bot.probe(pluto({ port: hangsUp }), [])).toMatchObject({ kind: 'down' });
    expect(await bot.probe(pluto({ port: web }), [])).toMatchObject({ kind: 'down' });
  });

  it('is down when the command never ends, or the connection dies under it', async () => {
    const hanging = await sshBox({ command: () => undefined });
    const dying = await sshBox({ command: (_channel, _command, socket) => socket.destroy() });
    const { machines: bot } = machines({ timeouts: SHORT_COMMAND });

    expect(await bot.probe(pluto({ port: hanging }), [])).toMatchObject({ kind: 'down' });
    expect(await bot.probe(pluto({ port: dying }), [])).toMatchObject({ kind: 'down' });
  });

  it.each([
    ['another system', endWith(1, 'The term "sh" is not recognized')],
    ['an endless talker', endWith(0, 'x'.repeat(300_000))],
  ])('has an answer to %s', async (_what, command) => {
    const port = await sshBox({ command });

    const probe = await machines({}).machines.probe(pluto({ port }), []);

    expect(probe.kind).toMatch(/^(?:refused|down)$/);
  });

  it('says what is wrong with its own key', async () => {
    const port = await sshBox({});
    const { machines: bot, keyFile } = machines({});
    writeFileSync(keyFile, 'not a key');

    expect(await bot.probe(pluto({ port }), [])).toEqual({
      kind: 'refused',
      why: expect.stringContaining("the bot's SSH key can't be used"),
    });
  });
});

describe('reboot', () => {
  it('is issued when the detached command was started', async () => {
    const commands: string[] = [];
    const port = await sshBox({
      command: (channel, command) => {
        commands.push(command);
        succeed(channel, command);
      },
    });

    expect(await machines({}).machines.reboot(pluto({ port }), [])).toEqual({ kind: 'issued' });
    expect(commands).toHaveLength(2); // a first contact is looked at before its key is pinned
    expect(commands[1]).toContain('reboot');
  });

  it('surely was not issued without a connection, or with another host key', async () => {
    const pins = pinsInMemory();
    const port = await sshBox({});
    pins.pins.set(`127.0.0.1:${port}`, HOST_KEY.public);
    const { machines: bot } = machines({ pins });

    expect(await bot.reboot(pluto({ port: 1 }), [])).toMatchObject({ kind: 'failed' });
    expect(await bot.reboot(pluto({ port }), [])).toEqual({
      kind: 'failed',
      why: expect.stringContaining('another host key'),
    });
  });

  it.each([
    [75, 'maintenance system'],
    [77, 'may not reboot'],
    [127, 'status 127'],
  ])('failed when the command ends with %i', async (status, why) => {
    const pins = pinsInMemory();
    const port = await sshBox({ hostKeys: [HOST_KEY], command: endWith(status) });
    pins.pins.set(`127.0.0.1:${port}`, HOST_KEY.public);

    expect(await machines({ pins }).machines.reboot(pluto({ port }), [])).toEqual({
      kind: 'failed',
      why: expect.stringContaining(why),
    });
  });

  it.each([
    ['the connection dies under the command', (socket: { destroy(): void }) => socket.destroy()],
    ['the box freezes under the command', () => undefined],
  ])('is of unknown outcome when %s', async (_what, happen) => {
    const pins = pinsInMemory();
    const port = await sshBox({
      hostKeys: [HOST_KEY],
      command: (_channel, _command, socket) => happen(socket),
    });
    pins.pins.set(`127.0.0.1:${port}`, HOST_KEY.public);

    const { machines: bot } = machines({ pins, timeouts: SHORT_COMMAND });
    expect(await bot.reboot(pluto({ port }), [])).toMatchObject({ kind: 'unknown' });
  });
});
