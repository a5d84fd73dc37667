import { describe, expect, it } from 'vitest';
import { ChannelRefusedError, ChatUnavailableError, MessageGoneError } from '../../../src/chat/platform.ts';
import { button, message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { slackScene } from './slack-fixture.ts';

const TO = { channel: LAB, nonce: 'job:card' };
const NO_LIMITS = { rateLimits: false };

describe('a post that Slack refuses', () => {
  it.each<[string, string, RegExp]>([
    ['where the bot is no member', 'C0GENERAL', /\/invite @testbox/],
    ['in a private channel that it does not see', 'C0SECRET', /\/invite @testbox.*inventory/],
    ['in a channel that does not exist', 'C0NOWHERE', /inventory/],
  ])('says what to do %s', async (_where, channel, next) => {
    const { connect } = await slackScene(NO_LIMITS);

    const error = await failureOf(connect().post({ ...TO, channel }, message('card')));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(next);
    expect(error.message).toContain(channel);
  });

  it('says what to do about an archived channel, and posts when that was done', async () => {
    const { connect, slack, seen } = await slackScene(NO_LIMITS);
    const platform = connect();
    slack.setChannel(LAB, { isArchived: true });

    const error = await failureOf(platform.post(TO, message('card')));
    slack.setChannel(LAB, { isArchived: false });
    await platform.post(TO, message('card'));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(/unarchive/);
    expect(seen(ALICE)).toHaveLength(1);
  });

  it('names the scope that is missing', async () => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    slack.setScopes([]);

    const error = await failureOf(connect().post(TO, message('card')));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(/chat:write.*install/);
  });

  it.each([
    ['restricted_action', /posting permissions/],
    ['restricted_action_read_only_channel', /posting permissions/],
    ['ekm_access_denied', /admins/],
    ['no_permission', /admins/],
    ['never_heard_of_it', /never_heard_of_it/],
  ])('%s is no reason to try again', async (code, says) => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    slack.failNext('chat.postMessage', code);

    const error = await failureOf(connect().post(TO, message('card')));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(says);
  });

  it.each(['request_timeout', 'internal_error', 'ratelimited'])('%s is one to try again', async (code) => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    slack.failNext('chat.postMessage', code);

    expect(await failureOf(connect().post(TO, message('card')))).toBeInstanceOf(ChatUnavailableError);
  });

  it('says how long Slack wants to be left alone', async () => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    slack.storm('chat.postMessage', { retryAfterSeconds: 30, forMs: 1 });

    const error = await failureOf(connect().post(TO, message('card')));

    expect(error).toMatchObject({ name: 'ChatUnavailableError', retryAfterMs: 30_000 });
  });

  it('to one person says that there is no way to them', async () => {
    const { connect, slack } = await slackScene(NO_LIMITS);
    const tell = () => connect().tellPerson({ user: ALICE, nonce: 'p1' }, message('approve?'));
    slack.failNext('chat.postMessage', 'messages_tab_disabled');

    const noTab = await failureOf(tell());
    slack.setUser(ALICE, { deleted: true });
    const gone = await failureOf(tell());

    expect([noTab.name, gone.name]).toEqual(['ChannelRefusedError', 'ChannelRefusedError']);
    expect(noTab.message).toMatch(/Messages Tab/);
    expect(gone.message).toContain(ALICE);
  });

  it('into a thread that is gone leaves nothing in the channel', async () => {
    const { connect, ledger, seen } = await slackScene(NO_LIMITS);
    const thread = { card: `${LAB}:1700000000.000100`, nonce: 't1', broadcast: true };

    const error = await failureOf(connect().postInThread(thread, message('done')));

    expect(error).toBeInstanceOf(MessageGoneError);
    expect(seen(ALICE)).toEqual([]);
    expect(ledger.stateOf('t1')).toBeNull();
  });

  it.each(['nonsense', 'C0LAB', 'C0LAB:17', '#lab:1700000000.000100'])(
    'has no message %j to go to',
    async (ref) => {
      const { connect, slack } = await slackScene(NO_LIMITS);
      const platform = connect();
      const thread = { card: ref, nonce: 't1', broadcast: false };

      expect(await failureOf(platform.edit(ref, message('x')))).toBeInstanceOf(MessageGoneError);
      expect(await failureOf(platform.postInThread(thread, message('x')))).toBeInstanceOf(MessageGoneError);
      expect(slack.calls()).toEqual([]);
    },
  );
});

describe('a form that Slack does not take', () => {
  const CARD = message('backing up pluto', { title: 'Backup', buttons: [button('cancel')] });

  it.each(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'])(
    'leaves the words of a post: %s',
    async (code) => {
      const { connect, slack, seen, warnings } = await slackScene();
      slack.failNext('chat.postMessage', code);

      await connect().post(TO, CARD);

      expect(seen(ALICE)).toMatchObject([{ text: 'backing up pluto', blocks: [] }]);
      expect(warnings.map(({ fields }) => fields)).toMatchObject([
        { failure: { code }, content: { text: 'backing up pluto' } },
      ]);
    },
  );

  it('leaves the words of an edit, and takes the old form away', async () => {
    const { connect, slack, seen } = await slackScene(NO_LIMITS);
    const platform = connect();
    const ref = await platform.post(TO, CARD);
    slack.failNext('chat.update', 'invalid_blocks');

    await platform.edit(ref, message('done', { title: 'Backup' }));

    expect(seen(ALICE)).toMatchObject([{ text: 'done', blocks: [] }]);
  });
});

describe('an edit that Slack refuses', () => {
  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_archived', 'is_inactive'])(
    '%s means that the message is gone',
    async (code) => {
      const { platform, slack, ref } = await withCard();
      slack.failNext('chat.update', code);

      expect(await failureOf(platform.edit(ref, message('two')))).toBeInstanceOf(MessageGoneError);
    },
  );

  it.each(['missing_scope', 'never_heard_of_it', 'internal_error'])('%s may mend', async (code) => {
    const { platform, slack, ref } = await withCard();
    slack.failNext('chat.update', code);

    expect(await failureOf(platform.edit(ref, message('two')))).toBeInstanceOf(ChatUnavailableError);
  });
});

describe('a bot token that Slack refuses later on', () => {
  it.each(['invalid_auth', 'token_revoked', 'account_inactive', 'team_disabled', 'org_login_required'])(
    'is reported once, and the calls wait: %s',
    async (code) => {
      const { platform, slack, ref, refused, ledger } = await withCard();
      slack.revoke('bot', code);

      const errors = [
        await failureOf(platform.edit(ref, message('two'))),
        await failureOf(platform.post({ channel: LAB, nonce: 'n2' }, message('new'))),
      ];

      expect(refused.map(String)).toEqual([expect.stringContaining('SLACK_BOT_TOKEN')]);
      expect(refused[0]?.message).toContain(code);
      for (const error of errors)
        expect(error).toMatchObject({ name: 'ChatUnavailableError', retryAfterMs: 600_000 });
      expect(ledger.stateOf('n2')).toBeNull();
    },
  );
});

async function withCard() {
  const scene = await slackScene(NO_LIMITS);
  const platform = scene.connect();
  return { ...scene, platform, ref: await platform.post(TO, message('one')) };
}

async function failureOf(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return outcome instanceof Error ? outcome : expect.fail('it did not fail');
}
