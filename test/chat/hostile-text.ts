import fc from 'fast-check';

/** What boxes and people might write, and what nobody would: pieces in any order, and anything. */
export function textOf(pieces: readonly string[]): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.constantFrom(...pieces, ...ANYWHERE), fc.string({ unit: 'binary' })), {
      maxLength: 12,
    })
    .map((parts) => parts.join(''));
}

/** Trouble on any platform. */
const ANYWHERE = [
  ...['\n', '\r\n', '\t', ' ', '  ', '\u0000', '\u001b[31m', '\u202e', '\u2028', '\u200b', '\u00a0'],
  ...['😀', '👩‍👩‍👧', '\ud83d', '\ude00', 'é', 'ｘ', 'word', 'a', '1', '"', '\\', '&', 'x'.repeat(400)],
  ...['`', '``', '```', '*', '_', '~', '*bold*', '_it_', ':ab:', ':', '52:54:00:ab:cd:ef', '<', '>', '|'],
];
