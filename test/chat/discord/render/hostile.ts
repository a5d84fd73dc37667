import type fc from 'fast-check';
import { textOf } from '../../hostile-text.ts';

const PIECES = [
  ...['@everyone', '@here', '<@100>', '<@!100>', '<@&200>', '<#300>', '<t:1700000000:R>', '</testbox:1>'],
  ...['<:ab:1>', '<a:ab:1>', 'https://evil.example/', '[the card](https://evil.example)', '[a](', '](', ')'],
  ...['>>> ', '> ', '||', '# ', '### ', '-# ', '- ', '+ ', '* ', '1. ', '-', '#', '**', '__', '~~no~~'],
  ...['||no||', '\\\\', ':100:', 'http:', '//', '://', '*'.repeat(700)],
];

export function hostileText(): fc.Arbitrary<string> {
  return textOf(PIECES);
}
