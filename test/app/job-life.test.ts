import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { ReportBody } from '../../src/contract/report.ts';
import type { JobState } from '../../src/domain/job.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { planJob, startJob } from '../fakes/start-job.ts';

let app: TestApp;

beforeEach(async () => {
  app = await createTestApp();
});

const planBackup = () => planJob(app, 'backup');
const bootingBackup = () => startJob(app, 'backup');

async function stateOf(id: JobId): Promise<JobState | undefined> {
  return (await app.store.job(id))?.state;
}

const DONE: ReportBody = { type: 'done', generation: 1, disks: [], durationMs: 5000 };

describe('a backup', () => {
  it('goes from the plan to the box being back, and tells each stage once', async () => {
    const id = await bootingBackup();
    expect(await stateOf(id)).toBe('booting');
    expect(app.machines.reboots).toBe(1);

    const agent = new FakeAgent(app, id, 1);
    expect(await agent.hello()).toMatchObject({ kind: 'accepted', answer: { attempt: 1 } });
    await agent.report({ type: 'phase', phase: 'imaging' });
    const last = await agent.report(DONE);
    expect(last).toMatchObject({ answer: { acknowledged: 2, directive: { kind: 'reboot-local' } } });
    expect(app.share.bootConfigs.size).toBe(0);

    app.machines.bootOwnDisk();
    await settle(app);

    expect(await stateOf(id)).toBe('succeeded');
    expect(app.announcer.notices).toEqual(['rebooting', 'imaging-started', 'done', 'succeeded']);
    expect(app.share.log.map((line) => line.slice(27))).toEqual([
      '10.40.41.42: pluto says hi.\n',
      "10.40.41.42: info: Executing 'backup'.\n",
      "10.40.41.42: info: 'backup' - done\n",
      "10.40.41.42: info: 'backup' - succeeded; the box is back\n",
    ]);
  });

  it('is looked for on its way home at once, whenever the box was last looked for while it booted', async () => {
    const driver = new Driver(app);
    const id = await planBackup();
    await decide(app, person('alice'), id, { kind: 'confirm' });
    await settle(app, driver);
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    await agent.report(DONE);

    app.machines.bootOwnDisk();
    await settle(app, driver);

    expect(await stateOf(id)).toBe('succeeded');
  });

  it('holds nothing before Confirm, and the box after it', async () => {
    const first = await planBackup();
    const second = await planBackup();

    await decide(app, person('alice'), first, { kind: 'confirm' });
    const late = await decide(app, person('alice'), second, { kind: 'confirm' });

    expect(late).toMatchObject({ kind: 'busy', holder: { id: first } });
    expect(await stateOf(second)).toBe('planned');
  });

  it('reboots once, however often it is confirmed and driven', async () => {
    const id = await bootingBackup();
    await decide(app, person('alice'), id, { kind: 'confirm' });
    await settle(app);
    await settle(app);

    expect(app.machines.reboots).toBe(1);
  });

  it('is not rebooted again when the answer to the command was lost but the box went down', async () => {
    app.machines.rebootOutcomes = [{ kind: 'unknown', why: 'the connection was lost' }];
    const id = await bootingBackup();
    expect(await stateOf(id)).toBe('rebooting');

    app.clock.advance(6_000);
    await settle(app);
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    app.clock.advance(6_000);
    await settle(app);

    expect(app.machines.reboots).toBe(1);
    expect(await stateOf(id)).toBe('running');
  });

  it('is rebooted again when the command provably had no effect', async () => {
    app.machines.rebootOutcomes = [{ kind: 'unknown', why: 'the connection was lost' }];
    const id = await bootingBackup();
    app.machines.neverWentDown();

    app.clock.advance(6_000);
    await settle(app);

    expect(app.machines.reboots).toBe(2);
    expect(await stateOf(id)).toBe('booting');
  });

  it('says at once when the box booted its disk and not PXE', async () => {
    const id = await bootingBackup();
    app.machines.bootOwnDisk();

    app.clock.advance(6_000);
    await settle(app);

    expect(await stateOf(id)).toBe('needs-hands');
    expect(app.announcer.notices).toContain('booted-own-disk');
  });

  it('keeps its box config when the file is lost, and puts it back', async () => {
    await bootingBackup();
    const before = app.share.bootConfigs.get(PLUTO);
    app.share.bootConfigs.clear();

    app.clock.advance(31_000);
    await settle(app);

    expect(app.share.bootConfigs.get(PLUTO)).toBe(before);
  });

  it('never overwrites a foreign boot config', async () => {
    app.share.bootConfigs.set(PLUTO, 'DEFAULT memtest\nLABEL memtest\nKERNEL memtest\n');
    const id = await bootingBackup();

    expect(await stateOf(id)).toBe('failed');
    expect(app.machines.reboots).toBe(0);
    expect(app.share.bootConfigs.get(PLUTO)).toContain('memtest');
  });

  it('does not send the box home before its boot config is gone', async () => {
    const id = await bootingBackup();
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    app.share.down = true;

    const stay = await agent.report(DONE);
    app.share.down = false;
    const go = await agent.report();

    expect(stay).toMatchObject({ answer: { directive: { kind: 'stay' } } });
    expect(go).toMatchObject({ answer: { directive: { kind: 'reboot-local' } } });
    expect(app.share.bootConfigs.size).toBe(0);
  });
});

