import { WebAPIRequestError, WebClient } from '@slack/web-api';
import type { Log } from '../../app/ports.ts';
import { inTurn } from '../in-turn.ts';
import { CALL_TIMEOUT_MS, clientOptions, ONCE } from './clients.ts';
import { readFailure, type SlackFailure } from './failure.ts';

export interface InspectSettings {
  botToken: string;
  appToken: string;
  /** Null is Slack's own. */
  apiUrl: string | null;
  /** Ids of the channels that cards go to. */
  channels: readonly string[];
  /** Ids of the user groups that hold roles, of the bot's workspace. */
  groups: (team: string) => readonly string[];
}

export type BotTokenFinding =
  | {
      kind: 'valid';
      team: string;
      teamName: string;
      botUser: string;
      /** As people type it, without the `@`. */
      botName: string;
      /** Null when the answer doesn't say. */
      scopes: readonly string[] | null;
    }
  | SlackFailure;

export type ChannelFinding = { channel: string; name: string | null } & (
  | { kind: 'ready' }
  | { kind: 'archived' }
  | { kind: 'not-member' }
  | SlackFailure
);

export type GroupFinding = { group: string } & ({ kind: 'known'; members: number } | SlackFailure);

/** What Slack says about this bot. Channels and groups are only asked for with a valid token. */
export interface SlackFindings {
  bot: BotTokenFinding;
  app: { kind: 'valid' } | SlackFailure;
  channels: readonly ChannelFinding[];
  groups: readonly GroupFinding[];
}

/** Asks Slack about the tokens, channels and groups. Posts nothing and opens no socket. Never throws. */
export async function inspectSlack(settings: InspectSettings): Promise<SlackFindings> {
  const client = clientOf(settings.botToken, settings);
  const [bot, app] = await Promise.all([
    lookAtBotToken(client),
    lookAtAppToken(clientOf(settings.appToken, settings)),
  ]);
  if (bot.kind !== 'valid') return { bot, app, channels: [], groups: [] };
  return {
    bot,
    app,
    channels: await inTurn(settings.channels, (channel) => lookAtChannel(client, channel)),
    groups: await inTurn(settings.groups(bot.team), (group) => lookAtGroup(client, group)),
  };
}

/** One question, one answer: whoever runs the doctor waits for it. */
function clientOf(token: string, { apiUrl }: InspectSettings): WebClient {
  return new WebClient(token, { ...clientOptions({ apiUrl, log: SILENT }), ...ONCE });
}

async function lookAtBotToken(client: WebClient): Promise<BotTokenFinding> {
  try {
    const answer = await client.auth.test();
    const { team_id: team, user_id: botUser } = answer;
    if (team === undefined || botUser === undefined) {
      return { kind: 'unreachable', why: "an answer that is not Slack's", mayHaveEffect: false };
    }
    return {
      kind: 'valid',
      team,
      teamName: answer.team ?? team,
      botUser,
      botName: answer.user ?? botUser,
      scopes: answer.response_metadata?.scopes ?? null,
    };
  } catch (error) {
    return failureOf(error);
  }
}

/** The call gives a URL that is good for one connection; left alone, it expires. */
async function lookAtAppToken(client: WebClient): Promise<SlackFindings['app']> {
  try {
    await client.apps.connections.open({});
    return { kind: 'valid' };
  } catch (error) {
    return failureOf(error);
  }
}

async function lookAtChannel(client: WebClient, channel: string): Promise<ChannelFinding> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    const name = found?.name ?? null;
    if (found?.is_archived === true) return { channel, name, kind: 'archived' };
    return { channel, name, kind: found?.is_member === true ? 'ready' : 'not-member' };
  } catch (error) {
    return { channel, name: null, ...failureOf(error) };
  }
}

async function lookAtGroup(client: WebClient, group: string): Promise<GroupFinding> {
  try {
    const { users } = await client.usergroups.users.list({ usergroup: group });
    return { group, kind: 'known', members: users?.length ?? 0 };
  } catch (error) {
    return { group, ...failureOf(error) };
  }
}

/** fetch says "fetch failed"; what failed is behind it. */
function failureOf(error: unknown): SlackFailure {
  const failure = readFailure(error);
  const isDeaf = failure.kind === 'unreachable' && error instanceof WebAPIRequestError;
  return isDeaf ? { ...failure, why: rootOf(error.original) } : failure;
}

function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${CALL_TIMEOUT_MS / 1000} s`;
  if (error.cause !== undefined) return rootOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** The findings say all of it, and the terminal is for them. */
const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
