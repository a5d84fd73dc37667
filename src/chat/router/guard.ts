import type { Log } from '../../app/ports.ts';
import type { ChatPerson } from '../../domain/person.ts';

/** What people are told when something unknown went wrong. */
export function faultText(errorId: string): string {
  return `Something went wrong here (error ${errorId}); it is in the bot's log. Nothing was started.`;
}

/** Nobody is left without an answer: an unknown error is logged under an id to ask about. */
export async function guarded<Answer>(
  { log, person }: { log: Log; person: ChatPerson },
  work: () => Promise<Answer>,
  fault: (errorId: string) => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const errorId = crypto.randomUUID().slice(0, 8);
    log.error({ err: error, errorId, user: person.user }, 'what a person asked for failed');
    return fault(errorId);
  }
}
