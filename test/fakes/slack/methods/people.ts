import { TIER } from '../rate-limits.ts';
import { Refusal } from '../refusal.ts';
import type { FakeUser } from '../types.ts';
import type { World } from '../world.ts';
import { type Call, type Method, scope } from './method.ts';

export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'users.info': { token: 'bot', perMinute: TIER.four, scopes: scope('users:read'), run: userInfo },
  'usergroups.list': { token: 'bot', perMinute: TIER.two, scopes: scope('usergroups:read'), run: groups },
  'usergroups.users.list': {
    ...{ token: 'bot', perMinute: TIER.two, scopes: scope('usergroups:read'), run: groupUsers },
  },
};

function userInfo({ args, world }: Call): Record<string, unknown> {
  const user = world.directory.user(args.text('user') ?? '');
  if (user === null) throw new Refusal('user_not_found');
  return { user: userJson(world, user) };
}

function groups({ args, world }: Call): Record<string, unknown> {
  const withUsers = args.flag('include_users');
  return {
    usergroups: world.directory.groups().map(({ id, handle, users }) => ({
      ...{ id, team_id: world.directory.team.id, is_usergroup: true, name: handle, handle, date_delete: 0 },
      ...{ user_count: users.length, ...(withUsers ? { users } : {}) },
    })),
  };
}

function groupUsers({ args, world }: Call): Record<string, unknown> {
  const id = args.required('usergroup');
  const group = world.directory.groups().find((group) => group.id === id);
  if (group === undefined) throw new Refusal('no_such_subteam');
  return { users: group.users };
}

function userJson(world: World, user: FakeUser): Record<string, unknown> {
  const { id, name, displayName } = user;
  const team = user.team ?? world.directory.team.id;
  const profile = { real_name: displayName, display_name: displayName, team };
  const kind = {
    is_bot: user.isBot === true,
    is_restricted: user.isRestricted === true,
    is_ultra_restricted: user.isUltraRestricted === true,
    is_app_user: false,
    ...(user.isStranger === undefined ? {} : { is_stranger: user.isStranger }),
  };
  const person = { id, team_id: team, name, deleted: user.deleted === true, profile };
  // Slack tells less of somebody whose account is closed.
  if (user.deleted === true) return { ...person, is_bot: kind.is_bot };
  return { ...person, real_name: displayName, tz: 'Etc/UTC', is_admin: false, is_owner: false, ...kind };
}
