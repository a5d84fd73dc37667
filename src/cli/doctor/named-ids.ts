import type { AccessRules } from '../../domain/access.ts';
import type { PlatformName } from '../../domain/person.ts';

/** An id of the inventory: a user's, or that of a user group or role. */
export interface NamedId {
  /** Where the inventory has it. */
  place: string;
  team: string;
  id: string;
  kind: 'user' | 'group';
}

/** Every id of one platform that the inventory names, wherever it does. */
export function namedIds(platform: PlatformName, { people, roles }: AccessRules): NamedId[] {
  const ofPeople = [...people].flatMap(([name, ids]) =>
    ids.map((id) => ({ ...id, place: `people.${name}`, id: id.user, kind: 'user' as const })),
  );
  const ofRoles = Object.entries(roles).flatMap(([role, { users, groups }]) => [
    ...users.map((id) => ({ ...id, place: `roles.${role}.users`, id: id.user, kind: 'user' as const })),
    ...groups.map((id) => ({ ...id, place: `roles.${role}.groups`, id: id.group, kind: 'group' as const })),
  ]);
  return [...ofPeople, ...ofRoles].filter((id) => id.platform === platform);
}

/** Whether anybody there may do anything. */
export function isRoleHeld(home: { platform: PlatformName; team: string }, rules: AccessRules): boolean {
  return Object.values(rules.roles).some((members) => {
    const named = members.people.flatMap((name) => rules.people.get(name) ?? []);
    const ids = [...named, ...members.users, ...members.groups];
    return ids.some(({ platform, team }) => platform === home.platform && team === home.team);
  });
}
