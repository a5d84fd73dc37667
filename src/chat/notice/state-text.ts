import type { Job, JobState } from '../../domain/job.ts';
import type { Notice } from '../../domain/notices.ts';

/** What is to be known of the disks, in every message that asks for a decision. */
export function diskState(job: Job): string {
  if (job.dirty.length === 0) return 'No disk is half written';
  return `HALF WRITTEN: ${job.dirty.join(', ')} — do not boot it; Retry writes it again`;
}

/** For a box that is let go all the same. */
export function leftHalfWritten({ dirty }: Job): string {
  return dirty.length === 0 ? '' : ` HALF WRITTEN: ${dirty.join(', ')} — restore it before you rely on it.`;
}

export function stoppedText(job: Job, why: Extract<Notice, { about: 'stopped' }>['why']): string {
  const box = job.testbox.name;
  switch (why) {
    case 'attempts':
      return `${box} booted the maintenance system again and again without finishing; it has stopped.`;
    case 'cancelled':
      return `The job is stopped with a disk half written; ${box} stays in the maintenance system.`;
    case 'question-timeout':
      return `Nobody answered the agent's question; ${box} stays in the maintenance system.`;
    case 'two-boots':
      return `ALARM: two machines say that they are ${box}. Both were told to stay; look at them.`;
  }
}

export function reminderText(box: string, state: JobState): string {
  switch (state) {
    case 'needs-hands':
      return `${box} needs somebody to power-cycle it.`;
    case 'held':
      return `the agent on ${box} waits for an answer.`;
    case 'in-rescue':
      return `${box} is in the rescue system.`;
    default:
      return `${box} waits for a decision: Retry or Boot local disk.`;
  }
}

export function adviceText(box: string, state: JobState): string {
  switch (state) {
    case 'arming':
      return 'The boot config can not be written yet: is the storage server up?';
    case 'rebooting':
      return `${box} can not be rebooted over SSH yet: is it up, and is its SSH server running?`;
    case 'booting':
      return `${box} has not called home yet. Look at its console: does it boot by PXE, and does it reach the storage server?`;
    case 'running':
      return `Nothing was heard of the agent on ${box} for a while. It may go on by itself; look at its console or network.`;
    case 'returning':
      return `${box} has not come back yet. Look at its console: does it boot its own disk?`;
    case 'cancelling':
      return `The cancelled job waits for a word of ${box}. If the box is gone, end it with the button on the card.`;
    default:
      return `${box} takes longer than expected (${state}).`;
  }
}
