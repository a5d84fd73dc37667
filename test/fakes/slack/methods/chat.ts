import { BOT_USER, type Conversation } from '../directory.ts';
import { type Content, checkContent, checkMetadata } from '../message-content.ts';
import { messageJson } from '../message-json.ts';
import { isTombstone, type StoredMessage } from '../message-store.ts';
import { TIER } from '../rate-limits.ts';
import { RateLimited, Refusal } from '../refusal.ts';
import { threadFor } from '../threads.ts';
import type { World } from '../world.ts';
import { isMember, visibleConversation, writableConversation } from './conversation-rules.ts';
import { type Call, type Method, scope } from './method.ts';

export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': { token: 'bot', perMinute: null, scopes: scope('chat:write'), run: postMessage },
  'chat.update': { token: 'bot', perMinute: TIER.three, scopes: scope('chat:write'), run: update },
  'chat.delete': { token: 'bot', perMinute: TIER.three, scopes: scope('chat:write'), run: remove },
  'chat.postEphemeral': {
    token: 'bot',
    perMinute: TIER.four,
    scopes: scope('chat:write'),
    run: postEphemeral,
  },
  'chat.getPermalink': { token: 'bot', perMinute: TIER.free, scopes: scope(), run: getPermalink },
};

function postMessage(call: Call): Record<string, unknown> {
  const { args, world } = call;
  const conversation = postTarget(call);
  const content = contentOf(call);
  const metadata = checkMetadata(args.json('metadata', 'invalid_metadata_format'));
  const threadTs = threadFor(world, conversation.id, args.text('thread_ts'));
  const wait = world.limits.takePost(conversation.id);
  if (wait !== null) throw new RateLimited(wait);
  const broadcast = threadTs !== null && args.flag('reply_broadcast');
  const place = { channel: conversation.id, user: BOT_USER, threadTs, broadcast };
  const message = world.messages.add({ ...place, ...content, metadata });
  return { channel: conversation.id, ts: message.ts, message: messageJson(world, message) };
}

function update(call: Call): Record<string, unknown> {
  const { args, world } = call;
  const message = ownMessage(call, 'cant_update_message');
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const given = { what: call.name, text: args.text('text'), blocks };
  const content = checkContent(given, world);
  const given_metadata = args.json('metadata', 'invalid_metadata_format');
  const metadata = given_metadata === undefined ? message.metadata : checkMetadata(given_metadata);
  const kept = blocks === undefined ? { blocks: message.blocks } : {};
  const changed = world.messages.change(message, { ...content, ...kept, metadata, edited: true });
  const { channel, ts, text } = changed;
  return { channel, ts, text, message: messageJson(world, changed) };
}

function remove(call: Call): Record<string, unknown> {
  const message = ownMessage(call, 'cant_delete_message');
  call.world.messages.remove(message);
  return { channel: message.channel, ts: message.ts };
}

function postEphemeral(call: Call): Record<string, unknown> {
  const { args, world } = call;
  const conversation = writableConversation(world, args.text('channel'));
  const user = args.required('user');
  if (world.directory.user(user) === null || !isMember(conversation, user)) {
    throw new Refusal('user_not_in_channel');
  }
  const content = contentOf(call);
  const wanted = args.text('thread_ts');
  const threadTs = threadFor(world, conversation.id, wanted);
  if (wanted !== null && !hasReplies(call, { channel: conversation.id, threadTs })) {
    return { message_ts: world.messages.nextTs() };
  }
  const place = { channel: conversation.id, user: BOT_USER, threadTs, onlyFor: user };
  return { message_ts: world.messages.add({ ...place, ...content }).ts };
}

/** Slack shows an ephemeral message in a thread only once somebody has replied there. */
function hasReplies({ world }: Call, at: { channel: string; threadTs: string | null }): boolean {
  if (at.threadTs === null) return false;
  if (world.messages.replies(at.channel, at.threadTs).length > 0) return true;
  world.journal.breach('chat.postEphemeral into a thread without replies, where Slack shows nothing');
  return false;
}

function getPermalink({ args, world }: Call): Record<string, unknown> {
  const conversation = visibleConversation(world, args.text('channel'));
  const message = world.messages.find(conversation.id, args.required('message_ts'));
  if (message === null || message.onlyFor !== null) throw new Refusal('message_not_found');
  const { channel, ts, threadTs } = message;
  const path = `archives/${channel}/p${ts.replace('.', '')}`;
  const thread = threadTs === null ? '' : `?thread_ts=${threadTs}&cid=${channel}`;
  return { channel, permalink: `https://${world.directory.team.domain}.slack.com/${path}${thread}` };
}

function contentOf({ name, args, world }: Call): Content {
  const blocks = args.json('blocks', 'invalid_blocks_format');
  return checkContent({ what: name, text: args.text('text'), blocks }, world);
}

/** A channel, or for a user id the direct messages with them. */
function postTarget({ args, world }: Call): Conversation {
  const id = args.text('channel') ?? '';
  return writableConversation(world, /^[UW]/.test(id) ? imWith(world, id) : id);
}

function imWith(world: World, user: string): string {
  const found = world.directory.user(user);
  if (found === null || found.deleted === true) throw new Refusal('channel_not_found');
  if (found.isBot === true) throw new Refusal('cannot_dm_bot');
  return world.directory.openIm(user);
}

function ownMessage({ args, world }: Call, otherwise: string): StoredMessage {
  const conversation = visibleConversation(world, args.text('channel'));
  if (conversation.isArchived) throw new Refusal('is_inactive');
  if (!isMember(conversation)) throw new Refusal('not_in_channel');
  const message = world.messages.find(conversation.id, args.required('ts'));
  if (message === null || message.onlyFor !== null || isTombstone(message)) {
    throw new Refusal('message_not_found');
  }
  if (message.user !== BOT_USER) throw new Refusal(otherwise);
  return message;
}
