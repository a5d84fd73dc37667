import { PermissionFlagsBits } from 'discord.js';
import { refusal } from './api-error.ts';
import { BOT_USER, type Directory, type Place } from './directory.ts';

export type PermissionName = keyof typeof PermissionFlagsBits;

/** What every member of the guild may, the bot excepted. */
const MEMBER_PERMISSIONS: readonly PermissionName[] = [
  'ViewChannel',
  'SendMessages',
  'ReadMessageHistory',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'AddReactions',
  'EmbedLinks',
  'AttachFiles',
  'UseApplicationCommands',
];

/** @throws Error for a name that Discord doesn't know */
export function bitsOf(names: readonly string[]): bigint {
  return names.reduce((bits, name) => {
    if (!(name in PermissionFlagsBits)) throw new Error(`Discord has no permission "${name}".`);
    return bits | PermissionFlagsBits[name as PermissionName];
  }, 0n);
}

/** What a user may in a place; null stands for the guild as a whole. */
export function permissionsOf(directory: Directory, user: string, place: Place | null): bigint {
  if (user === directory.guild.ownerId) return bitsOf(Object.keys(PermissionFlagsBits));
  if (user !== BOT_USER) return bitsOf(MEMBER_PERMISSIONS);
  if (place !== null && place.kind !== 'dm' && place.channel.botMayWrite === false) return 0n;
  return bitsOf(directory.permissions);
}

/** @throws ApiError 50001 when the bot can't see the place, 50013 when it may not do this there */
export function requirePermissions(
  directory: Directory,
  place: Place,
  names: readonly PermissionName[] = [],
): void {
  if (place.kind === 'dm') return;
  const held = permissionsOf(directory, BOT_USER, place);
  if ((held & PermissionFlagsBits.ViewChannel) === 0n) throw refusal('missingAccess');
  for (const name of names) {
    if ((held & PermissionFlagsBits[name]) === 0n) throw refusal('missingPermissions');
  }
}
