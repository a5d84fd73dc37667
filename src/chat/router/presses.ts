import type { App } from '../../app/app.ts';
import type { Decision } from '../../app/decision.ts';
import { viewOf } from '../../app/look.ts';
import { Action } from '../../contract/action.ts';
import { JobId } from '../../contract/ids.ts';
import { NEWEST_OWN } from '../../domain/image-wish.ts';
import { buttonsOf } from '../card/buttons.ts';
import { words } from '../message.ts';
import type { ChatMessage, InboundPress } from '../platform.ts';
import { decisionObjection, runDecision } from './decisions.ts';
import { answerRequest } from './request-answer.ts';

const UNKNOWN_BUTTON = 'This button is not known here any more.';

/** A click: ids only, everything is looked up and checked again. */
export async function runPress(app: App, press: InboundPress): Promise<void> {
  const { id, value } = press.button;
  const planned = Action.safeParse(id.startsWith('plan-') ? id.slice('plan-'.length) : '');
  if (planned.success) {
    const asked = { action: planned.data, box: value, onlySlots: null, wish: NEWEST_OWN, reason: null };
    return answerRequest(app, press, asked);
  }
  const { job, shown } = partsOf(value);
  const decision = decisionOf(id, { input: press.input, shown });
  if (job === null || decision === null) return press.answers.answer(words(UNKNOWN_BUTTON));
  return runDecision(app, press, { job, decision });
}

/** Why a click on a job's button can't have its effect; null for every other button. */
export async function pressObjection(
  app: App,
  press: Pick<InboundPress, 'person' | 'button'>,
): Promise<ChatMessage | null> {
  const { job, shown } = partsOf(press.button.value);
  const decision = decisionOf(press.button.id, { input: null, shown });
  if (decision === null) return null;
  if (job === null) return words(UNKNOWN_BUTTON);
  return decisionObjection(app, press, { job, decision });
}

/** What is asked before a click on a job's button, in words that know how the job is now. */
export async function pressQuestion(app: App, button: InboundPress['button']): Promise<string | null> {
  const { job: id } = partsOf(button.value);
  const job = id === null ? null : await app.store.job(id);
  if (job === null) return null;
  const now = buttonsOf(await viewOf(app, job)).find((shown) => shown.id === button.id);
  return now?.asks ?? null;
}

/** A button that agrees to something also says to what: `<job>:<start of a digest>`. */
function partsOf(value: string): { job: JobId | null; shown: string | null } {
  const [id = '', shown = null] = value.split(':');
  return { job: JobId.safeParse(id).data ?? null, shown };
}

/** @param said.input what was typed into the button's dialog */
function decisionOf(button: string, said: { input: string | null; shown: string | null }): Decision | null {
  switch (button) {
    case 'confirm':
    case 'approve':
    case 'accept':
      return said.shown === null ? null : { kind: button, shown: said.shown };
    case 'dismiss':
    case 'retry':
    case 'rescue':
    case 'release':
    case 'power-cycle':
    case 'boot-local':
      return { kind: button };
    case 'deny':
      return { kind: 'deny', reason: said.input };
    case 'cancel':
      return { kind: 'cancel', despiteDirty: false };
    case 'cancel-anyway':
      return { kind: 'cancel', despiteDirty: true };
    default:
      return null;
  }
}
