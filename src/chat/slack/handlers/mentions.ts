import type { AppMentionEvent } from '@slack/types';
import { cleanText, isBlank } from '../clean-text.ts';
import { attend } from './attend.ts';
import { namesIn } from './names.ts';
import { mentionOrigin, threadOf } from './origin.ts';
import type { Listening } from './parts.ts';
import { SlackAnswers } from './private-answers.ts';
import { formOffer } from './request-form.ts';

interface Mention {
  event: AppMentionEvent;
  eventId: string | undefined;
  /** The bot's own user id. */
  bot: string | undefined;
}

/** `@testbox …`, the way to type in a thread. Bolt has acknowledged it. */
export async function onMention(on: Listening, { event, eventId, bot }: Mention): Promise<void> {
  const { user, channel } = event;
  if (user === undefined || user === bot || !isTypedByPerson(event)) return;
  const origin = mentionOrigin({ channel, threadTs: event.thread_ts ?? null });
  const answers = new SlackAnswers({ user, origin }, on);
  const key = eventId ?? `${channel}:${event.ts}`;
  await attend(on, { what: 'mention', key, user, answers }, async (person) => {
    const names = new Map(await namesIn(on, event.text));
    if (bot !== undefined) names.set(bot, bot);
    const text = withoutBot(cleanText(event.text, names), bot);
    const thread = threadOf(origin);
    // A mention brings no trigger id: it can't open a dialog by itself.
    if (isBlank(text))
      return answers.answer(formOffer(thread, 'What shall be done? Here is the form for it:'));
    await on.inbound.command({ person, text, channel, thread, answers });
  });
}

/** Bots and integrations speak too, and an edited message is delivered again. */
function isTypedByPerson(event: AppMentionEvent): boolean {
  return event.bot_id === undefined && event.subtype === undefined && event.edited === undefined;
}

function withoutBot(text: string, bot: string | undefined): string {
  if (bot === undefined) return text;
  return text.replace(new RegExp(`^(?:[\\s\\p{Cf}]*@${bot}[\\s,:]*)+`, 'u'), '');
}
