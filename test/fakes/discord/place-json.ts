import { ChannelType } from 'discord.js';
import { BOT_ROLE, BOT_USER, type Directory, type Place, type Thread } from './directory.ts';
import type { Json } from './json.ts';
import { userJson } from './people-json.ts';
import { bitsOf } from './permissions.ts';
import type { FakeDiscordChannel } from './types.ts';

export function placeJson(directory: Directory, place: Place): Json {
  if (place.kind === 'channel') return channelJson(directory, place.channel);
  if (place.kind === 'thread') return threadJson(directory, place.thread);
  const { id, user } = place;
  return { id, type: ChannelType.DM, flags: 0, last_message_id: null, recipients: [userJson(user)] };
}

export function channelJson(directory: Directory, channel: FakeDiscordChannel): Json {
  const hidden = { id: BOT_ROLE, type: 0, allow: '0', deny: String(bitsOf(['ViewChannel'])) };
  return {
    ...{ id: channel.id, type: ChannelType.GuildText, guild_id: directory.guild.id, name: channel.name },
    ...{ position: 0, flags: 0, parent_id: null, topic: null, nsfw: false, rate_limit_per_user: 0 },
    ...{ last_message_id: null, permission_overwrites: channel.botMayWrite === false ? [hidden] : [] },
  };
}

export function threadJson(directory: Directory, thread: Thread): Json {
  const metadata = {
    ...{ archived: thread.archived, locked: thread.locked },
    auto_archive_duration: thread.autoArchiveMinutes,
    archive_timestamp: new Date(thread.changedAt).toISOString(),
    create_timestamp: new Date(thread.createdAt).toISOString(),
  };
  const { id, name, parentId, ownerId } = thread;
  return {
    ...{ id, type: ChannelType.PublicThread, guild_id: directory.guild.id, name, parent_id: parentId },
    ...{ owner_id: ownerId, flags: 0, rate_limit_per_user: 0, last_message_id: null },
    ...{ message_count: 0, member_count: 1, total_message_sent: 0, thread_metadata: metadata },
    member: { id, user_id: BOT_USER, join_timestamp: metadata.create_timestamp, flags: 0 },
  };
}
