import type { Directive } from '../src/contract/report.ts';

/** What the bot wants of the agent at the moment. */
export type Standing =
  | Directive
  /** The session is over, for good (410). */
  | { kind: 'gone' }
  /** A new session was given, with another plan than the one that is being carried out. */
  | { kind: 'superseded' }
  /** The agent itself is to end. */
  | { kind: 'ended' };

/** Nothing more will be heard in this session. */
export function isOver(standing: Standing): boolean {
  return standing.kind === 'gone' || standing.kind === 'superseded' || standing.kind === 'ended';
}

/** Why an action was stopped: the reason of its abort signal. */
export class StopRequested extends Error {
  override name = 'StopRequested';
  readonly standing: Standing;

  constructor(standing: Standing) {
    super(`stopped: ${standing.kind}`);
    this.standing = standing;
  }
}
