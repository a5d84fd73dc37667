import { describe, expect, it } from 'vitest';
import { messageBlocks } from '../../../../src/chat/slack/blocks/message.ts';
import { worstCases } from '../../worst-cases.ts';
import { checkMessage } from './check-message.ts';
import { links } from './stories/people.ts';

describe('in the worst case, within the limits of Slack', () => {
  const cases = worstCases("<!here> & `'", (n) => ({ platform: 'slack', user: `U0${n}` }));

  it.each(cases)('%s', (_what, said) => {
    expect(() => checkMessage(messageBlocks(said, links))).not.toThrow();
  });
});
