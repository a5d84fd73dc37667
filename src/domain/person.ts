/** Where a person is known from. */
export type PlatformName = 'console' | 'slack' | 'discord';

/**
 * Someone who types or clicks: platform, team or guild, and user id. A display name or an
 * e-mail address is never an identity, people change them at will.
 */
export interface ChatPerson {
  platform: PlatformName;
  /** Slack team or Discord guild id; the console has one team, `console`. */
  team: string;
  user: string;
  /** For showing only. */
  displayName: string;
  /** Bots and guests can't decide. */
  kind: 'member' | 'guest' | 'bot';
  /** Ids of the user groups or roles the person has on the platform. */
  groups: readonly string[];
}

/** A person as stored with jobs and audit rows. */
export interface Person {
  /** The inventory's name for the person, else `platform:team:user`. One person, one key. */
  key: string;
  displayName: string;
  platform: PlatformName;
  team: string;
  user: string;
}
