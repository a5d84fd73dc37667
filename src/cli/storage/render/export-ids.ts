import type { TestboxAddress } from '../../../contract/address.ts';

/** Below are the ids of exports that are no box's. */
const FIRST = 16;
const LAST = 65_535;

/**
 * A number for each box's export, which is in the file handles that boxes hold: it must not change
 * when another box comes or goes, so it is made from the address (its lower half) and not from the
 * order. Boxes that would get the same one take the next free number.
 */
export function withExportIds<Box extends { address: TestboxAddress }>(
  boxes: readonly Box[],
): (Box & { exportId: number })[] {
  const taken = new Set<number>();
  const sorted = boxes.toSorted((one, other) => (one.address < other.address ? -1 : 1));
  return sorted.map((box) => {
    let exportId = lowerHalf(box.address);
    while (exportId < FIRST || taken.has(exportId)) exportId = exportId >= LAST ? FIRST : exportId + 1;
    taken.add(exportId);
    return { ...box, exportId };
  });
}

function lowerHalf(address: TestboxAddress): number {
  const [, , third = 0, fourth = 0] = address.split('.').map(Number);
  return third * 256 + fourth;
}
