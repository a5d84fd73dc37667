import type { AccessRules } from '../domain/access.ts';
import type { PlatformName } from '../domain/person.ts';

/** Ids of the user groups or roles of one workspace or guild that the inventory's roles name. */
export function roleGroups(home: { platform: PlatformName; team: string }, { roles }: AccessRules): string[] {
  const groups = Object.values(roles)
    .flatMap((members) => members.groups)
    .filter((id) => id.platform === home.platform && id.team === home.team)
    .map(({ group }) => group);
  return [...new Set(groups)];
}
