import {
  ChannelRefusedError,
  ChatRefusedError,
  ChatUnavailableError,
  MessageGoneError,
} from '../platform.ts';
import type { SlackFailure } from './failure.ts';

type Refusal = Extract<SlackFailure, { kind: 'refused' }>;
/** Where the tokens are configured. */
export type TokenName = 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

/** Only a new token, or somebody at Slack's settings, can help: no sense in asking again soon. */
const LONG_RETRY_MS = 10 * 60_000;
const ODD_RETRY_MS = 60_000;
const APPS = 'https://api.slack.com/apps';

/** The bot is not let in with this token; null when that isn't what the failure says. */
export function tokenRefusal(token: TokenName, failure: SlackFailure): ChatRefusedError | null {
  if (failure.kind !== 'refused') return null;
  const { code } = failure;
  if (token === 'SLACK_APP_TOKEN' && code === 'missing_scope')
    return new ChatRefusedError(
      `The token in ${token} lacks the scope connections:write. ${HOW_TO_GET[token]}`,
    );
  const what = TOKEN_CODES.get(code);
  return what === undefined
    ? null
    : new ChatRefusedError(`Slack refuses ${token}: ${what} (${code}). ${HOW_TO_GET[token]}`);
}

/** While a token is refused, calls wait for somebody to act. */
export function awaitingToken(refused: ChatRefusedError): ChatUnavailableError {
  return new ChatUnavailableError(refused.message, { retryAfterMs: LONG_RETRY_MS, cause: refused });
}

/** The platform's error for a post into a channel, or to a person by their id. */
export function postError(failure: SlackFailure, to: string): Error {
  if (failure.kind !== 'refused') return unavailable(failure);
  const { code } = failure;
  if (THREAD_GONE.has(code)) return new MessageGoneError(`The thread in channel ${to} is gone (${code}).`);
  return new ChannelRefusedError(/^[UW]/.test(to) ? noDirectMessage(to, failure) : noPost(to, failure));
}

/** The platform's error for an edit. */
export function editError(failure: SlackFailure, channel: string): Error {
  if (failure.kind !== 'refused') return unavailable(failure);
  const { code } = failure;
  if (MESSAGE_GONE.has(code) || code.startsWith('restricted_action'))
    return new MessageGoneError(`A message in channel ${channel} can't be edited any more (${code}).`);
  if (code === 'missing_scope')
    return new ChatUnavailableError(lacksScope(failure), { retryAfterMs: LONG_RETRY_MS });
  return new ChatUnavailableError(`Slack refused an edit (${code}).`, { retryAfterMs: ODD_RETRY_MS });
}

/** Slack takes the message, but not in this form. */
export function dislikesContent(failure: SlackFailure): boolean {
  return failure.kind === 'refused' && CONTENT.has(failure.code);
}

export function lacksScope({ needed }: Pick<Refusal, 'needed'>): string {
  const scope = needed === null ? 'a scope' : `the scope ${needed}`;
  return `The Slack app lacks ${scope}: add it under OAuth & Permissions at ${APPS} and install the app in the workspace again.`;
}

function unavailable(failure: Exclude<SlackFailure, Refusal>): ChatUnavailableError {
  if (failure.kind === 'limited') {
    const { retryAfterMs } = failure;
    return new ChatUnavailableError(`Slack wants a pause of ${retryAfterMs} ms.`, { retryAfterMs });
  }
  return new ChatUnavailableError(`Slack can't be reached: ${failure.why}.`);
}

const HOW_TO_GET: Readonly<Record<TokenName, string>> = {
  SLACK_BOT_TOKEN: `Expected is the app's Bot User OAuth Token (xoxb-…): take it from OAuth & Permissions at ${APPS}, and start the bot again.`,
  SLACK_APP_TOKEN: `Expected is an App-Level Token (xapp-…) with the scope connections:write: make one under Basic Information at ${APPS}, and start the bot again.`,
};

const TOKEN_CODES: ReadonlyMap<string, string> = new Map([
  ['invalid_auth', "it knows no such token, or doesn't take it from this address"],
  ['not_authed', 'the token is empty'],
  ['not_allowed_token_type', 'it is a token of another kind'],
  ['token_revoked', 'the token was revoked'],
  ['token_expired', 'the token has expired'],
  ['account_inactive', 'the app was removed from the workspace'],
  ['user_removed_from_team', 'the app was removed from the workspace'],
  ['team_disabled', 'the workspace is closed'],
  ['team_access_not_granted', 'the app is not admitted to the workspace'],
  ['org_login_required', 'the workspace is being moved to an organisation'],
  ['enterprise_is_restricted', "it doesn't take the token of an organisation"],
  ['two_factor_setup_required', 'the workspace asks for a second factor'],
]);

const THREAD_GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'invalid_thread_ts',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
]);

const MESSAGE_GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'is_inactive',
]);

const CONTENT: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'blocks_too_long',
  'msg_blocks_too_long',
  'msg_too_long',
  'block_mismatch',
  'no_text',
]);

function noPost(channel: string, failure: Refusal): string {
  const { code } = failure;
  switch (code) {
    case 'not_in_channel':
      return `The bot is no member of channel ${channel}: type \`/invite @testbox\` there.`;
    case 'channel_not_found':
      return `Slack shows the bot no channel ${channel}: type \`/invite @testbox\` there if it is a private one, or name another channel in the inventory.`;
    case 'is_archived':
      return `Channel ${channel} is archived: unarchive it, or name another channel in the inventory.`;
    case 'missing_scope':
      return lacksScope(failure);
    case 'ekm_access_denied':
    case 'no_permission':
    case 'access_denied':
      return `The workspace's admins let nobody post in channel ${channel} (${code}): ask them, or name another channel in the inventory.`;
  }
  return code.startsWith('restricted_action')
    ? `The settings of channel ${channel} don't let the bot post (${code}): allow it under the channel's posting permissions, or name another channel in the inventory.`
    : `Slack refuses the bot's posts in channel ${channel} (${code}): what that means is in https://docs.slack.dev/reference/methods/chat.postMessage.`;
}

function noDirectMessage(user: string, failure: Refusal): string {
  if (failure.code === 'missing_scope') return lacksScope(failure);
  return failure.code === 'messages_tab_disabled'
    ? `The Slack app takes no direct messages: switch on its Messages Tab under App Home at ${APPS}.`
    : `Slack takes no direct message to user ${user} (${failure.code}).`;
}
