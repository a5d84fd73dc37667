import { describe, expect, it } from 'vitest';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';

const links = cardLinks('900000000000000001');
const LAB = '900000000000000002';

describe('a link to a card', () => {
  it('leads to its message', () => {
    expect(links({ channel: LAB, ref: `${LAB}:900000000000000003` })).toBe(
      `[the card](https://discord.com/channels/900000000000000001/${LAB}/900000000000000003)`,
    );
  });

  it.each([
    ['it is not posted yet', null],
    ['its reference is none of Discord', 'message-1'],
  ])('leads to its channel while %s', (_why, ref) => {
    expect(links({ channel: LAB, ref })).toBe(`<#${LAB}>`);
  });

  it('is the name of a channel that is none of Discord', () => {
    expect(links({ channel: '_lab_', ref: null })).toBe('\\_lab\\_');
  });
});
