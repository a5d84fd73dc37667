import { BOT_USER, type Conversation } from '../directory.ts';
import { messageJson } from '../message-json.ts';
import { compareTs, type StoredMessage } from '../message-store.ts';
import { TIER } from '../rate-limits.ts';
import { Refusal } from '../refusal.ts';
import { isMember, scopesByKind, visibleConversation } from './conversation-rules.ts';
import { type Call, type Method, scope } from './method.ts';

const DEFAULT_LIMIT = 100;
const MOST = 1000;

const HISTORY_SCOPES = scopesByKind('history');

export const CONVERSATION_METHODS: Readonly<Record<string, Method>> = {
  'conversations.info': { token: 'bot', perMinute: TIER.three, scopes: scopesByKind('read'), run: info },
  'conversations.history': { token: 'bot', perMinute: TIER.three, scopes: HISTORY_SCOPES, run: history },
  'conversations.replies': { token: 'bot', perMinute: TIER.three, scopes: HISTORY_SCOPES, run: replies },
  'conversations.open': { token: 'bot', perMinute: TIER.three, scopes: scope('im:write'), run: open },
};

function info({ args, world }: Call): Record<string, unknown> {
  const found = visibleConversation(world, args.text('channel'));
  const { id, name, kind, isArchived } = found;
  if (kind === 'im') {
    return { channel: { id, is_im: true, is_archived: false, user: found.members[0] } };
  }
  const kinds = { is_channel: kind === 'public', is_group: false, is_im: false, is_mpim: false };
  const is_private = kind === 'private';
  const state = { is_archived: isArchived, is_member: isMember(found), is_private };
  return { channel: { id, name, name_normalized: name, ...kinds, ...state } };
}

function history(call: Call): Record<string, unknown> {
  const conversation = readable(call);
  const shown = call.world.messages
    .all()
    .filter(({ channel, onlyFor }) => channel === conversation.id && onlyFor === null)
    .filter(({ threadTs, broadcast }) => threadTs === null || broadcast)
    .reverse();
  return page(call, shown);
}

function replies(call: Call): Record<string, unknown> {
  const { args, world } = call;
  const conversation = readable(call);
  const root = world.messages.find(conversation.id, args.required('ts'));
  if (root === null || root.onlyFor !== null) throw new Refusal('thread_not_found');
  return page(call, [root, ...world.messages.replies(conversation.id, root.ts)]);
}

function open({ args, world }: Call): Record<string, unknown> {
  const users = args.required('users').split(',');
  const [user] = users;
  if (user === undefined || users.length !== 1) throw new Refusal('method_not_supported_for_channel_type');
  const found = world.directory.user(user);
  if (found === null) throw new Refusal('user_not_found');
  if (found.deleted === true) throw new Refusal('user_disabled');
  if (found.isBot === true) throw new Refusal('cannot_dm_bot');
  return { channel: { id: world.directory.openIm(user) } };
}

function readable({ args, world }: Call): Conversation {
  const found = visibleConversation(world, args.text('channel'));
  if (!isMember(found, BOT_USER)) throw new Refusal('not_in_channel');
  return found;
}

/** One page of messages, which are in the order in which they are given. */
function page(call: Call, messages: readonly StoredMessage[]): Record<string, unknown> {
  const { args, world } = call;
  const limit = args.integer('limit') ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MOST) throw new Refusal('invalid_limit');
  const start = startOf(args.text('cursor'));
  const isWanted = range(call);
  const inRange = messages.filter(({ ts }) => isWanted(ts));
  const options = { withMetadata: args.flag('include_all_metadata') };
  const shown = inRange.slice(start, start + limit).map((message) => messageJson(world, message, options));
  if (start + limit >= inRange.length) return { messages: shown, has_more: false };
  const next_cursor = Buffer.from(`next_ts:${start + limit}`).toString('base64');
  return { messages: shown, has_more: true, response_metadata: { next_cursor } };
}

function startOf(cursor: string | null): number {
  if (cursor === null) return 0;
  const [, start] = /^next_ts:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  if (start === undefined) throw new Refusal('invalid_cursor');
  return Number(start);
}

function range({ args }: Call): (ts: string) => boolean {
  const least = args.flag('inclusive') ? 0 : 1;
  const oldest = bound(args.text('oldest'), 'invalid_ts_oldest');
  const latest = bound(args.text('latest'), 'invalid_ts_latest');
  const isAfter = (ts: string, other: string): boolean => Math.sign(compareTs(ts, other)) >= least;
  return (ts) => (oldest === null || isAfter(ts, oldest)) && (latest === null || isAfter(latest, ts));
}

function bound(ts: string | null, error: string): string | null {
  if (ts !== null && !/^\d+(\.\d+)?$/.test(ts)) throw new Refusal(error);
  return ts;
}
