import type { JobView } from '../app/job-view.ts';
import { isEnded } from '../domain/job.ts';
import { signOf, stateWords } from './card/stages.ts';
import { shorten } from './format.ts';
import { message } from './message.ts';
import type { ChatMessage } from './platform.ts';

const LINE_LENGTH = 38;

/** Many jobs of a channel in one message: a line each, by box. */
export function renderSummary(jobs: readonly JobView[]): ChatMessage {
  const atWork = jobs.filter(({ job }) => !isEnded(job.state)).length;
  const title = `${atWork} jobs at work`;
  return message({ text: title, title, lines: jobs.map(lineOf) });
}

/** What the summary card says when there is none any more. */
export function closedSummary(): ChatMessage {
  return message({ text: "Few enough again: each job's card shows its own progress." });
}

function lineOf({ job }: JobView): string {
  return shorten(
    `${signOf(job.state)} ${job.action} ${job.testbox.name}: ${stateWords(job.state)}`,
    LINE_LENGTH,
  );
}
