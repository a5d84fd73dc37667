import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { ChatUnavailableError } from '../../../src/chat/platform.ts';
import { BOT_SCOPES } from '../../../src/chat/slack/scopes.ts';
import { ear, message } from '../../contracts/chat-platform.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { NEVER_AGAIN, type SlackScene, slackScene } from './slack-fixture.ts';

const TO = { channel: LAB, nonce: 'job:card' };
const NO_LIMITS = { rateLimits: false };
const HOUR_MS = 3_600_000;

describe('a post to Slack', () => {
  it('is not repeated by the next bot', async () => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    const ref = await connect().post(TO, message('card'));
    const calls = slack.calls().length;

    const again = await connect().post(TO, message('card'));

    expect(again).toBe(ref);
    expect(slack.calls()).toHaveLength(calls);
  });

  it('is sent once when it is asked for twice at once', async () => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    const platform = connect();

    const [one, other] = await Promise.all([
      platform.post(TO, message('card')),
      platform.post(TO, message('card')),
    ]);

    expect(one).toBe(other);
    expect(slack.calls().map(({ method }) => method)).toEqual(['chat.postMessage']);
  });

  it('is found again by a bot that was killed before it wrote down where it is', async () => {
    const { connect, ledger, seen } = await slackScene(NO_LIMITS);
    ledger.dieBefore('posted');
    await expect(connect().post(TO, message('card'))).rejects.toThrow('killed');

    const ref = await connect().post(TO, message('card'));

    expect(seen(ALICE).map(({ channel, ts }) => `${channel}:${ts}`)).toEqual([ref]);
    expect(ledger.stateOf(TO.nonce)).toBe('posted');
  });

  it('is found among all that was said since, however many pages that is', async () => {
    const { connect, ledger, slack, seen } = await slackScene(NO_LIMITS);
    ledger.dieBefore('posted');
    await expect(connect().post(TO, message('card'))).rejects.toThrow('killed');
    const somebodyElse = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const others = Array.from({ length: 450 }, (_, at) => ({ channel: LAB, text: `more ${at}` }));
    await Promise.all(others.map((other) => somebodyElse.chat.postMessage(other)));

    await connect().post(TO, message('card'));

    expect(seen(ALICE).filter(({ text }) => text === 'card')).toHaveLength(1);
    expect(callsOf(slack, 'conversations.history')).toBe(3);
  });

  it('is found in its thread', async () => {
    const { connect, ledger, slack, seen } = await slackScene(NO_LIMITS);
    const platform = connect();
    const thread = { card: await platform.post(TO, message('card')), nonce: 'job:done', broadcast: false };
    ledger.dieBefore('posted');
    await expect(platform.postInThread(thread, message('done'))).rejects.toThrow('killed');

    await connect().postInThread(thread, message('done'));

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['card', 'done']);
    expect(callsOf(slack, 'conversations.replies')).toBe(1);
  });

  it.each([
    ['a lab put it an hour forward', HOUR_MS, HOUR_MS],
    ['a lab put it an hour back', -HOUR_MS, -HOUR_MS],
    ['the next bot starts without the shift that the first one had', HOUR_MS, 0],
  ])("is found when the bot's clock is not Slack's: %s", async (_what, first, second) => {
    const { connect, ledger, seen } = await slackScene(NO_LIMITS);
    const at = (shift: number) => ({ clock: new FakeClock(Date.now() + shift) });
    ledger.dieBefore('posted');
    await expect(connect(at(first)).post(TO, message('card'))).rejects.toThrow('killed');

    await connect(at(second)).post(TO, message('card'));

    expect(seen(ALICE)).toHaveLength(1);
  });

  it('is found when its answer was lost', async () => {
    const { connect, ledger, slack, seen } = await slackScene(NO_LIMITS);
    const platform = connect();
    slack.loseNextAnswer('chat.postMessage');

    await expect(platform.post(TO, message('card'))).rejects.toThrow(ChatUnavailableError);
    const between = ledger.stateOf(TO.nonce);
    await platform.post(TO, message('card'));

    expect(between).toBe('unknown');
    expect(seen(ALICE)).toHaveLength(1);
  });

  it('is sent again when it was cut off before it had an effect', async () => {
    const { connect, ledger, slack, seen } = await slackScene(NO_LIMITS);
    const platform = connect();
    slack.hangNext('chat.postMessage');
    const hanging = platform.post(TO, message('card'));
    hanging.catch(() => {});
    await expect.poll(() => slack.calls().at(-1)?.outcome).toBe('hung');
    await slack.setDown(true);
    await expect(hanging).rejects.toThrow(ChatUnavailableError);
    const between = ledger.stateOf(TO.nonce);
    await slack.setDown(false);

    await platform.post(TO, message('card'));

    expect(between).toBe('unknown');
    expect(seen(ALICE)).toHaveLength(1);
  });

  it.each(['internal_error', 'fatal_error', 'service_unavailable'])(
    'may be there when Slack says %s',
    async (code) => {
      const { connect, ledger, slack } = await slackScene(NO_LIMITS);
      slack.failNext('chat.postMessage', code);

      await expect(connect().post(TO, message('card'))).rejects.toThrow(ChatUnavailableError);

      expect(ledger.stateOf(TO.nonce)).toBe('unknown');
    },
  );

  it.each([
    ['refuses it', (slack: SlackScene['slack']) => slack.failNext('chat.postMessage', 'is_archived')],
    ['wants a pause', (slack: SlackScene['slack']) => storm(slack)],
    ["isn't there", (slack: SlackScene['slack']) => slack.setDown(true)],
  ])('is surely not there when Slack %s', async (_what, spoil) => {
    const { connect, ledger, slack } = await slackScene(NO_LIMITS);
    await spoil(slack);

    await expect(connect().post(TO, message('card'))).rejects.toThrow();

    expect(ledger.stateOf(TO.nonce)).toBeNull();
  });

  it('waits when Slack can not be asked whether it is there', async () => {
    const { connect, ledger, slack, seen } = await slackScene(NO_LIMITS);
    ledger.dieBefore('posted');
    await expect(connect().post(TO, message('card'))).rejects.toThrow('killed');
    slack.failNext('conversations.history', 'internal_error');

    await expect(connect().post(TO, message('card'))).rejects.toThrow(ChatUnavailableError);

    expect(ledger.stateOf(TO.nonce)).toBe('unknown');
    expect(seen(ALICE)).toHaveLength(1);
  });

  it('is not forgotten when Slack neither shows what is there nor takes it again', async () => {
    const { connect, ledger, slack, seen } = await slackScene(NO_LIMITS);
    ledger.dieBefore('posted');
    await expect(connect().post(TO, message('card'))).rejects.toThrow('killed');
    slack.setScopes([]);
    await expect(connect().post(TO, message('card'))).rejects.toThrow('chat:write');
    slack.setScopes(Object.keys(BOT_SCOPES));

    await connect().post(TO, message('card'));

    expect(seen(ALICE)).toHaveLength(1);
  });

  it('comes twice rather than never without the scope for looking, and the log says so once', async () => {
    const { connect, slack, ledger, seen, warnings } = await slackScene(NO_LIMITS);
    const platform = connect();
    slack.setScopes(['chat:write']);
    for (const nonce of ['n1', 'n2']) {
      ledger.dieBefore('posted');
      await expect(platform.post({ channel: LAB, nonce }, message(nonce))).rejects.toThrow('killed');
      await platform.post({ channel: LAB, nonce }, message(nonce));
    }

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['n1', 'n1', 'n2', 'n2']);
    const said = warnings.filter(({ message }) => message.includes('does not show what was posted'));
    expect(said).toEqual([
      { message: expect.any(String), fields: { why: expect.stringContaining('channels:history') } },
    ]);
  });

  it('to one person comes twice rather than never: their messages can not be looked at', async () => {
    const { connect, ledger, seen } = await slackScene(NO_LIMITS);
    const to = { user: ALICE, nonce: 'p1' };
    ledger.dieBefore('posted');
    await expect(connect().tellPerson(to, message('approve?'))).rejects.toThrow('killed');

    await connect().tellPerson(to, message('approve?'));
    await connect().tellPerson(to, message('approve?'));

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['approve?', 'approve?']);
  });

  it('works over HTTP while no socket is open', async () => {
    const { connect, slack, seen } = await slackScene(NO_LIMITS);
    const platform = connect({ pace: { socket: NEVER_AGAIN } });
    await platform.start(ear().inbound);
    slack.dropSockets();

    await platform.post(TO, message('card'));

    expect(seen(ALICE)).toHaveLength(1);
  });
});

function storm(slack: SlackScene['slack']): void {
  slack.storm('chat.postMessage', { retryAfterSeconds: 30, forMs: 1_000 });
}

function callsOf(slack: SlackScene['slack'], method: string): number {
  return slack.calls().filter((call) => call.method === method).length;
}
