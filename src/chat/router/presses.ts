import type { App } from '../../app/app.ts';
import { type Decision, decide } from '../../app/decide.ts';
import { viewOf } from '../../app/look.ts';
import { Action } from '../../contract/action.ts';
import { JobId } from '../../contract/ids.ts';
import { decisionText } from '../answer-text.ts';
import { renderPreview } from '../card.ts';
import { message, words } from '../message.ts';
import type { InboundPress } from '../platform.ts';
import { answerRequest } from './request-answer.ts';

/** A click: ids only, everything is looked up and checked again. */
export async function runPress(app: App, press: InboundPress): Promise<void> {
  const { id, value } = press.button;
  const planned = Action.safeParse(id.startsWith('plan-') ? id.slice('plan-'.length) : '');
  if (planned.success) {
    return answerRequest(app, press, { action: planned.data, box: value, onlySlots: null, reason: null });
  }
  const job = JobId.safeParse(value);
  const decision = decisionOf(press);
  if (!job.success || decision === null)
    return press.answers.answer(words('This button is not known here any more.'));
  return runDecision(app, press, { job: job.data, decision });
}

function decisionOf({ button, input }: InboundPress): Decision | null {
  switch (button.id) {
    case 'confirm':
    case 'dismiss':
    case 'approve':
    case 'retry':
    case 'rescue':
    case 'release':
    case 'power-cycle':
    case 'boot-local':
    case 'accept':
      return { kind: button.id };
    case 'deny':
      return { kind: 'deny', reason: input };
    case 'cancel':
      return { kind: 'cancel', despiteDirty: false };
    case 'cancel-anyway':
      return { kind: 'cancel', despiteDirty: true };
    default:
      return null;
  }
}

type Answering = Pick<InboundPress, 'person' | 'answers'>;

/** Also for decisions that were typed: `/testbox cancel pluto`. */
export async function runDecision(
  app: App,
  { person, answers }: Answering,
  { job: id, decision }: { job: JobId; decision: Decision },
): Promise<void> {
  const decided = await decide(app, person, id, decision);
  switch (decided.kind) {
    case 'done':
      // The card says it; a private preview has done its duty.
      if (decision.kind === 'confirm' || decision.kind === 'dismiss') await answers.replace(null);
      return;
    case 'plan-changed': {
      const view = await viewOf(app, decided.job);
      if (decided.job.state !== 'planned') {
        return answers.answer(
          words('The plan has changed since; the card shows the new one. Nothing was decided.'),
        );
      }
      return answers.replace(renderPreview(view, 'The plan has changed since. Read it again:'));
    }
    case 'refused':
      if (decided.why === 'dirty')
        return answers.answer(dirtyQuestion(decided.job.id, decisionText(decided, app.clock.now())));
      return answers.answer(words(decisionText(decided, app.clock.now())));
    default:
      return answers.answer(words(decisionText(decided, app.clock.now())));
  }
}

function dirtyQuestion(job: JobId, text: string) {
  return message({
    text: `${text} Cancelling leaves it so, and the box in the maintenance system. Cancel anyway?`,
    buttons: [{ id: 'cancel-anyway', value: job, label: 'Cancel anyway', style: 'danger' }],
  });
}
