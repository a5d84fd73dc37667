import { REPORT_INTERVAL_MS } from '../src/contract/report.ts';

/** How long the agent waits for what. Tests make all of it short. */
export interface Timing {
  backoffFirstMs: number;
  backoffLimitMs: number;
  /** Of a silent session; below the interval the bot expects, for the way there takes time too. */
  heartbeatMs: number;
  progressMs: number;
  /** One request to the bot, from connecting to the last byte of the answer. */
  requestMs: number;
  /** How long a machine may take to show its first disk, from the agent's start. */
  firstDiskMs: number;
  /** The same for the host keys of its SSH server. */
  hostKeysMs: number;
  /** How long a disk of the plan that isn't there is waited for. */
  missingDiskMs: number;
  /** Between two looks at what is waited for. */
  lookAgainMs: number;
  /** How long a storage server that doesn't answer is waited for. */
  shareMs: number;
  /** Between two tries to mount. */
  shareAgainMs: number;
  /** How long logs may take to get onto the share before the box boots again. */
  lastWordsMs: number;
  /** How often the rate limit and the stop signal are carried to the workers. */
  throttleMs: number;
  /** Between two flushes of a disk that is written. */
  checkpointMs: number;
}

export const DEFAULT_TIMING: Timing = {
  backoffFirstMs: 1_000,
  backoffLimitMs: 10_000,
  heartbeatMs: REPORT_INTERVAL_MS * 0.6,
  progressMs: 1_000,
  requestMs: 10_000,
  firstDiskMs: 10_000,
  hostKeysMs: 3_000,
  missingDiskMs: 30_000,
  lookAgainMs: 250,
  shareMs: 120_000,
  shareAgainMs: 5_000,
  lastWordsMs: 10_000,
  throttleMs: 50,
  checkpointMs: 5_000,
};

/** Doubles with every failure in a row, up to the limit. */
export function backoffMs(timing: Timing, failures: number): number {
  return Math.min(timing.backoffLimitMs, timing.backoffFirstMs * 2 ** Math.min(failures, 16));
}
