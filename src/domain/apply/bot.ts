import { isDecided } from '../approval.ts';
import type { Effect } from '../effects.ts';
import type { Job } from '../job.ts';
import { CARD, changed, type Handled, type Handlers } from './handler.ts';
import { overrun } from './overrun.ts';

type BotEvents =
  | 'turn-came'
  | 'armed'
  | 'arming-refused'
  | 'boot-id-seen'
  | 'reboot-issued'
  | 'reboot-failed'
  | 'disarmed'
  | 'rotated'
  | 'booted-own-disk'
  | 'power-begun'
  | 'power-ended'
  | 'went-down'
  | 'back'
  | 'overrun'
  | 'deadline-moved';

/** The bot's own work, and what it sees of the box. */
export const bot: Handlers<BotEvents> = {
  'turn-came': (job, { nonce, facts, approvalMaxAgeMs }, { now }) => {
    if (facts.digest !== job.digest) {
      return changed({ ...facts, state: 'awaiting-approval', confirmedDigest: null }, CARD, {
        kind: 'notice',
        notice: { about: 'plan-changed' },
      });
    }
    if (!isDecided(job, now, approvalMaxAgeMs)) {
      return changed({ state: 'awaiting-approval', approvals: [] }, CARD, {
        kind: 'notice',
        notice: { about: 'approval-aged' },
      });
    }
    return changed({ state: 'arming', nonceNext: nonce, notes: facts.notes }, { kind: 'arm' }, CARD);
  },

  armed: () =>
    changed({ state: 'rebooting' }, { kind: 'reboot' }, CARD, {
      kind: 'notice',
      notice: { about: 'rebooting' },
    }),

  'arming-refused': (_job, { code, why }) => {
    const failure = { class: 'storage', code, message: why, logTail: [] } as const;
    return changed({ state: 'failed', outcome: 'failed', failure }, CARD, {
      kind: 'notice',
      notice: { about: 'failed', failure },
    });
  },

  'boot-id-seen': (job, { bootId, hostKey }) =>
    changed({ bootIdBefore: job.bootIdBefore ?? bootId, notes: { ...job.notes, ownHostKeys: [hostKey] } }),

  'reboot-issued': () => changed({ state: 'booting', rebootIssued: true }, CARD),

  'reboot-failed': (_job, { why }) =>
    changed({ state: 'needs-hands' }, CARD, { kind: 'notice', notice: { about: 'needs-hands', why } }),

  disarmed: () => changed({ disarmed: true }),

  rotated: () => changed({ rotationOwed: false }),

  'booted-own-disk': (_job, { bootId }) =>
    changed({ state: 'needs-hands', bootIdBefore: bootId }, CARD, {
      kind: 'notice',
      notice: { about: 'booted-own-disk' },
    }),

  'power-begun': (job) => changed({ power: { askedBy: job.power?.askedBy ?? null, state: 'begun' } }),

  'power-ended': (job, { outcome, why }) => {
    const power = { askedBy: job.power?.askedBy ?? null, state: outcome };
    const notice = { kind: 'notice', notice: { about: 'power-ended', outcome, why } } as const;
    const boots = outcome === 'done' && job.state === 'needs-hands';
    return changed(boots ? { power, state: 'booting' } : { power }, CARD, notice);
  },

  'went-down': () => changed({ wentDown: true }),

  back: (job) => {
    if (job.state !== 'cancelling') return ended(job, job.outcome ?? 'failed');
    // Somebody booted a half-written disk: that is no end a clock may give the job.
    return job.dirty.length > 0 ? { refused: 'dirty' } : ended(job, 'cancelled');
  },

  overrun,

  'deadline-moved': (job, { byMs }) =>
    changed(job.deadline === null ? {} : { deadline: { ...job.deadline, at: job.deadline.at + byMs } }),
};

function ended(job: Job, outcome: 'succeeded' | 'failed' | 'cancelled'): Handled {
  const log = { kind: 'log', message: `info: '${job.action}' - ${outcome}; the box is back` } as const;
  switch (outcome) {
    case 'succeeded':
      return changed(
        { state: 'succeeded' },
        CARD,
        { kind: 'notice', notice: { about: 'succeeded' } },
        log,
        ...prune(job),
      );
    case 'cancelled':
      return changed(
        { state: 'cancelled' },
        CARD,
        { kind: 'notice', notice: { about: 'cancelled', by: job.cancelledBy } },
        log,
      );
    case 'failed':
      // What failed was told when it failed; the card says that the box is back.
      return changed({ state: 'failed' }, CARD, log);
  }
}

function prune(job: Job): Effect[] {
  const generation = job.result?.generation ?? null;
  return generation === null ? [] : [{ kind: 'prune', generation }];
}
