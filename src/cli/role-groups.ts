import type { AccessRules } from '../domain/access.ts';

/** Ids of the user groups of one Slack workspace that the inventory's roles name. */
export function slackRoleGroups(team: string, { roles }: AccessRules): string[] {
  const groups = Object.values(roles)
    .flatMap((members) => members.groups)
    .filter((id) => id.platform === 'slack' && id.team === team)
    .map(({ group }) => group);
  return [...new Set(groups)];
}
