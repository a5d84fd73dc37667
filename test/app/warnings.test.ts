import { beforeEach, describe, expect, it } from 'vitest';
import { recover } from '../../src/app/recover.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { ReportBody } from '../../src/contract/report.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { startJob } from '../fakes/start-job.ts';

let app: TestApp;
let id: JobId;
let agent: FakeAgent;
const says = (level: 'info' | 'warn' | 'error', message: string): ReportBody => ({
  type: 'log',
  level,
  message,
});

beforeEach(async () => {
  app = await createTestApp();
  id = await startJob(app, 'backup');
  agent = new FakeAgent(app, id, 1);
  await agent.hello();
});

async function warned(): Promise<number> {
  await settle(app);
  return app.announcer.notices.filter((about) => about === 'warned').length;
}

describe('what the agent logs', () => {
  it('is told in the thread where it warns, and is in the log in any case', async () => {
    await agent.report(says('info', 'Left out /dev/sdb: USB'), says('warn', 'the clock is 3 days behind'));
    await agent.report(says('error', 'the boot order could not be put right'));

    expect(await warned()).toBe(2);
    expect((await app.store.job(id))?.warnings).toEqual([
      'the clock is 3 days behind',
      'the boot order could not be put right',
    ]);
    expect((await app.store.hearing(id))?.log).toHaveLength(3);
  });

  it('is told once, however often it comes, in this boot or the next', async () => {
    await agent.report(says('warn', 'the clock is wrong'), says('warn', 'the clock is wrong'));
    const next = new FakeAgent(app, id, 2);
    await next.hello();
    await next.report(says('warn', 'the clock is wrong'));

    expect(await warned()).toBe(1);
  });

  it('is told again by no report that comes twice', async () => {
    await agent.send(1, [says('warn', 'one')]);
    const again = await agent.send(1, [says('warn', 'another'), says('warn', 'two')]);

    expect(again).toMatchObject({ answer: { acknowledged: 2 } });
    expect((await app.store.job(id))?.warnings).toEqual(['one', 'two']);
  });

  it('is ten warnings at the most', async () => {
    await agent.report(...Array.from({ length: 30 }, (_, n) => says('warn', `warning ${n}`)));

    expect(await warned()).toBe(10);
  });

  it('while the bot was away is told from the journal', async () => {
    const session = agent.accepted?.session ?? '';
    app.share.journal = [{ session, hmac: '', report: { sequence: 1, at: 0, body: says('warn', 'one') } }];

    await recover(app);

    expect(await warned()).toBe(1);
  });
});
