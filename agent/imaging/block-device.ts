import { DirectReader } from './direct-reader.ts';
import { DirectWriter } from './direct-writer.ts';
import { Holes } from './holes.ts';
import type { WritableDisk } from './tasks.ts';
import { zeroRange } from './zero-range.ts';

/** What is done with a disk that is written. Its errors are those of the system, with a code. */
export interface BlockDevice {
  readonly sizeBytes: number;
  /**
   * Reads what the disk itself holds, past the page cache. Gives the bytes read.
   *
   * @param into begins at a page
   */
  read(into: Buffer, position: number): number;
  write(from: Buffer, position: number): void;
  /** Makes a range zero without sending zeros. False when it can't, and nothing was changed. */
  zero(position: number, lengthBytes: number): boolean;
  /** Whether the range surely reads as zeros, though nobody read it: a hole of a file. */
  isHole(position: number, lengthBytes: number): boolean;
}

export function openBlockDevice(disk: WritableDisk): BlockDevice {
  const reader = new DirectReader(disk);
  const writer = new DirectWriter(disk);
  const holes = new Holes(disk.fd);
  let zeroes = true;
  return {
    sizeBytes: disk.sizeBytes,
    read: (into, position) => reader.read(into, position),
    write: (from, position) => writer.write(from, position),
    zero(position, lengthBytes) {
      // Who refused once refuses every time.
      zeroes &&= zeroRange(disk.fd, position, lengthBytes);
      return zeroes;
    },
    isHole: (position, lengthBytes) => holes.cover(position, lengthBytes),
  };
}
