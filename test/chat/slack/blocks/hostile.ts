import fc from 'fast-check';

const PIECES = [
  ...[
    '<!channel>',
    '<@U0ALICE>',
    '<!subteam^S1>',
    '<https://evil.example|the card>',
    '<',
    '>',
    '|',
    '\uff1e',
  ],
  ...[
    '&',
    '&amp;',
    '&lt;',
    '`',
    '``',
    '```',
    '*',
    '_',
    '~',
    '*bold*',
    '_it_',
    '~no~',
    ':ab:',
    ':',
    '52:54:00:ab:cd:ef',
  ],
  ...['\n', '\r\n', '\t', ' ', '  ', '\u0000', '\u001b[31m', '\u202e', '\u2028', '\u200b', '\u00a0'],
  ...[
    '😀',
    '👩‍👩‍👧',
    '\ud83d',
    '\ude00',
    'é',
    'ｘ',
    'word',
    'a',
    '1',
    '"',
    '\\',
    'x'.repeat(400),
    '&'.repeat(700),
  ],
];

/** What boxes and people might write, and what nobody would. */
export function hostileText(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary' })), { maxLength: 12 })
    .map((parts) => parts.join(''));
}
