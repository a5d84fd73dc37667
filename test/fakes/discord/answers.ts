import { MessageFlags } from 'discord.js';
import { refusal } from './api-error.ts';
import { BOT_USER } from './directory.ts';
import type { Interaction } from './interactions.ts';
import { isJson } from './json.ts';
import { notifiedOf } from './mentions.ts';
import { type Content, contentOf, type MessageBody } from './message-body.ts';
import type { Answered, StoredMessage } from './message-store.ts';
import type { World } from './world.ts';

/** A new message that answers an interaction, ephemeral by its own flag. @throws ApiError */
export function postAnswer(world: World, interaction: Interaction, given: MessageBody): StoredMessage {
  const content = contentOf(world, given, null);
  const { user, channelId } = interaction;
  const onlyFor = isEphemeral(given.body) ? user : null;
  const flags = content.flags | (onlyFor === null ? 0 : MessageFlags.Ephemeral);
  const { said, notified } = heard(world, { channelId, onlyFor }, { ...content, flags });
  const message = world.messages.add({
    ...{ channelId, author: BOT_USER, onlyFor, ...said, notified },
    interaction: answeredBy(interaction),
  });
  interaction.messageIds.add(message.id);
  return message;
}

/** What a deferred answer says at last; whether it is ephemeral was decided when it was deferred. */
export function fillAnswer(world: World, message: StoredMessage, given: MessageBody): StoredMessage {
  const { said, notified } = heard(world, message, contentOf(world, given, message));
  return world.messages.change(message, { ...said, notified });
}

/** What a message says about the interaction that it answers. */
export function answeredBy({ id, payload, user, name, sourceId }: Interaction): Answered {
  return { id, type: Number(payload.type), user, name, sourceId };
}

export function isLoading({ flags }: StoredMessage): boolean {
  return (flags & MessageFlags.Loading) !== 0;
}

function heard(
  world: World,
  { channelId, onlyFor }: { channelId: string; onlyFor: string | null },
  { allowed, ...said }: Content,
): { said: Omit<Content, 'allowed'>; notified: readonly string[] } {
  const place = world.directory.place(channelId);
  if (place === null) throw refusal('unknownChannel');
  return { said, notified: notifiedOf(world, { ...said, onlyFor }, { allowed, place }) };
}

function isEphemeral(body: unknown): boolean {
  return isJson(body) && typeof body.flags === 'number' && (body.flags & MessageFlags.Ephemeral) !== 0;
}
