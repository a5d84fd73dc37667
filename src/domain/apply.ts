import { agent } from './apply/agent.ts';
import { bot } from './apply/bot.ts';
import type { Handled, Handlers, Moment, Refusal } from './apply/handler.ts';
import { people } from './apply/people.ts';
import { deadlineFor } from './deadlines.ts';
import type { Effect } from './effects.ts';
import type { JobEvent, JobEventType } from './events.ts';
import { isActive, isEnded, type Job, type JobState } from './job.ts';
import { TRANSITIONS } from './transitions.ts';

export type { Moment, Refusal } from './apply/handler.ts';

export type Applied =
  | { kind: 'changed'; job: Job; effects: readonly Effect[] }
  | { kind: 'refused'; why: Refusal };

const HANDLERS: Handlers<JobEventType> = { ...people, ...bot, ...agent };

/**
 * The job after the event, one version on, with the effects that are owed now. Pure: the
 * same job, event and moment always give the same answer, and a refusal changes nothing.
 */
export function apply(job: Job, event: JobEvent, moment: Moment): Applied {
  const targets = TRANSITIONS[event.type][job.state];
  if (targets === undefined) return { kind: 'refused', why: 'not-in-this-state' };
  const handled = handle(job, event, moment);
  if ('refused' in handled) return { kind: 'refused', why: handled.refused };
  const state = handled.change.state ?? job.state;
  if (!targets.includes(state)) {
    throw new Error(`${event.type} must not lead from ${job.state} to ${state}`);
  }
  const entered = state !== job.state;
  const reset = entered || handled.change.deadline === null;
  const next: Job = { ...job, ...handled.change, version: job.version + 1 };
  return {
    kind: 'changed',
    effects: [...handled.effects, ...(entered ? owedAtEnd(job, state) : [])],
    job: {
      ...next,
      stateSince: entered ? moment.now : job.stateSince,
      deadline: reset ? deadlineFor(state, { ...moment, overruns: 0 }) : next.deadline,
    },
  };
}

/** Images of another box go with the job that they were handed over for, whatever ended it. */
function owedAtEnd(before: Job, state: JobState): Effect[] {
  return before.plan.source !== undefined && isActive(before.state) && isEnded(state)
    ? [{ kind: 'take-back' }]
    : [];
}

function handle<T extends JobEventType>(
  job: Job,
  event: Extract<JobEvent, { type: T }>,
  moment: Moment,
): Handled;
function handle(job: Job, event: JobEvent, moment: Moment): Handled {
  const handler: (job: Job, event: never, moment: Moment) => Handled = HANDLERS[event.type];
  return handler(job, event as never, moment);
}
