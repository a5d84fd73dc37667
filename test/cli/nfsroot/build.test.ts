import { once } from 'node:events';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BuildPlace, cannotBuild } from './build-place.ts';

const title = `testbox nfsroot build${cannotBuild === null ? '' : ` (${cannotBuild})`}`;

describe.skipIf(cannotBuild !== null)(title, () => {
  it('makes a root with the agent, its Node and its settings, and puts its kernel and initrd in place', () => {
    const place = new BuildPlace();
    writeFileSync(
      join(place.recipe, 'customize.sh'),
      '#!/bin/sh\necho "$TESTBOX_SUITE" >"$1/etc/customized"\n',
      {
        mode: 0o755,
      },
    );
    symlinkSync('/dev/null', join(place.recipe, 'root/etc/masked'));

    const built = place.run(['build', '--suite', 'bookworm']);

    expect(built).toMatchObject({ status: 0, stderr: '' });
    expect(built.stdout).toMatch(/^ +\d+ s {2}reading the mirror's lists$/m);
    const { root } = place.layout.build('000001');
    const inRoot = (path: string) => readFileSync(join(root, path), 'utf8');
    expect(inRoot('etc/motd')).toBe('the maintenance system\n');
    expect(statSync(join(root, 'etc/motd')).mode & 0o777).toBe(0o644);
    for (const path of [
      place.layout.nfsroot,
      place.layout.builds,
      root,
      join(root, 'opt/testbox/current/'),
    ]) {
      expect(statSync(path).mode & 0o777).toBe(0o755);
    }
    expect(statSync(join(root, 'opt/testbox/current/main.cjs')).mode & 0o777).toBe(0o644);
    expect(readlinkSync(join(root, 'etc/masked'))).toBe('/dev/null');
    expect(inRoot('etc/customized')).toBe('bookworm\n');
    expect(JSON.parse(inRoot('etc/testbox/agent.json'))).toEqual({
      botUrl: 'http://10.40.41.1:7480',
      allowJobless: false,
    });
    expect(inRoot('root/.ssh/authorized_keys')).toBe(place.read('key.pub'));
    expect(statSync(join(root, 'root/.ssh/authorized_keys')).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'root/.ssh')).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'root')).mode & 0o777).toBe(0o700);
    expect(inRoot('etc/fstab')).toContain(
      '10.40.41.1:/export/testbox-backup /mnt/testbox-backup nfs4 vers=4.1,proto=tcp,noauto 0 0\n',
    );
    const version = inRoot('opt/testbox/current/version').trim();
    expect(readlinkSync(join(root, 'opt/testbox/current'))).toBe(`releases/${version}`);
    expect(readdirSync(join(root, 'opt/testbox/current')).toSorted()).toEqual([
      'blake3.node',
      'koffi.node',
      'main.cjs',
      'version',
      'worker.cjs',
    ]);
    expect(JSON.parse(inRoot('etc/testbox/release'))).toMatchObject({
      build: '000001',
      suite: 'bookworm',
      kernel: '6.12.1-amd64',
      agentVersion: version,
      nodeVersion: process.version,
    });
    expect(place.read('tftp/maintenance-boot/vmlinuz')).toBe('kernel 6.12.1-amd64\n');
    expect(place.read('tftp/maintenance-boot/initrd.img')).toBe('initrd of 6.12.1-amd64 for build 000001\n');
    expect(statSync(join(place.tftpRoot, 'maintenance-boot')).mode & 0o777).toBe(0o755);
    expect(statSync(join(place.tftpRoot, 'maintenance-boot/vmlinuz')).mode & 0o777).toBe(0o644);
    expect(readdirSync(place.layout.builds)).toEqual(['000001']);
  });

  it('tells nobody its secrets: not mmdebstrap, and not the net that reads the root', () => {
    const place = new BuildPlace();

    expect(place.run(['build'])).toMatchObject({ status: 0 });

    expect(place.heardByFake('environment')).not.toContain('xoxb-secret');
    expect(existsSync(join(place.layout.build('000001').root, 'etc/apt/apt.conf.d/99mmdebstrap'))).toBe(
      false,
    );
    const installed = readFileSync(
      join(place.layout.build('000001').root, 'root/.ssh/authorized_keys'),
      'utf8',
    );
    expect(installed).not.toContain('PRIVATE');
  });

  it('puts a new build beside the one that boxes run from, and says what is there', () => {
    const place = new BuildPlace();
    place.run(['build']);
    const before = statSync(place.layout.build('000001').root).ino;
    place.tellFake('kernel', '6.12.2-amd64');

    const again = place.run(['build', '--allow-jobless']);

    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(place.layout.build('000001').root).ino).toBe(before);
    expect(readlinkSync(place.layout.currentLink)).toBe('builds/000002');
    expect(place.read('tftp/maintenance-boot/initrd.img')).toBe('initrd of 6.12.2-amd64 for build 000002\n');
    const checked = place.run(['check']);
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(checked.stdout).toMatch(/^ok {3}Debian trixie with the kernel 6\.12\.2-amd64, /);
    expect(checked.stdout).toContain('acts on boot configs without a job');
    const back = place.run(['use']);
    expect(back).toMatchObject({ status: 0, stdout: expect.stringContaining('builds/000001\n') });
    expect(place.read('tftp/maintenance-boot/initrd.img')).toBe('initrd of 6.12.1-amd64 for build 000001\n');
    expect(place.run(['use', '9'])).toMatchObject({
      status: 1,
      stderr: 'testbox nfsroot: there is no build 9: name one of 000001, 000002\n',
    });
    expect(place.run(['use', '2'])).toMatchObject({ status: 0 });
    expect(readlinkSync(place.layout.currentLink)).toBe('builds/000002');
  });

  it('leaves what boxes boot as it was when a build fails, and says where its log is', () => {
    const place = new BuildPlace();
    place.run(['build']);
    const initrd = place.read('tftp/maintenance-boot/initrd.img');
    place.tellFake(
      'fail-at',
      'installing remaining packages inside the chroot...\nE: Unable to locate package systemd\n',
    );

    const failed = place.run(['build']);

    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(
      /mmdebstrap failed \(status 25\) while downloading and installing the other packages\. Its log is .*nfsroot-build\.log, and ends in:\n {2}E: Unable to locate package systemd\n/,
    );
    expect(place.read('nfsroot-build.log')).toContain('E: Unable to locate package systemd');
    expect(place.read('tftp/maintenance-boot/initrd.img')).toBe(initrd);
    expect(readdirSync(place.layout.builds)).toEqual(['000001']);
  });

  it('names a mirror that it could not reach', () => {
    const place = new BuildPlace();
    place.tellFake(
      'fail-at',
      "running apt-get update...\nErr:1 http://mirror.lab/debian trixie InRelease\n  Could not resolve 'mirror.lab'\nE: some index files failed\n",
    );

    const { status, stderr } = place.run(['build']);

    expect(status).toBe(1);
    expect(stderr).toContain(
      "the mirror http://mirror.lab/debian didn't give what is needed (Could not resolve 'mirror.lab'): look at the network",
    );
  });

  it('refuses a root that somebody could log in to by a password', () => {
    const place = new BuildPlace();
    writeFileSync(
      join(place.recipe, 'customize.sh'),
      '#!/bin/sh\necho "joe:\\$6\\$x:1::::::" >>"$1/etc/shadow"\n',
      {
        mode: 0o755,
      },
    );

    expect(place.run(['build'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('joe could log in to the new root by a password'),
    });
    expect(readdirSync(place.layout.builds)).toEqual([]);
  });

  it('is stopped by Ctrl-C in order', async () => {
    const place = new BuildPlace();
    place.tellFake('hang-at', 'installing essential packages...');
    const child = await place.runUntil(['build'], /installing the base system/);

    child.kill('SIGINT');
    const [status] = await once(child, 'exit');

    expect(status).toBe(1);
    expect(readdirSync(place.layout.builds)).toEqual([]);
  });

  it('goes with all it has started when it is killed, and the next run clears up', async () => {
    const place = new BuildPlace();
    place.tellFake('hang-at', 'installing essential packages...');
    const child = await place.runUntil(['build'], /installing the base system/);
    const meanwhile = place.run(['build']);

    child.kill('SIGKILL');
    await once(child, 'exit');
    place.tellFake('hang-at', null);
    const left = readdirSync(place.layout.builds);
    const next = await untilUnlocked(() => place.run(['build']));

    expect(meanwhile).toMatchObject({
      status: 1,
      stderr: `testbox nfsroot: process ${child.pid} is at work on this nfsroot: wait until that has ended\n`,
    });
    expect(left).toEqual(['.partial-000001']);
    expect(next).toMatchObject({ status: 0, stderr: '' });
    expect(next.stdout).toContain('.partial-000001, of a build that was cut short');
    expect(readdirSync(place.layout.builds)).toEqual(['000001']);
  });
});

/** The kernel ends what was started in its own time, and the lock with it. */
async function untilUnlocked(run: () => { status: number | null; stdout: string; stderr: string }) {
  for (let tries = 0; tries < 20; tries += 1) {
    const ended = run();
    if (!ended.stderr.includes('is at work on this nfsroot')) return ended;
  }
  return run();
}
