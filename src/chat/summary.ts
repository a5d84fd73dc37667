import type { JobView } from '../app/job-view.ts';
import { progressPercent } from '../app/progress.ts';
import type { Hearing } from '../app/store.ts';
import { isEnded, type Job, type JobState } from '../domain/job.ts';
import { signOf, stateWords } from './card/stages.ts';
import { shorten } from './format.ts';
import { message } from './message.ts';
import type { ChatMessage } from './platform.ts';

const LINE_LENGTH = 38;
const SHORTEST_BOX = 8;
/** So many lines of that length go into one message of every platform. */
const MOST_LINES = 60;

/** States that don't go on without somebody. */
const WAITING: ReadonlySet<JobState> = new Set(['held', 'stopped', 'needs-hands']);

/** Many jobs of a channel in one message: a line each, sorted by box. */
export function renderSummary(jobs: readonly JobView[]): ChatMessage {
  const atWork = jobs.filter(({ job }) => !isEnded(job.state)).length;
  const waiting = jobs.filter(({ job }) => WAITING.has(job.state)).length;
  const title = `${atWork} jobs at work`;
  const shown = mostUrgent(jobs).toSorted(byBox);
  const left = jobs.length - shown.length;
  return message({
    text:
      waiting === 0 ? title : `${title}, ${waiting} of them ${waiting === 1 ? 'waits' : 'wait'} for somebody`,
    title,
    lines: [...shown.map(lineOf), ...(left === 0 ? [] : [`and ${left} more: \`/testbox status\``])],
  });
}

/** What the summary card says once there is none any more. */
export function closedSummary(): ChatMessage {
  return message({ text: "Few enough again: each job's card shows its own progress." });
}

/**
 * Where there is no room for all, the jobs that wait for somebody are not those left out, and of
 * those that ended the newest ones are there: each was shown for a while.
 */
function mostUrgent(jobs: readonly JobView[]): readonly JobView[] {
  const rank = ({ job }: JobView) => (WAITING.has(job.state) ? 0 : isEnded(job.state) ? 2 : 1);
  const byEnd = ({ job: a }: JobView, { job: b }: JobView) =>
    isEnded(a.state) && isEnded(b.state) ? b.stateSince - a.stateSince : 0;
  return jobs.toSorted((a, b) => rank(a) - rank(b) || byEnd(a, b) || byBox(a, b)).slice(0, MOST_LINES);
}

/** `box-9` before `box-10`; of one box the older job first. */
function byBox({ job: a }: JobView, { job: b }: JobView): number {
  return (
    a.testbox.name.localeCompare(b.testbox.name, 'en', { numeric: true }) ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1)
  );
}

function lineOf({ job, hearing }: JobView): string {
  const head = `${signOf(job.state)} ${job.action} `;
  const tail = `: ${doing(job, hearing)}`;
  const room = Math.max(SHORTEST_BOX, LINE_LENGTH - head.length - tail.length);
  return `${head}${shorten(job.testbox.name, room)}${tail}`;
}

function doing(job: Job, hearing: Hearing | null): string {
  if (job.state !== 'running') return job.state === 'succeeded' ? 'done' : stateWords(job.state);
  const percent = job.phase === 'imaging' ? progressPercent(hearing) : null;
  // What isn't done never looks done.
  if (percent !== null) return `${Math.floor(percent)}%`;
  return job.phase === null ? 'running' : job.phase.replaceAll('-', ' ');
}
