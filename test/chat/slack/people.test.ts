import { WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOptions } from '../../../src/chat/slack/clients.ts';
import { SlackPeople } from '../../../src/chat/slack/people.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import type { FakeSlack, FakeUser } from '../../fakes/slack/types.ts';
import { ALICE, BOB, CAROL, OPERATORS } from '../../fakes/slack/workspace.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const NOBODY_ELSE = 'this Testbox obeys people of Acme only';

describe('SlackPeople', () => {
  it('says who somebody is: team, name and groups', async () => {
    const { people } = await acme();

    expect(await people.find(ALICE)).toEqual({
      kind: 'person',
      person: {
        platform: 'slack',
        team: 'T1',
        user: ALICE,
        displayName: 'Alice',
        kind: 'member',
        groups: [OPERATORS],
      },
    });
    expect(await people.find(CAROL)).toMatchObject({ person: { user: CAROL, groups: [] } });
  });

  it.each<[string, Partial<FakeUser>]>([
    ['bot', { isBot: true }],
    ['guest', { isRestricted: true }],
    ['guest', { isUltraRestricted: true }],
    ['member', {}],
  ])('calls somebody a %s when Slack says %j', async (kind, change) => {
    const { slack, people } = await acme();
    slack.setUser(BOB, change);

    expect(await people.find(BOB)).toMatchObject({ kind: 'person', person: { kind } });
  });

  it('calls Slackbot a bot, though Slack does not', async () => {
    const { slack, people } = await acme();
    slack.setUser('USLACKBOT', { name: 'slackbot', displayName: 'Slackbot' });

    expect(await people.find('USLACKBOT')).toMatchObject({ person: { kind: 'bot', groups: [] } });
  });

  it.each<[string, Partial<FakeUser>]>([
    ['You are in another workspace', { team: 'T2' }],
    ['You are in another workspace', { isStranger: true }],
    ['You are in another workspace', { team: 'T2', isStranger: true, isRestricted: true }],
    ['Your account in Acme is deactivated', { deleted: true }],
  ])('refuses: %s, for %j', async (why, change) => {
    const { slack, people } = await acme();
    slack.setUser(BOB, change);

    expect(await people.find(BOB)).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  });

  it.each(['user_not_found', 'user_not_visible'])('refuses somebody of whom Slack says %s', async (error) => {
    const { slack, people } = await acme();
    slack.failNext('users.info', error);

    expect(await people.find(BOB)).toEqual({ kind: 'refused', why: expect.stringContaining(NOBODY_ELSE) });
  });

  it('asks again after a minute, for the person and for the groups', async () => {
    const { slack, people, clock } = await acme();
    await people.find(ALICE);

    slack.setUser(ALICE, { displayName: 'Alicia' });
    slack.setUserGroup(OPERATORS, [BOB]);
    clock.advance(59 * SECOND);
    const soon = await people.find(ALICE);
    clock.advance(SECOND);
    const later = await people.find(ALICE);

    expect(soon).toMatchObject({ person: { displayName: 'Alice', groups: [OPERATORS] } });
    expect(later).toMatchObject({ person: { displayName: 'Alicia', groups: [] } });
  });

  it('has one question of a kind under way, however many ask', async () => {
    const { slack, people } = await acme();

    await Promise.all([people.find(ALICE), people.find(ALICE), people.find(BOB), people.find(BOB)]);

    expect(asked(slack, 'users.info')).toBe(2);
    expect(asked(slack, 'usergroups.users.list')).toBe(1);
  });

  it('takes the last answer for 15 minutes when Slack can not be asked', async () => {
    const { slack, people, clock } = await acme();
    await people.find(ALICE);

    await slack.setDown(true);
    clock.advance(15 * MINUTE);
    const known = await people.find(ALICE);
    clock.advance(1);
    const tooOld = await people.find(ALICE);
    await slack.setDown(false);
    const back = await people.find(ALICE);

    expect(known).toMatchObject({ kind: 'person', person: { groups: [OPERATORS] } });
    expect(tooOld).toEqual({ kind: 'refused', why: expect.stringContaining('Try again in a minute') });
    expect(back).toMatchObject({ kind: 'person' });
  });

  it('gives nobody the rights of no group when Slack does not say who is in it', async () => {
    const { slack, people } = await acme();
    slack.failNext('usergroups.users.list', 'internal_error');

    const unknown = await people.find(ALICE);

    expect(unknown).toEqual({ kind: 'refused', why: expect.stringContaining('who is in the groups') });
    expect(await people.find(ALICE)).toMatchObject({ person: { groups: [OPERATORS] } });
  });

  it('takes a group that Slack does not know for an empty one, and says so in the log', async () => {
    const { people, problems } = await acme({ groups: ['SGONE', OPERATORS] });

    expect(await people.find(ALICE)).toMatchObject({ person: { groups: [OPERATORS] } });
    expect(problems).toEqual(['the inventory names a user group that Slack does not know']);
  });

  it('asks for no groups when the inventory names none, and for no groups of a bot', async () => {
    const { slack, people } = await acme({ groups: [] });
    await people.find(ALICE);
    const other = await acme();
    await other.people.find(other.slack.botUser);

    expect(asked(slack, 'usergroups.users.list') + asked(other.slack, 'usergroups.users.list')).toBe(0);
  });

  it('refuses everybody while Slack does not say which workspace this is', async () => {
    const { people } = await acme({ team: () => Promise.reject(new Error('no connection')) });

    expect(await people.find(ALICE)).toEqual({
      kind: 'refused',
      why: expect.stringContaining('Try again in a minute'),
    });
  });

  it('knows the names of people for showing, also of strangers', async () => {
    const { slack, people } = await acme();
    slack.setUser(BOB, { team: 'T2' });

    expect(await people.nameOf(BOB)).toBe('Bob');
    expect(await people.nameOf('UNOBODY')).toBeNull();
    await slack.setDown(true);
    expect(await people.nameOf(CAROL)).toBeNull();
  });
});

