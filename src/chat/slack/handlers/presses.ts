import type { BlockAction, ButtonAction } from '@slack/bolt';
import { OPEN_FORM, REFRESH_HOME } from '../blocks/ids.ts';
import { parseRef } from '../ref.ts';
import { acknowledge, attend } from './attend.ts';
import { channelOf, type Origin, pressOrigin } from './origin.ts';
import type { Listening } from './parts.ts';
import { SlackAnswers } from './private-answers.ts';
import { askReason } from './reason-form.ts';
import { openRequestForm } from './request-form.ts';

/** The button whose press takes a reason first. */
const TAKES_REASON = 'deny';

/** A press of any button, in messages and on the Home tab. */
export async function onPress(
  on: Listening,
  { body, ack }: { body: BlockAction; ack: () => Promise<void> },
): Promise<void> {
  await acknowledge(on, ack);
  const [action] = body.actions;
  if (action === undefined || !isButton(action)) return;
  const user = body.user.id;
  const origin = pressOrigin(body, on.clock.now());
  const answers = new SlackAnswers({ user, origin }, on);
  const refuse = (why: string) => on.homes.showRefusal(user, why);
  const delivered = { what: 'press', key: body.trigger_id, user, answers };
  await attend(on, onHome(origin) ? { ...delivered, refuse } : delivered, async (person) => {
    const button = { id: action.action_id, value: action.value ?? '' };
    const press = { person, button, answers, origin, triggerId: body.trigger_id };
    switch (button.id) {
      case REFRESH_HOME:
        return on.homes.show(person);
      case OPEN_FORM: {
        const thread = parseRef(button.value) === null ? null : button.value;
        return openRequestForm(on, { ...press, thread });
      }
      case TAKES_REASON:
        return askReason(on, press);
      default:
        await on.inbound.press({ person, button, channel: channelOf(origin, user), input: null, answers });
        if (onHome(origin)) await on.homes.show(person);
    }
  });
}

function onHome(origin: Origin): boolean {
  return origin.channel === null;
}

/** The fields of dialogs report here too when they are set to; nothing hangs on that. */
function isButton(action: BlockAction['actions'][number]): action is ButtonAction {
  return action.type === 'button';
}
