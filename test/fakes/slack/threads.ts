import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

/** The thread that a message goes into; null for the channel itself. @throws Refusal */
export function threadFor(world: World, channel: string, threadTs: string | null): string | null {
  if (threadTs === null) return null;
  const root = world.messages.find(channel, threadTs);
  if (root === null || root.onlyFor !== null) throw new Refusal('thread_not_found');
  if (root.threadTs === null) return threadTs;
  world.journal.breach(`thread_ts ${threadTs} is a reply's own; a thread goes by its first message`);
  return root.threadTs;
}
