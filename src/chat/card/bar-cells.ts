/** Phones show as many beside a disk's name and its rate. */
const BAR_CELLS = 12;

/** A bar's cells, done and to do. A bar that isn't done never looks done. */
export function barCells(fraction: number): { done: string; toDo: string } {
  const within = Number.isNaN(fraction) ? 0 : Math.min(1, Math.max(0, fraction));
  const done = Math.floor(within * BAR_CELLS);
  return { done: '█'.repeat(done), toDo: '░'.repeat(BAR_CELLS - done) };
}
