import type { GuildSettings } from './types.ts';

export const GUILD = '1100000000000000001';
export const LAB = '1100000000000000101';
export const GENERAL = '1100000000000000102';
export const ALICE = '1100000000000000201';
export const BOB = '1100000000000000202';
export const MALLORY = '1100000000000000203';
/** Nobody's friend yet: a member of the guild who has no role. */
export const CAROL = '1100000000000000204';
/** The guild's owner, who may do everything in Discord and has no role either. */
export const OWNER = '1100000000000000205';
export const OPERATORS = '1100000000000000301';
export const APPROVERS = '1100000000000000302';

/** What the app asks for when it is invited. */
export const BOT_PERMISSIONS = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'CreatePublicThreads',
  'SendMessagesInThreads',
] as const;

/** A small company with one lab channel, where everything is as it should be. */
export const ACME: GuildSettings = {
  guild: { id: GUILD, name: 'Acme', ownerId: OWNER },
  users: [
    { id: ALICE, name: 'alice', displayName: 'Alice' },
    { id: BOB, name: 'bob', displayName: 'Bob' },
    { id: MALLORY, name: 'mallory', displayName: 'Mallory' },
    { id: CAROL, name: 'carol', displayName: 'Carol' },
    { id: OWNER, name: 'olga', displayName: 'Olga' },
  ],
  roles: [
    { id: OPERATORS, name: 'operators', members: [ALICE, BOB] },
    { id: APPROVERS, name: 'approvers', members: [BOB] },
  ],
  channels: [
    { id: LAB, name: 'lab' },
    { id: GENERAL, name: 'general', botMayWrite: false },
  ],
  permissions: BOT_PERMISSIONS,
};
