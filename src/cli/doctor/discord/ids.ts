import { type Check, NEEDS_INVENTORY, todoOr } from '../check.ts';
import { isRoleHeld, type NamedId, namedIds } from '../named-ids.ts';
import { type GuildLook, lookingIntoGuild } from './look.ts';

const SNOWFLAKE = /^[0-9]{15,21}$/;

/** Ids that are nobody's here: whoever they are meant for has no rights. */
export const discordIds: Check = {
  name: 'discord ids',
  run: lookingIntoGuild((discord, { access }) => {
    if (access === null) return NEEDS_INVENTORY;
    const { guild, settings } = discord;
    const ids = namedIds('discord', access);
    const todo = ids.flatMap((id) => cure(id, discord));
    if (!isRoleHeld({ platform: 'discord', team: settings.guild }, access)) {
      todo.push(
        `give a role to somebody on Discord, by an id such as discord:${settings.guild}:223456789012345678 (/testbox whoami shows one's own): nobody there may do anything`,
      );
    }
    return todoOr(`${ids.length} of ${guild.name}`, todo);
  }),
};

function cure({ place, team, id, kind }: NamedId, { guild, settings }: GuildLook): string[] {
  const written = `discord:${team}:${id} (${place})`;
  if (team !== settings.guild) {
    return [
      `correct ${written}: the bot is in ${guild.name}, whose ids begin with discord:${settings.guild}:`,
    ];
  }
  if (!SNOWFLAKE.test(id)) {
    const what = kind === 'user' ? 'user' : 'role';
    return [`correct ${written}: expected the id of a ${what}, such as 223456789012345678, not a name`];
  }
  if (kind === 'user' && guild.roles.some((role) => role.id === id)) {
    return [`move ${written} to "groups" of a role in the inventory: it is a role's id, not a user's`];
  }
  return [];
}
