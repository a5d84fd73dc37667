import type { ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { ChatPerson } from '../../../domain/person.ts';
import { message, words } from '../../message.ts';
import type { ChatMessage, MessageRef, PrivateAnswers } from '../../platform.ts';
import { OPEN_FORM } from '../blocks/ids.ts';
import { requestFormView } from '../blocks/request-form.ts';
import { acknowledge, attend } from './attend.ts';
import { openDialog, readMetadata, writeMetadata } from './dialog.ts';
import { formCommand } from './form-command.ts';
import { channelOf, NOWHERE, Origin } from './origin.ts';
import type { Listening } from './parts.ts';
import { SlackAnswers } from './private-answers.ts';

const Metadata = z.object({ origin: Origin, thread: z.string().nullable() });

interface FormRequest {
  person: ChatPerson;
  triggerId: string;
  origin: Origin;
  /** The card whose box the form starts from. */
  thread: MessageRef | null;
  answers: PrivateAnswers;
}

export async function openRequestForm(on: Listening, request: FormRequest): Promise<void> {
  const { person, triggerId, origin, thread, answers } = request;
  const form = await on.inbound.form(person, thread);
  const privateMetadata = writeMetadata({ origin, thread } satisfies z.infer<typeof Metadata>);
  if (await openDialog(on, { triggerId, view: requestFormView(form, { privateMetadata }) })) return;
  await answers.answer(formOffer(thread, 'The form could not be opened in time. Try once more:'));
}

/** A message with a button: its press may open the form when nothing else may. */
export function formOffer(thread: MessageRef | null, text: string): ChatMessage {
  return message({
    text,
    lines: ['Or type it: `restore pluto`, `status`, `help` …'],
    buttons: [{ id: OPEN_FORM, value: thread ?? '', label: 'Open the form', style: 'primary' }],
  });
}

interface Submission {
  body: ViewSubmitAction;
  ack: (response?: ViewResponseAction) => Promise<void>;
}

export async function onRequestForm(on: Listening, { body, ack }: Submission): Promise<void> {
  const command = formCommand(body.view.state.values);
  if (!command.ok) {
    const errors = { [command.field]: command.problem };
    return acknowledge(on, () => ack({ response_action: 'errors', errors }));
  }
  await acknowledge(on, () => ack());
  const user = body.user.id;
  const metadata = readMetadata(Metadata, body.view.private_metadata);
  const origin = metadata?.origin ?? NOWHERE;
  const answers = new SlackAnswers({ user, origin }, on);
  await attend(on, { what: 'request form', key: body.trigger_id, user, answers }, async (person) => {
    if (metadata === null)
      return answers.answer(words('This form is not known here any more. Open it again with `/testbox`.'));
    const { thread } = metadata;
    await on.inbound.command({
      person,
      text: command.text,
      channel: channelOf(origin, user),
      thread,
      answers,
    });
    if (origin.channel === null) await on.homes.show(person);
  });
}
