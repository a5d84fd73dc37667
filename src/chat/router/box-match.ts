import type { Testbox } from '../../domain/testbox.ts';

/** `box2` stands before `box10`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A whole IPv4 address, whatever a paste brought along with it: a user, a port, a link. */
const ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/;

type Named = Pick<Testbox, 'name' | 'address' | 'groups'>;

/** The boxes whose name, address or group has what was typed; the best first. */
export function matchBoxes<Box extends Named>(boxes: readonly Box[], typed: string): Box[] {
  const wanted = tidy(typed);
  return boxes
    .map((box) => ({ box, rank: rankOf(box, wanted) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || byName.compare(a.box.name, b.box.name))
    .map(({ box }) => box);
}

/** Pasted text has blanks and characters that nobody sees. */
function tidy(typed: string): string {
  const plain = typed
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return ADDRESS.exec(plain)?.[0] ?? plain;
}

/** Smaller is better; null when the box has nothing of it. */
function rankOf({ name, address, groups }: Named, wanted: string): number | null {
  const lowerName = name.toLowerCase();
  if (lowerName === wanted || address === wanted) return 0;
  if (lowerName.startsWith(wanted)) return 1;
  if (address.startsWith(wanted)) return 2;
  if (groups.some((group) => group.toLowerCase().includes(wanted))) return 3;
  return lowerName.includes(wanted) || address.includes(wanted) ? 4 : null;
}
