import { beforeEach, describe, expect, it } from 'vitest';
import { JobId } from '../../src/contract/ids.ts';
import type { Job } from '../../src/domain/job.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { person, rules } from '../fakes/people.ts';

const CARD = { channel: 'lab', ref: 'message-7' };
const SLACK_ALICE = person('alice', { platform: 'slack', team: 'T1', user: 'U1' });

let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
});

async function posted(changes: Partial<Job>): Promise<Job> {
  const job = await lab.put(changes);
  await lab.app.refs.save(job.id, 'card', CARD.ref);
  return job;
}

/** alice is one person on two platforms. */
function aliceOnSlackToo(): void {
  const { platform, team, user } = SLACK_ALICE;
  const known = rules().people;
  const people = new Map([...known, ['alice', [...(known.get('alice') ?? []), { platform, team, user }]]]);
  lab.app.inventory = { ...lab.app.inventory, access: () => rules({ people }) };
}

describe('a private answer leads to the card', () => {
  it('of the job that has the box', async () => {
    await posted({ state: 'running' });

    const { seen } = await lab.say('backup pluto', { channel: 'elsewhere' });

    expect(seen[0]).toMatchObject({ text: expect.stringContaining('pluto is busy'), card: CARD });
  });

  it('of the job whose status was asked for', async () => {
    await posted({ state: 'running' });

    expect((await lab.say('status pluto')).seen[0]?.card).toEqual(CARD);
    expect((await lab.say('status')).seen[0]?.card).toBeNull();
  });

  it('of the job that has gone on before the click', async () => {
    const job = await posted({ state: 'running' });

    const { seen } = await lab.press('approve', lab.agreeingTo(job), { who: 'bob' });

    expect(seen[0]).toMatchObject({ text: expect.stringContaining('Not possible'), card: CARD });
  });

  it('of the job that took the box before Confirm', async () => {
    const plan = await lab.plan('backup pluto');
    await posted({ state: 'booting' });

    const { seen } = await lab.press('confirm', plan);

    expect(seen[0]).toMatchObject({ text: expect.stringContaining('pluto is busy: restore'), card: CARD });
  });

  it('of the job whose plan has changed', async () => {
    const job = await posted({ action: 'backup', state: 'awaiting-approval' });

    const { seen } = await lab.press('approve', lab.agreeingTo(job), { who: 'bob' });

    expect(seen[0]).toMatchObject({ text: expect.stringContaining('The plan has changed'), card: CARD });
  });

  it('that will be posted, by its channel alone', async () => {
    await lab.put({ state: 'queued' });

    expect((await lab.say('status pluto')).seen[0]?.card).toEqual({ channel: 'lab', ref: null });
  });
});

describe('a private answer leads to no card', () => {
  it('in the thread of that very card', async () => {
    await posted({ state: 'running' });

    expect((await lab.say('status', { thread: CARD.ref })).seen[0]?.card).toBeNull();
  });

  it('on another platform', async () => {
    aliceOnSlackToo();
    await posted({ state: 'running' });

    const { seen } = await lab.say('status pluto', { who: SLACK_ALICE });

    expect(seen[0]).toMatchObject({ text: expect.stringContaining('restore pluto'), card: null });
  });

  it('of a plan that ended before anybody confirmed it', async () => {
    const plan = await lab.plan('backup pluto');
    await lab.press('dismiss', plan);

    const { seen } = await lab.press('cancel', plan);

    expect(seen[0]).toMatchObject({ text: expect.stringContaining('Too late'), card: null });
  });
});

describe('Confirm', () => {
  it('pressed where the card comes takes the preview away', async () => {
    const plan = await lab.plan('backup pluto');

    expect((await lab.press('confirm', plan)).replaced).toEqual([null]);
  });

  it('pressed elsewhere says where the card comes', async () => {
    const plan = await lab.plan('backup pluto', { channel: 'elsewhere' });
    const { replaced } = await lab.press('confirm', plan, { channel: 'elsewhere' });

    expect(replaced).toMatchObject([
      { text: 'Confirmed: the card of backup pluto comes there.', card: { channel: 'lab', ref: null } },
    ]);
  });

  it('pressed a second time elsewhere leads to the card that is there', async () => {
    const plan = await lab.plan('backup pluto');
    await lab.press('confirm', plan);
    await lab.app.refs.save(JobId.parse(plan.split(':')[0]), 'card', CARD.ref);

    const { replaced } = await lab.press('confirm', plan, { channel: 'elsewhere' });

    expect(replaced).toMatchObject([{ text: 'Confirmed: the card of backup pluto is there.', card: CARD }]);
  });
});