describe('cancelling', () => {
  it('before the box is touched ends at once', async () => {
    const id = await planBackup();
    await decide(app, person('alice'), id, { kind: 'confirm' });
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: false });
    await settle(app);

    expect(await stateOf(id)).toBe('cancelled');
    expect(app.machines.reboots).toBe(0);
  });

  it('while booting sends a late agent home, and ends when the box is back', async () => {
    const id = await bootingBackup();
    const agent = new FakeAgent(app, id, 1);
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: false });
    await settle(app);

    expect(await stateOf(id)).toBe('cancelling');
    expect(await agent.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'reboot-local' } });

    app.machines.bootOwnDisk();
    app.clock.advance(6_000);
    await settle(app);
    expect(await stateOf(id)).toBe('cancelled');
  });

  it('while running stops the agent first', async () => {
    const id = await bootingBackup();
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: false });

    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'cancel' } } });
    expect(app.share.bootConfigs.size).toBe(1);
    expect(await agent.report({ type: 'stopped' })).toMatchObject({
      answer: { directive: { kind: 'reboot-local' } },
    });
    expect(app.share.bootConfigs.size).toBe(0);
  });
});

describe('deadlines', () => {
  it('tell first and act second when the maintenance system does not call home', async () => {
    const id = await bootingBackup();

    app.clock.advance(20 * 60_000);
    await settle(app);
    expect(await stateOf(id)).toBe('booting');
    expect(app.announcer.notices).toContain('advice');

    app.clock.advance(20 * 60_000);
    await settle(app);
    expect(await stateOf(id)).toBe('needs-hands');
  });

  it('of a silent agent begin anew with every word of it', async () => {
    const id = await bootingBackup();
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    for (let minute = 0; minute < 5; minute += 1) {
      app.clock.advance(50_000);
      await agent.report();
      await settle(app);
    }
    expect(app.announcer.notices).not.toContain('advice');

    app.clock.advance(61_000);
    await settle(app);
    expect(app.announcer.notices).toContain('advice');
    app.clock.advance(61_000);
    await settle(app);
    expect(await stateOf(id)).toBe('needs-hands');

    await agent.report();
    expect(await stateOf(id)).toBe('running');
  });

  it('let a plan that nobody confirmed expire in silence', async () => {
    const id = await planBackup();

    app.clock.advance(61 * 60_000);
    await settle(app);

    expect(await stateOf(id)).toBe('expired');
    expect(app.announcer.notices).toEqual([]);
  });
});

describe('the chat being away', () => {
  it('delays what people see, and loses and doubles nothing', async () => {
    app.announcer.down = true;
    const id = await bootingBackup();
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    app.announcer.down = false;
    app.clock.advance(60_000);
    await agent.report();
    await settle(app);

    expect(app.announcer.notices).toEqual(['rebooting', 'imaging-started']);
    expect(app.announcer.cards).toEqual(['running']);
  });
});
