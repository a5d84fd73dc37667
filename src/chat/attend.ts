import type { Log } from '../app/ports.ts';
import type { ChatPerson } from '../domain/person.ts';
import { words } from './message.ts';
import type { PrivateAnswers } from './platform.ts';

export type FoundPerson =
  | { kind: 'person'; person: ChatPerson }
  /** Nothing that they typed or clicked may have an effect; `why` is a sentence for them. */
  | { kind: 'refused'; why: string };

/** Something that a platform delivered, acknowledged already. */
export interface Delivered {
  /** For the log: `command`, `press` … */
  what: string;
  user: string;
  /** Null where nobody waits for an answer. */
  answers: PrivateAnswers | null;
  /** Tells somebody who is refused why; left out: a private answer. */
  refuse?: (why: string) => Promise<void>;
}

interface Attention {
  find: () => Promise<FoundPerson>;
  work: (person: ChatPerson) => Promise<void>;
}

/** Does the work for a person whom the platform vouches for. Nothing is thrown: nobody would catch it. */
export async function attendTo(log: Log, delivered: Delivered, { find, work }: Attention): Promise<void> {
  try {
    const { user, what } = delivered;
    const found = await find();
    if (found.kind === 'person') return await work(found.person);
    log.warn({ user, what, why: found.why }, 'somebody was refused');
    await refuse(delivered, found.why);
  } catch (error) {
    await apologise(log, delivered, error);
  }
}

async function refuse({ answers, refuse: tell }: Delivered, why: string): Promise<void> {
  if (tell !== undefined) return tell(why);
  await answers?.answer(words(why));
}

async function apologise(log: Log, { what, user, answers }: Delivered, error: unknown): Promise<void> {
  const errorId = crypto.randomUUID().slice(0, 8);
  log.error({ err: error, errorId, user, what }, 'something from the chat could not be dealt with');
  try {
    await answers?.answer(
      words(`Something went wrong here (error ${errorId}); it is in the bot's log. Try again.`),
    );
  } catch (lost) {
    log.error({ err: lost, errorId, user }, 'an answer could not be given');
  }
}
