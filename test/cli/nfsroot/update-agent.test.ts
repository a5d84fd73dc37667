import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BuildPlace, cannotBuild } from './build-place.ts';

const title = `testbox nfsroot update-agent and check${cannotBuild === null ? '' : ` (${cannotBuild})`}`;

/** A root as a build leaves it, with the agent of an earlier program. */
function builtBefore(): { place: BuildPlace; root: string; agent: (path?: string) => string } {
  const place = new BuildPlace();
  const { root } = place.layout.build('000007');
  const agent = (path = '') => join(root, 'opt/testbox', path);
  for (const version of ['0.0.8+old', '0.0.9+before']) {
    mkdirSync(agent(`releases/${version}`), { recursive: true });
    for (const name of ['main.cjs', 'worker.cjs', 'version'])
      writeFileSync(agent(`releases/${version}/${name}`), version);
  }
  symlinkSync('releases/0.0.9+before', agent('current'));
  for (const path of ['etc/testbox', 'root/.ssh', 'boot', 'usr/lib/modules/6.1/kernel']) {
    mkdirSync(join(root, path), { recursive: true });
  }
  writeFileSync(
    join(root, 'etc/testbox/agent.json'),
    '{"botUrl":"http://10.40.41.1:7480","allowJobless":true}',
  );
  writeFileSync(join(root, 'root/.ssh/authorized_keys'), place.read('key.pub'), { mode: 0o600 });
  const release = {
    build: '000007',
    suite: 'trixie',
    kernel: '6.1',
    agentVersion: '0.0.9+before',
    nodeVersion: 'v24',
  };
  writeFileSync(
    join(root, 'etc/testbox/release'),
    JSON.stringify({ ...release, builtAt: '2026-11-01T00:00:00.000Z' }),
  );
  for (const name of ['vmlinuz', 'initrd.img']) {
    writeFileSync(join(root, 'boot', `${name}-6.1`), name);
    mkdirSync(join(place.tftpRoot, 'maintenance-boot'), { recursive: true });
    writeFileSync(join(place.tftpRoot, 'maintenance-boot', name), name);
  }
  symlinkSync('builds/000007', place.layout.currentLink);
  return { place, root, agent };
}

