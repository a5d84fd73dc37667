import { beforeEach, describe, expect, it } from 'vitest';
import { ShareError } from '../../src/app/share-port.ts';
import type { HomePage, HomeSection } from '../../src/chat/platform.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import { JobId } from '../../src/contract/ids.ts';
import { planDigest } from '../../src/contract/plan.ts';
import type { Job } from '../../src/domain/job.ts';
import type { ChatPerson } from '../../src/domain/person.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { PLUTO_BOX } from '../fakes/app.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { NOW, restoreJob } from '../fakes/job.ts';
import { person, rules, stored } from '../fakes/people.ts';
import { PLUTO, restorePlan } from '../fakes/plan.ts';
import { EMPTY_CATALOG } from '../fakes/share.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const VENUS = TestboxAddress.parse('10.40.41.43');
const VENUS_BOX: Testbox = { ...PLUTO_BOX, name: 'venus', address: VENUS };

let lab: Conversation;

beforeEach(async () => {
  lab = await converse([PLUTO_BOX, VENUS_BOX]);
  lab.app.share.catalogs.set(PLUTO, { ...EMPTY_CATALOG, plain: [plainImage(NOW - 3 * DAY)] });
});

function plainImage(modifiedAt: number) {
  return { slot: 'sda', file: 'sda.raw.gz', codedBytes: 1, modifiedAt };
}

function homeOf(who: string | ChatPerson): Promise<HomePage> {
  return lab.router.home(typeof who === 'string' ? person(who) : who);
}

async function section(who: string | ChatPerson, title: string): Promise<HomeSection | undefined> {
  return (await homeOf(who)).sections.find((found) => found.title === title);
}

async function linesOf(who: string | ChatPerson, title: string): Promise<string[] | undefined> {
  return (await section(who, title))?.entries.map(({ text }) => text);
}

let made = 0;
function put(changes: Partial<Job>): Promise<Job> {
  made += 1;
  const { digest } = restoreJob(changes);
  return lab.put({
    id: JobId.parse(String(made).padStart(8, '0')),
    confirmedDigest: digest,
    createdAt: NOW - 5 * MINUTE,
    ...changes,
  });
}

const onVenus = { testbox: { name: 'venus', address: VENUS } };

describe('a home page', () => {
  it('says what there is to say when nothing goes on', async () => {
    const page = await homeOf('bob');

    expect(page.at).toBe(NOW);
    expect(page.sections.map(({ title, empty }) => [title, empty])).toEqual([
      ['Waits for your approval', 'Nothing waits for your approval.'],
      ['At work', 'No box is at work.'],
      ['Your last jobs', 'You have asked for no jobs yet: `/testbox help` shows how.'],
      ['Boxes', 'The inventory has no boxes yet.'],
    ]);
  });

  it('has no approvals for people who give none', async () => {
    expect((await homeOf('alice')).sections.map(({ title }) => title)).toEqual([
      'At work',
      'Your last jobs',
      'Boxes',
    ]);
  });

  it('tells people without rights how to get some', async () => {
    const page = await homeOf('mallory');

    expect(page.sections.map(({ title }) => title)).toEqual(['No rights yet']);
    expect(page.sections[0]?.entries.map(({ text }) => text)).toEqual([
      expect.stringContaining('it needs the role `viewer`'),
      'You are mallory.',
      'console:console:mallory',
      'roles: none',
    ]);
  });

  it('says so when it can not be made, with an id to ask about', async () => {
    await lab.app.db.destroy();

    const page = await homeOf('alice');

    expect(page.sections[0]?.entries[0]?.text).toMatch(/Something went wrong here \(error [0-9a-f]{8}\)/);
  });
});

