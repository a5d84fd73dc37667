import type fc from 'fast-check';
import { textOf } from '../../hostile-text.ts';

const PIECES = [
  ...['<!channel>', '<@U0ALICE>', '<!subteam^S1>', '<https://evil.example|the card>', '\uff1e'],
  ...['&amp;', '&lt;', '~no~', '&'.repeat(700)],
];

export function hostileText(): fc.Arbitrary<string> {
  return textOf(PIECES);
}
