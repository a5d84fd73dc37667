import type { JobView } from '../../../../src/app/job-view.ts';
import { renderCard, renderPreview } from '../../../../src/chat/card.ts';
import { renderNotice } from '../../../../src/chat/notice-text.ts';
import type { CardPlace, ChatMessage, HomePage, RequestForm } from '../../../../src/chat/platform.ts';
import type { DiskProgress, Question } from '../../../../src/contract/report.ts';
import { COMMANDS, isActionWord } from '../../../../src/domain/command-table.ts';
import type { Job, JobFailure } from '../../../../src/domain/job.ts';
import type { Person } from '../../../../src/domain/person.ts';
import { NOTES, NOW, restoreJob } from '../../../fakes/job.ts';
import { restorePlan } from '../../../fakes/plan.ts';

const MINUTE = 60_000;
const GIB = 2 ** 30;

/** Who is in the stories, by user id. */
export const NAMES: Readonly<Record<string, string>> = {
  U0ALICE: 'Alice Weber',
  U0BOB: 'Bob Okafor',
  U0CAROL: 'Carol Díaz',
};
export const CHANNEL = 'C0LAB';
const CARD: CardPlace = { channel: CHANNEL, ref: `${CHANNEL}:1795366800.000100` };

export function links({ channel, ref }: CardPlace): string {
  if (ref === null) return `<#${channel}>`;
  return `<https://acme.slack.com/archives/${ref.replace(':', '/p').replace('.', '')}|the card>`;
}

function slackPerson(user: string): Person {
  return { key: user, displayName: NAMES[user] ?? user, platform: 'slack', team: 'T0ACME', user };
}

const alice = slackPerson('U0ALICE');
const bob = slackPerson('U0BOB');

const PLAN = restorePlan({
  disks: [
    plannedDisk('sda', { sizeBytes: 447 * GIB, model: 'SAMSUNG MZ7LH480', serial: 'S45PNA0M512034' }),
    plannedDisk('nvme0n1', { sizeBytes: 1863 * GIB, model: 'INTEL SSDPE2KX020T8', serial: 'PHLJ9110' }),
  ],
});

function plannedDisk(slot: string, disk: { sizeBytes: number; model: string; serial: string }) {
  const { sizeBytes, ...identity } = disk;
  return {
    slot,
    disk: {
      identity: { ...identity, wwn: null, path: null },
      kernelName: slot,
      sizeBytes,
      sectorSizeBytes: 512,
    },
    image: null,
  };
}

function job(changes: Partial<Job> = {}): Job {
  const base = restoreJob({ plan: PLAN });
  return {
    ...base,
    confirmedDigest: base.digest,
    requester: alice,
    reason: 'the nightly run left the file system in pieces',
    notes: {
      ...NOTES,
      images: [
        { slot: 'sda', createdAt: new Date(NOW - 3 * 1440 * MINUTE).toISOString(), codedBytes: 38 * GIB },
        {
          slot: 'nvme0n1',
          createdAt: new Date(NOW - 3 * 1440 * MINUTE).toISOString(),
          codedBytes: 211 * GIB,
        },
      ],
      uptimeSeconds: 26 * 3600,
      users: ['carol'],
      expectedMs: 14 * MINUTE,
    },
    ...changes,
  };
}

function view(changes: Partial<Job>, progress: readonly DiskProgress[] = []): JobView {
  return {
    job: job(changes),
    testbox: null,
    hearing:
      progress.length === 0 ? null : { session: 's', lastSequence: 9, lastHeardAt: NOW, log: [], progress },
    queuePlace: null,
    approvers: [
      { platform: 'slack', user: 'U0BOB' },
      { platform: 'slack', user: 'U0CAROL' },
    ],
    now: NOW + 5 * MINUTE,
  };
}

const approvals: Job['approvals'] = [{ by: bob, at: NOW + MINUTE, digest: job().digest }];
const PROGRESS: readonly DiskProgress[] = [
  diskProgress('sda', { totalBytes: 447 * GIB, doneBytes: 192 * GIB, bytesPerSecond: 1.4 * GIB }),
  diskProgress('nvme0n1', { totalBytes: 1863 * GIB, doneBytes: 1859 * GIB, bytesPerSecond: 2.1 * GIB }),
];

function diskProgress(
  slot: string,
  numbers: { totalBytes: number; doneBytes: number; bytesPerSecond: number },
): DiskProgress {
  return { slot, ...numbers, writtenBytes: 0, skippedBytes: 0 };
}

