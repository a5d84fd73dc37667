import type { Directory } from './directory.ts';
import { messageJson } from './message-json.ts';
import type { StoredMessage } from './message-store.ts';
import { buttonsOf, shownText } from './shown-text.ts';
import type { SeenDiscordMessage } from './types.ts';
import type { World } from './world.ts';

/** Everybody sees all channels; direct messages and ephemeral ones are for one person. */
export function isShownTo(directory: Directory, user: string, message: StoredMessage): boolean {
  if (message.onlyFor !== null && message.onlyFor !== user) return false;
  const place = directory.place(message.channelId);
  return place !== null && (place.kind !== 'dm' || place.user.id === user);
}

export function seen(world: World, message: StoredMessage): SeenDiscordMessage {
  const { id, channelId, author, notified } = message;
  const files = message.attachments.map(({ name, content }) => ({ name, content: content.toString('utf8') }));
  const threadId = world.directory.place(channelId)?.kind === 'thread' ? channelId : null;
  return {
    ...{ id, channelId, threadId, author, notified, files, text: shownText(message) },
    ...{ ephemeral: message.onlyFor !== null, edited: message.editedAt !== null },
    raw: messageJson(world, message),
    buttons: buttonsOf(message.components),
  };
}
