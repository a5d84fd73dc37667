import type { ByteRange } from '../../src/contract/byte-range.ts';
import { errorCode } from '../failure.ts';

/** What is tried at once in the first passes. */
const PIECE_BYTES = 64 * 1024;
/** Behind a failure so much is left for later, twice as much behind the next. */
const MOST_SKIPPED_BYTES = 1024 * 1024;
/** How often a sector that could not be read is tried once more. */
const RETRIES = 2;

/** A disk says by these that it can't read a sector; without a medium error the page cache says EIO. */
const MEDIUM_ERRORS = new Set(['EIO', 'ENODATA', 'EILSEQ', 'EREMOTEIO', 'ETIMEDOUT']);

export function isMediumError(error: unknown): boolean {
  return MEDIUM_ERRORS.has(errorCode(error) ?? '');
}

export interface Salvage {
  /** One try to fill the buffer. @throws the system's error */
  read(into: Buffer, position: number): void;
  /** What can be read by itself. */
  sectorBytes: number;
  /** False when no more time is to be spent. */
  goesOn(): boolean;
}

/**
 * Reads what can be read of a range whose read has failed, as gddrescue does: what is easy first,
 * with wide steps around failures, then what was skipped, then failed pieces sector by sector, then
 * failed sectors again. Zeros stand for what stays unread.
 *
 * @returns the ranges that stay unread, as positions on the disk
 * @throws what is no medium error
 */
export function salvage(into: Buffer, position: number, how: Salvage): ByteRange[] {
  into.fill(0);
  const attempt = ({ offset, length }: ByteRange): boolean => {
    const place = into.subarray(offset - position, offset - position + length);
    try {
      how.read(place, offset);
      return true;
    } catch (error) {
      if (!isMediumError(error)) throw error;
      // A read that failed may have left what it got until then.
      place.fill(0);
      return false;
    }
  };
  const tryAll = (ranges: readonly ByteRange[]) => ranges.filter((range) => !how.goesOn() || !attempt(range));

  const { failed, skipped } = firstPass({ offset: position, length: into.length }, how, attempt);
  const pieces = [...failed, ...tryAll(skipped.toReversed())].sort((a, b) => a.offset - b.offset);
  let sectors = tryAll(pieces.flatMap((piece) => cut(piece, how.sectorBytes)));
  for (let round = 0; round < RETRIES; round += 1) sectors = tryAll(sectors);
  return joined(sectors);
}

function firstPass(
  whole: ByteRange,
  how: Salvage,
  attempt: (range: ByteRange) => boolean,
): { failed: ByteRange[]; skipped: ByteRange[] } {
  const failed: ByteRange[] = [];
  const skipped: ByteRange[] = [];
  let skip = PIECE_BYTES;
  let resumeAt = whole.offset;
  for (const piece of cut(whole, PIECE_BYTES)) {
    if (piece.offset < resumeAt || !how.goesOn()) skipped.push(piece);
    else if (attempt(piece)) skip = PIECE_BYTES;
    else {
      failed.push(piece);
      resumeAt = piece.offset + piece.length + skip;
      skip = Math.min(MOST_SKIPPED_BYTES, 2 * skip);
    }
  }
  return { failed, skipped };
}

function cut({ offset, length }: ByteRange, pieceBytes: number): ByteRange[] {
  return Array.from({ length: Math.ceil(length / pieceBytes) }, (_unused, number) => ({
    offset: offset + number * pieceBytes,
    length: Math.min(pieceBytes, length - number * pieceBytes),
  }));
}

/** In order, with those together that touch, or are no further apart than the gap. */
export function joined(ranges: readonly ByteRange[], gapBytes = 0): ByteRange[] {
  const all: ByteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.offset - b.offset)) {
    const last = all.at(-1);
    if (last !== undefined && last.offset + last.length + gapBytes >= range.offset) {
      last.length = Math.max(last.length, range.offset + range.length - last.offset);
    } else all.push({ ...range });
  }
  return all;
}

/** As few of them as asked for, wider where there are more. */
export function noMoreThan(most: number, ranges: readonly ByteRange[]): ByteRange[] {
  let few = joined(ranges);
  for (let gap = PIECE_BYTES / 16; few.length > most; gap *= 2) few = joined(few, gap);
  return few;
}
