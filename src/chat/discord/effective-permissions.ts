import { OverwriteType, PermissionsBitField } from 'discord.js';

/** A role of the guild; the one that everybody has bears the guild's own id. */
interface RolePermissions {
  id: string;
  /** Bits, as Discord writes them: a decimal number in a text. */
  permissions: string;
}

export interface Overwrite {
  id: string;
  type: OverwriteType;
  allow: string;
  deny: string;
}

/** A member of a guild, with all that says what it may do. */
export interface MemberRights {
  guild: { id: string; ownerId: string; roles: readonly RolePermissions[] };
  user: string;
  /** Ids of the roles, without the one that everybody has. */
  roles: readonly string[];
}

/**
 * What a member may do in a channel, by Discord's own order: everybody's role, the member's roles,
 * then the channel's overwrites for everybody, for roles, for the member.
 * https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  { guild, user, roles }: MemberRights,
  overwrites: readonly Overwrite[],
): PermissionsBitField {
  const held = guild.roles.filter(({ id }) => id === guild.id || roles.includes(id));
  const base = new PermissionsBitField(
    held.reduce((bits, { permissions }) => bits | BigInt(permissions), 0n),
  );
  if (user === guild.ownerId || base.has(PermissionsBitField.Flags.Administrator))
    return new PermissionsBitField(PermissionsBitField.All);
  const everybody = overwrites.filter(({ id }) => id === guild.id);
  const ofRoles = overwrites.filter(({ id, type }) => type === OverwriteType.Role && roles.includes(id));
  const own = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === user);
  return new PermissionsBitField([everybody, ofRoles, own].reduce(overwritten, base.bitfield));
}

/** What one of them allows comes before what another of the same rank denies. */
function overwritten(bits: bigint, rank: readonly Overwrite[]): bigint {
  const denied = rank.reduce((sum, { deny }) => sum | BigInt(deny), 0n);
  const allowed = rank.reduce((sum, { allow }) => sum | BigInt(allow), 0n);
  return (bits & ~denied) | allowed;
}
