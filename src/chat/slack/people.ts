import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import type { Clock, Log } from '../../app/ports.ts';
import type { ChatPerson } from '../../domain/person.ts';
import type { FoundPerson } from '../attend.ts';
import { readFailure } from './failure.ts';
import { FreshValues } from './people/fresh-values.ts';

export interface PeopleSettings {
  client: WebClient;
  /** Ids of the user groups that the inventory names, for a team. */
  groups: (team: string) => readonly string[];
  clock: Clock;
  log: Log;
  /** The workspace that the bot is at home in. */
  team: () => Promise<{ id: string; name: string }>;
}

type SlackUser = NonNullable<UsersInfoResponse['user']>;
type Team = { id: string; name: string };

/** Who somebody is, as Slack says at the moment: never what a payload claims. */
export class SlackPeople {
  readonly #settings: PeopleSettings;
  /** Null: Slack shows no such user to this bot. */
  readonly #users: FreshValues<SlackUser | null>;
  readonly #members: FreshValues<readonly string[]>;

  constructor(settings: PeopleSettings) {
    const { clock, log } = settings;
    this.#settings = settings;
    this.#users = new FreshValues({ load: (user) => this.#loadUser(user), clock, log });
    this.#members = new FreshValues({ load: (group) => this.#loadMembers(group), clock, log });
  }

  async find(userId: string): Promise<FoundPerson> {
    const asked = await this.#ask(userId);
    if (asked === null)
      return refused('Slack does not say at the moment who you are. Try again in a minute.');
    const { user, team } = asked;
    const why = foreignness(user, team);
    if (why !== null || user === null) return refused(why ?? 'Slack shows no such account.');
    const kind = kindOf(userId, user);
    const groups = kind === 'bot' ? [] : await this.#groupsOf(userId, team);
    if (groups === null) {
      return refused(
        'Slack does not say at the moment who is in the groups that have rights here. Try again in a minute.',
      );
    }
    const displayName = displayNameOf(user) ?? userId;
    return {
      kind: 'person',
      person: { platform: 'slack', team: team.id, user: userId, displayName, kind, groups },
    };
  }

  /** For showing only; null when Slack doesn't say. */
  async nameOf(userId: string): Promise<string | null> {
    try {
      const user = await this.#users.read(userId);
      return user === null ? null : displayNameOf(user);
    } catch (error) {
      this.#settings.log.warn({ err: error, user: userId }, 'Slack does not say the name of a user');
      return null;
    }
  }

  /** Null when Slack can't be asked. */
  async #ask(userId: string): Promise<{ user: SlackUser | null; team: Team } | null> {
    try {
      const [user, team] = await Promise.all([this.#users.read(userId), this.#settings.team()]);
      return { user, team };
    } catch (error) {
      this.#settings.log.error({ err: error, user: userId }, 'Slack does not say who a user is');
      return null;
    }
  }

  /** Null when Slack can't be asked: an unknown membership must not pass for none. */
  async #groupsOf(userId: string, team: Team): Promise<readonly string[] | null> {
    const { groups, log } = this.#settings;
    const named = groups(team.id);
    try {
      const members = await Promise.all(named.map((group) => this.#members.read(group)));
      return named.filter((_group, at) => members[at]?.includes(userId));
    } catch (error) {
      log.error({ err: error, user: userId, groups: named }, 'Slack does not say who is in the groups');
      return null;
    }
  }

  async #loadUser(userId: string): Promise<SlackUser | null> {
    try {
      return (await this.#settings.client.users.info({ user: userId })).user ?? null;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'user_not_found' || code === 'user_not_visible') return null;
      throw error;
    }
  }

  async #loadMembers(group: string): Promise<readonly string[]> {
    try {
      return (await this.#settings.client.usergroups.users.list({ usergroup: group })).users ?? [];
    } catch (error) {
      if (codeOf(error) !== 'no_such_subteam') throw error;
      this.#settings.log.error({ group }, 'the inventory names a user group that Slack does not know');
      return [];
    }
  }
}

/** Why this Testbox obeys nobody like that; null for people of its own workspace. */
function foreignness(user: SlackUser | null, team: Team): string | null {
  if (user === null)
    return `Slack shows no account of yours in ${team.name}: this Testbox obeys people of ${team.name} only.`;
  // Somebody of an Enterprise organisation may be at home in one workspace and belong to several.
  const belongs = user.team_id === team.id || user.enterprise_user?.teams?.includes(team.id) === true;
  if (user.is_stranger === true || !belongs)
    return `You are in another workspace: this Testbox obeys people of ${team.name} only.`;
  if (user.deleted === true)
    return `Your account in ${team.name} is deactivated: this Testbox obeys its members only.`;
  return null;
}

function kindOf(userId: string, user: SlackUser): ChatPerson['kind'] {
  if (userId === 'USLACKBOT' || user.is_bot === true) return 'bot';
  if (user.is_workflow_bot === true || user.is_connector_bot === true) return 'bot';
  return user.is_restricted === true || user.is_ultra_restricted === true ? 'guest' : 'member';
}

function displayNameOf({ profile, real_name, name }: SlackUser): string | null {
  const names = [profile?.display_name, real_name, name].map((each) => each?.trim());
  return names.find((each) => each !== undefined && each !== '') ?? null;
}

function codeOf(error: unknown): string | null {
  const failure = readFailure(error);
  return failure.kind === 'refused' ? failure.code : null;
}

function refused(why: string): FoundPerson {
  return { kind: 'refused', why };
}
