import { BOT_USER } from './directory.ts';
import type { WorkspaceSettings } from './types.ts';

export const LAB = 'C0LAB';
export const ALICE = 'UALICE';
export const BOB = 'UBOB';
export const MALLORY = 'UMALLORY';
/** Nobody's friend yet: a member of the workspace who is in no channel and no group. */
export const CAROL = 'UCAROL';
export const OPERATORS = 'SOPERATORS';

/** Every scope that the app's manifest asks for. */
export const BOT_SCOPES = [
  'commands',
  'chat:write',
  'files:write',
  'users:read',
  'usergroups:read',
  'app_mentions:read',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
] as const;

/** A small company with one lab channel, where everything is as it should be. */
export const ACME: WorkspaceSettings = {
  team: { id: 'T1', name: 'Acme', domain: 'acme' },
  users: [
    { id: ALICE, name: 'alice', displayName: 'Alice' },
    { id: BOB, name: 'bob', displayName: 'Bob' },
    { id: MALLORY, name: 'mallory', displayName: 'Mallory' },
    { id: CAROL, name: 'carol', displayName: 'Carol' },
  ],
  channels: [
    { id: LAB, name: 'lab', members: [ALICE, BOB, MALLORY, BOT_USER] },
    { id: 'C0GENERAL', name: 'general', members: [ALICE, BOB, MALLORY, CAROL] },
    { id: 'C0SECRET', name: 'secret', isPrivate: true, members: [ALICE] },
  ],
  userGroups: [{ id: OPERATORS, handle: 'operators', users: [ALICE, BOB] }],
  scopes: BOT_SCOPES,
};