describe('what waits for approval', () => {
  it('is shown with who asked, why, and how many are missing', async () => {
    await put({
      state: 'awaiting-approval',
      reason: 'the nightly run left it in pieces',
      approvalsNeeded: 2,
    });

    expect(await linesOf('bob', 'Waits for your approval')).toEqual([
      '✋ restore pluto: a plan · asked by Alice 5 min ago · the nightly run left it in pieces · 0 of 2 approvals',
    ]);
  });

  it('is shown to those alone whose approval counts', async () => {
    const { digest } = restoreJob();
    await put({
      state: 'awaiting-approval',
      approvalsNeeded: 2,
      requester: stored('carol'),
      approvals: [{ by: stored('bob'), at: NOW, digest }],
    });
    const dan = person('dan');
    const { roles, people } = rules();
    const access = rules({
      people: new Map([...people, ['dan', [{ platform: 'console', team: 'console', user: 'dan' }]]]),
      roles: { ...roles, approver: { ...roles.approver, people: ['bob', 'carol', 'dan'] } },
    });
    lab.app.inventory = { ...lab.app.inventory, access: () => access };

    expect(await linesOf('bob', 'Waits for your approval')).toEqual([]);
    expect(await linesOf('carol', 'Waits for your approval')).toEqual([]);
    expect(await linesOf(dan, 'Waits for your approval')).toHaveLength(1);
    expect(await linesOf({ ...dan, kind: 'guest' }, 'Waits for your approval')).toBeUndefined();
  });

  it('is an accepted question too, and not one that nobody has accepted', async () => {
    const facts = restorePlan({ onlySlots: ['sda'] });
    const question = {
      id: planDigest(facts),
      kind: 'disk-replaced',
      text: 'Write to the new disk?',
      before: 'OLD',
      now: 'NEW',
      facts,
    } as const;
    await put({ state: 'held', question });
    await put({ state: 'held', question, accepted: [question.id], ...onVenus });

    expect(await linesOf('bob', 'Waits for your approval')).toEqual([
      '❓ restore venus: Write to the new disk? · asked by Alice 5 min ago',
    ]);
  });

  it('is no job that only its requester has to confirm again', async () => {
    await put({ state: 'awaiting-approval', approvalsNeeded: 0, confirmedDigest: null });

    expect(await linesOf('bob', 'Waits for your approval')).toEqual([]);
    expect(await linesOf('bob', 'At work')).toEqual([
      '✋ restore pluto: the plan changed: confirm again · asked by Alice 5 min ago',
    ]);
  });
});

describe('jobs at work', () => {
  it('are shown with stage, progress and whose they are, and lead to their cards', async () => {
    const running = await put({ state: 'running', phase: 'imaging', dirty: ['sda'] });
    await lab.app.refs.save(running.id, 'card', 'message-7');
    const disk = { slot: 'sda', writtenBytes: 0, skippedBytes: 0, bytesPerSecond: 1 };
    await lab.app.store.saveHearing(running.id, {
      session: 's',
      lastSequence: 1,
      lastHeardAt: NOW,
      log: [],
      progress: [
        { ...disk, totalBytes: 1000, doneBytes: 999 },
        { ...disk, slot: 'sdb', totalBytes: 1000, doneBytes: 0 },
      ],
    });
    await put({ action: 'backup', state: 'queued', createdAt: NOW - MINUTE, ...onVenus });

    expect((await section('bob', 'At work'))?.entries).toEqual([
      {
        text: '⏳ restore pluto: writing the disks 49% · asked by Alice 5 min ago',
        card: { channel: 'lab', ref: 'message-7' },
      },
      {
        text: '🕓 backup venus: queued, number 1 · asked by Alice 1 min ago',
        card: { channel: 'lab', ref: null },
      },
    ]);
  });

  it('on another platform have no card to lead to', async () => {
    await put({ state: 'running', origin: { platform: 'slack', channel: 'C1' } });

    expect((await section('bob', 'At work'))?.entries).toMatchObject([{ card: null }]);
  });
});

