import type { ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { ChatPerson } from '../../../domain/person.ts';
import { message, words } from '../../message.ts';
import type { PrivateAnswers } from '../../platform.ts';
import { REASON_FIELD } from '../blocks/ids.ts';
import { reasonFormView } from '../blocks/reason-form.ts';
import { acknowledge, attend } from './attend.ts';
import { openDialog, readMetadata, writeMetadata } from './dialog.ts';
import { channelOf, NOWHERE, Origin } from './origin.ts';
import type { Listening } from './parts.ts';
import { SlackAnswers } from './private-answers.ts';

const Metadata = z.object({ origin: Origin, button: z.object({ id: z.string(), value: z.string() }) });

interface PressToExplain {
  person: ChatPerson;
  button: { id: string; value: string };
  origin: Origin;
  triggerId: string;
  answers: PrivateAnswers;
}

/** Opens the dialog for a reason, unless the press could have no effect anyway. */
export async function askReason(on: Listening, press: PressToExplain): Promise<void> {
  const { person, button, origin, triggerId, answers } = press;
  const objection = await on.inbound.objection({ person, button });
  if (objection !== null) return answers.answer(objection);
  const privateMetadata = writeMetadata({ origin, button } satisfies z.infer<typeof Metadata>);
  const view = reasonFormView({ buttonId: button.id, privateMetadata });
  if (await openDialog(on, { triggerId, view })) return;
  await answers.answer(
    message({
      text: 'The dialog for the reason could not be opened in time. Nothing was decided; press again:',
      buttons: [{ ...button, label: 'Deny', style: 'danger' }],
    }),
  );
}

/** The press has its effect now, with what was typed. */
export async function onReason(
  on: Listening,
  { body, ack }: { body: ViewSubmitAction; ack: () => Promise<void> },
): Promise<void> {
  await acknowledge(on, ack);
  const user = body.user.id;
  const metadata = readMetadata(Metadata, body.view.private_metadata);
  const origin = metadata?.origin ?? NOWHERE;
  const answers = new SlackAnswers({ user, origin }, on);
  await attend(on, { what: 'reason', key: body.trigger_id, user, answers }, async (person) => {
    if (metadata === null)
      return answers.answer(words('This dialog is not known here any more. Press the button again.'));
    const typed = body.view.state.values[REASON_FIELD]?.[REASON_FIELD]?.value?.trim() ?? '';
    const input = typed === '' ? null : typed;
    const { button } = metadata;
    await on.inbound.press({ person, button, channel: channelOf(origin, user), input, answers });
    if (origin.channel === null) await on.homes.show(person);
  });
}
