import { BOT_ROLE, BOT_USER, botOf, type Directory, type Role } from './directory.ts';
import type { Json } from './json.ts';
import { memberJson } from './people-json.ts';
import { bitsOf } from './permissions.ts';
import { channelJson, threadJson } from './place-json.ts';

export function guildJson(directory: Directory): Json {
  const { id, name, ownerId } = directory.guild;
  return {
    ...{ id, name, owner_id: ownerId, icon: null, splash: null, discovery_splash: null, banner: null },
    ...{ afk_channel_id: null, afk_timeout: 300, system_channel_id: null, system_channel_flags: 0 },
    ...{ rules_channel_id: null, public_updates_channel_id: null, safety_alerts_channel_id: null },
    ...{ verification_level: 1, default_message_notifications: 1, explicit_content_filter: 0, mfa_level: 0 },
    ...{ nsfw_level: 0, premium_tier: 0, premium_subscription_count: 0, premium_progress_bar_enabled: false },
    ...{ preferred_locale: 'en-US', description: null, vanity_url_code: null, application_id: null },
    ...{
      home_header: null,
      region: 'deprecated',
      widget_enabled: false,
      widget_channel_id: null,
      nsfw: false,
    },
    ...{ max_presences: null, max_members: 500_000, max_video_channel_users: 25 },
    ...{ max_stage_video_channel_users: 50, incidents_data: null },
    ...{ features: [], emojis: [], stickers: [], roles: rolesJson(directory) },
  };
}

/** What GUILD_CREATE says: everything that a bot with the intent `Guilds` learns at its start. */
export function createdGuildJson(directory: Directory): Json {
  const threads = directory.threads().filter(({ archived }) => !archived);
  return {
    ...guildJson(directory),
    ...{ large: false, unavailable: false, member_count: 6, joined_at: '2026-01-01T00:00:00.000000+00:00' },
    channels: directory.channels().map((channel) => channelJson(directory, channel)),
    threads: threads.map((thread) => threadJson(directory, thread)),
    members: [memberJson(directory, botOf(directory))],
    ...{ presences: [], voice_states: [], stage_instances: [], guild_scheduled_events: [] },
    soundboard_sounds: [],
  };
}

export function rolesJson(directory: Directory): readonly Json[] {
  const everyone = { id: directory.guild.id, name: '@everyone', members: [], mentionable: false };
  const bot = { id: BOT_ROLE, name: 'Testbox', members: [BOT_USER], mentionable: false };
  return [
    roleJson(everyone, { position: 0, permissions: bitsOf(['UseApplicationCommands']) }),
    ...directory.roles().map((role, index) => roleJson(role, { position: index + 1, permissions: 0n })),
    {
      ...roleJson(bot, { position: 99, permissions: bitsOf(directory.permissions) }),
      managed: true,
      tags: { bot_id: BOT_USER },
    },
  ];
}

function roleJson(role: Role, more: { position: number; permissions: bigint }): Json {
  const colors = { primary_color: 0, secondary_color: null, tertiary_color: null };
  return {
    ...{ id: role.id, name: role.name, description: null, color: 0, colors, hoist: false },
    ...{ icon: null, unicode_emoji: null, position: more.position, permissions: String(more.permissions) },
    ...{ managed: false, mentionable: role.mentionable ?? true, flags: 0 },
  };
}
