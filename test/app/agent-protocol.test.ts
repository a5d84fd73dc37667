import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { recover } from '../../src/app/recover.ts';
import { type JobId, Nonce } from '../../src/contract/ids.ts';
import type { ReportBody } from '../../src/contract/report.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { startJob } from '../fakes/start-job.ts';

let app: TestApp;
let id: JobId;

const progress = (doneBytes: number): ReportBody => ({
  type: 'progress',
  disks: [{ slot: 'sda', totalBytes: 100, doneBytes, writtenBytes: 0, skippedBytes: 0, bytesPerSecond: 1 }],
});

beforeEach(async () => {
  app = await createTestApp();
  id = await startJob(app, 'backup');
});

async function job() {
  const found = await app.store.job(id);
  if (found === null) throw new Error('no job');
  return found;
}

describe('a hello', () => {
  it('rotates the nonce on the share before it is answered', async () => {
    const before = app.share.nonceFor(PLUTO);
    const agent = new FakeAgent(app, id, 1);

    await agent.hello();

    expect(app.share.nonceFor(PLUTO)).toBe((await job()).nonceNext);
    expect(app.share.nonceFor(PLUTO)).not.toBe(before);
    expect((await job()).rotationOwed).toBe(false);
  });

  it('of the same boot is a restarted agent: a new session, no attempt counted', async () => {
    const agent = new FakeAgent(app, id, 1);
    const first = await agent.hello();
    const second = await agent.hello();

    expect(first).toMatchObject({ answer: { attempt: 1 } });
    expect(second).toMatchObject({ answer: { attempt: 1 } });
    expect((await job()).bootIds).toHaveLength(1);
  });

  it('of another boot with the new nonce counts an attempt, and the old session is over', async () => {
    const first = new FakeAgent(app, id, 1);
    await first.hello();
    const second = new FakeAgent(app, id, 2);

    expect(await second.hello()).toMatchObject({ answer: { attempt: 2 } });
    expect(await first.report(progress(1))).toEqual({ kind: 'unauthorized' });
  });

  it('of another boot with a used nonce stops the job with an alarm', async () => {
    const first = new FakeAgent(app, id, 1);
    const twin = new FakeAgent(app, id, 2);
    await first.hello();

    expect(await twin.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'stay' } });
    expect((await job()).state).toBe('stopped');
    expect(await first.report(progress(1))).toMatchObject({ answer: { directive: { kind: 'stay' } } });
  });

  it('of another boot with the used nonce counts as a new boot while the rotation is owed', async () => {
    const first = new FakeAgent(app, id, 1);
    const again = new FakeAgent(app, id, 2);
    app.share.down = true;
    expect(await first.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'wait' } });
    app.share.down = false;

    expect(await again.hello()).toMatchObject({ kind: 'accepted', answer: { attempt: 2 } });
    expect(app.share.nonceFor(PLUTO)).toBe((await job()).nonceNext);
  });

  it('stops at the limit of attempts, and keeps the box where it is', async () => {
    for (const boot of [1, 2, 3]) expect((await new FakeAgent(app, id, boot).hello()).kind).toBe('accepted');

    expect(await new FakeAgent(app, id, 4).hello()).toMatchObject({ answer: { directive: 'stay' } });
    expect((await job()).state).toBe('stopped');
    expect(app.share.bootConfigs.size).toBe(1);

    await decide(app, person('alice'), id, { kind: 'retry' });
    expect((await new FakeAgent(app, id, 5).hello()).kind).toBe('accepted');
  });

  it('with an unknown nonce is told to stay, and the boot config is put right', async () => {
    const stale = new FakeAgent(app, id, 1);
    await new FakeAgent(app, id, 1).hello();
    await new FakeAgent(app, id, 2).hello();
    const wanted = app.share.bootConfigs.get(PLUTO);
    app.share.bootConfigs.delete(PLUTO);

    expect(await stale.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'stay' } });
    expect(app.share.bootConfigs.get(PLUTO)).toBe(wanted);
    expect((await job()).state).toBe('running');
  });

  it('tells by which keys people know its SSH server, and forgets them with the next boot', async () => {
    const agent = new FakeAgent(app, id, 1);
    const fingerprint = `SHA256:${'k'.repeat(43)}`;
    agent.sshFingerprints = [fingerprint, 'SHA256:short'];
    await agent.hello();
    expect((await job()).sshFingerprints).toEqual([fingerprint]);

    await new FakeAgent(app, id, 2).hello();
    expect((await job()).sshFingerprints).toEqual([]);
  });
});

