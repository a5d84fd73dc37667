import type { ChatPerson } from '../../../domain/person.ts';
import { words } from '../../message.ts';
import type { PrivateAnswers } from '../../platform.ts';
import type { Listening } from './parts.ts';

/** Something that Slack delivered, acknowledged already. */
export interface Delivered {
  /** For the log: `command`, `press` … */
  what: string;
  /** The same in every delivery of it. */
  key: string | undefined;
  user: string;
  /** Null where nobody waits for an answer. */
  answers: PrivateAnswers | null;
  /** Tells somebody who is refused why; left out: a private answer. */
  refuse?: (why: string) => Promise<void>;
}

/** Does the work once, for a person whom Slack vouches for. Nothing is thrown: nobody would catch it. */
export async function attend(
  on: Listening,
  delivered: Delivered,
  work: (person: ChatPerson) => Promise<void>,
): Promise<void> {
  if (!on.seen.isNew(delivered.key)) return;
  try {
    const { user, what } = delivered;
    const found = await on.people.find(user);
    if (found.kind === 'person') return await work(found.person);
    on.log.warn({ user, what, why: found.why }, 'somebody was refused');
    await refuse(delivered, found.why);
  } catch (error) {
    await apologise(on, delivered, error);
  }
}

/** Slack wants this within 3 s and tells the person of a failure when it never comes. */
export async function acknowledge(on: Pick<Listening, 'log'>, ack: () => Promise<void>): Promise<void> {
  try {
    await ack();
  } catch (error) {
    // The socket is gone. The work is done nevertheless: its answer goes another way.
    on.log.warn({ err: error }, 'an acknowledgement did not reach Slack');
  }
}

async function refuse({ answers, refuse: tell }: Delivered, why: string): Promise<void> {
  if (tell !== undefined) return tell(why);
  await answers?.answer(words(why));
}

async function apologise(on: Listening, { what, user, answers }: Delivered, error: unknown): Promise<void> {
  const errorId = crypto.randomUUID().slice(0, 8);
  on.log.error({ err: error, errorId, user, what }, 'something from Slack could not be dealt with');
  try {
    await answers?.answer(
      words(`Something went wrong here (error ${errorId}); it is in the bot's log. Try again.`),
    );
  } catch (lost) {
    on.log.error({ err: lost, errorId, user }, 'an answer could not be given');
  }
}
