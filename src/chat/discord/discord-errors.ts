import { RESTJSONErrorCodes as Code } from 'discord.js';
import {
  ChannelRefusedError,
  ChatRefusedError,
  ChatUnavailableError,
  MessageGoneError,
} from '../platform.ts';
import { DiscordCallError } from './call.ts';
import { PERMISSION_NAMES, permissionTitle } from './permissions.ts';
import type { DiscordFailure } from './rest-answers.ts';

type Refusal = Extract<DiscordFailure, { kind: 'refused' }>;

/** Only a new token, or somebody at Discord's settings, can help: no sense in asking again soon. */
const LONG_RETRY_MS = 10 * 60_000;
const ODD_RETRY_MS = 60_000;
const PORTAL = 'https://discord.com/developers/applications';

/** Discord takes no more edits of this message for now, for it is older than an hour. */
export class OldEditsError extends ChatUnavailableError {
  override name = 'OldEditsError';

  constructor() {
    super('Discord takes no more edits of an old message for now (30046).', { retryAfterMs: LONG_RETRY_MS });
  }
}

/** Discord doesn't know the token. */
export function tokenRefused(what: string): ChatRefusedError {
  return new ChatRefusedError(
    `Discord refuses DISCORD_TOKEN: it knows no such token, or the token was reset (${what}). Expected is the bot's token: take it from Bot at ${PORTAL}, and start the bot again.`,
  );
}

/** The gateway wants more of the application than it has. */
export function intentsRefused(code: number): ChatRefusedError {
  return new ChatRefusedError(
    `Discord refuses the gateway intents that the bot asks for (${code}): it asks for Guilds only, which every bot may. Look at Bot → Privileged Gateway Intents at ${PORTAL}, check that DISCORD_TOKEN is the token of this bot, and start it again.`,
  );
}

/** The bot is not let in with its token; null when that isn't what the failure says. */
export function tokenRefusal(failure: DiscordFailure): ChatRefusedError | null {
  return failure.kind === 'refused' && failure.status === 401 ? tokenRefused('401 Unauthorized') : null;
}

/** While a token is refused, calls wait for somebody to act. */
export function awaitingToken(refused: ChatRefusedError): ChatUnavailableError {
  return new ChatUnavailableError(refused.message, { retryAfterMs: LONG_RETRY_MS, cause: refused });
}

/** @param channel as people know it, such as `#lab` */
export function postError(failure: DiscordFailure, channel: string): Error {
  if (failure.kind !== 'refused') return unavailable(failure);
  if (failure.code === Code.UnknownMessage)
    return new MessageGoneError(`The card in ${channel} is gone (${failure.code}).`);
  return new ChannelRefusedError(noPost(channel, failure));
}

/** The platform's error for a direct message. */
export function directMessageError(failure: DiscordFailure, user: string): Error {
  if (failure.kind !== 'refused') return unavailable(failure);
  const { code, message } = failure;
  return new ChannelRefusedError(
    CLOSED.has(code)
      ? `Discord takes no direct message to user ${user} (${code}): they have to allow direct messages of the server's members, under the server's Privacy Settings.`
      : `Discord takes no direct message to user ${user} (${code} ${message}).`,
  );
}

/** The platform's error for an edit. */
export function editError(failure: DiscordFailure, channel: string): Error {
  if (failure.kind !== 'refused') return unavailable(failure);
  const { code, message } = failure;
  if (code === Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached) return new OldEditsError();
  if (GONE.has(code)) return new MessageGoneError(`A message in ${channel} is gone (${code}).`);
  const what = LACKING.has(code) ? noPost(channel, failure) : `Discord refused an edit (${code} ${message}).`;
  return new ChatUnavailableError(what, { retryAfterMs: ODD_RETRY_MS });
}

/** Discord takes the message, but not in this form. */
export function dislikesContent(failure: DiscordFailure): boolean {
  return failure.kind === 'refused' && CONTENT.has(failure.code);
}

/** The call was refused with one of these codes. */
export function isRefusal(error: unknown, codes: ReadonlySet<number>): error is DiscordCallError {
  return (
    error instanceof DiscordCallError && error.failure.kind === 'refused' && codes.has(error.failure.code)
  );
}

function unavailable(failure: Exclude<DiscordFailure, Refusal>): ChatUnavailableError {
  if (failure.kind === 'limited') {
    const { retryAfterMs } = failure;
    return new ChatUnavailableError(`Discord wants a pause of ${retryAfterMs} ms.`, { retryAfterMs });
  }
  return new ChatUnavailableError(`Discord can't be reached: ${failure.why}.`);
}

function noPost(channel: string, { code, message }: Refusal): string {
  if (code === Code.UnknownChannel)
    return `Discord knows no channel ${channel} (${code}): it was deleted, or its id is wrong. Name another channel in the inventory.`;
  if (LACKING.has(code)) {
    const permissions = PERMISSION_NAMES.map(permissionTitle).join(', ');
    return `The bot may not post in ${channel} (${code} ${message}): give the bot's role ${permissions} in ${channel}, or name another channel in the inventory.`;
  }
  return `Discord refuses the bot's posts in ${channel} (${code} ${message}): what that means is in https://discord.com/developers/docs/topics/opcodes-and-status-codes.`;
}

const LACKING: ReadonlySet<number> = new Set([Code.MissingAccess, Code.MissingPermissions]);
const GONE: ReadonlySet<number> = new Set([
  Code.UnknownMessage,
  Code.UnknownChannel,
  Code.CannotEditMessageAuthoredByAnotherUser,
]);
const CLOSED: ReadonlySet<number> = new Set([
  Code.CannotSendMessagesToThisUser,
  Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
]);
const CONTENT: ReadonlySet<number> = new Set([
  Code.InvalidFormBodyOrContentType,
  Code.RequestEntityTooLarge,
  Code.CannotSendAnEmptyMessage,
]);
