import { BOT_USER, type Directory, type Place } from './directory.ts';
import type { Json } from './json.ts';
import { permissionsOf } from './permissions.ts';
import type { FakeDiscordUser } from './types.ts';

const JOINED_AT = '2026-01-01T00:00:00.000000+00:00';

export function userJson(user: FakeDiscordUser): Json {
  return {
    ...{ id: user.id, username: user.name, global_name: user.displayName, discriminator: '0' },
    ...{ avatar: null, avatar_decoration_data: null, public_flags: 0, flags: 0, primary_guild: null },
    ...(user.isBot === true || user.id === BOT_USER ? { bot: true } : {}),
  };
}

/** The bot as it sees itself. */
export function ownUserJson(bot: FakeDiscordUser): Json {
  return { ...userJson(bot), verified: true, mfa_enabled: false, email: null, locale: 'en-US' };
}

export function memberJson(directory: Directory, user: FakeDiscordUser): Json {
  return {
    user: userJson(user),
    ...{ nick: null, avatar: null, banner: null, roles: directory.rolesOf(user.id), joined_at: JOINED_AT },
    ...{ premium_since: null, deaf: false, mute: false, flags: 0, pending: false },
    communication_disabled_until: null,
  };
}

/** A member as interactions carry it: with what it may do in that place. */
export function actingMemberJson(directory: Directory, user: FakeDiscordUser, place: Place): Json {
  const permissions = String(permissionsOf(directory, user.id, place));
  return { ...memberJson(directory, user), permissions };
}
