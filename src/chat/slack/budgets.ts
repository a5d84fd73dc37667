import type { Budget, SpareRule } from '../pacer.ts';

/** The key of all edits: Slack counts them for the whole workspace. */
export const EDITS = 'edit';

/** The key of a channel's posts, those in threads included; of a person's for direct messages. */
export function postsIn(channel: string): string {
  return `post:${channel}`;
}

/**
 * What Slack takes, with something left for calls that bunch up on their way: `chat.update`
 * 50 a minute (tier 3), `chat.postMessage` one a second in a channel. Fifty jobs have more
 * stages than there are edits: those that people wait for find room all the same, and a
 * channel's summary card twelve times a minute.
 */
export function slackBudget(key: string): Budget {
  return key === EDITS ? { count: 45, perMs: 61_000, forPeople: 15 } : { count: 1, perMs: 1_100 };
}

/** Edits that only show progress: every state of every job has to get through beside them. */
export const PROGRESS_EDITS: SpareRule = { atMost: 20, leave: 10 };
