import type { GuildRole } from '../../../chat/discord/inspect.ts';
import type { AccessRules } from '../../../domain/access.ts';
import { roleGroups } from '../../role-groups.ts';
import { type Check, NEEDS_INVENTORY, todoOr } from '../check.ts';
import { type GuildLook, lookingIntoGuild } from './look.ts';

/** Roles of the guild that hold roles of the inventory. */
export const discordRoles: Check = {
  name: 'discord roles',
  run: lookingIntoGuild(({ guild, settings }, { access }) => {
    if (access === null) return NEEDS_INVENTORY;
    const ids = roleGroups({ platform: 'discord', team: settings.guild }, access);
    const known = ids.flatMap((id) => guild.roles.find((role) => role.id === id) ?? []);
    const detail = known.length === 0 ? 'no role names one' : known.map(({ name }) => name).join(', ');
    return todoOr(detail, [
      ...ids.flatMap((id) => unknown(id, guild)),
      ...known.filter(({ id }) => approves(id, access)).flatMap(unheard),
    ]);
  }),
};

function unknown(id: string, { name, roles }: GuildLook['guild']): string[] {
  if (roles.some((role) => role.id === id)) return [];
  return [`correct or remove the role ${id} under roles in the inventory: there is none in ${name}`];
}

function approves(id: string, { roles }: AccessRules): boolean {
  return roles.approver.groups.some(({ platform, group }) => platform === 'discord' && group === id);
}

/** A mention that nobody hears: approvers would not notice what waits for them. */
function unheard({ name, isHeard }: GuildRole): string[] {
  if (isHeard) return [];
  return [
    `switch on "Allow anyone to @mention this role" for ${name} (Server Settings, Roles): its members are not notified of what they have to approve`,
  ];
}
