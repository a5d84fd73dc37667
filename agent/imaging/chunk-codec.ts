/** Room for what does not compress: every codec then adds a few bytes per 16 KiB. */
const SLACK_BYTES = 64 * 1024;

/** Codes chunks, each as a gzip member or a zstd frame of its own. */
export interface ChunkEncoder {
  /** Who does the work, for people. */
  readonly maker: string;
  /**
   * Gives the length of the coded bytes.
   *
   * @param into at least `codedRoom(raw.length)` bytes
   */
  encode(raw: Buffer, into: Buffer): number;
}

export interface ChunkDecoder {
  readonly maker: string;
  /**
   * Gives the length of the raw bytes. Whether they are the right ones is for a hash to say:
   * check sums in the coded bytes may be left unread.
   *
   * @throws when the coded bytes are damaged, or hold more than `into` does
   */
  decode(coded: Buffer, into: Buffer): number;
}

/** Both ways. It belongs to one thread and keeps its working memory. */
export interface ChunkCodec extends ChunkEncoder, ChunkDecoder {
  /** Why faster makers were not taken. */
  readonly passedOver: readonly string[];
}

/** What a chunk takes up at the most when coded. */
export function codedRoom(rawLength: number): number {
  return rawLength + SLACK_BYTES;
}
