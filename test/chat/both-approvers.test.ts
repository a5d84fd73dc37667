import { expect, it } from 'vitest';
import type { JobView } from '../../src/app/job-view.ts';
import { ApproversElsewhere, approversElsewhere } from '../../src/chat/approvers-elsewhere.ts';
import { type ChatPlatform, ChatUnavailableError } from '../../src/chat/platform.ts';
import type { AccessRules } from '../../src/domain/access.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Notice } from '../../src/domain/notices.ts';
import type { PlatformName } from '../../src/domain/person.ts';
import { FakeAnnouncer } from '../fakes/announcer.ts';
import { restoreJob } from '../fakes/job.ts';
import { rules } from '../fakes/people.ts';
import { recordedLog } from '../fakes/recorded-log.ts';

const JOB = restoreJob({ state: 'awaiting-approval', origin: { platform: 'slack', channel: 'C1' } });

function access(approvers: Readonly<Record<string, readonly PlatformName[]>>): AccessRules {
  const nobody = { people: [], users: [], groups: [] };
  const people = Object.entries(approvers).map(
    ([name, platforms]) =>
      [name, platforms.map((platform) => ({ platform, team: 'T', user: `${platform}-${name}` }))] as const,
  );
  const approver = { ...nobody, people: Object.keys(approvers) };
  return rules({ people: new Map(people), roles: { viewer: nobody, operator: nobody, approver } });
}

/** A bot on Slack and Discord, where bob is on Discord alone. */
function bot(tellPerson: ChatPlatform['tellPerson']) {
  const said: string[] = [];
  const announcer = Object.assign(new FakeAnnouncer(), { tell: async () => void said.push('thread') });
  const platforms = ['slack', 'discord'].map((name) => ({ name, tellPerson })) as unknown as ChatPlatform[];
  const { warnings, log } = recordedLog();
  const inventory = { access: () => access({ bob: ['discord'] }) };
  const calling = new ApproversElsewhere(announcer, { platforms, inventory, log });
  const tell = (job: Job, notice: Notice) =>
    calling.tell(job, { look: async () => ({ job }) as JobView, notice, key: 'job:1' });
  return { tell, said, warnings };
}

it.each<[string, Readonly<Record<string, readonly PlatformName[]>>, string[]]>([
  ['on another platform alone', { bob: ['discord'] }, ['discord-bob']],
  ["on the card's platform too", { bob: ['discord', 'slack'] }, []],
  ['on one that the bot is not on', { bob: ['console'] }, []],
  ['who asked for it', { alice: ['discord'] }, []],
])('approvers %s are called there', (_who, approvers, expected) => {
  const called = approversElsewhere(JOB, access(approvers), ['slack', 'discord']);

  expect(called.map(({ user }) => user)).toEqual(expected);
});

it('tells them after the thread, under a nonce of their own', async () => {
  const told: unknown[] = [];
  const { tell, said } = bot(async (to, message) => void told.push([said.length, to, message.text]));

  await tell(JOB, { about: 'approval-needed' });
  await tell(JOB, { about: 'rebooting' });

  expect(told).toEqual([
    [
      1,
      { user: 'discord-bob', nonce: 'job:1:discord-bob' },
      'Please approve or deny: restore pluto, asked by Alice on Slack.',
    ],
  ]);
});

it('tells nobody of what was decided meanwhile, or needs no approval', async () => {
  const told: string[] = [];
  const { tell } = bot(async ({ user }) => void told.push(user));

  await tell({ ...JOB, state: 'queued' }, { about: 'approval-needed' });
  await tell({ ...JOB, approvalsNeeded: 0 }, { about: 'approval-needed' });

  expect(told).toEqual([]);
});

it('holds no job up when somebody can not be told', async () => {
  const { tell, said, warnings } = bot(async () => {
    throw new ChatUnavailableError('Discord is away');
  });

  await tell(JOB, { about: 'approval-needed' });

  expect(said).toEqual(['thread']);
  expect(warnings.map(({ message }) => message)).toEqual(['an approver elsewhere is not told']);
});
