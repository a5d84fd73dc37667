import type { App } from '../../app/app.ts';
import { findTestbox } from '../../app/find-testbox.ts';
import { approvableJobs } from '../../app/home.ts';
import { viewAllBoxes, viewBox, viewOf } from '../../app/look.ts';
import type { Job } from '../../domain/job.ts';
import type { ChatPerson } from '../../domain/person.ts';
import { unknownBoxText } from '../answer-text.ts';
import { renderCard } from '../card.ts';
import { message, words } from '../message.ts';
import type { ChatMessage } from '../platform.ts';
import { boxLine } from './box-text.ts';
import { cardPlaceOf, type Onlooker } from './card-place.ts';
import { copyOfCard, isElsewhere, wayToDecide } from './elsewhere.ts';
import { approvalLine } from './home-text.ts';

/** What one box does. */
export async function boxStatus(app: App, box: string, onlooker: Onlooker): Promise<ChatMessage> {
  const testbox = findTestbox(app, box);
  if ('kind' in testbox) return words(unknownBoxText(testbox));
  const view = await viewBox(app, testbox);
  return view.active === null ? words(boxLine(view)) : jobStatus(app, view.active, onlooker);
}

/** What goes on at all, and before it what waits for this very person. */
export async function fleetStatus(app: App, person: ChatPerson): Promise<ChatMessage> {
  const busy = (await viewAllBoxes(app)).filter(({ active, lock }) => active !== null || lock !== null);
  if (busy.length === 0) return words('No box is busy or locked.');
  const waiting = await approvableJobs(app, person);
  return message({
    text: [`${busy.length} busy or locked`, ...waitingCount(waiting)].join(', '),
    lines: [...waitingLines(waiting, { person, now: app.clock.now() }), ...busy.map(boxLine)],
  });
}

/** The card; where it can be gone to, without the buttons that belong into the channel. */
async function jobStatus(app: App, job: Job, onlooker: Onlooker): Promise<ChatMessage> {
  if (isElsewhere(job, onlooker.person)) return copyOfCard(app, job);
  const card = await cardPlaceOf(app, job, onlooker);
  return { ...renderCard(await viewOf(app, job)), buttons: [], card };
}

function waitingCount(waiting: readonly Job[] | null): string[] {
  if (waiting === null || waiting.length === 0) return [];
  return [`${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'} for your approval`];
}

function waitingLines(
  waiting: readonly Job[] | null,
  { person, now }: { person: ChatPerson; now: number },
): string[] {
  if (waiting === null || waiting.length === 0) return [];
  const lines = waiting.map((job) => `${approvalLine(job, now)}${wayToDecide(job, person)}`);
  return ['Waits for your approval:', ...lines, ''];
}
