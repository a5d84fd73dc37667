import {
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';

const ANSWER_WITHIN_MS = 10_000;

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

/** Why Slack did not do what it was asked. */
export type SlackRefusal =
  /** Slack's own word for it, such as `invalid_auth`, and the scope it wanted, if it said one. */
  | { kind: 'refused'; error: string; needed: string | null }
  /** No answer that says anything about the question. */
  | { kind: 'unreachable'; why: string };

export type BotTokenFinding =
  | {
      kind: 'valid';
      team: string;
      teamName: string;
      botUser: string;
      /** As people type it, without the `@`. */
      botName: string;
      scopes: readonly string[];
    }
  | SlackRefusal;

export type ChannelFinding = { channel: string; name: string | null } & (
  | { kind: 'ready' }
  | { kind: 'archived' }
  | { kind: 'not-member' }
  | SlackRefusal
);

export type GroupFinding = { group: string } & ({ kind: 'known'; members: number } | SlackRefusal);

/** What Slack says about this bot. Channels and groups are only asked for with a valid token. */
export interface SlackFindings {
  bot: BotTokenFinding;
  app: { kind: 'valid' } | SlackRefusal;
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
  return new WebClient(token, {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    timeout: ANSWER_WITHIN_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });
}

async function lookAtBotToken(client: WebClient): Promise<BotTokenFinding> {
  try {
    const answer = await client.auth.test();
    const { team_id: team, user_id: botUser } = answer;
    if (team === undefined || botUser === undefined) {
      return { kind: 'unreachable', why: 'the answer names no workspace or no user' };
    }
    return {
      kind: 'valid',
      team,
      teamName: answer.team ?? team,
      botUser,
      botName: answer.user ?? botUser,
      scopes: answer.response_metadata?.scopes ?? [],
    };
  } catch (error) {
    return refusalOf(error);
  }
}

/** The call gives a URL that is good for one connection; left alone, it expires. */
async function lookAtAppToken(client: WebClient): Promise<SlackFindings['app']> {
  try {
    await client.apps.connections.open({});
    return { kind: 'valid' };
  } catch (error) {
    return refusalOf(error);
  }
}

async function lookAtChannel(client: WebClient, channel: string): Promise<ChannelFinding> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    const name = found?.name ?? null;
    if (found?.is_archived === true) return { channel, name, kind: 'archived' };
    return { channel, name, kind: found?.is_member === true ? 'ready' : 'not-member' };
  } catch (error) {
    return { channel, name: null, ...refusalOf(error) };
  }
}

async function lookAtGroup(client: WebClient, group: string): Promise<GroupFinding> {
  try {
    const { users } = await client.usergroups.users.list({ usergroup: group });
    return { group, kind: 'known', members: users?.length ?? 0 };
  } catch (error) {
    return { group, ...refusalOf(error) };
  }
}

/** One after the other: Slack counts calls. What can't be reached once is not asked again and again. */
async function inTurn<T, F extends { kind: string }>(
  items: readonly T[],
  look: (item: T) => Promise<F>,
): Promise<F[]> {
  const findings: F[] = [];
  for (const item of items) {
    const finding = await look(item);
    findings.push(finding);
    if (finding.kind === 'unreachable') break;
  }
  return findings;
}

/** Slack's trouble of the moment: it says nothing about what was asked. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

function refusalOf(error: unknown): SlackRefusal {
  if (error instanceof WebAPIPlatformError) {
    const { error: word, needed } = { needed: null, ...error.data };
    if (PASSING_ERRORS.has(word)) return { kind: 'unreachable', why: `Slack answered ${word}` };
    return { kind: 'refused', error: word, needed: typeof needed === 'string' ? needed : null };
  }
  return { kind: 'unreachable', why: whyUnreachable(error) };
}

function whyUnreachable(error: unknown): string {
  if (error instanceof WebAPIRateLimitedError) return `Slack wants ${error.retryAfter} s of quiet`;
  if (error instanceof WebAPIHTTPError) return `Slack answered with HTTP status ${error.statusCode}`;
  if (error instanceof WebAPIRequestError) return rootOf(error.original);
  return rootOf(error);
}

/** fetch says "fetch failed"; what failed is behind it. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
  if (error.cause !== undefined) return rootOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** The findings say all of it, and the terminal is for them. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
