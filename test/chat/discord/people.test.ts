import { type APIInteractionGuildMember, GuildMemberFlags } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { type From, personOf } from '../../../src/chat/discord/people.ts';
import { ALICE, APPROVERS, BOB, GUILD, LAB, MALLORY, OPERATORS } from '../../fakes/discord/guild.ts';
import { hearing } from './hearing.ts';

describe('a person', () => {
  it('has the roles that Discord says at the moment of the command', async () => {
    const scene = await hearing();

    scene.discord.as(BOB).command(LAB, 'status');
    const before = (await scene.nextCommand()).person;
    scene.discord.setRoleMembers(APPROVERS, [MALLORY]);
    scene.discord.as(BOB).command(LAB, 'status');
    const after = (await scene.nextCommand()).person;

    expect(before.groups.toSorted()).toEqual([OPERATORS, APPROVERS].toSorted());
    expect(after.groups).toEqual([OPERATORS]);
  });

  it.each([
    [{ nick: 'Al' }, 'Al'],
    [{ nick: '  ' }, 'Alice'],
    [{ nick: null }, 'Alice'],
    [{ nick: null, globalName: null }, 'alice'],
  ])('is called %j as %s', (names, called) => {
    expect(personOf(from(names), GUILD)).toMatchObject({ person: { displayName: called } });
  });

  it.each([
    ['member', {}],
    ['guest', { pending: true }],
    ['bot', { bot: true }],
    ['bot', { system: true }],
  ])('is a %s by %j', (kind, facts) => {
    expect(personOf(from(facts), GUILD)).toMatchObject({ person: { kind } });
  });

  it('has no roles as a bot', () => {
    expect(personOf(from({ bot: true }), GUILD)).toMatchObject({ person: { groups: [] } });
  });

  it('is known by ids only', () => {
    expect(personOf(from({ nick: 'Bob' }), GUILD)).toEqual({
      kind: 'person',
      person: {
        platform: 'discord',
        team: GUILD,
        user: ALICE,
        displayName: 'Bob',
        kind: 'member',
        groups: [OPERATORS],
      },
    });
  });

  it.each([
    ['in a direct message', { guildId: null, member: null }, 'does not see which roles you have'],
    ['of another server', { guildId: '1100000000000000009' }, 'another server'],
  ])('%s is refused', (_where, change, why) => {
    expect(personOf({ ...from({}), ...change }, GUILD)).toEqual({
      kind: 'refused',
      why: expect.stringContaining(why),
    });
  });
});

interface Facts {
  nick?: string | null;
  globalName?: string | null;
  pending?: boolean;
  bot?: boolean;
  system?: boolean;
}

/** As the library gives somebody of a guild that it has not loaded. */
function from({
  nick = null,
  globalName = 'Alice',
  pending = false,
  bot = false,
  system = false,
}: Facts): From {
  const member = { nick, pending, roles: [OPERATORS], flags: GuildMemberFlags.DidRejoin };
  return {
    guildId: GUILD,
    member: member as unknown as APIInteractionGuildMember,
    user: { id: ALICE, username: 'alice', globalName, bot, system } as unknown as From['user'],
  };
}
