import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { requestAction } from '../../src/app/request.ts';
import type { Action } from '../../src/contract/action.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import { DiskSlot } from '../../src/contract/disk.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { ReportBody } from '../../src/contract/report.ts';
import { NEWEST_OWN } from '../../src/domain/image-wish.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, PLUTO_BOX, settle, type TestApp } from '../fakes/app.ts';
import { catalogOf, generation } from '../fakes/catalog.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';

const VENUS = TestboxAddress.parse('10.40.41.43');
const VENUS_BOX = { ...PLUTO_BOX, name: 'venus', address: VENUS, mac: '52:54:00:00:00:43' };
const SDA = DiskSlot.parse('sda');
const DONE: ReportBody = { type: 'done', generation: null, disks: [], durationMs: 5000 };

const OWN = 'ssh-ed25519 OWN';
/** Of the system on venus's newest image. */
const VENUS_KEY = 'ssh-ed25519 KEY2';

let app: TestApp;

beforeEach(() => lab());

async function lab(back: Testbox['back'] = { kind: 'ssh' }): Promise<void> {
  app = await createTestApp(':memory:', [{ ...PLUTO_BOX, back }, VENUS_BOX]);
  app.share.catalogs.set(VENUS, catalogOf([1, 2].map((number) => generation(number, null, VENUS_BOX))));
  app.machines.knownKey = OWN;
  app.machines.hostKey = OWN;
}

async function plan(action: Action, from: string | null = null): Promise<Job> {
  const requested = await requestAction(app, {
    ...{ person: person('alice'), action, box: 'pluto', onlySlots: null },
    ...{ wish: { ...NEWEST_OWN, from }, reason: null, channel: 'lab' },
  });
  if (requested.kind !== 'planned') throw new Error(JSON.stringify(requested));
  return requested.job;
}

/** pluto is to become a copy of venus, and is as far as it goes without an agent. */
async function startCopy(): Promise<JobId> {
  const { id } = await plan('restore', 'venus');
  await decide(app, person('alice'), id, { kind: 'confirm' });
  await decide(app, person('bob'), id, { kind: 'approve' });
  await settle(app);
  return id;
}

/** The agent has written it. */
async function write(id: JobId, ...bodies: ReportBody[]): Promise<FakeAgent> {
  const agent = new FakeAgent(app, id, 1);
  expect(await agent.hello()).toMatchObject({ kind: 'accepted' });
  await agent.report({ type: 'dirty', slot: SDA }, ...bodies);
  return agent;
}

async function comeBackWith(hostKey: string): Promise<void> {
  app.machines.hostKey = hostKey;
  app.machines.bootOwnDisk();
  app.clock.advance(10_000);
  await settle(app);
}

async function stateOf(id: JobId): Promise<string | undefined> {
  return (await app.store.job(id))?.state;
}

describe("a box with another one's image", () => {
  it('is back with the key of the image, which is its own from then on', async () => {
    const id = await startCopy();
    await write(id, DONE);
    await comeBackWith(VENUS_KEY);

    expect(await stateOf(id)).toBe('succeeded');
    expect(app.machines.knownKey).toBe(VENUS_KEY);
    const next = await plan('backup');
    expect(next.notes).toMatchObject({ sshProblem: null, ownHostKeys: [VENUS_KEY] });
    await decide(app, person('alice'), next.id, { kind: 'confirm' });
    await settle(app);
    expect(await stateOf(next.id)).toBe('booting');
    expect(app.machines.reboots).toBe(2);
  });

  it('is not back with a key that nobody knows, and no job after it takes that one', async () => {
    const id = await startCopy();
    await write(id, DONE);
    await comeBackWith('ssh-ed25519 UNKNOWN');

    expect(await stateOf(id)).toBe('returning');
    app.clock.advance(PLUTO_BOX.deadlines.backHome * 2);
    await settle(app);
    await settle(app);
    expect(app.machines.knownKey).toBe(OWN);
    expect((await app.store.activeJob(PLUTO))?.state ?? 'over').not.toBe('succeeded');
  });

  it('is not trusted with that key before a disk was begun', async () => {
    app.machines.hostKey = OWN;
    const { id } = await plan('restore', 'venus');
    app.machines.hostKey = VENUS_KEY;
    await decide(app, person('alice'), id, { kind: 'confirm' });
    await decide(app, person('bob'), id, { kind: 'approve' });
    await settle(app);

    expect(await stateOf(id)).toBe('needs-hands');
    expect(app.machines.reboots).toBe(0);
    expect(app.machines.knownKey).toBe(OWN);
  });

  it('shows what the next job has to know, where the box came back too late for its own', async () => {
    const id = await startCopy();
    await write(id, DONE);
    for (let overrun = 0; overrun < 3; overrun += 1) {
      app.clock.advance(PLUTO_BOX.deadlines.backHome * 2);
      await settle(app);
    }
    expect(await stateOf(id)).toBe('failed');
    await comeBackWith(VENUS_KEY);
    expect(app.machines.knownKey).toBe(OWN);

    expect((await plan('backup')).notes).toMatchObject({ sshProblem: null, ownHostKeys: [VENUS_KEY] });
    expect(app.machines.knownKey).toBe(VENUS_KEY);
  });

  it('shows it where nobody looked over SSH whether it is back', async () => {
    await lab({ kind: 'none' });
    const id = await startCopy();
    await write(id, DONE);
    await comeBackWith(VENUS_KEY);
    expect(await stateOf(id)).toBe('succeeded');

    expect((await plan('backup')).notes.sshProblem).toBeNull();
    expect(app.machines.knownKey).toBe(VENUS_KEY);
  });

  it('is not trusted with it any more once it has keys of its own', async () => {
    const id = await startCopy();
    await write(id, DONE);
    await comeBackWith(VENUS_KEY);
    app.machines.knownKey = 'ssh-ed25519 NEW';

    expect((await plan('backup')).notes.sshProblem).toBe('it shows another host key');
    app.machines.hostKey = 'ssh-ed25519 NEW';
    expect((await plan('backup')).notes.sshProblem).toBeNull();
    expect(app.machines.knownKey).toBe('ssh-ed25519 NEW');
  });

  it('is trusted with it where the restore was cancelled after a disk was written', async () => {
    const id = await startCopy();
    const agent = await write(id, { type: 'clean', slot: SDA, because: 'verified' });
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: false });
    await agent.report({ type: 'stopped' });
    await comeBackWith(VENUS_KEY);

    expect(await stateOf(id)).toBe('cancelled');
    expect(app.machines.knownKey).toBe(VENUS_KEY);
  });

  it('is said to be out of sight where the image does not tell its keys', async () => {
    const { manifest } = generation(2, null, VENUS_BOX);
    if (manifest === null) throw new Error('no manifest');
    const blind = { generation: 2, problem: null, manifest: { ...manifest, hostKeys: [] } };
    app.share.catalogs.set(VENUS, catalogOf([blind]));

    expect((await plan('restore', 'venus')).notes.warnings).toContain(
      "the SSH host key of venus's image is unknown: nobody will see by SSH that the box is back",
    );
  });
});

it("a box's own older image brings its older key", async () => {
  app.share.catalogs.set(PLUTO, catalogOf([generation(1)]));
  const { id } = await plan('restore');
  await decide(app, person('alice'), id, { kind: 'confirm' });
  await decide(app, person('bob'), id, { kind: 'approve' });
  await settle(app);
  await write(id, DONE);
  await comeBackWith('ssh-ed25519 KEY1');

  expect(await stateOf(id)).toBe('succeeded');
  expect(app.machines.knownKey).toBe('ssh-ed25519 KEY1');
});
