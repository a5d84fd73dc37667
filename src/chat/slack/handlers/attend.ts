import type { ChatPerson } from '../../../domain/person.ts';
import { attendTo, type Delivered } from '../../attend.ts';
import type { Listening } from './parts.ts';

/** @param delivered.key the same in every delivery of it */
export async function attend(
  on: Listening,
  delivered: Delivered & { key: string | undefined },
  work: (person: ChatPerson) => Promise<void>,
): Promise<void> {
  if (!on.seen.isNew(delivered.key)) return;
  await attendTo(on.log, delivered, { find: () => on.people.find(delivered.user), work });
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
