import type { Action } from '../contract/action.ts';
import type { TestboxAddress } from '../contract/address.ts';
import type { DiskSlot } from '../contract/disk.ts';
import type { BootId, JobId, Nonce, Sha256 } from '../contract/ids.ts';
import type { PlanFacts } from '../contract/plan.ts';
import type { DiskOutcome, FailureClass, Phase, Question } from '../contract/report.ts';
import type { ImageWish } from './image-wish.ts';
import type { Person, PlatformName } from './person.ts';
import type { PlanNotes } from './plan-notes.ts';

export const JOB_STATES = [
  'planned',
  'awaiting-approval',
  'queued',
  'arming',
  'rebooting',
  'needs-hands',
  'booting',
  'running',
  'held',
  'stopped',
  'in-rescue',
  'cancelling',
  'returning',
  'succeeded',
  'failed',
  'cancelled',
  'denied',
  'expired',
] as const;
export type JobState = (typeof JOB_STATES)[number];

const END_STATES = ['succeeded', 'failed', 'cancelled', 'denied', 'expired'] as const;
export type EndState = (typeof END_STATES)[number];

export function isEnded(state: JobState): state is EndState {
  return END_STATES.some((end) => end === state);
}

/** The job holds its box: at most one such job a box. A plan that waits for Confirm holds nothing. */
export function isActive(state: JobState): boolean {
  return state !== 'planned' && !isEnded(state);
}

/** The job has a machine of the share's limit: from arming until the box is back. */
export function occupiesShare(state: JobState): boolean {
  return isActive(state) && state !== 'awaiting-approval' && state !== 'queued';
}

/**
 * The job's boot config belongs into the TFTP area; elsewhere it has to go. With a half-written
 * disk it stays through everything but a person's "boot the local disk anyway".
 */
export function wantsBootConfig(job: Pick<Job, 'state' | 'disarmed' | 'dirty'>): boolean {
  if (!occupiesShare(job.state) || job.disarmed || job.state === 'returning') return false;
  return job.state !== 'cancelling' || job.dirty.length > 0;
}

export interface Approval {
  by: Person;
  at: number;
  digest: Sha256;
}

export interface JobFailure {
  class: FailureClass;
  code: string;
  message: string;
  logTail: readonly string[];
}

export interface JobResult {
  generation: number | null;
  disks: readonly DiskOutcome[];
  durationMs: number;
}

/** One action on one testbox, from the request to the end: all that is stored of it. */
export interface Job {
  id: JobId;
  /** Grows by one with every transition: what compare-and-set compares. */
  version: number;
  action: Action;
  testbox: { name: string; address: TestboxAddress };
  requester: Person;
  reason: string | null;
  /** The disks that were asked for by name; null is all. */
  onlySlots: readonly string[] | null;
  /** Which images a restore was asked to take. */
  wish: ImageWish;
  /** Where the card lives. */
  origin: { platform: PlatformName; channel: string };
  createdAt: number;

  state: JobState;
  stateSince: number;
  /** When it is overrun next, and how often it was in this state. Null: none. */
  deadline: { at: number; overruns: number } | null;

  plan: PlanFacts;
  digest: Sha256;
  notes: PlanNotes;
  /** How many people other than the requester must approve. */
  approvalsNeeded: number;
  /** The digest that the requester pressed Confirm for. */
  confirmedDigest: Sha256 | null;
  approvals: readonly Approval[];
  denial: { by: Person; at: number; reason: string | null } | null;

  /** Boots of the maintenance system that said hello. */
  attempt: number;
  /** Attempts that were used up before the newest Retry. */
  attemptBase: number;
  /** The nonce of the boot that is running, and of the one that may come. */
  nonceBoot: Nonce | null;
  nonceNext: Nonce | null;
  /** The boot config still has the nonce of the boot that is running. */
  rotationOwed: boolean;
  /** The box's own boot before this job; null while it was never seen. */
  bootIdBefore: BootId | null;
  /** Boots of the maintenance system in this job. */
  bootIds: readonly BootId[];
  /** The reboot command reached the box, or may have. */
  rebootIssued: boolean;
  /**
   * The newest power command: recorded before it is run, since one whose outcome is unknown
   * is never repeated without a person.
   */
  power: { askedBy: Person | null; state: 'asked' | 'begun' | 'done' | 'failed' | 'unknown' } | null;
  /** The box was seen down on its way back: what a TCP check needs before an open port counts. */
  wentDown: boolean;
  /** The newest session of the agent. */
  session: string | null;
  /** Of the SSH host keys of the maintenance system's newest boot, `SHA256:…`; empty when it told none. */
  sshFingerprints: readonly string[];
  /** Addresses that are not the box's, and that its nonce came from all the same: each is told once. */
  strangers: readonly string[];
  /** What the agent warned of, each once. */
  warnings: readonly string[];

  phase: Phase | null;
  /** Disks that a restore has begun and not finished writing. */
  dirty: readonly DiskSlot[];
  question: Question | null;
  /** Questions that people accepted for the present plan. */
  accepted: readonly string[];
  failure: JobFailure | null;
  result: JobResult | null;
  cancelledBy: Person | null;
  /** The boot config has been removed, for good. */
  disarmed: boolean;
  /** What the job ends as, once the box is back. */
  outcome: 'succeeded' | 'failed' | 'cancelled' | null;
}
