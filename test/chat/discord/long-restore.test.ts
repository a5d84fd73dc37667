import { expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../src/app/app.ts';
import { decide } from '../../../src/app/decide.ts';
import { Driver } from '../../../src/app/drive/driver.ts';
import { requestAction } from '../../../src/app/request.ts';
import { Outbox } from '../../../src/chat/outbox.ts';
import type { PacerClock } from '../../../src/chat/pacer.ts';
import { createRouter } from '../../../src/chat/router.ts';
import type { ReportBody } from '../../../src/contract/report.ts';
import { NEWEST_OWN } from '../../../src/domain/image-wish.ts';
import type { ChatPerson } from '../../../src/domain/person.ts';
import { FakeAgent } from '../../fakes/agent.ts';
import { createTestApp, PLUTO_BOX, settle } from '../../fakes/app.ts';
import { ALICE, BOB, GUILD, LAB } from '../../fakes/discord/guild.ts';
import { NOW } from '../../fakes/job.ts';
import { JumpingPacerClock } from '../../fakes/pacer-clock.ts';
import { person, rules } from '../../fakes/people.ts';
import { PLUTO } from '../../fakes/plan.ts';
import { EMPTY_CATALOG } from '../../fakes/share.ts';
import { discordScene, QUICK } from './discord-fixture.ts';

const MINUTES = 180;
/** discord.js counts calls a second by the real time, in which three hours are over in one. */
const STEP_MS = 5 * 60_000;
const TOTAL_BYTES = 8 * 1024 ** 4;

const alice = person('alice', { platform: 'discord', team: GUILD, user: ALICE });
const bob = person('bob', { platform: 'discord', team: GUILD, user: BOB });
const BOX = { ...PLUTO_BOX, channels: { console: null, slack: null, discord: LAB } };
const idOf = ({ platform, team, user }: ChatPerson) => ({ platform, team, user });
const ACCESS = rules({
  people: new Map([
    ['alice', [idOf(alice)]],
    ['bob', [idOf(bob)]],
  ]),
});

function progress(fraction: number): ReportBody {
  const doneBytes = Math.round(fraction * TOTAL_BYTES);
  const disk = { slot: 'sda', totalBytes: TOTAL_BYTES, doneBytes, writtenBytes: doneBytes, skippedBytes: 0 };
  return { type: 'progress', disks: [{ ...disk, bytesPerSecond: 8e8 }] };
}

/** The whole bot on Discord, whose clock is also Discord's. */
async function bot() {
  const scene = await discordScene();
  const made = await createTestApp(':memory:', [BOX]);
  onTestFinished(() => made.db.destroy());
  made.share.catalogs.set(PLUTO, {
    ...EMPTY_CATALOG,
    plain: [{ slot: 'sda', file: 'sda.raw.gz', codedBytes: 1, modifiedAt: NOW }],
  });
  const begin = scene.clock.now();
  const jumping = new JumpingPacerClock();
  const turns: PacerClock = {
    now: () => jumping.now() + scene.clock.now() - begin,
    after: (ms, run) => jumping.after(ms, run),
  };
  const platform = scene.connect({ pace: { turns, gateway: QUICK } });
  const { refs, summaries, log } = made;
  const app = {
    ...made,
    clock: scene.clock,
    inventory: { testboxes: () => [BOX], access: () => ACCESS },
    announcer: new Outbox({ platforms: [platform], refs, summaries, log }),
  } satisfies App;
  await platform.start(createRouter(app));
  return { app, scene, driver: new Driver(app) };
}

it('a restore of three hours on Discord shows its progress and its end, and nothing is refused for good', async () => {
  const { app, scene, driver } = await bot();
  const request = {
    ...({ person: alice, action: 'restore', box: 'pluto', onlySlots: null, reason: null } as const),
    wish: NEWEST_OWN,
  };
  const requested = await requestAction(app, { ...request, channel: LAB });
  if (requested.kind !== 'planned') throw new Error(requested.kind);
  const { id } = requested.job;
  await decide(app, alice, id, { kind: 'confirm' });
  await settle(app, driver);
  await decide(app, bob, id, { kind: 'approve' });
  await settle(app, driver);
  const agent = new FakeAgent(app, id, 1);
  await agent.hello();
  await agent.report({ type: 'phase', phase: 'imaging' }, { type: 'dirty', slot: 'sda' });
  await settle(app, driver);
  const card = scene.seen(ALICE).find(({ threadId }) => threadId === null);
  const cardNow = () => scene.seen(ALICE).find((message) => message.id === card?.id)?.text;
  const inThread = (text: string) =>
    scene.seen(ALICE).filter((one) => one.threadId !== null && one.text.includes(text));

  const shownLate: number[] = [];
  for (let at = 0; at < MINUTES * 60_000; at += STEP_MS) {
    scene.clock.advance(STEP_MS);
    await agent.report(progress(at / (MINUTES * 60_000)));
    await settle(app, driver);
    const percent = `${Math.floor((100 * Math.round((at / (MINUTES * 60_000)) * TOTAL_BYTES)) / TOTAL_BYTES)}%`;
    const seen = scene.seen(ALICE).some(({ text }) => text.includes(percent));
    if (!seen) shownLate.push(at / 60_000);
  }
  const live = inThread('writing the disks');
  await agent.report(
    { type: 'clean', slot: 'sda', because: 'verified' },
    {
      type: 'done',
      generation: null,
      disks: [],
      durationMs: MINUTES * 60_000,
    },
  );
  await settle(app, driver);
  app.machines.bootOwnDisk();
  scene.clock.advance(STEP_MS);
  await settle(app, driver);

  expect(shownLate).toEqual([]);
  // After 55, 110 and 165 minutes.
  expect(live).toHaveLength(3);
  expect((await app.store.job(id))?.state).toBe('succeeded');
  expect(cardNow()).toContain('done, the box is back');
  expect(await app.store.owedEffects()).toEqual([]);
  const refused = scene.discord.calls().filter(({ code }) => code !== 0);
  expect(refused.map(({ path, code }) => `${path} ${code}`)).toEqual([]);
});
