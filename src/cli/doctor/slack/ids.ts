import { type Check, NEEDS_INVENTORY, todoOr } from '../check.ts';
import { isRoleHeld, type NamedId, namedIds } from '../named-ids.ts';
import { lookingAsBot, type ValidBot } from './look.ts';

const SHAPES = {
  user: { pattern: /^[UW][A-Z0-9]+$/, example: 'U0123ABCD' },
  group: { pattern: /^S[A-Z0-9]+$/, example: 'S0123ABCD' },
} as const;

/** Ids that are nobody's here: whoever they are meant for has no rights. */
export const slackIds: Check = {
  name: 'slack ids',
  run: lookingAsBot((bot, _slack, { access }) => {
    if (access === null) return NEEDS_INVENTORY;
    const ids = namedIds('slack', access);
    const todo = ids.flatMap((id) => cure(id, bot));
    if (!isRoleHeld({ platform: 'slack', team: bot.team }, access)) {
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
