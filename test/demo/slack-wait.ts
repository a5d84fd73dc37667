import type { FakeSlack } from '../fakes/slack/types.ts';

/** Looks whenever something changes on Slack; false when it has not become true in that time. */
export async function comesTrue(slack: FakeSlack, isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const patience = AbortSignal.timeout(withinMs);
  while (!isTrue()) {
    if (patience.aborted) return false;
    await slack.changed(patience).catch(() => undefined);
  }
  return true;
}
