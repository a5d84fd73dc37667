import type { DiskSlot } from '../../src/contract/disk.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { PlanFacts } from '../../src/contract/plan.ts';
import type { DiskOutcome, DiskProgress, HelloAccepted, ReportBody } from '../../src/contract/report.ts';
import type { Clock } from '../clock.ts';
import type { Target } from '../disks.ts';
import type { ShareFiles } from '../durable.ts';
import type { WorkerPool } from '../imaging/worker-pool.ts';
import type { Machine } from '../machine.ts';
import type { Timing } from '../timing.ts';

/** Whom an action reports to: a session with the bot, or the logs of a box without one. */
export interface Reporter {
  /** Aborted when the action must stop before its next chunk. */
  readonly stop: AbortSignal;
  emit(body: ReportBody): Promise<void>;
  progress(disks: DiskProgress[]): void;
  /** Resolves when the bot has acknowledged all reports. @throws the reason when the signal is aborted */
  delivered(signal?: AbortSignal): Promise<void>;
}

/** All an action works with. */
export interface ActionContext {
  machine: Machine;
  clock: Clock;
  timing: Timing;
  plan: PlanFacts;
  job: JobId;
  attempt: number;
  settings: HelloAccepted['settings'];
  /** The box's directory on the share. */
  boxDirectory: string;
  files: ShareFiles;
  agentVersion: string;
  report: Reporter;
  pool: WorkerPool;
  /** Bytes that stay free on the share. */
  keepFreeBytes: number;
  /** Slots that earlier attempts of this job left half-written. */
  dirtyBefore: ReadonlySet<DiskSlot>;
  /** To the console, the box's log and the bot. */
  log(level: 'info' | 'warn' | 'error', message: string): Promise<void>;
}

export interface ActionResult {
  generation: number | null;
  disks: DiskOutcome[];
}

/** One of the maintenance actions. Both parts throw `Failure`, or the stop signal's reason. */
export interface ActionProgram {
  /** `none` works without any, or with disks that the plan can't know. */
  disks: 'planned' | 'none';
  /** Looks whether it can work; writes and publishes nothing. */
  check(context: ActionContext, targets: readonly Target[]): Promise<void>;
  run(context: ActionContext, targets: readonly Target[]): Promise<ActionResult>;
}
