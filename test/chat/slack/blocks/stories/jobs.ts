import type { JobView } from '../../../../../src/app/job-view.ts';
import type { DiskProgress } from '../../../../../src/contract/report.ts';
import type { Job } from '../../../../../src/domain/job.ts';
import { NOTES, NOW, restoreJob } from '../../../../fakes/job.ts';
import { restorePlan } from '../../../../fakes/plan.ts';
import { alice, bob } from './people.ts';

export const MINUTE = 60_000;
const GIB = 2 ** 30;
/** When the stories are looked at. */
export const SEEN_AT = NOW + 5 * MINUTE;

export const PLAN = restorePlan({
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

export function job(changes: Partial<Job> = {}): Job {
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

export function view(changes: Partial<Job>, progress: readonly DiskProgress[] = []): JobView {
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
    now: SEEN_AT,
  };
}

export const approvals: Job['approvals'] = [{ by: bob, at: NOW + MINUTE, digest: job().digest }];
export const PROGRESS: readonly DiskProgress[] = [
  diskProgress('sda', { totalBytes: 447 * GIB, doneBytes: 192 * GIB, bytesPerSecond: 1.4 * GIB }),
  diskProgress('nvme0n1', { totalBytes: 1863 * GIB, doneBytes: 1859 * GIB, bytesPerSecond: 2.1 * GIB }),
];

function diskProgress(
  slot: string,
  numbers: { totalBytes: number; doneBytes: number; bytesPerSecond: number },
): DiskProgress {
  return { slot, ...numbers, writtenBytes: 0, skippedBytes: 0 };
}
