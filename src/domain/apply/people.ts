import { planDigest } from '../../contract/plan.ts';
import { approvalRefusal, isDecided } from '../approval.ts';
import type { Job } from '../job.ts';
import { CARD, changed, type Handled, type Handlers } from './handler.ts';

type PeopleEvents =
  | 'replanned'
  | 'confirmed'
  | 'approved'
  | 'denied'
  | 'cancelled'
  | 'retried'
  | 'sent-to-local-disk'
  | 'question-accepted'
  | 'rescued'
  | 'released'
  | 'power-asked';

/** What people decide. */
export const people: Handlers<PeopleEvents> = {
  replanned: (job, { plan, digest, notes }) =>
    job.state === 'planned'
      ? changed({ plan, digest, notes })
      : changed({ plan, digest, notes, confirmedDigest: null }, CARD, {
          kind: 'notice',
          notice: { about: 'plan-changed' },
        }),

  confirmed: (job, { digest, channel }, { now }) => {
    if (digest !== job.digest) return { refused: 'plan-changed' };
    const confirmed = { confirmedDigest: digest, origin: { ...job.origin, channel } };
    return isDecided({ ...job, ...confirmed }, now)
      ? changed({ ...confirmed, state: 'queued' }, CARD)
      : changed({ ...confirmed, state: 'awaiting-approval' }, CARD, {
          kind: 'notice',
          notice: { about: 'approval-needed' },
        });
  },

  approved: (job, { by, digest }, { now }) => {
    // What the agent asks is accepted first; until then there is nothing new to approve.
    const asked = job.question?.id;
    if (job.state === 'held' && (asked === undefined || !job.accepted.includes(asked))) {
      return { refused: 'not-in-this-state' };
    }
    const refused = approvalRefusal(job, by, digest);
    if (refused !== null) return { refused };
    const approvals = [...job.approvals, { by, at: now, digest }];
    const decided = isDecided({ ...job, approvals }, now);
    const next = job.state === 'held' ? 'running' : 'queued';
    return changed({ approvals, ...(decided ? { state: next } : {}) }, CARD, {
      kind: 'notice',
      notice: { about: 'approved', by },
    });
  },

  denied: (_job, { by, reason }, { now }) =>
    changed({ state: 'denied', denial: { by, at: now, reason } }, CARD, {
      kind: 'notice',
      notice: { about: 'denied', by, reason },
    }),

  cancelled: (job, { by, despiteDirty }) => {
    const cancelledBy = by;
    switch (job.state) {
      case 'planned':
        return changed({ state: 'cancelled', cancelledBy });
      case 'awaiting-approval':
      case 'queued':
        return changed({ state: 'cancelled', cancelledBy }, CARD, {
          kind: 'notice',
          notice: { about: 'cancelled', by },
        });
      default:
        return cancelAtWork(job, cancelledBy, despiteDirty);
    }
  },

  retried: (job, { by }) => {
    // A rescue that was asked for has nothing to try again; one that followed a failure has.
    if (job.state === 'in-rescue' && job.action === 'rescue') return { refused: 'not-in-this-state' };
    const fresh = { failure: null, cancelledBy: null, outcome: null, question: null };
    const notice = { kind: 'notice', notice: { about: 'retrying', by } } as const;
    if (job.state === 'needs-hands') {
      return changed(
        { ...fresh, state: 'rebooting', rebootIssued: false },
        { kind: 'arm' },
        { kind: 'reboot' },
        CARD,
        notice,
      );
    }
    // The agent, if it still stands there, sees `continue` and says hello again; a boot counts anew.
    return changed(
      { ...fresh, state: 'booting', attemptBase: job.attempt, disarmed: false },
      { kind: 'arm' },
      CARD,
      notice,
    );
  },

  'sent-to-local-disk': (job, { by }) =>
    changed(
      { state: 'returning', outcome: job.cancelledBy === null ? 'failed' : 'cancelled' },
      { kind: 'disarm' },
      CARD,
      { kind: 'notice', notice: { about: 'local-disk', by } },
    ),

  'question-accepted': (job, { by, question }, { now }) => {
    if (job.question?.id !== question) return { refused: 'unknown-question' };
    const plan = job.question.facts;
    const digest = planDigest(plan);
    const accepted = [...job.accepted.filter((id) => id !== question), question];
    const change = { plan, digest, accepted, confirmedDigest: digest };
    const decided = isDecided({ ...job, ...change }, now);
    return changed({ ...change, ...(decided ? { state: 'running' } : {}) }, CARD, {
      kind: 'notice',
      notice: decided ? { about: 'question-accepted', by } : { about: 'approval-needed' },
    });
  },

  rescued: () => changed({ state: 'in-rescue' }, CARD, { kind: 'notice', notice: { about: 'in-rescue' } }),

  released: (job) => {
    if (job.dirty.length > 0) return { refused: 'dirty' };
    const outcome = job.failure === null ? 'succeeded' : 'failed';
    return changed({ state: 'returning', outcome }, { kind: 'disarm' }, CARD);
  },

  'power-asked': (job, { by }) => {
    // One that is under way, or whose end nobody saw, is a person's to repeat, never a clock's.
    if (job.power?.state === 'asked' || job.power?.state === 'begun') return { refused: 'not-in-this-state' };
    if (by === null && job.power !== null) return { refused: 'not-in-this-state' };
    return changed({ power: { askedBy: by, state: 'asked' } }, { kind: 'power' }, CARD, {
      kind: 'notice',
      notice: { about: 'power-asked', by },
    });
  },
};

/** The box is, or may be, in the hands of the maintenance system. */
function cancelAtWork(job: Job, cancelledBy: Job['requester'], despiteDirty: boolean): Handled {
  const dirty = job.dirty.length > 0;
  if (dirty && !despiteDirty) return { refused: 'dirty' };
  const notice = { kind: 'notice', notice: { about: 'cancelling', by: cancelledBy } } as const;
  switch (job.state) {
    case 'running':
    case 'held':
      // The boot config stays until the agent says that it has stopped.
      return changed({ state: 'cancelling', cancelledBy }, CARD, notice);
    case 'cancelling':
      if (!despiteDirty) return { refused: 'not-in-this-state' };
      return dirty ? stoppedByCancel(cancelledBy) : forcedEnd(cancelledBy);
    default:
      return dirty
        ? stoppedByCancel(cancelledBy)
        : changed({ state: 'cancelling', cancelledBy }, { kind: 'disarm' }, CARD, notice);
  }
}

function stoppedByCancel(cancelledBy: Job['requester']): Handled {
  return changed({ state: 'stopped', cancelledBy }, CARD, {
    kind: 'notice',
    notice: { about: 'stopped', why: 'cancelled' },
  });
}

function forcedEnd(by: Job['requester']): Handled {
  return changed({ state: 'cancelled', cancelledBy: by }, { kind: 'disarm' }, CARD, {
    kind: 'notice',
    notice: { about: 'cancelled', by },
  });
}
