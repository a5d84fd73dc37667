import { mentionedUsers, type Names } from '../clean-text.ts';
import type { Listening } from './parts.ts';

/** What the users whom a text mentions are called. */
export async function namesIn(on: Pick<Listening, 'people'>, text: string): Promise<Names> {
  const users = [...new Set(mentionedUsers(text))];
  const names = await Promise.all(users.map((user) => on.people.nameOf(user)));
  return new Map(users.map((user, at) => [user, names[at] ?? user]));
}
