import { OverwriteType, PermissionFlagsBits, type PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import {
  type MemberRights,
  type Overwrite,
  permissionsIn,
} from '../../../src/chat/discord/effective-permissions.ts';

type Name = keyof typeof PermissionFlagsBits;

const GUILD = '1';
const BOT_ROLE = '2';
const BOT = '3';
const OTHER = '4';

function bits(...names: readonly Name[]): string {
  return String(names.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n));
}

function member(everybody: readonly Name[], own: readonly Name[], ownerId = OTHER): MemberRights {
  const roles = [
    { id: GUILD, permissions: bits(...everybody) },
    { id: BOT_ROLE, permissions: bits(...own) },
    { id: OTHER, permissions: bits('BanMembers') },
  ];
  return { guild: { id: GUILD, ownerId, roles }, user: BOT, roles: [BOT_ROLE] };
}

function overwrite(id: string, change: { allow?: readonly Name[]; deny?: readonly Name[] }): Overwrite {
  const type = id === BOT ? OverwriteType.Member : OverwriteType.Role;
  return { id, type, allow: bits(...(change.allow ?? [])), deny: bits(...(change.deny ?? [])) };
}

/** By name, as Discord orders them. */
function names(held: Readonly<PermissionsBitField>): string[] {
  return held.toArray().toSorted();
}

describe('what a member may do in a channel', () => {
  it('is what everybody and the own roles may, and not what other roles may', () => {
    expect(names(permissionsIn(member(['ViewChannel'], ['SendMessages']), []))).toEqual([
      'SendMessages',
      'ViewChannel',
    ]);
  });

  it.each<[string, readonly Overwrite[], readonly string[]]>([
    ['less for everybody', [overwrite(GUILD, { deny: ['ViewChannel', 'SendMessages'] })], []],
    [
      'less for everybody, and more for the role again',
      [overwrite(GUILD, { deny: ['ViewChannel'] }), overwrite(BOT_ROLE, { allow: ['ViewChannel'] })],
      ['SendMessages', 'ViewChannel'],
    ],
    [
      'more for the role, and less for this very member',
      [
        overwrite(BOT_ROLE, { allow: ['AttachFiles'] }),
        overwrite(BOT, { deny: ['AttachFiles', 'SendMessages'] }),
      ],
      ['ViewChannel'],
    ],
    ['less for others only', [overwrite(OTHER, { deny: ['ViewChannel'] })], ['SendMessages', 'ViewChannel']],
  ])('can be %s', (_what, overwrites, expected) => {
    expect(names(permissionsIn(member(['ViewChannel', 'SendMessages'], []), overwrites))).toEqual(expected);
  });

  it.each([
    ['an administrator', member([], ['Administrator'])],
    ['the owner of the guild', member([], [], BOT)],
  ])('is everything for %s, whatever the channel says', (_what, rights) => {
    const held = permissionsIn(rights, [overwrite(GUILD, { deny: ['ViewChannel', 'SendMessages'] })]);

    expect(held.has(['ViewChannel', 'SendMessages', 'AttachFiles'], false)).toBe(true);
  });
});
