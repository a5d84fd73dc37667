import { describe, expect, it } from 'vitest';
import { cardLinks } from '../../../src/chat/slack/links.ts';
import { message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { slackScene } from './slack-fixture.ts';

const CARD = { channel: 'C1', ref: 'C1:1700000000.000100' };

describe('a link to a card', () => {
  it.each(['https://acme.slack.com/', 'https://acme.slack.com'])('leads to its message at %s', (url) => {
    expect(cardLinks(() => url)(CARD)).toBe(
      '<https://acme.slack.com/archives/C1/p1700000000000100|the card>',
    );
  });

  it.each([
    ['it is not posted yet', 'https://acme.slack.com/', null],
    ['its reference is none of Slack', 'https://acme.slack.com/', 'message-1'],
    ['the address of the workspace is not known yet', null, CARD.ref],
  ])('leads to its channel while %s', (_why, url, ref) => {
    expect(cardLinks(() => url)({ channel: 'C1', ref })).toBe('<#C1>');
  });

  it('has the address of the workspace as soon as Slack can be asked', async () => {
    const { connect, slack, seen } = await slackScene({ rateLimits: false });
    const platform = connect();
    const notice = message('an approval is asked for', { card: { ...CARD, channel: LAB } });
    slack.failNext('auth.test', 'internal_error');

    await platform.post({ channel: LAB, nonce: 'n1' }, notice);
    await platform.post({ channel: LAB, nonce: 'n2' }, notice);
    await platform.post({ channel: LAB, nonce: 'n3' }, notice);

    const texts = seen(ALICE).map(({ text }) => text);
    expect(texts.map((text) => /acme\.slack\.com/.test(text))).toEqual([false, true, true]);
    expect(slack.calls().filter(({ method }) => method === 'auth.test')).toHaveLength(2);
  });
});
