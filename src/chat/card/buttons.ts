import type { JobView } from '../../app/job-view.ts';
import type { Action } from '../../contract/action.ts';
import type { Job } from '../../domain/job.ts';
import { shorten } from '../format.ts';
import type { Button } from '../platform.ts';

const SHOWN_LENGTH = 12;

const POWER_CYCLE =
  'The box is switched off and on at once, whatever it is doing. What it has not flushed to its disks is lost.';

/** The value of a button that agrees to something: the job, and what exactly was read. */
function agreeingTo(job: Job, id: string): string {
  return `${job.id}:${id.slice(0, SHOWN_LENGTH)}`;
}

/** What can be decided about the job now; after its end, what could come next. */
export function buttonsOf(view: Pick<JobView, 'job' | 'testbox'>): Button[] {
  const { job } = view;
  const value = job.id;
  const cancel: Button = { id: 'cancel', value, label: 'Cancel', style: 'plain' };
  switch (job.state) {
    case 'planned':
      return previewButtons(job);
    case 'awaiting-approval':
      return [
        ...(job.confirmedDigest === job.digest ? [] : [confirmButton(job)]),
        ...(job.approvalsNeeded === 0 ? [] : approvalButtons(job)),
        cancel,
      ];
    case 'held':
      return [...questionButtons(job), cancel];
    case 'needs-hands':
      return [{ id: 'retry', value, label: 'Reboot again', style: 'primary' }, ...powerButton(view), cancel];
    case 'stopped':
      return [
        { id: 'retry', value, label: 'Retry', style: 'primary' },
        { id: 'rescue', value, label: 'Rescue', style: 'plain' },
        bootLocalButton(job),
        ...powerButton(view),
      ];
    case 'queued':
    case 'arming':
    case 'rebooting':
    case 'booting':
    case 'running':
      return [cancel];
    case 'cancelling':
      return [{ id: 'cancel-anyway', value, label: 'End it now', style: 'danger', asks: endNow(job) }];
    case 'in-rescue':
      return rescueButtons(job);
    case 'returning':
      return [];
    default:
      return nextSteps(job);
  }
}

/** A rescue that followed a failure can go back to the job's own work. */
function rescueButtons(job: Job): Button[] {
  const retry: Button = { id: 'retry', value: job.id, label: 'Retry', style: 'primary' };
  const release: Button = { id: 'release', value: job.id, label: 'Release', style: 'primary' };
  return [...(job.action === 'rescue' ? [] : [retry]), job.dirty.length > 0 ? bootLocalButton(job) : release];
}

function endNow({ testbox, dirty }: Job): string {
  return dirty.length > 0
    ? `${testbox.name} is not waited for. A disk is half written: the box stays in the maintenance system until somebody decides.`
    : `${testbox.name} is not waited for, and free for the next job. It may still be booting: look at it first.`;
}

function bootLocalButton(job: Job): Button {
  const dirty = job.dirty.length > 0;
  return {
    id: 'boot-local',
    value: job.id,
    label: dirty ? 'Boot local disk anyway' : 'Boot local disk',
    style: 'danger',
    asks: dirty
      ? `${job.testbox.name} boots with a half-written disk (${shorten(job.dirty.join(', '), 60)}): it may not come up, or hold broken files. The job ends.`
      : `${job.testbox.name} leaves the maintenance system and boots its own disk. The job ends.`,
  };
}

/** Where the inventory has a power command, and none is under way. */
function powerButton({ job, testbox }: Pick<JobView, 'job' | 'testbox'>): Button[] {
  const underWay = job.power?.state === 'asked' || job.power?.state === 'begun';
  if (testbox === null || testbox.power === null || underWay) return [];
  return [{ id: 'power-cycle', value: job.id, label: 'Power-cycle', style: 'danger', asks: POWER_CYCLE }];
}

function previewButtons(job: Job): Button[] {
  return [confirmButton(job), { id: 'dismiss', value: job.id, label: 'Cancel', style: 'plain' }];
}

function confirmButton(job: Job): Button {
  return {
    id: 'confirm',
    value: agreeingTo(job, job.digest),
    label: 'Confirm',
    style: job.action === 'restore' ? 'danger' : 'primary',
  };
}

function approvalButtons(job: Job): Button[] {
  return [
    { id: 'approve', value: agreeingTo(job, job.digest), label: 'Approve', style: 'primary' },
    { id: 'deny', value: job.id, label: 'Deny', style: 'danger' },
  ];
}

function questionButtons(job: Job): Button[] {
  const accepted = job.question !== null && job.accepted.includes(job.question.id);
  if (!accepted)
    return [
      { id: 'accept', value: agreeingTo(job, job.question?.id ?? ''), label: 'Accept', style: 'danger' },
    ];
  return job.approvalsNeeded === 0
    ? []
    : [{ id: 'approve', value: agreeingTo(job, job.digest), label: 'Approve', style: 'primary' }];
}

/** Each opens a new plan; nothing happens without its Confirm. */
function nextSteps(job: Job): Button[] {
  const plan = (action: Action, label: string): Button => ({
    id: `plan-${action}`,
    value: job.testbox.name,
    label,
    style: 'plain',
  });
  if (job.state !== 'succeeded') return [plan(job.action, 'Plan it again')];
  switch (job.action) {
    case 'backup':
    case 'backup-again':
      return [plan('restore', 'Restore'), plan('backup-again', 'Back up again')];
    case 'restore':
      return [plan('backup-again', 'Back up again')];
    case 'refresh-info':
    case 'rescue':
      return [];
  }
}
