import type { Notice } from './notices.ts';

/**
 * What a transition owes to the world outside. Stored with it in one transaction, checked
 * against the job's present state before it is carried out, done at least once.
 */
export type Effect =
  /** The boot config must say what the job wants. */
  | { kind: 'arm' }
  /** The boot config must go. */
  | { kind: 'disarm' }
  /** What was handed over to the box for the job goes. */
  | { kind: 'take-back' }
  | { kind: 'reboot' }
  /** The box's power command, at most once. */
  | { kind: 'power' }
  /** Older generations may go, once the new one is proved. */
  | { kind: 'prune'; generation: number }
  /** The card must show the job as it is. */
  | { kind: 'card' }
  /** A message in the job's thread. */
  | { kind: 'notice'; notice: Notice }
  /** A line of the share's global maintenance.log, without time and address. */
  | { kind: 'log'; message: string };
