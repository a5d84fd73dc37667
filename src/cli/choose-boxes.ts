import { didYouMean } from '../domain/did-you-mean.ts';
import type { Testbox } from '../domain/testbox.ts';

/** The boxes that somebody typed by name or address; all of them for nothing. */
export function chooseBoxes(
  all: readonly Testbox[],
  typed: readonly string[],
): { boxes: readonly Testbox[] } | { problems: string[] } {
  if (typed.length === 0) return { boxes: all };
  const found = typed.map(
    (word) =>
      all.find(({ name, address }) => name.toLowerCase() === word.toLowerCase() || address === word) ?? word,
  );
  const unknown = found.filter((box) => typeof box === 'string');
  if (unknown.length > 0) return { problems: unknown.map((word) => unknownBox(word, all)) };
  return { boxes: found.filter((box) => typeof box !== 'string') };
}

function unknownBox(typed: string, all: readonly Testbox[]): string {
  const meant = didYouMean(
    typed,
    all.map(({ name }) => name),
  );
  return `there is no box "${typed}" in the inventory${meant === null ? '' : `, did you mean ${meant}?`}`;
}
