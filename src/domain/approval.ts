import type { Sha256 } from '../contract/ids.ts';
import type { Approval, Job } from './job.ts';
import type { Person } from './person.ts';

/** An approval counts this long once given; a job that waits longer asks again. */
export const APPROVAL_MAX_AGE_MS = 60 * 60_000;

/** The approvals that are for this very plan and still count: one a person, none of the requester. */
export function validApprovals(
  job: Pick<Job, 'approvals' | 'digest' | 'requester'>,
  now: number,
  maxAgeMs: number = Number.POSITIVE_INFINITY,
): readonly Approval[] {
  const seen = new Set<string>();
  return job.approvals.filter(({ by, at, digest }) => {
    if (digest !== job.digest || now - at > maxAgeMs || by.key === job.requester.key || seen.has(by.key))
      return false;
    seen.add(by.key);
    return true;
  });
}

/** Everybody who has to agree with the plan as it is has done so. */
export function isDecided(
  job: Pick<Job, 'approvals' | 'digest' | 'requester' | 'confirmedDigest' | 'approvalsNeeded'>,
  now: number,
  maxAgeMs?: number,
): boolean {
  return (
    job.confirmedDigest === job.digest && validApprovals(job, now, maxAgeMs).length >= job.approvalsNeeded
  );
}

export type ApprovalRefusal = 'requester' | 'already-approved' | 'plan-changed';

/** Why this person's approval of this digest would not count; null when it would. */
export function approvalRefusal(job: Job, by: Person, digest: Sha256): ApprovalRefusal | null {
  if (by.key === job.requester.key) return 'requester';
  if (digest !== job.digest) return 'plan-changed';
  if (job.approvals.some((approval) => approval.by.key === by.key && approval.digest === digest))
    return 'already-approved';
  return null;
}