describe('reports', () => {
  let agent: FakeAgent;

  beforeEach(async () => {
    agent = new FakeAgent(app, id, 1);
    await agent.hello();
  });

  async function unchanged(act: () => Promise<unknown>): Promise<unknown> {
    const before = [await job(), await app.store.hearing(id)];
    const outcome = await act();
    expect([await job(), await app.store.hearing(id)]).toEqual(before);
    return outcome;
  }

  it('with a wrong, an old or no token change nothing', async () => {
    for (const token of ['', 'wrong', 'f'.repeat(64)]) {
      expect(await unchanged(() => agent.send(1, [{ type: 'dirty', slot: 'sda' }], token))).toEqual({
        kind: 'unauthorized',
      });
    }
    const old = agent.accepted?.token;
    await agent.hello();
    expect(await unchanged(() => agent.send(1, [{ type: 'dirty', slot: 'sda' }], old))).toEqual({
      kind: 'unauthorized',
    });
  });

  it('from another address change nothing', async () => {
    agent.peer = '10.40.41.43';

    expect(await unchanged(() => agent.send(1, [{ type: 'dirty', slot: 'sda' }]))).toMatchObject({
      kind: 'forbidden',
    });
  });

  it('that are sent twice count once', async () => {
    await agent.send(1, [progress(10), { type: 'dirty', slot: 'sda' }]);
    const version = (await job()).version;

    const again = await agent.send(1, [progress(5), { type: 'dirty', slot: 'sda' }]);

    expect(again).toMatchObject({ answer: { acknowledged: 2 } });
    expect((await job()).version).toBe(version);
    expect((await app.store.hearing(id))?.progress[0]?.doneBytes).toBe(10);
  });

  it('with a gap are taken in up to the gap', async () => {
    const gap = await agent.send(3, [{ type: 'dirty', slot: 'sda' }]);

    expect(gap).toMatchObject({ answer: { acknowledged: 0 } });
    expect((await job()).dirty).toEqual([]);
  });

  it('after the job has ended get 410', async () => {
    await agent.report({ type: 'done', generation: 1, disks: [], durationMs: 1 });
    app.machines.bootOwnDisk();
    await settle(app);

    expect((await agent.report()).kind).toBe('gone');
  });

  it('mark a disk dirty durably before they are acknowledged', async () => {
    await agent.report({ type: 'dirty', slot: 'sda' });

    expect((await job()).dirty).toEqual(['sda']);
    expect((await app.store.audits({ jobId: id })).map(({ event }) => event)).toContain('disk-dirty');
  });
});

describe('a bot that was away', () => {
  it('catches up from the journal, and moves deadlines by its own absence', async () => {
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    const session = agent.accepted?.session ?? '';
    app.share.journal = [
      { session, hmac: '', report: { sequence: 1, at: 0, body: progress(60) } },
      { session, hmac: '', report: { sequence: 2, at: 0, body: { type: 'phase', phase: 'imaging' } } },
      { session: 'other', hmac: '', report: { sequence: 3, at: 0, body: { type: 'stopped' } } },
    ];
    await app.store.setAlive(app.clock.now());
    app.clock.advance(10 * 60_000);

    await recover(app);
    await settle(app);

    expect((await job()).state).toBe('running');
    expect((await job()).phase).toBe('imaging');
    expect((await app.store.hearing(id))?.progress[0]?.doneBytes).toBe(60);
    expect(app.announcer.notices).not.toContain('advice');
  });

  it('does not call a box late that had no bot to call', async () => {
    await app.store.setAlive(app.clock.now());
    app.clock.advance(60 * 60_000);

    await recover(app);
    await settle(app);

    expect((await job()).state).toBe('booting');
    expect(app.announcer.notices).toEqual(['rebooting']);
    expect(Nonce.safeParse(app.share.nonceFor(PLUTO)).success).toBe(true);
  });
});
