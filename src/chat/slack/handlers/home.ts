import type { AppHomeOpenedEvent } from '@slack/types';
import { attend } from './attend.ts';
import type { Listening } from './parts.ts';

/** Somebody looks at the bot's Home tab. Bolt has acknowledged it. */
export async function onHomeOpened(
  on: Listening,
  { event, eventId }: { event: AppHomeOpenedEvent; eventId: string | undefined },
): Promise<void> {
  if (event.tab !== 'home') return;
  const { user } = event;
  const refuse = (why: string) => on.homes.showRefusal(user, why);
  await attend(on, { what: 'home', key: eventId, user, answers: null, refuse }, (person) =>
    on.homes.show(person),
  );
}
