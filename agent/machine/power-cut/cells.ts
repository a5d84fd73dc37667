import type { PowerCut } from '../../../src/contract/described-machine.ts';
import { takeBack } from './take-back.ts';

const LOCK = 0;
const COUNT = 1;
const CELLS = 2;

/** What all threads of an agent share whose power will be cut. */
export interface PowerCutSettings {
  cut: PowerCut;
  cells: SharedArrayBuffer;
  /** Of the undo log, on the file system of share and disks. */
  folder: string;
  /** Folders and files that may be written. */
  places: readonly string[];
}

export function newCells(): SharedArrayBuffer {
  return new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Makes a change while no other thread makes one, counts it, and cuts the power when it was
 * the last one. The change must be synchronous: the main thread waits here too.
 */
export function changeAlone<T>(settings: PowerCutSettings, change: () => T): T {
  const cells = new Int32Array(settings.cells);
  while (Atomics.compareExchange(cells, LOCK, 0, 1) !== 0) Atomics.wait(cells, LOCK, 1);
  try {
    const result = change();
    if (Atomics.add(cells, COUNT, 1) + 1 === settings.cut.afterWrites) cutPower(settings, cells);
    return result;
  } finally {
    Atomics.store(cells, LOCK, 0);
    Atomics.notify(cells, LOCK);
  }
}

export function countOf(settings: PowerCutSettings): number {
  return Atomics.load(new Int32Array(settings.cells), COUNT);
}

/** Never returns: the lock stays held, so that nobody writes between this and the end. */
function cutPower(settings: PowerCutSettings, cells: Int32Array): never {
  if (settings.cut.loseUnflushed) takeBack(settings);
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(cells, LOCK, 1);
}
