import type { Role } from '../domain/access.ts';
import type { Refusal } from '../domain/apply.ts';
import type { JobEvent } from '../domain/events.ts';
import type { Job } from '../domain/job.ts';
import type { Person } from '../domain/person.ts';
import type { PlanRefusal } from '../domain/plan.ts';
import type { BoxLock } from './store.ts';

/**
 * What a person can decide about a job, by a button or a word. `shown` is the start of what
 * stood before them: the plan's digest, or the id of the question. A card that waits for its
 * edit shows an older one, and nobody decides about what they have not seen.
 */
export type Decision =
  | { kind: 'confirm'; shown?: string }
  | { kind: 'dismiss' }
  | { kind: 'approve'; shown?: string }
  | { kind: 'deny'; reason: string | null }
  | { kind: 'cancel'; despiteDirty: boolean }
  | { kind: 'retry' }
  | { kind: 'rescue' }
  | { kind: 'release' }
  | { kind: 'power-cycle' }
  | { kind: 'boot-local' }
  | { kind: 'accept'; shown?: string };

/** Why a decision can't be carried out, as far as rights and the job's state say it. */
export type Objection =
  | { kind: 'no-such-job' }
  | { kind: 'no-role'; needs: Role }
  | { kind: 'not-yours'; job: Job }
  | { kind: 'locked'; lock: BoxLock; job: Job }
  | { kind: 'busy'; holder: Job | null; job: Job }
  | { kind: 'refused'; why: Refusal; job: Job };

export type Decided =
  | { kind: 'done'; job: Job }
  /** The plan isn't what was shown: it was stored and has to be read again. */
  | { kind: 'plan-changed'; job: Job }
  | { kind: 'cannot-work'; why: PlanRefusal; job: Job }
  | { kind: 'share-failed'; why: string }
  | Objection;

export const NEEDED_ROLE: Record<Decision['kind'], Role> = {
  confirm: 'operator',
  dismiss: 'operator',
  approve: 'approver',
  deny: 'approver',
  cancel: 'operator',
  retry: 'operator',
  rescue: 'operator',
  release: 'operator',
  'power-cycle': 'operator',
  'boot-local': 'operator',
  // A question is accepted by whoever may ask for the action, and approved like a plan.
  accept: 'operator',
};

/** Whether the job still asks what the person was shown. */
export function isAsShown(decision: Decision, job: Job): boolean {
  if (!('shown' in decision) || decision.shown === undefined) return true;
  const asked = decision.kind === 'accept' ? (job.question?.id ?? '') : job.digest;
  return asked.startsWith(decision.shown);
}

/**
 * The decision as what happens to the job.
 *
 * @param jobs `seen` as it was when the person's rights were checked, `now` as it is
 */
export function decisionEvent(
  decision: Decision,
  by: Person,
  { seen, now }: { seen: Job; now: Job },
): JobEvent {
  switch (decision.kind) {
    case 'confirm':
      return { type: 'confirmed', by, digest: seen.digest, channel: seen.origin.channel };
    case 'approve':
      return { type: 'approved', by, digest: seen.digest };
    case 'deny':
      return { type: 'denied', by, reason: decision.reason };
    case 'dismiss':
      return { type: 'cancelled', by, despiteDirty: false };
    case 'cancel':
      return { type: 'cancelled', by, despiteDirty: decision.despiteDirty };
    case 'retry':
      return { type: 'retried', by };
    case 'rescue':
      return { type: 'rescued', by };
    case 'release':
      return { type: 'released', by };
    case 'power-cycle':
      return { type: 'power-asked', by };
    case 'boot-local':
      return { type: 'sent-to-local-disk', by };
    case 'accept':
      // Another question than the one that was shown is refused as unknown.
      return {
        type: 'question-accepted',
        by,
        question: isAsShown(decision, now) ? (now.question?.id ?? '') : '',
      };
  }
}
