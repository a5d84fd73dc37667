import { once } from 'node:events';
import { plainText } from '../../chat/console/render.ts';
import { type ChatRoom, isVisibleTo, type RoomMessage } from '../../chat/console/room.ts';
import type { Button } from '../../chat/platform.ts';
import { type ScriptPeople, ScriptStepError } from '../../lab/script/ports.ts';
import { PEOPLE } from './chat.ts';

/** The one channel of the console. */
export const CHANNEL = 'lab';

const BUTTON_MS = 10_000;
const HANDLED_MS = 60_000;

/** The people in front of the console chat, as a script's people. */
export function consolePeople(room: ChatRoom): ScriptPeople {
  return {
    knows: (person) => PEOPLE.some((name) => name === person),
    say: async (person, line) => {
      await handled(room, room.say(person, withoutCommand(line), { channel: CHANNEL, thread: null }));
    },
    press: async (person, button) => {
      const ref = (await findButton(room, person, button)).ref;
      const input = room.press(person, { ref, button: button.id, input: button.input });
      if (input === undefined) throw new ScriptStepError(`the button ${button.id} went away`);
      await handled(room, input);
    },
    mark: () => room.revision,
    read: (person, since) =>
      room
        .changesSince(since)
        .flatMap((change) =>
          (change.kind === 'posted' || change.kind === 'edited') && isVisibleTo(change.entry, person)
            ? [plainText(change.entry.message)]
            : [],
        ),
  };
}

/** People type `/testbox backup pluto` or just `backup pluto`; platforms pass on the latter. */
export function withoutCommand(line: string): string {
  return line.replace(/^\/testbox(\s+|$)/, '');
}

async function findButton(
  room: ChatRoom,
  person: string,
  wanted: { id: string; box: string | null },
): Promise<RoomMessage> {
  const patience = AbortSignal.timeout(BUTTON_MS);
  for (;;) {
    const seen = room.messages().filter((entry) => isVisibleTo(entry, person));
    const found = seen.findLast(
      ({ message }) => message.buttons.some(({ id }) => id === wanted.id) && speaksOf(message, wanted.box),
    );
    if (found !== undefined) return found;
    if (patience.aborted)
      throw new ScriptStepError(
        `${person} sees no button ${wanted.id}${ofBox(wanted.box)}; there are: ${listed(seen)}`,
      );
    await once(room, 'change', { signal: patience }).catch(() => undefined);
  }
}

function speaksOf(message: RoomMessage['message'], box: string | null): boolean {
  if (box === null) return true;
  return [message.title ?? '', message.text, ...message.lines]
    .join(' ')
    .split(/[^A-Za-z0-9._-]+/)
    .includes(box);
}

function ofBox(box: string | null): string {
  return box === null ? '' : ` on a message about ${box}`;
}

function listed(seen: readonly RoomMessage[]): string {
  const buttons: Button[] = seen.flatMap(({ message }) => message.buttons);
  return buttons.length === 0 ? 'none' : buttons.map(({ id }) => id).join(', ');
}

/** Until the bot has dealt with the input; one that is killed meanwhile gets it again. */
async function handled(room: ChatRoom, input: string): Promise<void> {
  const patience = AbortSignal.timeout(HANDLED_MS);
  while (room.isOpen(input)) {
    if (patience.aborted) throw new ScriptStepError(`the bot did not deal with it in ${HANDLED_MS / 1000} s`);
    await once(room, 'handled', { signal: patience }).catch(() => undefined);
  }
}
