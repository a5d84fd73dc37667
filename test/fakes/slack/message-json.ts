import { withBlockIds } from './block-ids.ts';
import { APP_ID, BOT_ID, BOT_USER } from './directory.ts';
import { isTombstone, type StoredMessage } from './message-store.ts';
import type { World } from './world.ts';

/** A message as the Web API and payloads carry it. */
export function messageJson(
  world: World,
  message: StoredMessage,
  options: { withMetadata: boolean } = { withMetadata: false },
): Record<string, unknown> {
  const { ts, user, text } = message;
  const bot = user === BOT_USER ? { bot_id: BOT_ID, app_id: APP_ID } : {};
  return {
    type: 'message',
    ...{ ts, user, text, team: world.directory.team.id },
    ...bot,
    ...(isTombstone(message) ? { subtype: 'tombstone' } : {}),
    ...(message.blocks.length === 0 ? {} : { blocks: withBlockIds(message.blocks, ts) }),
    ...threadJson(world, message),
    ...(message.edited ? { edited: { user, ts: world.messages.lastTs() } } : {}),
    ...(message.files.length === 0 ? {} : { files: message.files.map(({ id, name }) => ({ id, name })) }),
    ...(options.withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}

function threadJson(world: World, message: StoredMessage): Record<string, unknown> {
  const { channel, ts, threadTs, broadcast } = message;
  if (threadTs !== null) {
    return { thread_ts: threadTs, ...(broadcast ? { subtype: 'thread_broadcast' } : {}) };
  }
  const replies = world.messages.replies(channel, ts);
  if (replies.length === 0) return {};
  return { thread_ts: ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts };
}
