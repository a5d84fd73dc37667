import type { SlashCommand } from '@slack/bolt';
import { cleanText, isBlank } from '../clean-text.ts';
import { acknowledge, attend } from './attend.ts';
import { namesIn } from './names.ts';
import { commandOrigin } from './origin.ts';
import type { Listening } from './parts.ts';
import { SlackAnswers } from './private-answers.ts';
import { openRequestForm } from './request-form.ts';

/** `/testbox …`: with words a command, without any the form for a new job. */
export async function onCommand(
  on: Listening,
  { command, ack }: { command: SlashCommand; ack: () => Promise<void> },
): Promise<void> {
  await acknowledge(on, ack);
  const { user_id: user, channel_id: channel, trigger_id: triggerId } = command;
  const origin = commandOrigin(command, on.clock.now());
  const answers = new SlackAnswers({ user, origin }, on);
  await attend(on, { what: 'command', key: triggerId, user, answers }, async (person) => {
    const typed = command.text ?? '';
    if (isBlank(typed)) return openRequestForm(on, { person, triggerId, origin, thread: null, answers });
    const text = cleanText(typed, await namesIn(on, typed));
    await on.inbound.command({ person, text, channel, thread: null, answers });
  });
}
