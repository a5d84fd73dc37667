import { z } from 'zod';

/** Bytes of a raw disk that lie together. */
export const ByteRange = z.object({
  offset: z.int().nonnegative(),
  length: z.int().positive(),
});
export type ByteRange = z.infer<typeof ByteRange>;

export function bytesOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { length }) => sum + length, 0);
}

/** `bytes 4096-8191, 65536-66047 and 3 more places`: first and last byte of each. */
export function describeRanges(ranges: readonly ByteRange[], most: number): string {
  const shown = ranges.slice(0, most).map(({ offset, length }) => `${offset}-${offset + length - 1}`);
  const more = ranges.length - shown.length;
  return `bytes ${shown.join(', ')}${more > 0 ? ` and ${more} more places` : ''}`;
}
