import { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { expect, onTestFinished } from 'vitest';
import type { Log } from '../../../src/app/ports.ts';
import type { HomePage, Inbound, RequestForm } from '../../../src/chat/platform.ts';
import { messageBlocks } from '../../../src/chat/slack/blocks/message.ts';
import { clientOptions } from '../../../src/chat/slack/clients.ts';
import { attachHandlers } from '../../../src/chat/slack/handlers.ts';
import { SlackPeople } from '../../../src/chat/slack/people.ts';
import { sdkLog } from '../../../src/chat/slack/sdk-log.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import type { FakeSlack, SeenMessage, WorkspaceSettings } from '../../fakes/slack/types.ts';
import { OPERATORS } from '../../fakes/slack/workspace.ts';
import { type LogEntry, logEntries, type ScriptedInbound, scriptedInbound } from '../scripted-inbound.ts';

export const START = Date.UTC(2026, 10, 2, 9);
export const FORM: RequestForm = {
  box: null,
  actions: [
    { action: 'backup', label: 'Back up' },
    { action: 'restore', label: 'Restore' },
    { action: 'refresh-info', label: 'Look at the hardware' },
  ],
};
export const HOME: HomePage = {
  at: START,
  sections: [
    { title: 'The fleet', empty: 'There are no boxes.', entries: [{ text: 'pluto: free', card: null }] },
  ],
};

/** The adapter's handlers on the real Bolt, in front of a fake Slack. */
export interface Hearing extends Omit<ScriptedInbound, 'app'> {
  slack: FakeSlack;
  bolt: App;
  clock: FakeClock;
  log: readonly LogEntry[];
  /** Texts of the bot's messages that this person sees now. */
  shown(user: string): readonly string[];
}

interface Scene {
  inbound?: Partial<Inbound>;
  workspace?: Partial<WorkspaceSettings>;
  /** User groups that the inventory names. */
  groups?: readonly string[];
}

/** At the end of the test nothing was left to Bolt to catch, and no rule of Slack's was broken. */
export async function hearing({
  inbound = {},
  workspace = {},
  groups = [OPERATORS],
}: Scene = {}): Promise<Hearing> {
  const clock = new FakeClock(START);
  const slack = await startFakeSlack({ rateLimits: false, now: () => clock.now(), ...workspace });
  const { entries, log } = logEntries();
  const { app, heard, nextCommand, nextPress } = scriptedInbound({
    form: async () => FORM,
    home: async () => HOME,
    ...inbound,
  });
  const { bolt, uncaught } = boltFor(slack, log);
  const client = new WebClient(slack.botToken, {
    ...clientOptions({ apiUrl: slack.apiUrl, log }),
    retryConfig: { retries: 1, minTimeout: 1, maxTimeout: 1 },
  });
  const team = async () => ({ id: 'T1', name: 'Acme' });
  const people = new SlackPeople({ client, groups: () => groups, clock, log, team });
  attachHandlers(bolt, { inbound: app, people, client, link: ({ channel }) => `<#${channel}>`, clock, log });
  await bolt.start();
  onTestFinished(async () => {
    await bolt.stop();
    const breaches = slack.breaches();
    await slack.stop();
    expect({ uncaught, breaches }).toEqual({ uncaught: [], breaches: [] });
  });
  const shown = (user: string) =>
    slack
      .as(user)
      .sees()
      .filter((message) => message.user === slack.botUser)
      .map(({ text }) => text);
  return { slack, bolt, clock, log: entries, nextCommand, nextPress, heard, shown };
}

/** The newest message of the bot that this person sees, once there is one with this text. */
export async function sight({ slack }: Hearing, user: string, text: string): Promise<SeenMessage> {
  const find = () =>
    slack
      .as(user)
      .sees()
      .findLast((message) => message.text.includes(text));
  await expect.poll(find).toBeDefined();
  return find() ?? expect.fail(`${user} does not see "${text}"`);
}

/** The ids and values of a message's buttons. */
export function buttonsOf({
  blocks,
}: Pick<SeenMessage, 'blocks'>): { id: string | undefined; value: string }[] {
  return blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) =>
      element.type === 'button' ? [{ id: element.action_id, value: element.value ?? '' }] : [],
    );
}

/** A post of the bot's own, as the outbox makes them. */
export async function post(
  { slack, bolt }: Hearing,
  to: { channel: string; threadTs?: string },
  shows: Parameters<typeof messageBlocks>[0],
): Promise<{ channel: string; ts: string }> {
  const { threadTs } = to;
  const sent = await bolt.client.chat.postMessage({
    channel: to.channel,
    ...messageBlocks(shows, () => ''),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
  const { channel, ts } = sent;
  if (channel === undefined || ts === undefined) return expect.fail(`${slack.apiUrl} gave no message`);
  return { channel, ts };
}

function boltFor(slack: FakeSlack, log: Log): { bolt: App; uncaught: readonly unknown[] } {
  const uncaught: unknown[] = [];
  const bolt = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    clientOptions: clientOptions({ apiUrl: slack.apiUrl, log }),
    logger: sdkLog(log),
  });
  bolt.error(async (error) => void uncaught.push(error));
  return { bolt, uncaught };
}
