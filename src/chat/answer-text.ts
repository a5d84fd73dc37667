import type { Decided } from '../app/decision.ts';
import type { LockChanged } from '../app/lock.ts';
import type { Requested } from '../app/request.ts';
import type { BoxLock } from '../app/store.ts';
import { assertNever } from '../contract/assert-never.ts';
import type { Role } from '../domain/access.ts';
import type { Refusal } from '../domain/apply.ts';
import { explainPlanRefusal } from '../domain/explain.ts';
import { isActive, type Job } from '../domain/job.ts';
import { stateWords } from './card/stages.ts';
import { formatAge, formatTime } from './format.ts';

/** Why there is no plan: expected, got, and the next step. */
export function requestRefusalText(refused: Exclude<Requested, { kind: 'planned' }>, now: number): string {
  switch (refused.kind) {
    case 'unknown-box':
      return unknownBoxText(refused);
    case 'no-role':
      return noRoleText(refused.needs);
    case 'locked':
      return lockedText(refused.testbox.name, refused.lock);
    case 'busy':
      return busyText(refused.holder, now);
    case 'share-failed':
      return `The storage share can not be read (${refused.why}). Nothing was touched; \`testbox doctor\` on the server tells more.`;
    case 'refused':
      return explainPlanRefusal(refused.why, refused.testbox.name);
    default:
      return assertNever(refused);
  }
}

export function unknownBoxText({ typed, meant }: { typed: string; meant: string | null }): string {
  const hint = meant === null ? '`/testbox list` shows all boxes.' : `Did you mean \`${meant}\`?`;
  return `There is no box \`${typed}\` in the inventory. ${hint}`;
}

export function noRoleText(needs: Role): string {
  return `You may not do this: it needs the role \`${needs}\`. \`/testbox whoami\` shows yours; the inventory file gives roles.`;
}

function lockedText(box: string, { by, at, reason }: BoxLock): string {
  const why = reason === null ? '' : ` (${reason})`;
  return `${box} is locked by ${by.displayName} since ${formatTime(at)}${why}. Ask them, or \`/testbox unlock ${box}\`.`;
}

/** Who holds the box, since when, and the way out. */
function busyText(holder: Job | null, now: number): string {
  if (holder === null) return 'Another job has just taken this box. Look with `/testbox status`.';
  const { name } = holder.testbox;
  const since = formatAge(now - holder.createdAt);
  return `${name} is busy: ${holder.action}, asked by ${holder.requester.displayName} ${since}, ${stateWords(holder.state)}. Wait, or \`/testbox cancel ${name}\`.`;
}

/** A decision that was not carried out. */
export type NotDone = Exclude<Decided, { kind: 'done' | 'plan-changed' }>;

/** Why a click or word had no effect. */
export function decisionText(decided: NotDone, now: number): string {
  switch (decided.kind) {
    case 'no-role':
      return noRoleText(decided.needs);
    case 'not-yours':
      return `You may not confirm this: ${decided.job.requester.displayName} asked for it. Ask for a plan of your own.`;
    case 'busy':
      return busyText(decided.holder, now);
    case 'locked':
      return lockedText(decided.job.testbox.name, decided.lock);
    case 'cannot-work':
      return explainPlanRefusal(decided.why, decided.job.testbox.name);
    case 'share-failed':
      return `It can not be checked at the moment: ${decided.why}. Nothing was touched; try again.`;
    case 'no-such-job':
      return 'This job is not known here any more.';
    case 'refused':
      return refusalText(decided.why, decided.job);
    default:
      return assertNever(decided);
  }
}

function refusalText(why: Refusal, job: Job): string {
  switch (why) {
    case 'requester':
      return 'You may not approve your own job: it needs somebody else.';
    case 'already-approved':
      return 'You have approved this already.';
    case 'plan-changed':
      return 'The plan has changed since. Read it again.';
    case 'dirty':
      return `A disk of ${job.testbox.name} is half written (${job.dirty.join(', ')}).`;
    case 'unknown-question':
      return 'The agent no longer asks this.';
    case 'not-in-this-state':
      return tooLateText(job);
    default:
      return assertNever(why);
  }
}

/** Who decided, and when. */
function tooLateText(job: Job): string {
  const when = formatTime(job.stateSince);
  if (job.state === 'returning') return `Too late: ${job.testbox.name} is booting its own disk already.`;
  if (job.denial !== null) return `Too late: ${job.denial.by.displayName} denied it at ${when}.`;
  if (job.cancelledBy !== null && !isActive(job.state))
    return `Too late: ${job.cancelledBy.displayName} cancelled it at ${when}.`;
  const approver = job.approvals.at(-1);
  if (approver !== undefined) {
    return `Too late: ${approver.by.displayName} approved it at ${formatTime(approver.at)}; it is ${stateWords(job.state)} now.`;
  }
  return `Not possible: the job is ${stateWords(job.state)} since ${when}.`;
}

export function lockText(changed: LockChanged): string {
  switch (changed.kind) {
    case 'locked':
      return `${changed.testbox.name} is locked for you${changed.lock.reason === null ? '' : `: ${changed.lock.reason}`}. \`/testbox unlock ${changed.testbox.name}\` frees it.`;
    case 'unlocked':
      return changed.before === null
        ? `${changed.testbox.name} was not locked.`
        : `${changed.testbox.name} is free again.`;
    case 'held-by-other':
      return lockedText(changed.testbox.name, changed.lock);
    case 'no-role':
      return noRoleText(changed.needs);
    case 'unknown-box':
      return unknownBoxText(changed);
    default:
      return assertNever(changed);
  }
}
