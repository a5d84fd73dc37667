import type { App } from '../../app/app.ts';
import { isActive, type Job } from '../../domain/job.ts';
import type { ChatPerson } from '../../domain/person.ts';
import type { CardPlace, MessageRef } from '../platform.ts';

/** Whom the card is shown to; `thread` is the card in whose thread they are already. */
export interface Onlooker {
  person: Pick<ChatPerson, 'platform'>;
  thread?: MessageRef | null;
}

/** Where the job's card is; null where the person can't follow a link to it, or needs none. */
export async function cardPlaceOf(
  app: App,
  job: Job,
  { person, thread = null }: Onlooker,
): Promise<CardPlace | null> {
  const { platform, channel } = job.origin;
  if (platform !== person.platform) return null;
  const ref = await app.refs.find(job.id, 'card');
  // A plan has no card before its Confirm, and one that ended without it never gets any.
  if (ref === null) return isActive(job.state) ? { channel, ref } : null;
  return ref === thread ? null : { channel, ref };
}
