import type { Job, JobState } from '../../domain/job.ts';
import type { NoticePost } from '../notice-text.ts';
import type { Urgency } from '../platform.ts';

/** States that wait for somebody, what somebody has just asked for, and ends: these stay. */
const FOR_PEOPLE: ReadonlySet<JobState> = new Set([
  'awaiting-approval',
  'held',
  'stopped',
  'needs-hands',
  'in-rescue',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'denied',
  'expired',
]);

/** How soon a card's edit has to go out. */
export function cardUrgency({ state }: Job): Urgency {
  return FOR_PEOPLE.has(state) ? 'people' : 'stage';
}

/** Whatever calls somebody is for people. */
export function noticeUrgency({ message, broadcast }: NoticePost): Urgency {
  return broadcast || message.mentions.length > 0 ? 'people' : 'stage';
}
