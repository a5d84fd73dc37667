import { describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, PLUTO_BOX, settle, type TestApp } from '../fakes/app.ts';
import { person } from '../fakes/people.ts';
import { FakePower } from '../fakes/power.ts';
import { startJob } from '../fakes/start-job.ts';

let app: TestApp;
let id: JobId;

const CYCLE = { cycle: ['ipmitool', 'chassis', 'power', 'cycle'], mode: 'click', timeoutMs: 30_000 } as const;

async function unreachable(changes: Partial<Testbox>): Promise<void> {
  app = await createTestApp(':memory:', [{ ...PLUTO_BOX, ...changes }]);
  app.machines.probeResult = { kind: 'refused', why: 'the key is not accepted' };
  id = await startJob(app, 'backup');
}

async function job() {
  const found = await app.store.job(id);
  if (found === null) throw new Error('no job');
  return found;
}

describe('a box that SSH can not reboot', () => {
  it('waits for hands, and its power command for a click', async () => {
    await unreachable({ power: CYCLE });
    expect((await job()).state).toBe('needs-hands');
    expect(app.power.cycles).toBe(0);

    await decide(app, person('alice'), id, { kind: 'power-cycle' });
    await settle(app);

    expect(app.power.cycles).toBe(1);
    expect((await job()).state).toBe('booting');
    expect(await new FakeAgent(app, id, 1).hello()).toMatchObject({
      answer: { settings: { shutdown: 'power' } },
    });
  });

  it('is power-cycled by itself, once, where the inventory says so', async () => {
    await unreachable({ power: { ...CYCLE, mode: 'auto' } });
    expect(app.power.cycles).toBe(1);
    expect((await job()).state).toBe('booting');

    app.clock.advance(20 * 60_000);
    await settle(app);
    app.clock.advance(20 * 60_000);
    await settle(app);
    expect((await job()).state).toBe('needs-hands');
    expect(app.power.cycles).toBe(1);
  });

  it('is not power-cycled again by itself when the outcome is unknown', async () => {
    await unreachable({ power: CYCLE });
    app.power.outcome = { kind: 'unknown', why: 'it took too long' };
    await decide(app, person('alice'), id, { kind: 'power-cycle' });
    await settle(app);

    expect((await job()).state).toBe('needs-hands');
    expect(app.announcer.notices).toContain('power-ended');
    await settle(app);
    expect(app.power.cycles).toBe(1);

    await decide(app, person('alice'), id, { kind: 'power-cycle' });
    await settle(app);
    expect(app.power.cycles).toBe(2);
  });

  it('counts a command that a dying bot had begun as of unknown outcome', async () => {
    await unreachable({ power: CYCLE });
    app.power.cycle = () => new Promise(() => {});
    await decide(app, person('alice'), id, { kind: 'power-cycle' });
    await new Driver(app).pass();
    await expect.poll(async () => (await job()).power?.state).toBe('begun');
    app.power = new FakePower();

    await settle(app);

    expect((await job()).power?.state).toBe('unknown');
    expect(app.power.cycles).toBe(0);
  });
});

describe('a box without SSH', () => {
  async function returning(back: Testbox['back']): Promise<void> {
    await unreachable({ back, power: CYCLE });
    await decide(app, person('alice'), id, { kind: 'power-cycle' });
    await settle(app);
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    await agent.report({ type: 'done', generation: 1, disks: [], durationMs: 1 });
  }

  it('is back when its TCP port opens after it was closed', async () => {
    await returning({ kind: 'tcp', port: 3389 });
    app.machines.reachResult = { kind: 'open' };
    await settle(app);
    expect((await job()).state).toBe('returning');

    app.machines.reachResult = { kind: 'closed', why: 'ECONNREFUSED' };
    app.clock.advance(2_000);
    await settle(app);
    app.machines.reachResult = { kind: 'open' };
    app.clock.advance(2_000);
    await settle(app);
    expect((await job()).state).toBe('succeeded');
  });

  it('is taken for back at once where nothing can be looked at', async () => {
    await returning({ kind: 'none' });
    await settle(app);

    expect((await job()).state).toBe('succeeded');
  });
});