describe('somebody of an Enterprise organisation', () => {
  it('belongs to each workspace that they are in, and is of the bot’s', async () => {
    const people = peopleSaying({ team_id: 'T9', enterprise_user: { teams: ['T9', 'T1'] } });

    expect(await people.find(ALICE)).toMatchObject({ kind: 'person', person: { team: 'T1' } });
  });

  it('is refused in a workspace that they are not in', async () => {
    const people = peopleSaying({ team_id: 'T9', enterprise_user: { teams: ['T9'] } });

    expect(await people.find(ALICE)).toEqual({ kind: 'refused', why: expect.stringContaining(NOBODY_ELSE) });
  });
});

describe('the name of somebody', () => {
  it.each([
    [{ profile: { display_name: 'Al' }, real_name: 'Alice Liddell', name: 'alice' }, 'Al'],
    [{ profile: { display_name: ' ' }, real_name: 'Alice Liddell', name: 'alice' }, 'Alice Liddell'],
    [{ profile: {}, name: 'alice' }, 'alice'],
    [{}, ALICE],
  ])('in %j is %s', async (user, displayName) => {
    const people = peopleSaying({ team_id: 'T1', ...user });

    expect(await people.find(ALICE)).toMatchObject({ person: { displayName } });
  });

  it.each([{ is_workflow_bot: true }, { is_connector_bot: true }])('of %j is a bot’s', async (user) => {
    const people = peopleSaying({ team_id: 'T1', name: 'flow', ...user });

    expect(await people.find(ALICE)).toMatchObject({ person: { kind: 'bot' } });
  });
});

const TEAM = async () => ({ id: 'T1', name: 'Acme' });

async function acme({ groups = [OPERATORS], team = TEAM }: { groups?: string[]; team?: typeof TEAM } = {}) {
  const clock = new FakeClock(0);
  const slack = await startFakeSlack({ rateLimits: false });
  onTestFinished(() => slack.stop());
  const problems: string[] = [];
  const log = { ...QUIET, error: (_fields: object, message: string) => void problems.push(message) };
  const client = new WebClient(slack.botToken, {
    ...clientOptions({ apiUrl: slack.apiUrl, log: QUIET }),
    retryConfig: { retries: 0 },
  });
  const people = new SlackPeople({ client, groups: () => groups, clock, log, team });
  return { slack, clock, people, problems };
}

/** Slack as it is in large organisations, which the fake workspace is not. */
function peopleSaying(user: Record<string, unknown>): SlackPeople {
  const client = new WebClient('xoxb-1', {
    fetch: async () => Response.json({ ok: true, user: { id: ALICE, ...user } }),
  });
  return new SlackPeople({ client, groups: () => [], clock: new FakeClock(0), log: QUIET, team: TEAM });
}

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

function asked(slack: FakeSlack, method: string): number {
  return slack.calls().filter((call) => call.method === method).length;
}
