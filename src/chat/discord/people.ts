import { type APIInteractionGuildMember, type BaseInteraction, GuildMember } from 'discord.js';
import type { ChatPerson } from '../../domain/person.ts';
import type { FoundPerson } from '../attend.ts';

/** What an interaction says about who it is from. */
export type From = Pick<BaseInteraction, 'user' | 'member' | 'guildId'>;

/**
 * Who somebody is: Discord says it itself with each interaction, as it is at that moment. Read it
 * at once: the library keeps one object for a member and brings it up to date in place.
 */
export function personOf({ user, member, guildId }: From, guild: string): FoundPerson {
  if (guildId === null || member === null) {
    return refused(
      'In direct messages Testbox does not see which roles you have. Type `/testbox` and press buttons in a channel of your server.',
    );
  }
  if (guildId !== guild) return refused('This Testbox obeys the people of another server only.');
  const { nickname, pending, roles } = factsOf(member, guild);
  const kind = user.bot || user.system ? 'bot' : pending ? 'guest' : 'member';
  return {
    kind: 'person',
    person: {
      platform: 'discord',
      team: guildId,
      user: user.id,
      displayName: firstNonBlank([nickname, user.globalName, user.username]) ?? user.id,
      kind,
      groups: kind === 'bot' ? [] : roles,
    } satisfies ChatPerson,
  };
}

interface MemberFacts {
  nickname: string | null;
  /** Has not passed the guild's membership screening yet. */
  pending: boolean;
  /** Ids, without the role that everybody has. */
  roles: readonly string[];
}

/** The library gives a member of a guild that it doesn't know as the API does. */
function factsOf(member: GuildMember | APIInteractionGuildMember, guild: string): MemberFacts {
  if (member instanceof GuildMember) {
    const { nickname, pending, roles } = member;
    return {
      nickname,
      pending: pending === true,
      roles: [...roles.cache.keys()].filter((role) => role !== guild),
    };
  }
  const { nick = null, pending = false, roles } = member;
  return { nickname: nick, pending, roles };
}

function firstNonBlank(names: readonly (string | null)[]): string | null {
  return names.map((name) => name?.trim() ?? '').find((name) => name !== '') ?? null;
}

function refused(why: string): FoundPerson {
  return { kind: 'refused', why };
}
