import type { CurrentImage } from '../../app/fleet-images.ts';
import type { JobView } from '../../app/job-view.ts';
import type { BoxView } from '../../app/look.ts';
import { progressPercent } from '../../app/progress.ts';
import { validApprovals } from '../../domain/approval.ts';
import { isEnded, type Job } from '../../domain/job.ts';
import { signOf, stageLine, stateWords } from '../card/stages.ts';
import { formatAge, shorten } from '../format.ts';
import { boxState } from './box-text.ts';
import { imageAge } from './image-text.ts';

const REASON_LENGTH = 100;

/** A plan or an accepted question that somebody else has to approve. */
export function approvalLine(job: Job, now: number): string {
  const given = validApprovals(job, now).length;
  const question = job.state === 'held' ? job.question : null;
  return [
    `${headOf(job)}: ${question === null ? 'a plan' : question.text}`,
    askedBy(job, now),
    ...(job.reason === null ? [] : [shorten(job.reason, REASON_LENGTH)]),
    ...(job.approvalsNeeded > 1 ? [`${given} of ${job.approvalsNeeded} approvals`] : []),
  ].join(' · ');
}

/** What a job is doing, how far it is, and whose it is. */
export function workLine(view: JobView): string {
  const { job, now } = view;
  const percent = job.state === 'running' ? progressPercent(view.hearing) : null;
  const progress = percent === null ? '' : ` ${Math.floor(percent)}%`;
  return `${headOf(job)}: ${stageLine(view)}${progress} · ${askedBy(job, now)}`;
}

/** One of the person's own jobs: what became of it. */
export function ownLine(job: Job, now: number): string {
  const state = stateWords(job.state);
  if (!isEnded(job.state)) return `${headOf(job)}: ${state}, asked ${formatAge(now - job.createdAt)}`;
  const why = job.failure === null ? '' : ` · ${shorten(job.failure.message, REASON_LENGTH)}`;
  return `${headOf(job)}: ${state} ${formatAge(now - job.stateSince)}${why}`;
}

/** A box at a glance: what it does or who keeps it, and how old its image is. */
export function fleetLine({ box, image }: { box: BoxView; image: CurrentImage }, now: number): string {
  const { name, address } = box.testbox;
  return `${boxSign(box)} ${name} ${address}: ${boxState(box)} · ${imageAge(image, now)}`;
}

function boxSign({ active, lock }: BoxView): string {
  if (active !== null) return signOf(active.state);
  return lock === null ? '🟢' : '🔒';
}

function headOf({ state, action, testbox }: Job): string {
  return `${signOf(state)} ${action} ${testbox.name}`;
}

function askedBy({ requester, createdAt }: Job, now: number): string {
  return `asked by ${requester.displayName} ${formatAge(now - createdAt)}`;
}
