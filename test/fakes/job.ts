import { BootId, JobId, Nonce } from '../../src/contract/ids.ts';
import { planDigest } from '../../src/contract/plan.ts';
import { NEWEST_OWN } from '../../src/domain/image-wish.ts';
import type { Job } from '../../src/domain/job.ts';
import { planJob } from '../../src/domain/plan-job.ts';
import type { PlanNotes } from '../../src/domain/plan-notes.ts';
import { stored } from './people.ts';
import { PLUTO, restorePlan } from './plan.ts';

export const NOW = Date.UTC(2026, 10, 22, 17, 0, 0);
const BOOT_A = BootId.parse('aaaaaaaa-0000-4000-8000-000000000000');
export const BOOT_B = BootId.parse('bbbbbbbb-0000-4000-8000-000000000000');

export const NOTES: PlanNotes = {
  images: [],
  freeBytes: 1e12,
  lastGenerationBytes: 4_000_000,
  uptimeSeconds: 3600,
  users: [],
  sshProblem: null,
  leftOut: [],
  expectedMs: null,
  warnings: [],
  ownHostKeys: [],
  imageHostKeys: [],
};

/** A restore of pluto that alice asked for, in whatever state the test wants. */
export function restoreJob(changes: Partial<Job> = {}): Job {
  const plan = changes.plan ?? restorePlan();
  return {
    ...planJob({
      id: JobId.parse('7k3m9q2x'),
      testbox: { name: 'pluto', address: PLUTO },
      requester: stored('alice'),
      reason: null,
      onlySlots: null,
      wish: NEWEST_OWN,
      origin: { platform: 'console', channel: 'lab' },
      createdAt: NOW,
      deadline: null,
      plan,
      digest: planDigest(plan),
      notes: NOTES,
      approvalsNeeded: 1,
    }),
    nonceNext: Nonce.parse('1'.repeat(32)),
    bootIdBefore: BOOT_A,
    ...changes,
  };
}
