import fc from 'fast-check';

const PIECES = [
  ...['@everyone', '@here', '<@100>', '<@!100>', '<@&200>', '<#300>', '<t:1700000000:R>', '</testbox:1>'],
  ...['<:ab:1>', '<a:ab:1>', 'https://evil.example/', '[the card](https://evil.example)', '[a](', '](', ')'],
  ...['<', '>', '>>> ', '> ', '|', '||', '# ', '### ', '-# ', '- ', '+ ', '* ', '1. ', '-', '#'],
  ...['`', '``', '```', '*', '**', '_', '__', '~', '~~', '*bold*', '_it_', '~~no~~', '||no||', '\\', '\\\\'],
  ...[':ab:', ':', ':100:', '52:54:00:ab:cd:ef', 'http:', '//', '://'],
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
    '&',
    'x'.repeat(400),
    '*'.repeat(700),
  ],
];

/** What boxes and people might write, and what nobody would. */
export function hostileText(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: 'binary' })), {
      maxLength: 12,
    })
    .map((parts) => parts.join(''));
}
