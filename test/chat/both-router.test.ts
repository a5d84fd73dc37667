import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/domain/job.ts';
import type { ChatPerson } from '../../src/domain/person.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { NOW } from '../fakes/job.ts';
import { person, rules } from '../fakes/people.ts';

const SLACK = { platform: 'slack', team: 'T1' } as const;
const DISCORD = { platform: 'discord', team: '100000000000000001' } as const;
const HINT = '`/testbox status pluto` shows it, with its buttons';

let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
  const people = new Map(
    ['alice', 'bob'].map((name) => [name, [SLACK, DISCORD].map((place) => ({ ...place, user: name }))]),
  );
  lab.app.inventory = { ...lab.app.inventory, access: () => rules({ people }) };
});

function onSlack(name: string): ChatPerson {
  return person(name, SLACK);
}

function onDiscord(name: string): ChatPerson {
  return person(name, DISCORD);
}

/** Asked for and confirmed by alice in Slack, where its card is. */
async function restoreFromSlack(changes: Partial<Job> = {}): Promise<Job> {
  const { key, displayName } = { key: 'alice', displayName: 'Alice' };
  return lab.put({
    state: 'awaiting-approval',
    origin: { platform: 'slack', channel: 'C0LAB' },
    requester: { ...SLACK, key, displayName, user: 'alice' },
    ...changes,
  });
}

describe('somebody on another platform than the card', () => {
  it('reads the whole plan in the status of the box, with its buttons', async () => {
    await restoreFromSlack();

    const { seen } = await lab.say('status pluto', { who: onDiscord('bob') });
    const inPlace = (await lab.say('status pluto', { who: onSlack('bob') })).seen[0];

    expect(seen[0]?.buttons.map(({ id }) => id)).toContain('approve');
    expect(seen[0]?.lines.slice(0, 2)).toEqual([
      'The card is on Slack. This copy shows',
      'how it stood at 2026-11-22 17:00 UTC.',
    ]);
    expect(seen[0]?.lines).toEqual(expect.arrayContaining([...(inPlace?.lines ?? ['?'])]));
    expect(seen[0]?.lines).toContain('OVERWRITES these disks:');
    expect(inPlace?.buttons).toEqual([]);
  });

  it('sees the copy change with the own decision', async () => {
    const job = await restoreFromSlack({ action: 'refresh-info', state: 'queued' });

    const { replaced } = await lab.press('cancel', job.id, { who: onDiscord('alice') });

    expect(replaced).toMatchObject([
      { text: expect.stringContaining('cancelled'), buttons: [{ id: 'plan-refresh-info' }] },
    ]);
  });

  it('sees what a typed decision has done', async () => {
    await restoreFromSlack({ state: 'queued' });

    const { seen } = await lab.say('cancel pluto', { who: onDiscord('alice') });

    expect(seen).toMatchObject([{ text: expect.stringMatching(/^restore pluto: cancelled/) }]);
  });

  it('reads a plan that has changed in the place of the old one', async () => {
    const job = await restoreFromSlack({ action: 'backup', approvalsNeeded: 1 });

    const { replaced, seen } = await lab.press('approve', lab.agreeingTo(job), { who: onDiscord('bob') });

    expect(seen).toEqual([]);
    expect(replaced[0]?.lines[0]).toMatch(/^The plan has changed since. Nothing was decided/);
    expect((await lab.app.store.job(job.id))?.approvals).toEqual([]);
  });

  it('who asked for it can not approve it there either', async () => {
    const people = new Map([['alice', [SLACK, DISCORD].map((place) => ({ ...place, user: 'alice' }))]]);
    const { roles } = rules();
    const both = { ...roles, approver: { ...roles.approver, people: ['alice'] } };
    lab.app.inventory = { ...lab.app.inventory, access: () => rules({ people, roles: both }) };
    const job = await restoreFromSlack();

    const { seen } = await lab.press('approve', lab.agreeingTo(job), { who: onDiscord('alice') });

    expect(seen[0]?.text).toMatch(/your own|asked for/i);
    expect((await lab.app.store.job(job.id))?.approvals).toEqual([]);
  });

  it('is nobody by having the same name', async () => {
    const job = await restoreFromSlack();
    const namesake = { ...onDiscord('bob'), user: 'somebody-else' };

    const { seen } = await lab.press('approve', lab.agreeingTo(job), { who: namesake });

    expect(seen[0]?.text).toContain('needs the role `approver`');
  });
});

describe('what waits for an approval', () => {
  it('is named in the status and on the page of approvers, with the way to decide where it is needed', async () => {
    await restoreFromSlack({ createdAt: NOW - 5 * 60_000 });
    const line = '✋ restore pluto: a plan · asked by Alice 5 min ago';

    const [there] = (await lab.say('status', { who: onDiscord('bob') })).seen;
    const [here] = (await lab.say('status', { who: onSlack('bob') })).seen;
    const home = await lab.router.home(onDiscord('bob'));

    expect(there?.text).toBe('1 busy or locked, 1 waits for your approval');
    expect(there?.lines.slice(0, 3)).toEqual(['Waits for your approval:', `${line} · ${HINT}`, '']);
    expect(here?.lines[1]).toBe(line);
    expect(home.sections[0]?.entries).toEqual([{ text: `${line} · ${HINT}`, card: null }]);
  });

  it("is nothing of people who don't approve, or asked for it", async () => {
    await restoreFromSlack();

    const [found] = (await lab.say('status', { who: onDiscord('alice') })).seen;

    expect(found).toMatchObject({
      text: '1 busy or locked',
      lines: [expect.stringContaining('pluto 10.40.41.42')],
    });
  });
});
