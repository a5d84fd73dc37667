import type { JobView } from '../app/job-view.ts';
import { validApprovals } from '../domain/approval.ts';
import { isEnded, type Job } from '../domain/job.ts';
import { diskBars } from './card/bars.ts';
import { buttonsOf } from './card/buttons.ts';
import { planLines } from './card/plan-lines.ts';
import { signOf, stageLine } from './card/stages.ts';
import { formatBytes, formatDuration, shorten } from './format.ts';
import { message } from './message.ts';
import type { ChatMessage } from './platform.ts';

/** The job's card: one message in the box's channel that always shows how things stand. */
export function renderCard(view: JobView): ChatMessage {
  const { job } = view;
  const stage = stageLine(view);
  return message({
    text: `${job.action} ${job.testbox.name}: ${stage}`,
    title: `${signOf(job.state)} ${job.action} ${job.testbox.name}`,
    lines: [`${job.testbox.address} · job ${job.id}`, ...peopleLines(view), ...bodyLines(view, stage)],
    bars:
      job.state === 'running' || job.state === 'stopped' || job.state === 'needs-hands' ? diskBars(view) : [],
    buttons: buttonsOf(view),
  });
}

/** The plan as its requester sees it before Confirm: private. */
export function renderPreview(view: JobView, note: string | null): ChatMessage {
  const { job } = view;
  const approval =
    job.approvalsNeeded === 0
      ? 'starts when you confirm'
      : `then ${approvers(job.approvalsNeeded)} must approve`;
  return message({
    text: `Plan: ${job.action} ${job.testbox.name}. Confirm?`,
    title: `${signOf('planned')} Plan: ${job.action} ${job.testbox.name}`,
    lines: [
      ...(note === null ? [] : [note]),
      `${job.testbox.address}`,
      ...(job.reason === null ? [] : [`reason: ${shorten(job.reason, 60)}`]),
      ...planLines(view),
      approval,
    ],
    buttons: buttonsOf(view),
  });
}

function approvers(count: number): string {
  return count === 1 ? 'somebody else' : `${count} others`;
}

function peopleLines({ job, now }: JobView): string[] {
  const approved = validApprovals(job, now).map(({ by }) => by.displayName);
  return [
    `asked by ${shorten(job.requester.displayName, 28)}`,
    ...(job.reason === null ? [] : [`reason: ${shorten(job.reason, 60)}`]),
    ...(approved.length === 0 ? [] : [`approved by ${shorten(approved.join(', '), 60)}`]),
    ...(job.denial === null ? [] : [`denied by ${shorten(job.denial.by.displayName, 28)}`]),
    ...(job.cancelledBy === null ? [] : [`cancelled by ${shorten(job.cancelledBy.displayName, 26)}`]),
  ];
}

function bodyLines(view: JobView, stage: string): string[] {
  const { job } = view;
  if (job.state === 'awaiting-approval') return [...planLines(view), stage, ...missingApprovals(view)];
  const lines = [stage];
  if (job.attempt > 1 && !isEnded(job.state)) lines.push(`attempt ${job.attempt - job.attemptBase}`);
  if (job.state === 'held' && job.question !== null) {
    lines.push(job.question.text, `was: ${job.question.before}`, `is: ${job.question.now}`);
  }
  if (job.failure !== null) lines.push(shorten(job.failure.message, 200));
  if (job.failure !== null || staysHalfWritten(job)) lines.push(dirtyLine(job));
  if (isEnded(job.state)) lines.push(...resultLines(job));
  return lines;
}

function missingApprovals({ job, now }: JobView): string[] {
  const given = validApprovals(job, now).length;
  return job.approvalsNeeded > 1 ? [`${given} of ${job.approvalsNeeded} approvals`] : [];
}

/** While the agent writes, a bar says it. */
function staysHalfWritten({ dirty, state }: Job): boolean {
  return dirty.length > 0 && state !== 'running';
}

function dirtyLine(job: Job): string {
  return job.dirty.length === 0 ? 'no disk is half written' : `HALF WRITTEN: ${job.dirty.join(', ')}`;
}

function resultLines(job: Job): string[] {
  if (job.result === null) return [];
  const took = `took ${formatDuration(job.stateSince - startOf(job))}`;
  if (job.action === 'refresh-info' || job.action === 'rescue') return [took];
  const bytes = job.result.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
  const written = job.result.disks.reduce((sum, disk) => sum + disk.writtenBytes, 0);
  return [
    `${took}, imaging ${formatDuration(job.result.durationMs)}`,
    ...(job.result.generation === null ? [] : [`generation ${job.result.generation}`]),
    job.action === 'restore'
      ? `${formatBytes(bytes)} checked, ${formatBytes(written)} written`
      : `${formatBytes(bytes)} read, ${formatBytes(codedBytes(job))} stored`,
  ];
}

function startOf(job: Job): number {
  return job.approvals.at(-1)?.at ?? job.createdAt;
}

function codedBytes(job: Job): number {
  return (job.result?.disks ?? []).reduce((sum, disk) => sum + disk.codedBytes, 0);
}
