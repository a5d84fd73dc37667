import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ShareError } from '../../src/app/share-port.ts';
import { readInventory } from '../../src/config/inventory.ts';
import { StorageArea } from '../../src/storage/area.ts';
import { ShareClient } from '../../src/storage/share-client.ts';
import { bootConfig, HEX, JOB, PLUTO, shareTree } from './share-tree.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

function area(deadlineMs = 20_000) {
  const roots = shareTree();
  const share = new StorageArea(roots, { deadlineMs });
  open.push(share);
  return { ...roots, share };
}

function clientOf(program: string, deadlineMs: number): ShareClient {
  const client = new ShareClient({
    roots: shareTree(),
    deadlineMs,
    program: join(import.meta.dirname, 'programs', program),
  });
  open.push(client);
  return client;
}

describe('StorageArea', () => {
  it('carries every call out in its own process', async () => {
    const { share, tftpRoot, backupRoot } = area();
    const reading = readInventory('testboxes: [{ name: pluto, ip: 10.40.41.42, mac: "52:54:00:00:00:42" }]');
    const [pluto] = reading.ok ? reading.testboxes : [];
    if (pluto === undefined) throw new Error('the inventory of this test is wrong');
    writeFileSync(join(tftpRoot, 'pxelinux.cfg/01-52-54-00-00-00-42'), '');

    expect(await share.readBootConfig(PLUTO)).toBeNull();
    expect(await share.putBootConfig(PLUTO, bootConfig(JOB))).toEqual({ kind: 'in-place' });
    expect(readFileSync(join(tftpRoot, 'pxelinux.cfg', HEX), 'utf8')).toBe(bootConfig(JOB));
    expect(await share.shadowingBootConfigs(pluto)).toEqual(['pxelinux.cfg/01-52-54-00-00-00-42']);
    expect(await share.removeBootConfig(PLUTO, JOB)).toEqual({ kind: 'gone' });
    expect(await share.catalog(PLUTO)).toMatchObject({ current: null, generations: [] });
    expect(await share.readJournal({ address: PLUTO, job: JOB, attempt: 1, tokenOf: () => '' })).toEqual([]);
    await share.appendGlobalLog('a line\n');
    expect(readFileSync(join(backupRoot, 'maintenance.log'), 'utf8')).toBe('a line\n');
  });

  it('answers calls that are made at once, each its own', async () => {
    const { share } = area();

    const results = await Promise.all([
      share.putBootConfig(PLUTO, bootConfig(null)),
      share.readJournal({ address: PLUTO, job: JOB, attempt: 1, tokenOf: () => '' }),
      share.catalog(PLUTO),
    ]);

    expect(results).toEqual([{ kind: 'in-place' }, [], expect.objectContaining({ current: null })]);
  });

  it('throws ShareError for what fails on the share, and goes on', async () => {
    const { share, backupRoot, tftpRoot } = area();
    rmSync(join(backupRoot, 'testbox-backup'));

    await expect(share.catalog(PLUTO)).rejects.toThrow(ShareError);
    await expect(share.appendGlobalLog('x\n')).rejects.toThrow(/is the share mounted\?/);
    expect(await share.readBootConfig(PLUTO)).toBeNull();
    expect(tftpRoot).not.toBe(backupRoot);
  });

  it('gives a call up that hangs in the kernel, and has a new process for the next', async () => {
    const { share, backupRoot } = area(2_000);
    const pipe = join(backupRoot, PLUTO, 'disk-devices.lst');
    mkdirSync(join(backupRoot, PLUTO));
    execFileSync('mkfifo', [pipe]); // whoever reads it waits for a writer that never comes

    const hanging = share.catalog(PLUTO);

    await expect(hanging).rejects.toThrow(/catalog had no answer within 2 s/);
    rmSync(pipe);
    expect(await share.catalog(PLUTO)).toMatchObject({ diskList: null });
  });
});

describe('ShareClient', () => {
  it('fails all calls under way when one overruns its deadline', async () => {
    const client = clientOf('silent.mjs', 300);

    const outcomes = await Promise.allSettled([
      client.call({ op: 'catalog', address: PLUTO }),
      client.call({ op: 'check-backup' }),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('fails the call whose process dies under it', async () => {
    const client = clientOf('dying.mjs', 20_000);

    await expect(client.call({ op: 'check-backup' })).rejects.toThrow(/its process ended \(status 3\)/);
    await expect(client.call({ op: 'check-backup' })).rejects.toThrow(/its process ended/);
  });

  it('fails calls under way when it is closed', async () => {
    const client = clientOf('silent.mjs', 20_000);
    const call = client.call({ op: 'check-backup' });

    client.close();

    await expect(call).rejects.toThrow(/the bot is stopping/);
  });
});
