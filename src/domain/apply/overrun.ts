import { deadlineFor } from '../deadlines.ts';
import type { Effect } from '../effects.ts';
import type { Job, JobFailure, JobState } from '../job.ts';
import { CARD, changed, type Handled, type Moment } from './handler.ts';

/** A deadline passed: the first overrun posts advice, the second acts. */
export function overrun(job: Job, _event: unknown, moment: Moment): Handled {
  return isFirst(job) ? tell(job, moment) : act(job, moment);
}

function isFirst(job: Job): boolean {
  return job.state !== 'planned' && (job.deadline?.overruns ?? 0) === 0;
}

function tell(job: Job, moment: Moment): Handled {
  return changed({ deadline: nextDeadline(job, moment) }, noticeOf(job.state));
}

function noticeOf(state: JobState): Effect {
  switch (state) {
    case 'awaiting-approval':
      return { kind: 'notice', notice: { about: 'approval-reminder' } };
    case 'needs-hands':
    case 'held':
    case 'stopped':
    case 'in-rescue':
      return { kind: 'notice', notice: { about: 'reminder', state } };
    default:
      return { kind: 'notice', notice: { about: 'advice', state } };
  }
}

function act(job: Job, moment: Moment): Handled {
  switch (job.state) {
    case 'planned':
      return changed({ state: 'expired' });
    case 'awaiting-approval':
      return changed({ state: 'expired' }, CARD, { kind: 'notice', notice: { about: 'expired' } });
    case 'arming':
      return failed({
        class: 'storage',
        code: 'share-unreachable',
        message:
          'The storage share could not be written in time: the boot config of the box, or its directory on the backup share.',
      });
    case 'rebooting':
      return needsHands('The box could not be rebooted over SSH.');
    case 'booting':
      return needsHands('The maintenance system did not call home.');
    case 'running':
      return needsHands('The agent has fallen silent.');
    case 'held':
      return changed({ state: 'stopped' }, CARD, {
        kind: 'notice',
        notice: { about: 'stopped', why: 'question-timeout' },
      });
    case 'returning':
      return failed({
        class: 'box',
        code: 'not-back',
        message: 'The box has not come back on its own disk in time.',
      });
    case 'needs-hands':
      // A half-written disk is never given up by a clock.
      if (job.dirty.length > 0) return tell(job, moment);
      return failed({
        class: 'box',
        code: 'nobody-came',
        message: 'Nobody has seen to the box in time; its disks were not touched.',
      });
    default:
      return tell(job, moment);
  }
}

function nextDeadline(job: Job, moment: Moment): Job['deadline'] {
  return deadlineFor(job.state, { ...moment, overruns: (job.deadline?.overruns ?? 0) + 1 });
}

function needsHands(why: string): Handled {
  return changed({ state: 'needs-hands' }, CARD, { kind: 'notice', notice: { about: 'needs-hands', why } });
}

function failed(reason: Omit<JobFailure, 'logTail'>): Handled {
  const failure = { ...reason, logTail: [] };
  return changed({ state: 'failed', outcome: 'failed', failure }, { kind: 'disarm' }, CARD, {
    kind: 'notice',
    notice: { about: 'failed', failure },
  });
}
