import type { Job } from './job.ts';

/** What a request decides of a job; all else begins the same. */
type JobRequest = Pick<
  Job,
  | 'id'
  | 'testbox'
  | 'requester'
  | 'reason'
  | 'onlySlots'
  | 'wish'
  | 'origin'
  | 'createdAt'
  | 'deadline'
  | 'plan'
  | 'digest'
  | 'notes'
  | 'approvalsNeeded'
>;

/** A job at its beginning: planned, confirmed by nobody, and nothing touched. */
export function planJob(request: JobRequest): Job {
  return {
    ...request,
    version: 1,
    action: request.plan.action,
    state: 'planned',
    stateSince: request.createdAt,
    confirmedDigest: null,
    approvals: [],
    denial: null,
    attempt: 0,
    attemptBase: 0,
    nonceBoot: null,
    nonceNext: null,
    rotationOwed: false,
    bootIdBefore: null,
    bootIds: [],
    rebootIssued: false,
    power: null,
    wentDown: false,
    session: null,
    sshFingerprints: [],
    strangers: [],
    warnings: [],
    phase: null,
    dirty: [],
    question: null,
    accepted: [],
    failure: null,
    result: null,
    cancelledBy: null,
    disarmed: false,
    outcome: null,
  };
}
