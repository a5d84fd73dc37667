import type { Action } from '../contract/action.ts';
import type { ChatPerson, Person, PlatformName } from './person.ts';

export const ROLES = ['viewer', 'operator', 'approver'] as const;
export type Role = (typeof ROLES)[number];

/** Who has a role: people of the inventory by name, platform user ids, and groups. */
export interface RoleMembers {
  /** Keys of `people:`. */
  people: readonly string[];
  users: readonly { platform: PlatformName; team: string; user: string }[];
  /** Slack user groups and Discord roles. */
  groups: readonly { platform: PlatformName; team: string; group: string }[];
}

/** `approvals: 0` is "confirm": the requester's own Confirm is enough. */
export interface ActionPolicy {
  approvals: number;
}

export interface AccessRules {
  /** One person's ids on several platforms, by the person's name. */
  people: ReadonlyMap<string, readonly { platform: PlatformName; team: string; user: string }[]>;
  roles: Readonly<Record<Role, RoleMembers>>;
  policy: Readonly<Record<Action, ActionPolicy>>;
}

export const DEFAULT_POLICY: Readonly<Record<Action, ActionPolicy>> = {
  backup: { approvals: 0 },
  'backup-again': { approvals: 1 },
  restore: { approvals: 1 },
  'refresh-info': { approvals: 0 },
  rescue: { approvals: 0 },
};

/** The stored form of whoever typed or clicked. */
export function identify(who: ChatPerson, rules: AccessRules): Person {
  const { platform, team, user, displayName } = who;
  const known = [...rules.people].find(([, ids]) =>
    ids.some((id) => id.platform === platform && id.team === team && id.user === user),
  );
  return { key: known?.[0] ?? `${platform}:${team}:${user}`, displayName, platform, team, user };
}

/**
 * The roles a person has, default none. A bot has none at all. An operator or an approver
 * is a viewer too; an approver is not an operator.
 */
export function rolesOf(who: ChatPerson, rules: AccessRules): ReadonlySet<Role> {
  const roles = new Set<Role>();
  if (who.kind === 'bot') return roles;
  const { key } = identify(who, rules);
  for (const role of ROLES) {
    if (isMember(who, key, rules.roles[role])) roles.add(role);
  }
  if (who.kind === 'guest') roles.delete('approver');
  if (roles.size > 0) roles.add('viewer');
  return roles;
}

function isMember(who: ChatPerson, key: string, members: RoleMembers): boolean {
  const { platform, team, user } = who;
  return (
    members.people.includes(key) ||
    members.users.some((id) => id.platform === platform && id.team === team && id.user === user) ||
    members.groups.some((id) => id.platform === platform && id.team === team && who.groups.includes(id.group))
  );
}

/** Somebody to call: one person, or a group that the platform expands. */
export type Addressee = { platform: PlatformName } & ({ user: string } | { group: string });

/** Who may approve, by their ids on one platform: people first, then groups. */
export function approversOn(platform: PlatformName, { people, roles }: AccessRules): Addressee[] {
  const named = roles.approver.people.flatMap((name) => people.get(name) ?? []);
  const here = (id: { platform: PlatformName }) => id.platform === platform;
  const users = [...named, ...roles.approver.users].filter(here).map(({ user }) => user);
  const groups = roles.approver.groups.filter(here).map(({ group }) => group);
  return [
    ...[...new Set(users)].map((user) => ({ platform, user })),
    ...[...new Set(groups)].map((group) => ({ platform, group })),
  ];
}
