import type { JobView } from '../app/job-view.ts';
import { assertNever } from '../contract/assert-never.ts';
import type { Job, JobFailure } from '../domain/job.ts';
import type { Notice } from '../domain/notices.ts';
import { formatBytes, formatDuration } from './format.ts';
import { loginText } from './login-text.ts';
import { message } from './message.ts';
import { wrongAddressText } from './notice/address-text.ts';
import { nextStep, whatToDo } from './notice/failure-text.ts';
import { fitText } from './notice/fit-text.ts';
import { adviceText, diskState, leftHalfWritten, reminderText, stoppedText } from './notice/state-text.ts';
import type { ChatMessage } from './platform.ts';

/** What a notice looks like in the thread; `broadcast` shows it in the channel too. */
export interface NoticePost {
  message: ChatMessage;
  broadcast: boolean;
}

/** A message of a job's thread, in words. */
export function renderNotice(view: JobView, notice: Notice): NoticePost {
  const { job } = view;
  const requester = [{ platform: job.requester.platform, user: job.requester.user }];
  const quiet = (text: string): NoticePost => ({ message: message({ text }), broadcast: false });
  const toRequester = (text: string): NoticePost => ({
    message: message({ text, mentions: requester }),
    broadcast: false,
  });
  const loud = (text: string, lines: readonly string[] = []): NoticePost => ({
    message: message({ text, lines, mentions: requester }),
    broadcast: true,
  });
  const box = job.testbox.name;
  switch (notice.about) {
    case 'approval-needed':
      return job.approvalsNeeded === 0
        ? toRequester('The plan has to be confirmed again.')
        : {
            message: message({
              text: `Please approve or deny: ${job.action} ${box}.`,
              mentions: view.approvers,
            }),
            broadcast: false,
          };
    case 'approval-aged':
      return {
        message: message({
          text: `The job waited so long that its approval counts no more. Please approve or deny it again: ${job.action} ${box}.`,
          mentions: view.approvers,
        }),
        broadcast: false,
      };
    case 'approval-reminder':
      return {
        message: message({ text: 'This job still waits for approval.', mentions: view.approvers }),
        broadcast: false,
      };
    case 'approved':
      return quiet(`Approved by ${notice.by.displayName}.`);
    case 'denied':
      return toRequester(
        `Denied by ${notice.by.displayName}${notice.reason === null ? '.' : `: ${notice.reason}`}`,
      );
    case 'expired':
      return toRequester('Nobody approved it in time: the job has expired. Nothing was touched.');
    case 'plan-changed':
      return toRequester(
        'The plan changed while it waited. Read it again: it has to be confirmed and approved anew.',
      );
    case 'rebooting':
      return quiet(`Rebooting ${box} into the maintenance system.`);
    case 'imaging-started':
      return quiet(
        notice.attempt === 1
          ? `${box} is in the maintenance system; ${verb(job)} starts.`
          : `${box} booted again; attempt ${notice.attempt - job.attemptBase} starts.`,
      );
    case 'done':
      return quiet(doneText(job));
    case 'succeeded':
      return toRequester(`${box} is back on its own disk: ${job.action} done.`);
    case 'failed':
      return failedPost(view, notice.failure);
    case 'stopped':
      return loud(stoppedText(job, notice.why), [
        diskState(job),
        // Of two machines the job knows one's key, and nobody knows which.
        ...(notice.why === 'two-boots' ? [] : toLogIn(job)),
      ]);
    case 'held':
      return loud(`The agent asks before it goes on: ${notice.question.text}`, [
        `was: ${notice.question.before}`,
        `is: ${notice.question.now}`,
      ]);
    case 'question-accepted':
      return quiet(`Accepted by ${notice.by.displayName}; the agent goes on.`);
    case 'retrying':
      return quiet(`${notice.by.displayName} tries again.`);
    case 'cancelling':
      return quiet(`${notice.by.displayName} cancels the job.`);
    case 'cancelled':
      return toRequester(
        `The job is cancelled${notice.by === null ? '' : ` by ${notice.by.displayName}`}.${leftHalfWritten(job)}`,
      );
    case 'local-disk':
      return quiet(`${notice.by.displayName} sends ${box} to its local disk.${leftHalfWritten(job)}`);
    case 'booted-own-disk':
      return loud(
        `${box} rebooted, but booted its own disk and not PXE. Put the network first in its boot order, then press Reboot again.`,
      );
    case 'needs-hands':
      return loud(`${box} needs somebody: ${notice.why}`, [
        'Power-cycle the box: it will boot the maintenance system by itself.',
        diskState(job),
      ]);
    case 'power-asked':
      return quiet(
        notice.by === null ? `${box} is power-cycled.` : `${notice.by.displayName} power-cycles ${box}.`,
      );
    case 'power-ended':
      return powerPost(notice, { quiet, loud });
    case 'in-rescue':
      return toRequester(rescueText(job));
    case 'reminder':
      return toRequester(`Still so: ${reminderText(box, notice.state)}`);
    case 'advice':
      return toRequester(adviceText(box, notice.state));
    case 'heard-again':
      return quiet(`${box} is heard again.`);
    case 'wrong-address':
      return wrongAddressPost(view, notice);
    case 'warned':
      return quiet(
        `${box} warns: ${notice.message}${notice.last ? ' (Further warnings are in the log of the box.)' : ''}`,
      );
    default:
      return assertNever(notice);
  }
}

