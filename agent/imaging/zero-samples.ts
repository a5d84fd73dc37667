import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { LightAfter } from './light-left.ts';

const SAMPLES = 512;
const SAMPLE_BYTES = 4096;

/**
 * Looks at a disk in a few hundred places, evenly spread, to know how much of it is zeros: a
 * disk whose end is empty is done much sooner than its beginning says. Costs a hard disk some
 * seconds in all, others next to nothing.
 *
 * @throws when the disk can't be read there
 */
export async function sampleZeros(fd: number, sizeBytes: number): Promise<LightAfter> {
  const count = Math.min(SAMPLES, Math.floor(sizeBytes / SAMPLE_BYTES));
  const stepBytes = sizeBytes / Math.max(1, count);
  const bytes = Buffer.alloc(SAMPLE_BYTES);
  const zeros = Buffer.alloc(SAMPLE_BYTES);
  const isZero: boolean[] = [];
  for (let sample = 0; sample < count; sample += 1) {
    const middle = Math.floor(((sample + 0.5) * stepBytes) / SAMPLE_BYTES) * SAMPLE_BYTES;
    const { bytesRead } = await promisify(read)(fd, bytes, 0, SAMPLE_BYTES, middle);
    isZero.push(bytes.subarray(0, bytesRead).equals(zeros.subarray(0, bytesRead)));
  }
  return lightBySamples(isZero, stepBytes);
}

/** Each sample stands for as many bytes. */
export function lightBySamples(isZero: readonly boolean[], stepBytes: number): LightAfter {
  const zerosFrom = [0];
  for (const zero of isZero.toReversed()) zerosFrom.unshift((zerosFrom[0] ?? 0) + (zero ? 1 : 0));
  return (doneBytes) => {
    const at = Math.min(isZero.length, doneBytes / Math.max(1, stepBytes));
    const whole = Math.ceil(at);
    const part = isZero[whole - 1] ? whole - at : 0;
    return ((zerosFrom[whole] ?? 0) + part) * stepBytes;
  };
}
