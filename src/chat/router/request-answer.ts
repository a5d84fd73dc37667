import type { App } from '../../app/app.ts';
import { viewOf } from '../../app/look.ts';
import { type ActionRequest, requestAction } from '../../app/request.ts';
import { requestRefusalText } from '../answer-text.ts';
import { renderPreview } from '../card.ts';
import { message } from '../message.ts';
import type { InboundCommand, InboundPress } from '../platform.ts';
import { cardPlaceOf } from './card-place.ts';

type Asked = Pick<ActionRequest, 'action' | 'box' | 'onlySlots' | 'wish' | 'reason'>;

/** Shows the plan with Confirm and Cancel, or says why there is none. Privately. */
export async function answerRequest(
  app: App,
  inbound: InboundCommand | InboundPress,
  asked: Asked,
): Promise<void> {
  const { person, channel, answers } = inbound;
  const requested = await requestAction(app, { ...asked, person, channel });
  if (requested.kind === 'planned')
    return answers.answer(renderPreview(await viewOf(app, requested.job), null));
  const card = requested.kind === 'busy' ? await cardPlaceOf(app, requested.holder, inbound) : null;
  return answers.answer(message({ text: requestRefusalText(requested, app.clock.now()), card }));
}
