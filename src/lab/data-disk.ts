import { open } from 'node:fs/promises';
import { fillerBytes } from './filler.ts';

/** More than half, so that an image of it does not fit a disk of half its size. */
const FILLED_PART = 3 / 4;
const STEP_BYTES = 1024 * 1024;

/** Makes the disk anew: a sparse file without a system, three quarters of it data. */
export async function writeDataDisk(file: string, sizeBytes: number, seed: number): Promise<void> {
  const disk = await open(file, 'w', 0o600);
  try {
    await disk.truncate(sizeBytes);
    const filledBytes = Math.floor(sizeBytes * FILLED_PART);
    for (let offset = 0; offset < filledBytes; offset += STEP_BYTES) {
      const bytes = fillerBytes(seed, offset, Math.min(STEP_BYTES, filledBytes - offset));
      await disk.write(bytes, 0, bytes.length, offset);
    }
  } finally {
    await disk.close();
  }
}
