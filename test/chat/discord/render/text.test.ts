import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clip,
  escapeCode,
  escapeOneLine,
  escapeText,
  plainLine,
} from '../../../../src/chat/discord/render/text.ts';
import { discordHtml, inlineHtml } from '../../../pictures/html/discord-markdown.ts';
import { hostileText } from './hostile.ts';

const ZERO_WIDTH = '\u200b';
const NOBODY = { users: {}, roles: {}, channels: {} };

describe("text for Discord's markdown", () => {
  it.each([
    ['mentions', '<@1> <@&2> <#3> <t:1>', '\\<@1> \\<@&2> \\<#3> \\<t:1>'],
    ['mentions of everybody', '@everyone, `@here`', `@${ZERO_WIDTH}everyone, \`@${ZERO_WIDTH}here\``],
    ['addresses', 'see https://evil.example/a_b', 'see https:\\//evil.example/a\\_b'],
    ['links with a label', '[the card](https://evil.example)', '[the card]\\(https:\\//evil.example)'],
    ['bold', 'a **bold** word', 'a \\*\\*bold\\*\\* word'],
    ['italics', 'an _italic_ word', 'an \\_italic\\_ word'],
    ['struck words', 'a ~~struck~~ word', 'a \\~~struck\\~~ word'],
    ['hidden words', 'a ||hidden|| word', 'a \\||hidden\\|| word'],
    ['escapes', 'C:\\_x', 'C:\\\\\\_x'],
    ['a quotation', '> said so', '\\> said so'],
    ['a long quotation', '>>> said so', '\\>>> said so'],
    ['a heading', '  ## loud', '  \\## loud'],
    ['small print', '-# quiet', '\\-# quiet'],
    ['lists', '- one\n+ two\n3. three', '\\- one\n\\+ two\n3\\. three'],
    ['an open code block', '```rm -rf', '\\`\\`\\`rm -rf'],
    ['a stray backtick', "it's ` here", "it's \\` here"],
    ['code without anything in it', '` `', '\\` \\`'],
    ['emoji names', ':tada: x:ab:y', '\\:tada: x\\:ab:y'],
  ])('takes the effect from %s', (_what, text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
    expect(shown(escaped)).toBe(shownRaw(text));
  });

  it.each([
    ['our code', 'Did you mean `pluto`?'],
    ['code with brackets and signs', 'type `restore <box>` `*.raw_x_` `:ab:` `C:\\`.'],
    ['single signs', 'a|b ~4 min [x] (y) 1.5 -1 #5 a > b'],
    ['times of day', '17:28:05'],
    ['disk paths with numbers', 'pci-0000:00:1f.2-ata-1'],
    ['lines', 'one\n\n  two'],
    ['the track of a job', '✓ reboot ▸ boot ○ back'],
  ])('leaves %s alone', (_what, text) => {
    expect(escapeText(text)).toBe(text);
  });

  it('shows a MAC address as code, for Discord would show 🆎 for a part of it', () => {
    expect(escapeText('MAC 52:54:00:ab:cd:ef, eth0')).toBe('MAC `52:54:00:ab:cd:ef`, eth0');
  });

  it('has no control characters, no half characters and no turned text', () => {
    expect(escapeText('a\u0007b\tc\r\nd\ud83de\u202ef\u2028g')).toBe('a b c\nd\ufffdef\ng');
    expect(escapeOneLine('one\ntwo')).toBe('one two');
    expect(escapeCode('a`b\n<c> @here')).toBe(`a\u02cbb <c> @${ZERO_WIDTH}here`);
  });

  it('formats nothing but code, whatever is in it', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const escaped = escapeText(text);

        expect(tagsOf(discordHtml(escaped, NOBODY).replace(/<\/?div>/g, ''))).toEqual([]);
        expect(tagsOf(inlineHtml(escaped, NOBODY))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no longer for long lines than they are long', () => {
    for (const part of ['`', '*a ', ':a', '_', 'a:b:', '` ', '\\', '52:54:', '](', '- ', '||']) {
      expect(escapeText(part.repeat(50_000)).length).toBeGreaterThan(40_000);
    }
  });
});

describe('clipping', () => {
  it.each([
    ['leaves what fits', 'four', 4, 'four'],
    ['says that something was cut', 'fourty', 4, 'fou…'],
    ['never splits an escape', 'ab\\*cd', 4, 'ab…'],
    ['keeps an escape that fits', 'ab\\*cdef', 6, 'ab\\*c…'],
    ['never splits a character', 'ab😀cd', 4, 'ab…'],
    ['closes code', 'x `abcdef` y', 8, 'x `abc…`'],
    ['knows that code has no escapes', '`C:\\` and more', 9, '`C:\\` an…'],
    ['never splits a link', 'see [the card](https://x.example) now', 20, 'see …'],
    ['never splits a mention', 'see <@123456789> now', 12, 'see …'],
  ])('%s', (_what, text, limit, clipped) => {
    expect(clip(text, limit)).toBe(clipped);
  });

  it('stays within its limit and formats nothing, whatever the text and the limit', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 2, max: 300 }), (text, limit) => {
        const clipped = clip(escapeOneLine(text), limit);

        expect(clipped.length).toBeLessThanOrEqual(limit);
        expect(clipped.isWellFormed()).toBe(true);
        expect(tagsOf(inlineHtml(clipped, NOBODY))).toEqual([]);
      }),
    );
  });
});

describe('plain text', () => {
  it.each([
    ['one line of it', 'a\nb', 10, 'a b'],
    ['a sign for nothing', ' \n ', 10, '…'],
    ['what was written', '*<&_', 10, '*<&_'],
    ['whole characters', '😀😀😀', 5, '😀😀…'],
  ])('is %s', (_what, text, limit, plain) => {
    expect(plainLine(text, limit)).toBe(plain);
  });

  it('is never empty and within its limit', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 2, max: 100 }), (text, limit) => {
        const plain = plainLine(text, limit);

        expect(plain.trim()).not.toBe('');
        expect(plain.length).toBeLessThanOrEqual(limit);
        expect(plain.isWellFormed()).toBe(true);
      }),
    );
  });
});

/** What formats: all tags but those of code, which is ours. */
function tagsOf(html: string): string[] {
  return html.replace(/<code>[^<>]*<\/code>/g, '').match(/<[^>]*>/g) ?? [];
}

/** What a reader sees of it, without tags. */
function shown(escaped: string): string {
  return inlineHtml(escaped, NOBODY)
    .replace(/<[^>]*>/g, '')
    .replaceAll(ZERO_WIDTH, '');
}

function shownRaw(text: string): string {
  return text
    .replace(/`(@here)`/, '$1')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
