import type { Job, JobState } from './job.ts';
import type { DeadlineName, Deadlines } from './testbox.ts';

/** A plan that nobody confirmed is forgotten after this time. */
const PLANNED_MS = 60 * 60_000;

/** Which deadline a state has, and what part of it passes before each overrun. */
const BY_STATE: Partial<Record<JobState, { name: DeadlineName; part: number }>> = {
  'awaiting-approval': { name: 'approval', part: 1 / 2 },
  arming: { name: 'arming', part: 1 },
  rebooting: { name: 'reboot', part: 1 },
  'needs-hands': { name: 'needsHands', part: 1 / 2 },
  booting: { name: 'callHome', part: 1 },
  running: { name: 'silence', part: 1 },
  held: { name: 'held', part: 1 / 2 },
  stopped: { name: 'needsHands', part: 1 },
  'in-rescue': { name: 'rescueReminder', part: 1 },
  cancelling: { name: 'backHome', part: 1 },
  returning: { name: 'backHome', part: 1 },
};

/** How long until the next overrun in a state, in ms; null when it has none. */
export function limitOf(state: JobState, deadlines: Deadlines): number | null {
  if (state === 'planned') return PLANNED_MS;
  const deadline = BY_STATE[state];
  return deadline === undefined ? null : deadlines[deadline.name] * deadline.part;
}

/** The deadline of a job that enters a state, or that was overrun in it `overruns` times. */
export function deadlineFor(
  state: JobState,
  at: { now: number; deadlines: Deadlines; overruns: number },
): Job['deadline'] {
  const limit = limitOf(state, at.deadlines);
  return limit === null ? null : { at: at.now + limit, overruns: at.overruns };
}