describe("a person's last jobs", () => {
  it('are the five newest, from every platform, with what became of them', async () => {
    const failure = {
      class: 'box',
      code: 'not-back',
      message: 'The box has not come back.',
      logTail: [],
    } as const;
    await put({ state: 'failed', failure, createdAt: NOW - 6 * DAY, stateSince: NOW - 5 * DAY });
    await put({ state: 'succeeded', createdAt: NOW - 3 * DAY, stateSince: NOW - 2 * DAY });
    await put({ state: 'failed', failure, createdAt: NOW - DAY, stateSince: NOW - DAY, ...onVenus });
    await put({ state: 'denied', createdAt: NOW - 50 * MINUTE, stateSince: NOW - 40 * MINUTE });
    await put({ state: 'expired', createdAt: NOW - 40 * MINUTE, stateSince: NOW - 30 * MINUTE });
    await put({ state: 'running', origin: { platform: 'slack', channel: 'C1' } });
    await put({ state: 'succeeded', requester: stored('carol') });

    expect(await linesOf('alice', 'Your last jobs')).toEqual([
      '⏳ restore pluto: running, asked 5 min ago',
      '⌛ restore pluto: expired 30 min ago',
      '🚫 restore pluto: denied 40 min ago',
      '❌ restore venus: failed 24 h ago · The box has not come back.',
      '✅ restore pluto: succeeded 2 d ago',
    ]);
  });

  it('are no plans that nobody confirmed', async () => {
    await put({ state: 'cancelled', confirmedDigest: null });
    await put({ state: 'expired', confirmedDigest: null });
    await put({ state: 'planned', confirmedDigest: null });
    const changedAndCancelled = await put({ state: 'cancelled', confirmedDigest: null, action: 'backup' });
    await lab.app.refs.save(changedAndCancelled.id, 'card', 'message-7');

    expect(await linesOf('alice', 'Your last jobs')).toEqual(['🚫 backup pluto: cancelled just now']);
  });
});

describe('the boxes', () => {
  it('are shown with what they do, who keeps them, and how old their images are', async () => {
    await put({ state: 'running' });
    await lab.app.store.setLock(VENUS, { by: stored('carol'), at: NOW, reason: 'firmware' });

    expect(await linesOf('bob', 'Boxes')).toEqual([
      '⏳ pluto 10.40.41.42: restore, running · image 3 d ago',
      '🔒 venus 10.40.41.43: free · locked by Carol · no image yet',
    ]);
    expect((await lab.say('list', { who: 'bob' })).seen[0]?.lines).toEqual(await linesOf('bob', 'Boxes'));
  });

  it('say what is wrong with an image', async () => {
    const generations = [{ generation: 1, manifest: null, problem: 'its manifest is missing' }];
    lab.app.share.catalogs.set(VENUS, { ...EMPTY_CATALOG, current: 1, generations });

    expect((await linesOf('bob', 'Boxes'))?.[1]).toBe(
      '🟢 venus 10.40.41.43: free · image of unknown age ⚠ its manifest is missing',
    );
  });

  it('have unknown images when the share can not be read, which is said on top', async () => {
    lab.app.share.down = true;

    const { sections } = await homeOf('bob');

    expect(sections[0]).toEqual({
      title: 'Storage share',
      empty: '',
      entries: [
        {
          text: '⚠ The storage share can not be read (the share does not answer). `testbox doctor` on the server tells more.',
          card: null,
        },
      ],
    });
    expect(await linesOf('bob', 'Boxes')).toEqual([
      '🟢 pluto 10.40.41.42: free · image unknown',
      '🟢 venus 10.40.41.43: free · image unknown',
    ]);
    expect((await lab.say('list')).seen[0]?.lines[0]).toBe(sections[0]?.entries[0]?.text);
  });

  it('whose images alone can not be read are named', async () => {
    const { share } = lab.app;
    const { catalog } = share;
    share.catalog = (address) =>
      address === VENUS ? Promise.reject(new ShareError('current is no link')) : catalog.call(share, address);

    expect((await homeOf('bob')).sections[0]?.entries[0]?.text).toBe(
      '⚠ On the storage share the images of venus can not be read (current is no link).',
    );
  });

  it('are all there, and no image is read twice, when there are many', async () => {
    const many = Array.from({ length: 80 }, (_unused, index) => ({
      ...PLUTO_BOX,
      name: `box${index + 1}`,
      address: TestboxAddress.parse(`10.0.0.${index + 1}`),
    }));
    lab = await converse(many);
    const read: string[] = [];
    const { share } = lab.app;
    const { catalog } = share;
    share.catalog = (address) => {
      read.push(address);
      return catalog.call(share, address);
    };

    await Promise.all([homeOf('alice'), homeOf('bob'), lab.say('list')]);

    expect(await linesOf('bob', 'Boxes')).toHaveLength(80);
    expect(read).toHaveLength(80);
  });
});