const FAILURE: JobFailure = {
  class: 'box',
  code: 'disk-write-failed',
  message: 'nvme0n1 can not be written at 1.1 TiB: EIO, input/output error.',
  logTail: [
    '17:04:09 nvme0n1: writing from chunk 0 of 476928',
    '17:13:40 nvme0n1: write of chunk 288017 failed: EIO',
    '17:13:41 nvme0n1: written once more, the same',
    '17:13:41 stopped before the next chunk; sda is written to its end and read back',
  ],
};

const QUESTION: Question = {
  id: 'c'.repeat(64),
  kind: 'disk-replaced',
  slots: ['sda'],
  text: 'Another disk is in the place of sda. May it be overwritten?',
  before: '447 GiB SAMSUNG MZ7LH480 S45PNA0M512034',
  now: '447 GiB SAMSUNG MZ7L3480 S6KKNT0W300711',
  facts: PLAN,
};

/** Every message that a picture or a golden file shows, from the real renderers. */
export const MESSAGES = {
  preview: renderPreview(view({ state: 'planned', confirmedDigest: null }), null),
  'card-approval': renderCard(view({ state: 'awaiting-approval' })),
  'card-running': renderCard(
    view({ state: 'running', phase: 'imaging', dirty: ['sda', 'nvme0n1'], approvals }, PROGRESS),
  ),
  'card-held': renderCard(view({ state: 'held', phase: 'preflight', approvals, question: QUESTION })),
  'card-stopped': renderCard(view({ state: 'stopped', dirty: ['nvme0n1'], failure: FAILURE, approvals })),
  'card-done': renderCard(
    view({
      state: 'succeeded',
      approvals,
      stateSince: NOW + 16 * MINUTE,
      result: {
        generation: null,
        durationMs: 12 * MINUTE + 31_000,
        disks: [
          outcome('sda', { sizeBytes: 447 * GIB, writtenBytes: 19 * GIB }),
          outcome('nvme0n1', { sizeBytes: 1863 * GIB, writtenBytes: 74 * GIB }),
        ],
      },
    }),
  ),
  'notice-approval': notice('awaiting-approval', { about: 'approval-needed' }),
  'notice-approved': notice('queued', { about: 'approved', by: bob }),
  'notice-rebooting': notice('rebooting', { about: 'rebooting' }),
  'notice-imaging': notice('running', { about: 'imaging-started', attempt: 1 }),
  'notice-failed': notice('stopped', { about: 'failed', failure: FAILURE }),
} satisfies Record<string, ChatMessage>;

function outcome(slot: string, { sizeBytes, writtenBytes }: { sizeBytes: number; writtenBytes: number }) {
  return {
    slot,
    sizeBytes,
    writtenBytes,
    skippedBytes: sizeBytes - writtenBytes,
    indexHash: null,
    codedBytes: 1,
  };
}

function notice(state: Job['state'], about: Parameters<typeof renderNotice>[1]): ChatMessage {
  return renderNotice(view({ state, dirty: state === 'stopped' ? ['nvme0n1'] : [] }), about).message;
}

export const REQUEST_FORM: RequestForm = {
  box: { name: 'pluto', label: 'pluto 10.40.41.42: free' },
  actions: COMMANDS.flatMap(({ word, summary }) =>
    isActionWord(word) ? [{ action: word, label: `${word}: ${summary}` }] : [],
  ),
};

export const HOME: HomePage = {
  at: NOW + 5 * MINUTE,
  sections: [
    {
      title: 'Waits for your approval',
      empty: 'Nothing waits for your approval.',
      entries: [
        {
          text: '✋ restore pluto: a plan · asked by Alice Weber 5 min ago · the nightly run left the file system in pieces',
          card: CARD,
        },
      ],
    },
    {
      title: 'At work',
      empty: 'No box is at work.',
      entries: [
        { text: '⏳ backup-again venus: reading the disks 64% · asked by Carol Díaz 12 min ago', card: CARD },
        { text: '🔧 restore mars: needs somebody at the box · asked by Bob Okafor 2 h ago', card: CARD },
      ],
    },
    { title: 'Your jobs', empty: 'You have asked for no jobs yet.', entries: [] },
    {
      title: 'Boxes',
      empty: 'The inventory has no boxes yet.',
      entries: [
        { text: '✋ pluto 10.40.41.42: restore, awaiting approval · image 3 d ago', card: null },
        { text: '⏳ venus 10.40.41.43: backup-again, running · image 41 d ago', card: null },
        { text: '🔧 mars 10.40.41.44: restore, needs hands · image 2 d ago', card: null },
        { text: '🔒 saturn 10.40.41.45: free · locked by Carol Díaz · image 7 h ago', card: null },
        { text: '🟢 neptune 10.40.41.46: free · no image yet', card: null },
      ],
    },
  ],
};
