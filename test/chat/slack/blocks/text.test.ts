import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clip,
  escapeCode,
  escapeOneLine,
  escapeText,
  plainLine,
} from '../../../../src/chat/slack/blocks/text.ts';
import { mrkdwnHtml } from '../../../pictures/html/mrkdwn.ts';
import { hostileText } from './hostile.ts';

const ZERO_WIDTH = '\u200b';

describe('text for mrkdwn', () => {
  it.each([
    ['mentions', '<!channel> <@U1> <!subteam^S1>', '&lt;!channel&gt; &lt;@U1&gt; &lt;!subteam^S1&gt;'],
    ['links', '<https://evil.example|the card>', '&lt;https://evil.example|the card&gt;'],
    ['escapes', 'R&D &amp; &lt;', 'R&amp;D &amp;amp; &amp;lt;'],
    ['bold', 'a *bold* word', 'a \u2217bold* word'],
    ['italics', 'an _italic_ word', 'an \u02cditalic_ word'],
    ['struck words', 'a ~struck~ word', 'a \u223cstruck~ word'],
    ['a quotation', '> said so', '\u203a said so'],
    ['a quotation in other widths', '\uff1e said so', '\u203a said so'],
    ['an open code block', '```rm -rf', '\u02cb\u02cb\u02cbrm -rf'],
    ['a stray backtick', "it's ` here", "it's \u02cb here"],
    ['backticks within a word', 'no box `pl`uto`', 'no box \u02cbpl\u02cbuto\u02cb'],
    ['code without anything in it', '` `', '\u02cb \u02cb'],
    ['emoji names', ':tada: x:ab:y', `:${ZERO_WIDTH}tada: x:${ZERO_WIDTH}ab:y`],
  ])('takes the effect from %s', (_what, text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  it.each([
    ['our code', 'Did you mean `pluto`?', 'Did you mean `pluto`?'],
    ['code with brackets', 'type `restore <box>`.', 'type `restore &lt;box&gt;`.'],
    ['formatting signs in code', '`*.raw *.gz _x_ :ab:`', '`*.raw *.gz _x_ :ab:`'],
    ['names with underscores', 'sda_1 and snake_case', 'sda_1 and snake_case'],
    ['a sign that opens nothing', '2 * 3, *.raw, ~4 min, _x', '2 * 3, *.raw, ~4 min, _x'],
    ['times of day', '17:28:05', '17:28:05'],
    ['disk paths with numbers', 'pci-0000:00:1f.2-ata-1', 'pci-0000:00:1f.2-ata-1'],
    ['lines', 'one\n\n  two', 'one\n\n  two'],
  ])('leaves %s alone', (_what, text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  it('shows a MAC address as code, for Slack would show 🆎 for a part of it', () => {
    expect(escapeText('MAC 52:54:00:ab:cd:ef, eth0')).toBe('MAC `52:54:00:ab:cd:ef`, eth0');
  });

  it('has no control characters, no half characters and no turned text', () => {
    expect(escapeText('a\u0007b\tc\r\nd\ud83de\u202ef\u2028g')).toBe('a b c\nd\ufffdef\ng');
    expect(escapeOneLine('one\ntwo')).toBe('one two');
    expect(escapeCode('a`b\n<c>')).toBe('a\u02cbb &lt;c&gt;');
  });

  it('formats nothing but code, whatever is in it', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const html = mrkdwnHtml(escapeText(text), { users: {}, channels: {} });

        expect(html.replaceAll('<br>', '\n').replace(/<code>[^<>\n]*<\/code>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });

  it('takes no longer for long lines than they are long', () => {
    for (const part of ['`', '*a ', ':a', '_', 'a:b:', '` ', '&', '52:54:']) {
      expect(escapeText(part.repeat(50_000)).length).toBeGreaterThan(40_000);
    }
  });
});

describe('clipping', () => {
  it.each([
    ['leaves what fits', 'four', 4, 'four'],
    ['says that something was cut', 'fourty', 4, 'fou…'],
    ['never splits an escape', 'ab&amp;cd', 6, 'ab…'],
    ['keeps an escape that fits', 'ab&amp;cdef', 8, 'ab&amp;…'],
    ['never splits a character', 'ab😀cd', 4, 'ab…'],
    ['closes code', 'x `abcdef` y', 8, 'x `abc…`'],
    ['never splits a link', 'see <https://x.example|the card> now', 20, 'see …'],
  ])('%s', (_what, text, limit, clipped) => {
    expect(clip(text, limit)).toBe(clipped);
  });

  it('stays within its limit and whole, whatever the text and the limit', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 2, max: 300 }), (text, limit) => {
        const clipped = clip(escapeOneLine(text), limit);

        expect(clipped.length).toBeLessThanOrEqual(limit);
        expect(clipped.isWellFormed()).toBe(true);
        expect(clipped).not.toMatch(/&(?!(?:amp|lt|gt);)/);
        expect((clipped.split('`').length - 1) % 2).toBe(0);
      }),
    );
  });
});

describe('plain text', () => {
  it.each([
    ['one line of it', 'a\nb', 10, 'a b'],
    ['a sign for nothing', ' \n ', 10, '…'],
    ['less where Slack escapes it', '&&&&', 15, '&&…'],
    ['whole characters', '😀😀😀', 5, '😀😀…'],
  ])('is %s', (_what, text, limit, plain) => {
    expect(plainLine(text, limit)).toBe(plain);
  });

  it('is never empty and within its limit, escaped or not', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 5, max: 150 }), (text, limit) => {
        const plain = plainLine(text, limit);
        const escaped = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

        expect(plain.trim()).not.toBe('');
        expect(escaped.length).toBeLessThanOrEqual(limit);
        expect(plain.isWellFormed()).toBe(true);
      }),
    );
  });
});
