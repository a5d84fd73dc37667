import type { App } from '../../app/app.ts';
import { decide } from '../../app/decide.ts';
import type { Decision } from '../../app/decision.ts';
import { viewOf } from '../../app/look.ts';
import { objectionTo } from '../../app/objection.ts';
import type { JobId } from '../../contract/ids.ts';
import type { Job } from '../../domain/job.ts';
import { decisionText, type NotDone } from '../answer-text.ts';
import { stateWords } from '../card/stages.ts';
import { renderPreview } from '../card.ts';
import { message, words } from '../message.ts';
import type { ChatMessage, InboundCommand, InboundPress } from '../platform.ts';
import { cardPlaceOf, type Onlooker } from './card-place.ts';
import { copyOfCard, isElsewhere } from './elsewhere.ts';

/** What somebody decides about a job. */
export interface JobDecision {
  job: JobId;
  decision: Decision;
}

/** Carries out what was clicked, or typed: `/testbox cancel pluto`. */
export async function runDecision(
  app: App,
  inbound: InboundPress | InboundCommand,
  { job: id, decision }: JobDecision,
): Promise<void> {
  const { person, answers } = inbound;
  const decided = await decide(app, person, id, decision);
  switch (decided.kind) {
    case 'done':
      return answerDone(app, inbound, { decision, job: decided.job });
    case 'plan-changed': {
      if (decided.job.state === 'planned') {
        const view = await viewOf(app, decided.job);
        return answers.replace(renderPreview(view, 'The plan has changed since. Read it again:'));
      }
      if (isElsewhere(decided.job, person)) {
        const note = 'The plan has changed since. Nothing was decided; read it again:';
        return answers.replace(await copyOfCard(app, decided.job, note));
      }
      const text = 'The plan has changed since; the card shows the new one. Nothing was decided.';
      return answers.answer(message({ text, card: await cardPlaceOf(app, decided.job, inbound) }));
    }
    default:
      return answers.answer(await notDoneText(app, inbound, { decision, notDone: decided }));
  }
}

/** The card says it, where it can be seen; a private message has done its duty. */
async function answerDone(
  app: App,
  inbound: InboundPress | InboundCommand,
  { decision, job }: { decision: Decision; job: Job },
): Promise<void> {
  const { person, answers } = inbound;
  if (decision.kind === 'dismiss') return answers.replace(null);
  if (isElsewhere(job, person)) {
    const copy = await copyOfCard(app, job);
    return 'button' in inbound ? answers.replace(copy) : answers.answer(copy);
  }
  if (decision.kind === 'confirm') return answers.replace(await confirmedText(app, inbound, job));
  // Who clicks on the card sees it change; who types may be anywhere.
  if (!('button' in inbound)) return answers.answer(await typedText(app, inbound, job));
}

async function typedText(app: App, inbound: InboundCommand, job: Job): Promise<ChatMessage> {
  const text = `Done: ${job.action} ${job.testbox.name} is ${stateWords(job.state)} now.`;
  return message({ text, card: await cardPlaceOf(app, job, inbound) });
}

/** Why the decision would not be carried out now, in the words that the click would be given. */
export async function decisionObjection(
  app: App,
  { person }: Pick<InboundPress, 'person'>,
  { job, decision }: JobDecision,
): Promise<ChatMessage | null> {
  const objection = await objectionTo(app, person, { job, decision });
  return objection === null ? null : notDoneText(app, { person }, { decision, notDone: objection });
}

/** A card in another channel would not be seen: the private message leads there. */
async function confirmedText(
  app: App,
  { person, channel }: Pick<InboundPress, 'person' | 'channel'>,
  job: Job,
): Promise<ChatMessage | null> {
  if (job.origin.channel === channel) return null;
  const card = await cardPlaceOf(app, job, { person });
  if (card === null) return null;
  const comes = card.ref === null ? 'comes' : 'is';
  return message({ text: `Confirmed: the card of ${job.action} ${job.testbox.name} ${comes} there.`, card });
}

async function notDoneText(
  app: App,
  onlooker: Onlooker,
  { decision, notDone }: { decision: Decision; notDone: NotDone },
): Promise<ChatMessage> {
  const text = decisionText(notDone, app.clock.now());
  const about = jobToLookAt(notDone);
  const card = about === null ? null : await cardPlaceOf(app, about, onlooker);
  if (notDone.kind !== 'refused' || notDone.why !== 'dirty') return { ...words(text), card };
  return { ...dirtyText(text, decision, notDone.job), card };
}

/** The job whose card tells more. */
function jobToLookAt(notDone: NotDone): Job | null {
  switch (notDone.kind) {
    case 'busy':
      return notDone.holder;
    case 'refused':
      return notDone.job;
    default:
      return null;
  }
}

function dirtyText(text: string, decision: Decision, job: Job): ChatMessage {
  if (decision.kind !== 'cancel')
    return words(`${text} Only "Boot local disk anyway" on the card boots it like that.`);
  return message({
    text: `${text} Cancelling leaves it so, and the box in the maintenance system. Cancel anyway?`,
    buttons: [{ id: 'cancel-anyway', value: job.id, label: 'Cancel anyway', style: 'danger' }],
  });
}
