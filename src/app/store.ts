import type { TestboxAddress } from '../contract/address.ts';
import type { JobId } from '../contract/ids.ts';
import type { DiskProgress } from '../contract/report.ts';
import type { Effect } from '../domain/effects.ts';
import type { RecordedHardware } from '../domain/hardware.ts';
import type { Job } from '../domain/job.ts';
import type { Person } from '../domain/person.ts';

/** What was last heard of a job's agent. Not versioned: it changes with every report. */
export interface Hearing {
  session: string;
  /** Reports up to this one are stored. */
  lastSequence: number;
  /** Epoch ms, by the bot's clock. */
  lastHeardAt: number;
  progress: readonly DiskProgress[];
  /** The newest lines the agent logged. */
  log: readonly string[];
}

/** A row of the audit trail: every request, decision and transition. */
export interface AuditEntry {
  at: number;
  jobId: JobId | null;
  testbox: TestboxAddress | null;
  /** Who caused it; null for the bot and the agent. */
  actor: Person | null;
  event: string;
  fromState: string | null;
  toState: string | null;
  /** JSON. */
  detail: unknown;
}

/** An effect that is owed, with its history of tries. */
export interface OwedEffect {
  id: string;
  jobId: JobId;
  effect: Effect;
  dueAt: number;
  tries: number;
}

export interface Commit {
  before: Job;
  after: Job;
  audit: AuditEntry;
  effects: readonly Effect[];
  hearing?: Hearing;
  hardware?: RecordedHardware;
}

export interface BoxLock {
  by: Person;
  at: number;
  reason: string | null;
}

/** `box-busy`: another active job has the box. `conflict`: somebody else changed the job first. */
export type CommitOutcome = 'committed' | 'conflict' | 'box-busy';

/** Where all that matters is kept. Every call is one transaction. */
export interface JobStore {
  create(job: Job, audit: AuditEntry): Promise<void>;
  /** Compare-and-set on (id, version), with audit row and owed effects in the same transaction. */
  commit(commit: Commit): Promise<CommitOutcome>;
  job(id: JobId): Promise<Job | null>;
  activeJob(address: TestboxAddress): Promise<Job | null>;
  /** Oldest first. */
  activeJobs(): Promise<readonly Job[]>;
  /** Plans that wait for Confirm, to let them expire. */
  plannedJobs(): Promise<readonly Job[]>;
  /** Newest first; plans that were never confirmed are left out. Null is every box. */
  recentJobs(address: TestboxAddress | null, limit: number): Promise<readonly Job[]>;
  /** Newest first, by the person's key; plans that are waiting for Confirm are left out. */
  jobsOf(requester: string, limit: number): Promise<readonly Job[]>;
  /** Jobs that ended then (epoch ms) or later, the one that ended first at the front. */
  endedSince(at: number): Promise<readonly Job[]>;
  audits(filter: { jobId: JobId }): Promise<readonly AuditEntry[]>;
  addAudit(entry: AuditEntry): Promise<void>;

  /** In the order they were owed. */
  owedEffects(): Promise<readonly OwedEffect[]>;
  settle(ids: readonly string[], now: number): Promise<void>;
  postpone(id: string, until: { dueAt: number; error: string }): Promise<void>;

  hearing(id: JobId): Promise<Hearing | null>;
  saveHearing(id: JobId, hearing: Hearing): Promise<void>;
  hardware(address: TestboxAddress): Promise<RecordedHardware | null>;
  lock(address: TestboxAddress): Promise<BoxLock | null>;
  setLock(address: TestboxAddress, lock: BoxLock | null): Promise<void>;

  /** The secret that session tokens are made with: made once, kept for ever. */
  serverKey(fresh: () => string): Promise<string>;
  /** When a bot on this store was last alive; null on a new store. */
  lastAlive(): Promise<number | null>;
  setAlive(now: number): Promise<void>;
}
