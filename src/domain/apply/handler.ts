import type { Effect } from '../effects.ts';
import type { JobEvent, JobEventType } from '../events.ts';
import type { Job } from '../job.ts';
import type { Deadlines } from '../testbox.ts';

export type Refusal =
  | 'not-in-this-state'
  | 'requester'
  | 'already-approved'
  | 'plan-changed'
  /** Disks are half-written: it needs a second, explicit word. */
  | 'dirty'
  | 'unknown-question';

export interface Change {
  change: Partial<Job>;
  effects: readonly Effect[];
}

export type Handled = Change | { refused: Refusal };

/** The moment of an event: time, and the box's deadlines. */
export interface Moment {
  now: number;
  deadlines: Deadlines;
}

type EventOf<T extends JobEventType> = Extract<JobEvent, { type: T }>;

export type Handlers<T extends JobEventType> = {
  [K in T]: (job: Job, event: EventOf<K>, moment: Moment) => Handled;
};

export function changed(change: Partial<Job>, ...effects: Effect[]): Change {
  return { change, effects };
}

export const CARD: Effect = { kind: 'card' };
