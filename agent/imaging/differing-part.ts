/** Seeking within less would cost more than writing it; disks' own blocks are smaller. */
const PIECE_BYTES = 64 * 1024;

/** A part of a chunk's bytes, and where in it that begins. */
export interface ChunkPart {
  at: number;
  bytes: Buffer;
}

/**
 * What of the wanted bytes has to be written over those that are there: from the first piece that differs
 * to the last. All of it where none does.
 */
export function differingPart(wanted: Buffer, present: Buffer): ChunkPart {
  const differs = (at: number) => {
    const end = Math.min(at + PIECE_BYTES, wanted.length);
    return !wanted.subarray(at, end).equals(present.subarray(at, end));
  };
  let at = 0;
  while (at < wanted.length && !differs(at)) at += PIECE_BYTES;
  if (at >= wanted.length) return { at: 0, bytes: wanted };
  let last = Math.floor((wanted.length - 1) / PIECE_BYTES) * PIECE_BYTES;
  while (last > at && !differs(last)) last -= PIECE_BYTES;
  return { at, bytes: wanted.subarray(at, last + PIECE_BYTES) };
}
