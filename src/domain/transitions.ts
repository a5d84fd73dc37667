import type { JobEventType } from './events.ts';
import type { JobState } from './job.ts';

type Targets = Partial<Record<JobState, readonly JobState[]>>;

const STAYS = (...states: JobState[]): Targets => Object.fromEntries(states.map((state) => [state, [state]]));

/**
 * The life of a job as data: for every event, the states in which it may come, and the
 * states that it may lead to. What is not here is refused; `apply` is held to it.
 */
export const TRANSITIONS: Readonly<Record<JobEventType, Targets>> = {
  replanned: STAYS('planned', 'awaiting-approval'),
  confirmed: {
    planned: ['awaiting-approval', 'queued'],
    'awaiting-approval': ['awaiting-approval', 'queued'],
  },
  approved: { 'awaiting-approval': ['awaiting-approval', 'queued'], held: ['held', 'running'] },
  denied: { 'awaiting-approval': ['denied'] },
  cancelled: {
    planned: ['cancelled'],
    'awaiting-approval': ['cancelled'],
    queued: ['cancelled'],
    arming: ['cancelling', 'stopped'],
    rebooting: ['cancelling', 'stopped'],
    'needs-hands': ['cancelling', 'stopped'],
    booting: ['cancelling', 'stopped'],
    running: ['cancelling'],
    held: ['cancelling'],
    cancelling: ['cancelled', 'stopped'],
  },
  retried: { stopped: ['booting'], 'needs-hands': ['rebooting'] },
  'sent-to-local-disk': { stopped: ['returning'] },
  'question-accepted': { held: ['held', 'running'] },
  rescued: { stopped: ['in-rescue'] },
  released: { 'in-rescue': ['returning'] },

  'turn-came': { queued: ['arming', 'awaiting-approval'] },
  armed: { arming: ['rebooting'] },
  'arming-refused': { queued: ['failed'], arming: ['failed'] },
  'boot-id-seen': STAYS('arming', 'rebooting'),
  'reboot-issued': { rebooting: ['booting'] },
  'reboot-failed': { rebooting: ['needs-hands'] },
  disarmed: STAYS('returning', 'cancelling', 'failed', 'cancelled', 'succeeded'),
  rotated: STAYS(
    'running',
    'held',
    'stopped',
    'in-rescue',
    'needs-hands',
    'booting',
    'cancelling',
    'returning',
  ),
  'booted-own-disk': { rebooting: ['needs-hands'], booting: ['needs-hands'], 'needs-hands': ['needs-hands'] },
  back: { returning: ['succeeded', 'failed', 'cancelled'], cancelling: ['cancelled'] },
  overrun: {
    planned: ['expired'],
    'awaiting-approval': ['awaiting-approval', 'expired'],
    arming: ['arming', 'failed'],
    rebooting: ['rebooting', 'needs-hands'],
    'needs-hands': ['needs-hands', 'failed'],
    booting: ['booting', 'needs-hands'],
    running: ['running', 'needs-hands'],
    held: ['held', 'stopped'],
    stopped: ['stopped'],
    'in-rescue': ['in-rescue'],
    cancelling: ['cancelling'],
    returning: ['returning', 'failed'],
  },
  'deadline-moved': STAYS(
    'planned',
    'awaiting-approval',
    'arming',
    'rebooting',
    'needs-hands',
    'booting',
    'running',
    'held',
    'stopped',
    'in-rescue',
    'cancelling',
    'returning',
  ),

  'hello-new-boot': {
    arming: ['running', 'stopped'],
    rebooting: ['running', 'stopped'],
    'needs-hands': ['running', 'stopped'],
    booting: ['running', 'stopped'],
    running: ['running', 'stopped'],
    held: ['running', 'stopped'],
    stopped: ['stopped'],
    'in-rescue': ['in-rescue'],
  },
  'hello-again': {
    booting: ['running'],
    'needs-hands': ['running'],
    running: ['running'],
    held: ['running'],
  },
  'two-boots-alive': {
    running: ['stopped'],
    held: ['stopped'],
    'needs-hands': ['stopped'],
    booting: ['stopped'],
  },
  'heard-again': { running: ['running'], 'needs-hands': ['running'] },
  'phase-entered': STAYS('running', 'cancelling'),
  'disk-dirty': STAYS('running', 'cancelling'),
  'disk-clean': STAYS('running', 'cancelling', 'stopped'),
  'question-asked': { running: ['held', 'running'], held: ['held'] },
  'agent-stopped': { cancelling: ['returning', 'stopped'] },
  'agent-failed': { running: ['stopped'], held: ['stopped'], cancelling: ['stopped'] },
  'agent-done': { running: ['returning', 'in-rescue'], cancelling: ['returning'] },
};
