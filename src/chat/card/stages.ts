import type { JobView } from '../../app/job-view.ts';
import type { Job, JobState } from '../../domain/job.ts';

const SIGNS: Record<JobState, string> = {
  planned: '📋',
  'awaiting-approval': '✋',
  queued: '🕓',
  arming: '⏳',
  rebooting: '⏳',
  'needs-hands': '🔧',
  booting: '⏳',
  running: '⏳',
  held: '❓',
  stopped: '🛑',
  'in-rescue': '🛟',
  cancelling: '⏳',
  returning: '⏳',
  succeeded: '✅',
  failed: '❌',
  cancelled: '🚫',
  denied: '🚫',
  expired: '⌛',
};

export function signOf(state: JobState): string {
  return SIGNS[state];
}

/** A state in a sentence: "the job is …". */
export function stateWords(state: JobState): string {
  return state.replaceAll('-', ' ');
}

/** What is going on, in words. */
export function stageLine({ job, queuePlace }: JobView): string {
  switch (job.state) {
    case 'planned':
      return 'waits for Confirm';
    case 'awaiting-approval':
      return job.confirmedDigest === job.digest ? 'waits for approval' : 'the plan changed: confirm again';
    case 'queued':
      return queuePlace === null ? 'queued' : `queued, number ${queuePlace}`;
    case 'arming':
      return 'writing the boot config';
    case 'rebooting':
      return 'rebooting the box';
    case 'needs-hands':
      return 'needs somebody at the box';
    case 'booting':
      return 'booting the maintenance system';
    case 'running':
      return phaseLine(job);
    case 'held':
      return job.question !== null && job.accepted.includes(job.question.id)
        ? 'accepted, waits for approval'
        : 'waits for an answer';
    case 'stopped':
      return 'stopped, needs a decision';
    case 'in-rescue':
      return 'in the rescue system';
    case 'cancelling':
      return 'cancelling, waits for the box';
    case 'returning':
      return 'booting its own disk';
    case 'succeeded':
      return 'done, the box is back';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'denied':
      return 'denied';
    case 'expired':
      return 'expired, nobody approved it';
  }
}

function phaseLine(job: Job): string {
  switch (job.phase) {
    case null:
      return 'the maintenance system is up';
    case 'preflight':
      return 'looking at the machine';
    case 'checking-image':
      return 'checking the image';
    case 'imaging':
      return job.action === 'restore' ? 'writing the disks' : 'reading the disks';
    case 'publishing':
      return 'publishing the images';
    case 'syncing':
      return 'flushing';
  }
}
