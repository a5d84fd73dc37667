import { setTimeout as pause } from 'node:timers/promises';
import { REASON_FIELD } from '../../src/chat/slack/blocks/ids.ts';
import { withoutCommand } from '../../src/cli/demo/console-people.ts';
import { type ScriptPeople, ScriptStepError } from '../../src/lab/script/ports.ts';
import type { Delivery, FakeSlack, FakeSlackPerson, SeenMessage } from '../fakes/slack/types.ts';
import { ALICE, BOB, LAB, MALLORY } from '../fakes/slack/workspace.ts';
import { plainText } from './slack-text.ts';
import { comesTrue } from './slack-wait.ts';

const BUTTON_MS = 10_000;
const ANSWER_MS = 60_000;
/** How long people go on trying what Slack tells them has failed, and how fast. */
const PATIENCE_MS = 60_000;
const TRY_AGAIN_MS = 500;

const IDS: Readonly<Record<string, string>> = { alice: ALICE, bob: BOB, mallory: MALLORY };

/** The people in front of Slack's client, as a script's people. */
export function slackPeople(slack: FakeSlack): ScriptPeople {
  return {
    knows: (person) => person in IDS,
    say: async (person, line) => {
      const command = { user: idOf(person), text: withoutCommand(line), mark: slack.revision() };
      await delivered(() => slack.as(command.user).command(LAB, command.text));
      await answered(slack, command);
    },
    press: async (person, button) => {
      const at = slack.as(idOf(person));
      await delivered(async () => at.press(await findButton(slack, person, button), button.id));
      if (button.id !== 'deny') return;
      await dialogOpened(slack, at);
      await delivered(() => at.submit(button.input === null ? {} : { [REASON_FIELD]: button.input }));
    },
    mark: () => slack.revision(),
    read: (person, since) =>
      slack
        .changesSince(since, idOf(person))
        .filter(({ user }) => user === slack.botUser)
        .map(plainText),
  };
}

function idOf(person: string): string {
  const id = IDS[person];
  if (id === undefined) throw new ScriptStepError(`${person} is not on Slack`);
  return id;
}

/** Does it, and again when Slack says that the app did not respond, as people do. */
async function delivered(act: () => Delivery | Promise<Delivery>): Promise<void> {
  const lateAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const delivery = await act();
    try {
      await delivery.acknowledged;
      return;
    } catch (error) {
      if (Date.now() > lateAt) throw new ScriptStepError(`Slack could not reach the bot: ${String(error)}`);
      await pause(TRY_AGAIN_MS);
    }
  }
}

/** A typed decision that was carried out is told in the job's thread and on its card alone. */
const TOLD_IN_CHANNEL = /^(?:cancel|retry|release)\b/;

async function answered(
  slack: FakeSlack,
  command: { user: string; text: string; mark: number },
): Promise<void> {
  const { user, text, mark } = command;
  const news = () => slack.changesSince(mark, user).filter((message) => message.user === slack.botUser);
  const isAnswered = () => news().some(({ ephemeral }) => ephemeral || TOLD_IN_CHANNEL.test(text));
  if (!(await comesTrue(slack, isAnswered, ANSWER_MS)))
    throw new ScriptStepError(`the bot did not answer in ${ANSWER_MS / 1000} s`);
}

async function dialogOpened(slack: FakeSlack, person: FakeSlackPerson): Promise<void> {
  if (!(await comesTrue(slack, () => person.dialog() !== null, BUTTON_MS)))
    throw new ScriptStepError('no dialog was opened');
}

/** The newest one that the person sees, on a message that speaks of the box if one is named. */
async function findButton(
  slack: FakeSlack,
  person: string,
  wanted: { id: string; box: string | null },
): Promise<SeenMessage> {
  const find = () =>
    slack
      .as(idOf(person))
      .sees()
      .findLast((seen) => buttonsOf(seen).includes(wanted.id) && speaksOf(seen, wanted.box));
  await comesTrue(slack, () => find() !== undefined, BUTTON_MS);
  const found = find();
  if (found !== undefined) return found;
  const all = slack.as(idOf(person)).sees().flatMap(buttonsOf);
  const where = wanted.box === null ? '' : ` on a message about ${wanted.box}`;
  throw new ScriptStepError(
    `${person} sees no button ${wanted.id}${where}; there are: ${all.join(', ') || 'none'}`,
  );
}

function buttonsOf({ blocks }: SeenMessage): string[] {
  return blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) => ('action_id' in element ? [element.action_id ?? ''] : []))
      : [],
  );
}

function speaksOf(message: SeenMessage, box: string | null): boolean {
  if (box === null) return true;
  return `${message.text} ${plainText(message)}`.split(/[^A-Za-z0-9._-]+/).includes(box);
}
