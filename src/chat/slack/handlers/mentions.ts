import type { AppMentionEvent } from '@slack/types';
import { cleanText, isBlank, mentionedUsers } from '../clean-text.ts';
import { attend } from './attend.ts';
import { namesIn } from './names.ts';
import { mentionOrigin, threadOf } from './origin.ts';
import type { Listening } from './parts.ts';
import { SlackAnswers } from './private-answers.ts';
import { formOffer } from './request-form.ts';

interface Mention {
  event: AppMentionEvent;
  eventId: string | undefined;
  /** The bot's own user id; undefined while Slack has not told it. */
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
    const text = await withoutBot(on, event.text, bot);
    const thread = threadOf(origin);
    // A mention brings no trigger id: it can't open a dialog by itself.
    if (isBlank(text))
      return answers.answer(formOffer(thread, 'What shall be done? Here is the form for it:'));
    await on.inbound.command({ person, text, channel, thread, answers });
  });
}

const NOT_TYPED: ReadonlySet<string> = new Set(['bot_message', 'message_changed']);

/** Bots and integrations speak too, and an edited message is delivered again. */
function isTypedByPerson({ bot_id: bot, edited, subtype = '' }: AppMentionEvent): boolean {
  return bot === undefined && edited === undefined && !NOT_TYPED.has(subtype);
}

async function withoutBot(on: Listening, typed: string, known: string | undefined): Promise<string> {
  const bot = known ?? mentionedUsers(typed)[0];
  if (bot === undefined) return cleanText(typed, await namesIn(on, typed));
  const text = cleanText(typed, new Map([...(await namesIn(on, typed)), [bot, bot]]));
  return text.replace(new RegExp(`^(?:[\\s\\p{Cf}]*@${bot}[\\s,:]*)+`, 'u'), '');
}
