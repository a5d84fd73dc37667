import { WebAPIRateLimitedError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import type { ChatPlatform, Urgency } from '../../../src/chat/platform.ts';
import { PROGRESS_EDITS } from '../../../src/chat/slack/budgets.ts';
import { slackClients } from '../../../src/chat/slack/clients.ts';
import { ear, message } from '../../contracts/chat-platform.ts';
import { ManualPacerClock } from '../../fakes/pacer-clock.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { slackScene } from './slack-fixture.ts';

const EDIT = { kind: 'edit', channel: LAB, urgency: 'stage' } as const;
const POST = { kind: 'post', channel: LAB, urgency: 'people' } as const;
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

describe("Slack's limits", () => {
  it('hold for a storm of edits, of which none is lost', async () => {
    const { platform, slack, cards } = await withCards(3);

    for (let round = 0; round < 50; round += 1) {
      for (const card of cards) {
        await platform.turn(EDIT);
        await platform.edit(card, message(`state ${round}`));
      }
    }

    expect(outcomes(slack, 'chat.update')).toEqual(new Set(['ok']));
    expect(
      slack
        .as(ALICE)
        .sees()
        .map(({ text }) => text),
    ).toEqual(Array(3).fill('state 49'));
  });

  it('hold for posts into one channel, broadcasts and threads among them', async () => {
    const { platform, slack, cards } = await withCards(1);
    const [card = ''] = cards;

    for (let at = 0; at < 8; at += 1) {
      await platform.turn(POST);
      await platform.postInThread({ card, nonce: `t${at}`, broadcast: at % 2 === 0 }, message('more'));
    }
    for (const nonce of ['p1', 'p2', 'p3'])
      await platform.tellPerson({ user: ALICE, nonce }, message('look'));

    expect(outcomes(slack, 'chat.postMessage')).toEqual(new Set(['ok']));
  });

  it('hold when a file has to be replaced by its end', async () => {
    const { platform, slack, cards } = await withCards(1);
    const [card = ''] = cards;
    slack.failNext('files.getUploadURLExternal', 'file_uploads_disabled');
    const attachment = { name: 'agent.log', content: 'the end' };

    await platform.turn(POST);
    await platform.postInThread({ card, nonce: 't1', broadcast: false }, message('failed', { attachment }));

    expect(outcomes(slack, 'chat.postMessage')).toEqual(new Set(['ok']));
  });

  it('hold when words have to be sent alone', async () => {
    const turns = new ManualPacerClock();
    const { connect, slack, seen } = await slackScene({ rateLimits: false });
    const platform = connect({ pace: { turns } });
    slack.failNext('chat.postMessage', 'invalid_blocks');

    await platform.turn(POST);
    const posting = platform.post({ channel: LAB, nonce: 'n1' }, message('card'));
    await expect.poll(() => turns.pending()).toBe(1);
    const before = seen(ALICE).length;
    await turns.advance(1_100);
    await posting;

    expect([before, seen(ALICE).length]).toEqual([0, 1]);
  });

  it('leave room for stages and people beside progress', async () => {
    const turns = new ManualPacerClock();
    const { connect } = await slackScene();
    const platform = connect({ pace: { turns } });
    const { given, ask } = turnsOf(platform);

    const shown = Array.from({ length: 60 }, () => platform.progressTurn()).filter(Boolean).length;
    ask('stage', 60);
    await turns.advance(0);
    const stages = given.stage;
    ask('people', 60);
    await turns.advance(0);
    const people = given.people;
    await turns.advance(61_000);

    expect(shown).toBe(PROGRESS_EDITS.atMost);
    expect(stages).toBeGreaterThanOrEqual(10);
    expect(shown + stages + people).toBe(45);
    expect(platform.progressTurn()).toBe(false);
    expect(given.stage + given.people).toBe(stages + people + 45);
  });
});

describe('a 429 for edits', () => {
  it('lets edits wait as long as Slack says, and answers go out meanwhile', async () => {
    const turns = new ManualPacerClock();
    const { connect, slack, seen } = await slackScene({ rateLimits: false });
    const platform = connect({ pace: { turns } });
    const heard = ear();
    await platform.start(heard.inbound);
    const card = await platform.post({ channel: LAB, nonce: 'n1' }, message('card'));
    slack.storm('chat.update', { retryAfterSeconds: 30, forMs: 1 });
    await expect(platform.edit(card, message('two'))).rejects.toMatchObject({ retryAfterMs: 30_000 });
    let given = false;
    const turn = platform.turn({ ...EDIT, urgency: 'people' }).then(() => {
      given = true;
    });

    slack.as(ALICE).command(LAB, 'status');
    await (await heard.nextCommand()).answers.answer(message('all is well'));
    await turns.advance(29_999);
    const whileStormy = given;
    await turns.advance(1);
    await turn;

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['card', 'all is well']);
    expect(whileStormy).toBe(false);
  });

  it('is no affair of the client for answers', async () => {
    const { slack } = await slackScene({ rateLimits: false });
    const { answers, outbox } = slackClients({ ...slack, log: QUIET });
    const { ts = '' } = await answers.chat.postMessage({ channel: LAB, text: 'card' });
    slack.storm('chat.update', { retryAfterSeconds: 3_600, forMs: 1 });

    const update = outbox.chat.update({ channel: LAB, ts, text: 'two' });
    const limited = expect(update).rejects.toBeInstanceOf(WebAPIRateLimitedError);
    const answered = await answers.chat.postEphemeral({ channel: LAB, user: ALICE, text: 'all is well' });

    expect(answered.ok).toBe(true);
    await limited;
  });

  it('for posts keeps the channel waiting, and no other', async () => {
    const turns = new ManualPacerClock();
    const { connect, slack } = await slackScene({ rateLimits: false });
    const platform = connect({ pace: { turns } });
    slack.storm('chat.postMessage', { retryAfterSeconds: 5, forMs: 1 });
    await expect(platform.post({ channel: LAB, nonce: 'n1' }, message('card'))).rejects.toMatchObject({
      retryAfterMs: 5_000,
    });

    await platform.turn({ ...POST, channel: 'C0GENERAL' });
    const here = platform.turn(POST).then(() => 'given');

    await expect(Promise.race([here, Promise.resolve('waits')])).resolves.toBe('waits');
    await turns.advance(5_000);
    await expect(here).resolves.toBe('given');
  });
});

/** Asks for turns for edits, and counts those that were given; what the end leaves waiting ends quietly. */
function turnsOf(platform: ChatPlatform) {
  const given = { people: 0, stage: 0 };
  const ask = (urgency: Urgency, count: number): void => {
    for (let at = 0; at < count; at += 1) {
      platform.turn({ ...EDIT, urgency }).then(
        () => {
          given[urgency] += 1;
        },
        () => {},
      );
    }
  };
  return { given, ask };
}

async function withCards(count: number) {
  const scene = await slackScene();
  const platform = scene.connect();
  const cards: string[] = [];
  for (let at = 0; at < count; at += 1) {
    await platform.turn(POST);
    cards.push(await platform.post({ channel: LAB, nonce: `card ${at}` }, message('card')));
  }
  return { ...scene, platform, cards };
}

function outcomes(slack: Awaited<ReturnType<typeof slackScene>>['slack'], method: string): Set<string> {
  return new Set(slack.calls().flatMap((call) => (call.method === method ? [call.outcome] : [])));
}