interface Posts {
  quiet: (text: string) => NoticePost;
  loud: (text: string) => NoticePost;
}

function powerPost(
  { outcome, why }: Extract<Notice, { about: 'power-ended' }>,
  { quiet, loud }: Posts,
): NoticePost {
  switch (outcome) {
    case 'done':
      return quiet('The power command went through; the box should boot the maintenance system now.');
    case 'failed':
      return loud(`The power command failed: ${why}. Nothing happened to the box.`);
    case 'unknown':
      return loud(
        `Whether the power command had an effect is unknown: ${why}. Look at the box before you repeat it.`,
      );
  }
}

function rescueText(job: Job): string {
  const { testbox, dirty } = job;
  const after =
    dirty.length === 0
      ? `\`/testbox release ${testbox.name}\` boots its local disk.`
      : `HALF WRITTEN: ${dirty.join(', ')}. Only "Boot local disk anyway" on the card boots it.`;
  const login = loginText(job);
  return `${testbox.name} is in the rescue system${login === null ? '' : `: ${login}`}. ${after}`;
}

/** The maintenance system can be looked into while somebody decides. */
function toLogIn(job: Job): string[] {
  const login = job.state === 'stopped' ? loginText(job) : null;
  return login === null ? [] : [`To look at it: ${login}.`];
}

function wrongAddressPost(view: JobView, notice: Extract<Notice, { about: 'wrong-address' }>): NoticePost {
  const { platform, user } = view.job.requester;
  return {
    message: message({ ...wrongAddressText(view, notice), mentions: [{ platform, user }] }),
    broadcast: true,
  };
}

function verb({ action }: Job): string {
  return action === 'restore'
    ? 'the restore'
    : action === 'refresh-info' || action === 'rescue'
      ? 'the work'
      : 'the backup';
}

function doneText(job: Job): string {
  const { result } = job;
  if (result === null) return 'The work is done; the box reboots.';
  if (job.action === 'refresh-info') return 'The hardware is recorded. The box boots its own disk.';
  const sizeBytes = result.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
  const writtenBytes = result.disks.reduce((sum, disk) => sum + disk.writtenBytes, 0);
  const took = formatDuration(result.durationMs);
  if (job.action === 'restore') {
    return `Restored and read back: ${formatBytes(sizeBytes)}, of which ${formatBytes(writtenBytes)} had to be written, in ${took}.${fitText(result.disks)} The box boots its own disk.`;
  }
  const coded = result.disks.reduce((sum, disk) => sum + disk.codedBytes, 0);
  return `Generation ${result.generation ?? '?'} is published: ${formatBytes(sizeBytes)} in ${formatBytes(coded)}, in ${took}.${damageText(result)} The box boots its own disk.`;
}

/** What is published is then less than the disk. */
function damageText({ disks }: NonNullable<Job['result']>): string {
  const damaged = disks.flatMap(({ slot, unreadBytes }) =>
    unreadBytes === undefined
      ? []
      : [`${slot}, which has bad sectors (${formatBytes(unreadBytes)} not read)`],
  );
  return damaged.length === 0 ? '' : ` It is marked DAMAGED for ${damaged.join(' and ')}.`;
}

function failedPost({ job }: JobView, failure: JobFailure): NoticePost {
  const log =
    failure.logTail.length === 0
      ? null
      : { name: `${job.testbox.name}-${job.id}.log`, content: `${failure.logTail.join('\n')}\n` };
  return {
    broadcast: true,
    message: message({
      text: `${job.action} ${job.testbox.name} failed: ${failure.message}`,
      lines: [diskState(job), whatToDo(job, failure), nextStep(job, failure), ...toLogIn(job)],
      mentions: [{ platform: job.requester.platform, user: job.requester.user }],
      attachment: log,
    }),
  };
}
