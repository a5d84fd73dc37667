import { REASON_FIELD } from '../../src/chat/slack/blocks/ids.ts';
import type { ScriptPeople } from '../../src/lab/script/ports.ts';
import type { FakeSlack, SeenMessage } from '../fakes/slack/types.ts';
import { ALICE, BOB, LAB, MALLORY } from '../fakes/slack/workspace.ts';
import type { ChatFront, FrontMessage } from './chat-front.ts';
import { chatPeople } from './chat-people.ts';
import { plainText } from './slack-text.ts';

/** The people in front of Slack's client, as a script's people. */
export function slackPeople(slack: FakeSlack): ScriptPeople {
  return chatPeople(slackFront(slack));
}

/** Slack as its people sit in front of it. */
export function slackFront(slack: FakeSlack): ChatFront {
  return {
    name: 'Slack',
    users: { alice: ALICE, bob: BOB, mallory: MALLORY },
    botUser: slack.botUser,
    revision: () => slack.revision(),
    changed: (signal) => slack.changed(signal),
    changesSince: (revision, user) => slack.changesSince(revision, user).map(frontMessage),
    sees: (user) => slack.as(user).sees().map(frontMessage),
    breaches: () => slack.breaches(),
    type: (user, line) => slack.as(user).command(LAB, line).acknowledged,
    press: (user, { id: ts }, button) => slack.as(user).press({ channel: LAB, ts }, button).acknowledged,
    hasDialog: (user) => slack.as(user).dialog() !== null,
    giveReason: (user, reason) =>
      slack.as(user).submit(reason === null ? {} : { [REASON_FIELD]: reason }).acknowledged,
  };
}

function frontMessage(message: SeenMessage): FrontMessage {
  const { ts: id, user: author, ephemeral } = message;
  return { id, author, ephemeral, text: plainText(message), buttons: buttonsOf(message) };
}

function buttonsOf({ blocks }: SeenMessage): string[] {
  return blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) => ('action_id' in element ? [element.action_id ?? ''] : []))
      : [],
  );
}