describe.skipIf(cannotBuild !== null)(title, () => {
  it('replaces the agent alone, keeps the one before, and says what changed', () => {
    const { place, root, agent } = builtBefore();
    const before = place.run(['check']);

    const updated = place.run(['update-agent']);
    const again = place.run(['update-agent']);

    expect(before).toMatchObject({ status: 1, stderr: '' });
    expect(before.stdout).toMatch(
      /^FIX {2}the agent on the root is 0\.0\.9\+before and this program's is .*: testbox nfsroot update-agent$/m,
    );
    expect(before.stdout.match(/^FIX/gm)).toHaveLength(1);
    expect(updated).toMatchObject({ status: 0, stderr: '' });
    expect(updated.stdout).toMatch(
      /^boxes start the agent \S+ from their next boot on \(it was 0\.0\.9\+before\)\n$/,
    );
    const version = readFileSync(agent('current/version'), 'utf8').trim();
    expect(readlinkSync(agent('current'))).toBe(`releases/${version}`);
    expect(readdirSync(agent('releases')).toSorted()).toEqual(['0.0.9+before', version].toSorted());
    expect(statSync(agent('current/main.cjs')).mode & 0o777).toBe(0o644);
    expect(statSync(agent('current/')).mode & 0o777).toBe(0o755);
    expect(JSON.parse(readFileSync(join(root, 'etc/testbox/release'), 'utf8'))).toMatchObject({
      agentVersion: version,
    });
    expect(again).toMatchObject({ status: 0, stdout: 'everything is up to date\n' });
    expect(place.run(['check'])).toMatchObject({ status: 0 });
  });

  it('brings the bot and the keys up to date, and asks for jobs when the bot is another', () => {
    const { place, root } = builtBefore();
    const other = {
      TESTBOX_REPORT_URL: 'http://10.40.41.9:7480',
      TESTBOX_AUTHORIZED_KEYS: join(place.folder, 'people'),
    };
    writeFileSync(other.TESTBOX_AUTHORIZED_KEYS, place.read('key.pub').replace(' bot', ' ann'));
    const before = place.run(['check'], other);

    const { status, stdout } = place.run(['update-agent'], other);

    expect(before.stdout).toContain(
      'FIX  the agent knows the bot at http://10.40.41.1:7480 and TESTBOX_REPORT_URL is http://10.40.41.9:7480',
    );
    expect(status).toBe(0);
    expect(stdout).toContain(
      'agent.json now names the bot at http://10.40.41.9:7480, and boot configs without a job are refused',
    );
    expect(JSON.parse(readFileSync(join(root, 'etc/testbox/agent.json'), 'utf8'))).toEqual({
      botUrl: 'http://10.40.41.9:7480',
      allowJobless: false,
    });
    expect(statSync(join(root, 'root/.ssh/authorized_keys')).mode & 0o777).toBe(0o600);
    expect(place.run(['check'], other)).toMatchObject({ status: 0 });
  });

  it('keeps to what was decided of boot configs without a job, unless told', () => {
    const { place, root } = builtBefore();
    const jobless = () => JSON.parse(readFileSync(join(root, 'etc/testbox/agent.json'), 'utf8')).allowJobless;

    place.run(['update-agent']);
    const kept = jobless();
    place.run(['update-agent', '--require-job']);

    expect(kept).toBe(true);
    expect(jobless()).toBe(false);
  });

  it('puts a damaged agent right', () => {
    const { place, agent } = builtBefore();
    place.run(['update-agent']);
    writeFileSync(agent('current/worker.cjs'), 'half');

    const { status } = place.run(['update-agent']);

    expect(status).toBe(0);
    expect(statSync(agent('current/worker.cjs')).size).toBeGreaterThan(1000);
  });

  it('says that there is nothing yet', () => {
    const empty = new BuildPlace();

    expect(empty.run(['check'])).toMatchObject({
      status: 1,
      stdout: `FIX  there is no maintenance system in ${empty.layout.nfsroot}: testbox nfsroot build makes it\n`,
    });
    for (const command of ['update-agent', 'use']) {
      expect(empty.run([command])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('testbox nfsroot build makes it'),
      });
    }
    expect(existsSync(empty.layout.lock)).toBe(false);
  });

  it('says when the pair in the TFTP area is not that of the root, and puts it there', () => {
    const { place } = builtBefore();
    const pair = ['vmlinuz', 'initrd.img'].map((name) => join(place.tftpRoot, 'maintenance-boot', name));
    writeFileSync(pair[0] ?? '', 'another');
    rmSync(pair[1] ?? '');

    const before = place.run(['check']);
    place.run(['update-agent']);

    expect(before.stdout).toMatch(/^FIX {2}\S+vmlinuz and \S+initrd\.img are not those of the root /m);
    expect(pair.map((path) => readFileSync(path, 'utf8'))).toEqual(['vmlinuz', 'initrd.img']);
    expect(place.run(['check'])).toMatchObject({ status: 0 });
  });

  it('updates the build whose pair is served, when a run was killed before the link followed', () => {
    const { place, root } = builtBefore();
    const newer = place.layout.build('000008');
    cpSync(root, newer.root, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(newer.root, 'boot/initrd.img-6.1'), 'newer');
    writeFileSync(join(place.tftpRoot, 'maintenance-boot/initrd.img'), 'newer');

    expect(place.run(['update-agent'])).toMatchObject({ status: 0 });

    expect(readlinkSync(place.layout.currentLink)).toBe('builds/000008');
    expect(readlinkSync(join(root, 'opt/testbox/current'))).toBe('releases/0.0.9+before');
    expect(place.run(['check'])).toMatchObject({ status: 0 });
  });
});
