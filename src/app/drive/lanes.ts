import type { JobId } from '../../contract/ids.ts';
import type { Effect } from '../../domain/effects.ts';

/** What of a job is done one after the other; lanes don't wait for each other. */
export type Lane = 'machine' | 'card' | 'notice' | 'log' | 'prune';

const LANES: Record<Effect['kind'], Lane> = {
  arm: 'machine',
  disarm: 'machine',
  'take-back': 'machine',
  reboot: 'machine',
  power: 'machine',
  prune: 'prune',
  card: 'card',
  notice: 'notice',
  log: 'log',
};

export function laneOf(effect: Effect): Lane {
  return LANES[effect.kind];
}

/** The key under which a lane's piece of work runs: one at a time. */
export function laneKey(lane: Lane, job: JobId): string {
  return `${lane}:${job}`;
}
