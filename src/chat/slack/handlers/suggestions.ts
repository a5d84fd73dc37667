import type { BlockOptions, BlockSuggestion } from '@slack/bolt';
import type { Option } from '@slack/types';
import { withTimeLimit } from '../../time-limit.ts';
import { suggestionOptions } from '../blocks/suggestions.ts';
import { acknowledge } from './attend.ts';
import type { Listening } from './parts.ts';

/** Of the 3 s that Slack waits for suggestions. */
const SUGGESTED_WITHIN_MS = 2_000;

/** The boxes that fit what somebody has typed into the form's field so far. */
export async function onSuggestion(
  on: Listening,
  { body, ack }: { body: BlockSuggestion; ack: (options: BlockOptions) => Promise<void> },
): Promise<void> {
  const options = await suggested(on, body);
  await acknowledge(on, () => ack({ options }));
}

/** None when the app fails or is slow: Slack says then that there are no results. */
async function suggested(on: Listening, { user, value }: BlockSuggestion): Promise<Option[]> {
  try {
    return await withTimeLimit({ clock: on.clock, ms: SUGGESTED_WITHIN_MS }, async () => {
      const found = await on.people.find(user.id);
      if (found.kind === 'refused') return [];
      return suggestionOptions(await on.inbound.suggestBoxes(found.person, value));
    });
  } catch (error) {
    on.log.error({ err: error, user: user.id }, 'no boxes could be suggested');
    return [];
  }
}
