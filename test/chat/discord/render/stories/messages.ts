import { message } from '../../../../../src/chat/message.ts';
import type { ChatMessage } from '../../../../../src/chat/platform.ts';
import { infoOf } from '../../../../../src/chat/router/box-text.ts';
import { helpText } from '../../../../../src/chat/router/help-text.ts';
import { PLUTO_BOX } from '../../../../fakes/app.ts';
import { HOME } from '../../../slack/blocks/stories/home.ts';
import { SEEN_AT } from '../../../slack/blocks/stories/jobs.ts';
import { MESSAGES as ON_SLACK } from '../../../slack/blocks/stories/messages.ts';
import { CARD, onDiscord } from './people.ts';

const FLEET = HOME.sections.flatMap(({ title, entries }) => (title === 'Boxes' ? entries : []));

/** Every message that a picture or a golden file shows: the same stories as Slack's, and answers. */
export const MESSAGES = {
  ...onDiscordAll(ON_SLACK),
  'answer-status': { ...ON_SLACK['card-running'], buttons: [], card: CARD },
  'answer-list': message({ text: `${FLEET.length} boxes`, lines: FLEET.map(({ text }) => text) }),
  'answer-info': infoOf({ testbox: PLUTO_BOX, active: null, lock: null, hardware: null }, SEEN_AT),
  'answer-help': helpText(new Set(['viewer', 'operator']), null),
} satisfies Record<string, ChatMessage>;

function onDiscordAll<Name extends string>(
  messages: Readonly<Record<Name, ChatMessage>>,
): Record<Name, ChatMessage> {
  const all: Record<Name, ChatMessage> = { ...messages };
  for (const name in all) all[name] = { ...all[name], mentions: all[name].mentions.map(onDiscord) };
  return all;
}
