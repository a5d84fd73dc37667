import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { lockBox, unlockBox } from '../../src/app/lock.ts';
import { requestAction } from '../../src/app/request.ts';
import type { Action } from '../../src/contract/action.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import { NEWEST_OWN } from '../../src/domain/image-wish.ts';
import type { Job } from '../../src/domain/job.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { EMPTY_CATALOG } from '../fakes/share.ts';

let app: TestApp;

const manifest: Manifest = {
  version: 1,
  generation: 1,
  job: null,
  action: 'backup',
  testbox: { name: 'pluto', address: PLUTO },
  createdAt: '2026-11-20T10:00:00.000Z',
  shutdown: 'clean',
  hostKeys: [],
  disks: [
    {
      slot: 'sda',
      file: 'sda.raw.gz',
      indexFile: 'sda.raw.gz.index',
      indexHash: 'a'.repeat(64),
      codec: 'gzip',
      sizeBytes: 8_388_608,
      sectorSizeBytes: 512,
      codedBytes: 4_000_000,
      identity: { wwn: null, model: 'VIRTUAL', serial: 'S', path: null },
      kernelName: 'sda',
      origin: 1,
    },
  ],
};
const WITH_IMAGE = {
  ...EMPTY_CATALOG,
  current: 1,
  generations: [{ generation: 1, manifest, problem: null }],
};

beforeEach(async () => {
  app = await createTestApp();
  app.share.catalogs.set(PLUTO, WITH_IMAGE);
});

function ask(action: Action, who = 'alice', box = 'pluto') {
  return requestAction(app, {
    person: person(who),
    action,
    box,
    onlySlots: null,
    wish: NEWEST_OWN,
    reason: null,
    channel: 'lab',
  });
}

async function confirmedRestore(): Promise<Job> {
  const requested = await ask('restore');
  if (requested.kind !== 'planned') throw new Error(requested.kind);
  await decide(app, person('alice'), requested.job.id, { kind: 'confirm' });
  return requested.job;
}

async function stateOf(job: Job) {
  return (await app.store.job(job.id))?.state;
}

describe('a restore', () => {
  it('waits for somebody else, and refuses its requester and strangers', async () => {
    const job = await confirmedRestore();
    const by = (name: string) => decide(app, person(name), job.id, { kind: 'approve' });

    expect(await by('mallory')).toMatchObject({ kind: 'no-role', needs: 'approver' });
    expect(await by('alice')).toMatchObject({ kind: 'no-role', needs: 'approver' });
    expect(await stateOf(job)).toBe('awaiting-approval');
    expect(await by('bob')).toMatchObject({ kind: 'done' });
    expect(await stateOf(job)).toBe('queued');
    await settle(app);
    expect(await stateOf(job)).toBe('booting');
  });

  it('tells the second of two approvers who was first', async () => {
    const job = await confirmedRestore();
    await decide(app, person('bob'), job.id, { kind: 'approve' });

    expect(await decide(app, person('carol'), job.id, { kind: 'deny', reason: null })).toMatchObject({
      kind: 'refused',
      why: 'not-in-this-state',
      job: { approvals: [{ by: { key: 'bob' } }] },
    });
  });

  it('asks anew when the image changed between request and click', async () => {
    const job = await confirmedRestore();
    const [disk] = manifest.disks;
    const changed = {
      ...manifest,
      disks: disk === undefined ? [] : [{ ...disk, indexHash: 'b'.repeat(64) }],
    };
    app.share.catalogs.set(PLUTO, {
      ...WITH_IMAGE,
      generations: [{ generation: 1, manifest: changed, problem: null }],
    });

    expect(await decide(app, person('bob'), job.id, { kind: 'approve' })).toMatchObject({
      kind: 'plan-changed',
    });
    expect(await stateOf(job)).toBe('awaiting-approval');
    await decide(app, person('alice'), job.id, { kind: 'confirm' });
    await decide(app, person('bob'), job.id, { kind: 'approve' });
    expect(await stateOf(job)).toBe('queued');
  });

  it('expires with a reminder at half time', async () => {
    const job = await confirmedRestore();
    app.clock.advance(2 * 3_600_000);
    await settle(app);
    expect(app.announcer.notices).toEqual(['approval-needed', 'approval-reminder']);

    app.clock.advance(2 * 3_600_000);
    await settle(app);
    expect(await stateOf(job)).toBe('expired');
  });

  it('can only be confirmed by whoever asked for it', async () => {
    const requested = await ask('restore');
    if (requested.kind !== 'planned') throw new Error(requested.kind);

    expect(await decide(app, person('bob'), requested.job.id, { kind: 'confirm' })).toMatchObject({
      kind: 'not-yours',
    });
  });

  it('leaves an audit row for every request, decision, refusal and transition', async () => {
    const job = await confirmedRestore();
    await decide(app, person('mallory'), job.id, { kind: 'approve' });
    await decide(app, person('bob'), job.id, { kind: 'approve' });

    const rows = await app.store.audits({ jobId: job.id });

    expect(rows.map(({ event, actor }) => [event, actor?.key])).toEqual(
      expect.arrayContaining([
        ['requested', 'alice'],
        ['confirmed', 'alice'],
        ['decision-refused', 'mallory'],
        ['approved', 'bob'],
      ]),
    );
  });
});

