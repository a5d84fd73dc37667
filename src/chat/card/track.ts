import type { Action } from '../../contract/action.ts';
import type { Job, JobState } from '../../domain/job.ts';

const WORK: Record<Action, string> = {
  backup: 'read',
  'backup-again': 'read',
  restore: 'write',
  'refresh-info': 'look',
  rescue: 'rescue',
};

/** Which of the stages a state stands in; a state that is missing has no track. */
const POSITION: Partial<Record<JobState, number>> = {
  arming: 0,
  rebooting: 0,
  'needs-hands': 0,
  booting: 1,
  running: 2,
  held: 2,
  stopped: 2,
  'in-rescue': 2,
  returning: 3,
};

/** The way of a job at work, done stages ticked: `✓ reboot ✓ boot ▸ write ○ back`. */
export function trackLine({ state, action }: Pick<Job, 'state' | 'action'>): string | null {
  const position = POSITION[state];
  if (position === undefined) return null;
  const stages = ['reboot', 'boot', WORK[action], 'back'];
  return stages.map((stage, index) => `${markOf(index, position)} ${stage}`).join(' ');
}

function markOf(index: number, position: number): string {
  if (index < position) return '✓';
  return index === position ? '▸' : '○';
}
