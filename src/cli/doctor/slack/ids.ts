import type { AccessRules } from '../../../domain/access.ts';
import { type Check, NEEDS_INVENTORY, todoOr } from '../check.ts';
import { lookingAsBot, type ValidBot } from './look.ts';

interface NamedId {
  /** Where the inventory has it. */
  place: string;
  team: string;
  id: string;
  kind: 'user' | 'group';
}

const SHAPES = {
  user: { pattern: /^[UW][A-Z0-9]+$/, example: 'U0123ABCD' },
  group: { pattern: /^S[A-Z0-9]+$/, example: 'S0123ABCD' },
} as const;

/** Ids that are nobody's here: whoever they are meant for has no rights. */
export const slackIds: Check = {
  name: 'slack ids',
  run: lookingAsBot((bot, _slack, { access }) => {
    if (access === null) return NEEDS_INVENTORY;
    const ids = slackIdsOf(access);
    const todo = ids.flatMap((id) => cure(id, bot));
    if (!isRoleHeld(access, bot.team)) {
      todo.push(
        `give a role to somebody on Slack, by an id such as slack:${bot.team}:U0123ABCD (/testbox whoami shows one's own): nobody there may do anything`,
      );
    }
    return todoOr(`${ids.length} of ${bot.teamName}`, todo);
  }),
};

function cure({ place, team, id, kind }: NamedId, { team: home, teamName }: ValidBot): string[] {
  const written = `slack:${team}:${id} (${place})`;
  if (team !== home) {
    return [`correct ${written}: the bot is in ${teamName}, whose ids begin with slack:${home}:`];
  }
  const { pattern, example } = SHAPES[kind];
  if (pattern.test(id)) return [];
  return [`correct ${written}: expected the id of a ${kind}, such as ${example}, not a name`];
}

function slackIdsOf({ people, roles }: AccessRules): NamedId[] {
  const ofPeople = [...people].flatMap(([name, ids]) =>
    ids.map((id) => ({ ...id, place: `people.${name}`, id: id.user, kind: 'user' as const })),
  );
  const ofRoles = Object.entries(roles).flatMap(([role, { users, groups }]) => [
    ...users.map((id) => ({ ...id, place: `roles.${role}.users`, id: id.user, kind: 'user' as const })),
    ...groups.map((id) => ({ ...id, place: `roles.${role}.groups`, id: id.group, kind: 'group' as const })),
  ]);
  return [...ofPeople, ...ofRoles].filter(({ platform }) => platform === 'slack');
}

function isRoleHeld({ people, roles }: AccessRules, home: string): boolean {
  return Object.values(roles).some((members) => {
    const named = members.people.flatMap((name) => people.get(name) ?? []);
    const ids = [...named, ...members.users, ...members.groups];
    return ids.some(({ platform, team }) => platform === 'slack' && team === home);
  });
}
