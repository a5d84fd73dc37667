import type { Budget, SpareRule } from '../pacer.ts';

/** The key of everything: Discord takes 50 requests a second of a bot. */
export const ALL = 'all';

/** The key of a channel's posts, those in its threads included. */
export function postsIn(channel: string): string {
  return `post:${channel}`;
}

/** The key of a channel's edits. */
export function editsIn(channel: string): string {
  return `edit:${channel}`;
}

/**
 * Discord tells the limits of a route only with its answers; five in five seconds is what a
 * channel's posts and edits usually have. Kept a little below, so that the SDK, which counts what
 * the answers say, has to hold back nothing.
 */
export function discordBudget(key: string): Budget {
  if (key === ALL) return { count: 40, perMs: 1_000, forPeople: 10 };
  return key.startsWith('edit:') ? { count: 4, perMs: 5_100, forPeople: 1 } : { count: 4, perMs: 5_100 };
}

/** Edits that only show progress: stages and people have to get through beside them. */
export const PROGRESS_EDITS: SpareRule = { atMost: 2, leave: 1 };
export const PROGRESS_CALLS: SpareRule = { atMost: 15, leave: 10 };
