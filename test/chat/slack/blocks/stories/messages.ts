import { renderCard, renderPreview } from '../../../../../src/chat/card.ts';
import { renderNotice } from '../../../../../src/chat/notice-text.ts';
import type { ChatMessage } from '../../../../../src/chat/platform.ts';
import type { Question } from '../../../../../src/contract/report.ts';
import type { Job, JobFailure } from '../../../../../src/domain/job.ts';
import { BOOT_B, NOW } from '../../../../fakes/job.ts';
import { approvals, MINUTE, PLAN, PROGRESS, view } from './jobs.ts';
import { bob } from './people.ts';

const GIB = 2 ** 30;

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

const IN_RESCUE: Partial<Job> = {
  action: 'rescue',
  state: 'in-rescue',
  bootIds: [BOOT_B],
  sshFingerprints: ['SHA256:+q4vYw0xkRZsT7bE/2nHcUmPjL9dGfA6oKiV3eXyQ1M'],
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
  'card-rescue': renderCard(view(IN_RESCUE)),
  'notice-rescue': renderNotice(view(IN_RESCUE), { about: 'in-rescue' }).message,
  'notice-wrong-address': notice('booting', {
    about: 'wrong-address',
    address: '10.40.41.99',
    expected: '10.40.41.42',
  }),
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
