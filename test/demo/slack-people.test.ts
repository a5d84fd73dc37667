import { App, type Logger, LogLevel } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChatMessage } from '../../src/chat/platform.ts';
import { REASON_FIELD } from '../../src/chat/slack/blocks/ids.ts';
import { messageBlocks } from '../../src/chat/slack/blocks/message.ts';
import { reasonFormView } from '../../src/chat/slack/blocks/reason-form.ts';
import { button, message } from '../contracts/chat-platform.ts';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import type { FakeSlack } from '../fakes/slack/types.ts';
import { ACME, LAB } from '../fakes/slack/workspace.ts';
import { slackPeople } from './slack-people.ts';

/** A socket that a bot closes at its end is an error to the SDK. */
const SILENT: Logger = {
  ...{ debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} },
  getLevel: () => LogLevel.ERROR,
};

interface QuickBot {
  slack: FakeSlack;
  app: App;
  got: unknown[];
  post(content: ChatMessage): Promise<string>;
  edit(ts: string, content: ChatMessage): Promise<void>;
}

/** A bot that answers at once, noting what it got. Deny asks for a reason. */
async function quickBot(): Promise<QuickBot> {
  const slack = await startFakeSlack({ ...ACME, rateLimits: false });
  const { botToken: token, appToken, apiUrl: slackApiUrl } = slack;
  const app = new App({
    ...{ token, appToken, socketMode: true, logger: SILENT },
    clientOptions: { slackApiUrl },
  });
  const got: unknown[] = [];
  app.command('/testbox', async ({ ack, respond, command }) => {
    await ack();
    got.push(command.text);
    await respond(`got ${command.text}`);
  });
  app.action({ type: 'block_actions' }, async ({ ack, body, client }) => {
    await ack();
    const [action] = body.actions;
    if (action?.type !== 'button') return;
    got.push([body.user.id, action.action_id, action.value]);
    const view = reasonFormView({ buttonId: 'deny', privateMetadata: '' });
    if (action.action_id === 'deny') await client.views.open({ trigger_id: body.trigger_id, view });
  });
  app.view({ type: 'view_submission' }, async ({ ack, view }) => {
    await ack();
    got.push(view.state.values[REASON_FIELD]?.[REASON_FIELD]?.value);
  });
  await app.start();
  onTestFinished(async () => {
    await app.stop();
    await slack.stop();
  });
  const rendered = (content: ChatMessage) => messageBlocks(content, () => '');
  return {
    ...{ slack, app, got },
    post: async (content) =>
      (await app.client.chat.postMessage({ channel: LAB, ...rendered(content) })).ts ?? '',
    edit: async (ts, content) =>
      void (await app.client.chat.update({ channel: LAB, ts, ...rendered(content) })),
  };
}

describe('people in front of Slack', () => {
  it('type a command, with or without its name, and wait for the answer', async () => {
    const { slack, got } = await quickBot();
    const people = slackPeople(slack);
    const mark = people.mark();

    await people.say('alice', '/testbox backup pluto');
    await people.say('alice', 'list');

    expect(got).toEqual(['backup pluto', 'list']);
    expect(people.read('alice', mark)).toEqual(['got backup pluto', 'got list']);
    expect(people.read('bob', mark)).toEqual([]);
  });

  it('press the newest button of the box they name', async () => {
    const { slack, got, post } = await quickBot();
    await post(message('restore pluto', { buttons: [button('approve', 'old')] }));
    await post(message('restore pluto', { buttons: [button('approve', 'pluto')] }));
    await post(message('restore venus', { buttons: [button('approve', 'venus')] }));
    const people = slackPeople(slack);

    await people.press('bob', { id: 'approve', box: 'pluto', input: null });
    await people.press('bob', { id: 'approve', box: null, input: null });

    expect(got).toEqual([
      ['UBOB', 'approve', 'pluto'],
      ['UBOB', 'approve', 'venus'],
    ]);
  });

  it('wait for a button that is about to come, and give the reason that its dialog asks for', async () => {
    const { slack, got, post } = await quickBot();

    const pressed = slackPeople(slack).press('bob', { id: 'deny', box: 'pluto', input: 'not today' });
    await post(message('restore pluto', { buttons: [button('deny', 'pluto')] }));
    await pressed;

    expect(got).toEqual([['UBOB', 'deny', 'pluto'], 'not today']);
  });

  it('try again what Slack says has failed, until the bot is back', async () => {
    const { slack, got, app } = await quickBot();
    await app.stop();

    const said = slackPeople(slack).say('alice', 'list');
    await app.start();
    await said;

    expect(got).toEqual(['list']);
    expect(slack.breaches()).toEqual([]);
  });

  it('read what is new and theirs, edits included', async () => {
    const { slack, post, edit } = await quickBot();
    const people = slackPeople(slack);
    const ts = await post(message('old'));
    const mark = people.mark();

    await edit(ts, message('edited'));

    expect(people.read('bob', mark)).toEqual(['edited']);
  });
});
