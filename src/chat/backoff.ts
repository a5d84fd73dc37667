/**
 * At once, then 1 s, 2 s … 30 s, less up to a quarter, so that bots that lost one network don't
 * all come back together.
 *
 * @param chance 0 to 1
 */
export function backoffMs(failures: number, chance: number): number {
  return failures === 0 ? 0 : Math.min(30_000, 500 * 2 ** failures) * (1 - chance / 4);
}
