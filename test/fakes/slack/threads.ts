import type { World } from './world.ts';

/**
 * The thread that a message goes into; null for the channel itself. Where the thread's first
 * message is gone, Slack posts into the channel without a word: only the answer, which then has
 * no `thread_ts`, tells.
 */
export function threadFor(world: World, channel: string, threadTs: string | null): string | null {
  const root = threadTs === null ? null : world.messages.find(channel, threadTs);
  if (root === null || root.onlyFor !== null) return null;
  if (root.threadTs === null) return threadTs;
  world.journal.breach(`thread_ts ${threadTs} is a reply's own; a thread goes by its first message`);
  return root.threadTs;
}
