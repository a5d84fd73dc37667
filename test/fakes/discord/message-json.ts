import { MessageFlags } from 'discord.js';
import { APPLICATION, BOT_USER } from './directory.ts';
import { isJson, type Json } from './json.ts';
import { mentionsIn } from './mentions.ts';
import type { Attachment, StoredMessage } from './message-store.ts';
import { userJson } from './people-json.ts';
import { threadJson } from './place-json.ts';
import type { World } from './world.ts';

/** A message as the REST API and payloads carry it. */
export function messageJson(world: World, message: StoredMessage): Json {
  const { directory } = world;
  const author = directory.user(message.author);
  const mentioned = mentionsIn(message);
  const users = mentioned.users.flatMap((id) => directory.user(id) ?? []);
  const thread = message.onlyFor === null ? directory.thread(message.id) : null;
  return {
    ...{ id: message.id, channel_id: message.channelId, type: typeOf(message), content: message.content },
    author: author === null ? null : userJson(author),
    ...{
      embeds: message.embeds.map(embedJson),
      components: message.components,
    },
    ...{ attachments: message.attachments.map((file) => attachmentJson(world, message, file)) },
    ...{ mentions: users.map(userJson), mention_roles: mentioned.roles, mention_everyone: false },
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    ...{ flags: message.flags | (thread === null ? 0 : MessageFlags.HasThread), tts: false, pinned: false },
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.author === BOT_USER && message.interaction === null ? {} : { application_id: APPLICATION }),
    ...(thread === null ? {} : { thread: threadJson(directory, thread) }),
    ...interactionJson(world, message),
    ...(message.repliesTo === null ? {} : { message_reference: referenceOf(world, message) }),
  };
}

function embedJson(embed: Json): Json {
  const fields = Array.isArray(embed.fields) ? embed.fields.filter(isJson) : [];
  return { type: 'rich', ...embed, fields: fields.map((field) => ({ inline: false, ...field })) };
}

function typeOf({ interaction, repliesTo }: StoredMessage): number {
  if (interaction?.type === 2) return 20;
  return repliesTo === null ? 0 : 19;
}

function interactionJson(world: World, { interaction, author }: StoredMessage): Json {
  if (interaction === null) return {};
  const { id, type } = interaction;
  const user = world.directory.user(interaction.user);
  const owners = { '0': world.directory.guild.id };
  const whose = { user: user === null ? null : userJson(user), authorizing_integration_owners: owners };
  const { sourceId } = interaction;
  const source = sourceId === null ? {} : { interacted_message_id: sourceId };
  const name = interaction.name === null ? {} : { name: interaction.name };
  return {
    webhook_id: author === BOT_USER ? APPLICATION : null,
    interaction_metadata: { id, type, ...whose, ...name, ...source },
  };
}

function attachmentJson(world: World, message: StoredMessage, file: Attachment): Json {
  const url = `http://${world.host}/attachments/${message.channelId}/${file.id}/${file.name}`;
  return {
    ...{ id: file.id, filename: file.name, size: file.content.length, url, proxy_url: url },
    ...(file.description === null ? {} : { description: file.description }),
    content_type: 'text/plain; charset=utf-8',
  };
}

function referenceOf(world: World, { channelId, repliesTo }: StoredMessage): Json {
  return { type: 0, message_id: repliesTo, channel_id: channelId, guild_id: world.directory.guild.id };
}
