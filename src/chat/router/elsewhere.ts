import type { App } from '../../app/app.ts';
import { viewOf } from '../../app/look.ts';
import type { Job } from '../../domain/job.ts';
import type { ChatPerson } from '../../domain/person.ts';
import { renderCard } from '../card.ts';
import { formatTime } from '../format.ts';
import type { ChatMessage } from '../platform.ts';
import { PLATFORM_TITLES } from '../platform-title.ts';

/** The job's card is on a platform where this person doesn't see it. */
export function isElsewhere({ origin }: Job, person: Pick<ChatPerson, 'platform'>): boolean {
  return origin.platform !== person.platform;
}

/**
 * The card with its buttons, for somebody who can't go where it is. Nobody edits it: it says so,
 * and that nothing is approved unseen is the buttons' doing, which name what they agree to.
 */
export async function copyOfCard(app: App, job: Job, note: string | null = null): Promise<ChatMessage> {
  const card = renderCard(await viewOf(app, job));
  const where = `The card is on ${PLATFORM_TITLES[job.origin.platform]}. This copy shows`;
  const when = `how it stood at ${formatTime(app.clock.now())}.`;
  return { ...card, lines: [...(note === null ? [] : [note, '']), where, when, '', ...card.lines] };
}

/** How somebody who can't go to the card reads the plan and decides; nothing for everybody else. */
export function wayToDecide(job: Job, person: Pick<ChatPerson, 'platform'>): string {
  return isElsewhere(job, person)
    ? ` · \`/testbox status ${job.testbox.name}\` shows it, with its buttons`
    : '';
}
