import { setTimeout as pause } from 'node:timers/promises';
import { withoutCommand } from '../../src/cli/demo/console-people.ts';
import { type ScriptPeople, ScriptStepError } from '../../src/lab/script/ports.ts';
import { type ChatFront, comesTrue, type FrontMessage } from './chat-front.ts';

const BUTTON_MS = 30_000;
const ANSWER_MS = 60_000;
/** How long people go on trying what the chat tells them has failed, and how fast. */
const PATIENCE_MS = 60_000;
const TRY_AGAIN_MS = 500;

/** The people in front of a chat, as a script's people. */
export function chatPeople(chat: ChatFront): ScriptPeople {
  return {
    knows: (person) => person in chat.users,
    say: async (person, line) => {
      const command = { user: idOf(chat, person), text: withoutCommand(line), mark: chat.revision() };
      await delivered(chat, () => chat.type(command.user, command.text));
      await answered(chat, command);
    },
    press: async (person, button) => {
      const user = idOf(chat, person);
      await delivered(chat, async () => chat.press(user, await findButton(chat, person, button), button.id));
      if (button.id !== 'deny') return;
      if (!(await comesTrue(chat, () => chat.hasDialog(user), BUTTON_MS)))
        throw new ScriptStepError('no dialog was opened');
      await delivered(chat, () => chat.giveReason(user, button.input));
    },
    mark: () => chat.revision(),
    read: (person, since) =>
      chat
        .changesSince(since, idOf(chat, person))
        .filter(({ author }) => author === chat.botUser)
        .map(({ text }) => text),
  };
}

function idOf({ users, name }: ChatFront, person: string): string {
  const id = users[person];
  if (id === undefined) throw new ScriptStepError(`${person} is not on ${name}`);
  return id;
}

/** Does it, and again when the chat says that the app did not respond, as people do. */
async function delivered({ name }: ChatFront, act: () => Promise<unknown>): Promise<void> {
  const lateAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (error instanceof ScriptStepError) throw error;
      if (Date.now() > lateAt) throw new ScriptStepError(`${name} could not reach the bot: ${String(error)}`);
      await pause(TRY_AGAIN_MS);
    }
  }
}

async function answered(chat: ChatFront, { user, mark }: { user: string; mark: number }): Promise<void> {
  const news = () => chat.changesSince(mark, user).filter(({ author }) => author === chat.botUser);
  const isAnswer = (message: FrontMessage) => message.text !== '' && message.ephemeral;
  if (!(await comesTrue(chat, () => news().some(isAnswer), ANSWER_MS)))
    throw new ScriptStepError(`the bot did not answer in ${ANSWER_MS / 1000} s`);
}

/** The newest one that the person sees, on a message that speaks of the box if one is named. */
async function findButton(
  chat: ChatFront,
  person: string,
  wanted: { id: string; box: string | null },
): Promise<FrontMessage> {
  const seen = () => chat.sees(idOf(chat, person));
  const find = () =>
    seen().findLast((message) => message.buttons.includes(wanted.id) && speaksOf(message, wanted.box));
  await comesTrue(chat, () => find() !== undefined, BUTTON_MS);
  const found = find();
  if (found !== undefined) return found;
  const all = seen().flatMap(({ buttons }) => buttons);
  const where = wanted.box === null ? '' : ` on a message about ${wanted.box}`;
  throw new ScriptStepError(
    `${person} sees no button ${wanted.id}${where}; there are: ${all.join(', ') || 'none'}`,
  );
}

function speaksOf({ text }: FrontMessage, box: string | null): boolean {
  return box === null || text.split(/[^A-Za-z0-9._-]+/).includes(box);
}
