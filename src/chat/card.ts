import type { JobView } from '../app/job-view.ts';
import { validApprovals } from '../domain/approval.ts';
import { REASON_LIMIT } from '../domain/command.ts';
import { isEnded, type Job } from '../domain/job.ts';
import { diskBars } from './card/bars.ts';
import { buttonsOf } from './card/buttons.ts';
import { planLines } from './card/plan-lines.ts';
import { signOf, stageLine } from './card/stages.ts';
import { trackLine } from './card/track.ts';
import { formatBytes, formatDuration, shorten } from './format.ts';
import { loginLines } from './login-text.ts';
import { message } from './message.ts';
import type { ChatMessage } from './platform.ts';

/** The job's card: one message in the box's channel that always shows how things stand. */
export function renderCard(view: JobView): ChatMessage {
  const { job } = view;
  const stage = stageLine(view);
  const { action, testbox, state } = job;
  return message({
    text: `${action} ${testbox.name}: ${stage}`,
    title: `${signOf(state)} ${action} ${testbox.name}: ${stage}`,
    lines: paragraphs(
      trackLines(job),
      situationLines(view),
      peopleLines(view),
      state === 'awaiting-approval' ? planLines(view) : [],
    ),
    bars: state === 'running' || state === 'stopped' || state === 'needs-hands' ? diskBars(view) : [],
    footer: state === 'awaiting-approval' ? `${idsOf(job)} · ${digestOf(job)}` : idsOf(job),
    buttons: buttonsOf(view),
  });
}

/** The plan as its requester sees it before Confirm: private. */
export function renderPreview(view: JobView, note: string | null): ChatMessage {
  const { job } = view;
  const approval =
    job.approvalsNeeded === 0
      ? 'starts when you confirm'
      : `after you confirm, ${approvers(job.approvalsNeeded)} must approve`;
  return message({
    text: `Plan: ${job.action} ${job.testbox.name}. Confirm?`,
    title: `${signOf('planned')} Plan: ${job.action} ${job.testbox.name}`,
    lines: paragraphs(note === null ? [] : [note], planLines(view), [...reasonLines(job), approval]),
    footer: `${job.testbox.address} · ${digestOf(job)}`,
    buttons: buttonsOf(view),
  });
}

function trackLines(job: Job): string[] {
  const track = trackLine(job);
  return track === null ? [] : [track];
}

/** Groups of lines with an empty one between them. */
function paragraphs(...groups: readonly (readonly string[])[]): string[] {
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? group : ['', ...group]));
}

function approvers(count: number): string {
  return count === 1 ? 'somebody else' : `${count} others`;
}

function peopleLines({ job, now }: JobView): string[] {
  const approved = validApprovals(job, now).map(({ by }) => by.displayName);
  return [
    `asked by ${shorten(job.requester.displayName, 28)}`,
    ...reasonLines(job),
    ...(approved.length === 0 ? [] : [`approved by ${shorten(approved.join(', '), 60)}`]),
    ...(job.denial === null ? [] : [`denied by ${shorten(job.denial.by.displayName, 28)}`]),
    ...(job.cancelledBy === null ? [] : [`cancelled by ${shorten(job.cancelledBy.displayName, 26)}`]),
    ...(job.state === 'awaiting-approval' && job.approvalsNeeded > 1
      ? [`${approved.length} of ${job.approvalsNeeded} approvals`]
      : []),
  ];
}

function reasonLines({ reason }: Job): string[] {
  return reason === null ? [] : [`reason: ${shorten(reason, REASON_LIMIT)}`];
}

function idsOf({ testbox, id }: Job): string {
  return `${testbox.address} · job ${id}`;
}

/** What approving approves, short enough to compare by eye. */
function digestOf({ digest }: Job): string {
  return `plan ${digest.slice(0, 12)}`;
}

/** What there is to know beyond the stage, before who asked for it. */
function situationLines({ job }: JobView): string[] {
  const lines: string[] = [];
  if (job.attempt > 1 && !isEnded(job.state)) lines.push(`attempt ${job.attempt - job.attemptBase}`);
  if (job.state === 'held' && job.question !== null) {
    lines.push(job.question.text, `was: ${job.question.before}`, `is: ${job.question.now}`);
  }
  if (job.failure !== null) lines.push(shorten(job.failure.message, 200));
  if (job.failure !== null || staysHalfWritten(job)) lines.push(dirtyLine(job));
  if (job.state === 'in-rescue' || job.state === 'stopped') lines.push(...loginLines(job));
  if (isEnded(job.state)) lines.push(...resultLines(job));
  return lines;
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