describe('a click that is delivered twice', () => {
  it('is carried out once, and is no refusal', async () => {
    const job = await confirmedRestore();
    const again = await decide(app, person('alice'), job.id, { kind: 'confirm' });
    await decide(app, person('bob'), job.id, { kind: 'approve' });
    const twice = await decide(app, person('bob'), job.id, { kind: 'approve' });

    expect([again.kind, twice.kind]).toEqual(['done', 'done']);
    const events = (await app.store.audits({ jobId: job.id })).map(({ event }) => event);
    expect(events.filter((event) => /confirmed|approved|refused/.test(event))).toEqual([
      'confirmed',
      'approved',
    ]);
  });
});

describe('a request', () => {
  it('is refused to people without the role, for unknown boxes, and for what can not work', async () => {
    expect(await ask('backup', 'mallory')).toMatchObject({ kind: 'no-role' });
    expect(await ask('backup', 'alice', 'plutp')).toMatchObject({ kind: 'unknown-box', meant: 'pluto' });
    expect(await ask('backup')).toMatchObject({ kind: 'refused', why: { code: 'image-exists' } });
    app.share.catalogs.set(PLUTO, EMPTY_CATALOG);
    expect(await ask('restore')).toMatchObject({ kind: 'refused', why: { code: 'no-image' } });
    app.share.catalogs.set(PLUTO, {
      ...WITH_IMAGE,
      generations: [{ generation: 1, manifest, problem: 'sda.raw.gz is truncated' }],
    });
    expect(await ask('restore')).toMatchObject({ kind: 'refused', why: { code: 'image-incomplete' } });
    app.share.down = true;
    expect(await ask('restore')).toMatchObject({ kind: 'share-failed' });
  });

  it('names the holder of a busy box', async () => {
    await confirmedRestore();

    expect(await ask('restore')).toMatchObject({ kind: 'busy', holder: { requester: { key: 'alice' } } });
  });

  it("is refused on a box that another has locked, and the holder's own is not", async () => {
    await lockBox(app, person('alice'), { box: 'pluto', reason: 'firmware' });
    expect((await ask('restore')).kind).toBe('planned');

    await app.store.setLock(PLUTO, {
      by: { ...(await confirmedRestore()).requester, key: 'zoe' },
      at: 0,
      reason: null,
    });
    expect((await ask('restore')).kind).toBe('locked');
    await unlockBox(app, person('alice'), 'pluto');
    expect((await ask('restore')).kind).toBe('busy');
  });
});

describe('the queue', () => {
  it('lets no more jobs go than the share may carry', async () => {
    app.settings.maxRunning = 0;
    const job = await confirmedRestore();
    await decide(app, person('bob'), job.id, { kind: 'approve' });
    await settle(app);
    expect(await stateOf(job)).toBe('queued');

    app.settings.maxRunning = 1;
    await settle(app);
    expect(await stateOf(job)).toBe('booting');
  });

  it('sends a job back for approval when its approval has grown old', async () => {
    app.settings.maxRunning = 0;
    const job = await confirmedRestore();
    await decide(app, person('bob'), job.id, { kind: 'approve' });
    app.clock.advance(61 * 60_000);
    app.settings.maxRunning = 1;
    await settle(app);

    expect(await stateOf(job)).toBe('awaiting-approval');
    expect(app.machines.reboots).toBe(0);
  });
});
