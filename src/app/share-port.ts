import type { TestboxAddress } from '../contract/address.ts';
import type { JobId, Sha256 } from '../contract/ids.ts';
import type { JournalLine } from '../contract/journal.ts';
import type { ImageCatalog } from '../domain/images.ts';
import type { Testbox } from '../domain/testbox.ts';

export type BootConfigWrite =
  | { kind: 'in-place' }
  /** Nothing was changed. */
  | { kind: 'refused'; why: string };

export type BootConfigRemoval = { kind: 'gone' } | { kind: 'foreign'; why: string };

export type BoxPreparation =
  | { kind: 'ready' }
  /** Nothing was changed. */
  | { kind: 'refused'; why: string };

/** The share could not be reached or failed: who must act is the storage server's owner. */
export class ShareError extends Error {
  override name = 'ShareError';
}

/** The bot's hands on the storage share. Every call has a deadline and throws ShareError past it. */
export interface Share {
  catalog(address: TestboxAddress): Promise<ImageCatalog>;
  /**
   * Makes the box's directory and the marker in it where they are missing: a box to which its
   * directory alone is exported can't. Idempotent.
   */
  prepareBox(address: TestboxAddress): Promise<BoxPreparation>;
  /** Makes the file say exactly this, durably, and reads it back. Idempotent; refuses foreign files. */
  putBootConfig(address: TestboxAddress, text: string): Promise<BootConfigWrite>;
  /** Removes the file if it names this job; `gone` too when there was none. */
  removeBootConfig(address: TestboxAddress, job: JobId): Promise<BootConfigRemoval>;
  /** Files that PXELINUX finds before the box's HEX-IP file. */
  shadowingBootConfigs(testbox: Testbox): Promise<readonly string[]>;
  /** Lines of the agent's journal whose proof is right; empty without a journal. */
  readJournal(place: {
    address: TestboxAddress;
    job: JobId;
    attempt: number;
    tokenOf: (session: string) => string;
  }): Promise<readonly JournalLine[]>;
  /**
   * Puts copies of another box's images into a box's own directory, the only one that it reaches.
   * Idempotent; takes minutes where the file system can't share their blocks.
   */
  handOver(what: HandOver): Promise<HandOverOutcome>;
  /** Removes all that was handed over to the box. Idempotent. */
  takeBack(address: TestboxAddress): Promise<void>;
  appendGlobalLog(line: string): Promise<void>;
  /**
   * Reads an image through on the server and proves all of it against its index. Takes as long as
   * reading and unpacking takes, at low priority.
   *
   * @param onProgress is told how much of the file was read
   */
  verifyImage(what: VerifyRequest, onProgress?: (readBytes: number) => void): Promise<ImageProof>;
  /** Reads generation `proved` through against its index; only then removes the oldest ones. */
  prune(what: PruneRequest): Promise<Pruned>;
}

export interface VerifyRequest {
  address: TestboxAddress;
  generation: number;
  slot: string;
}

export interface ImageProof {
  /** As its manifest says; null for an image of the original, and when there is no such image. */
  imageHash: Sha256 | null;
  readBytes: number;
  /** What is wrong, in words; null when all of it is as its index says. */
  problem: string | null;
}

/** A file of one box's directory, and the place of its copy in another's; both relative. */
export interface HandedFile {
  source: string;
  copy: string;
}

export interface HandOver {
  from: TestboxAddress;
  to: TestboxAddress;
  files: readonly HandedFile[];
}

export type HandOverOutcome =
  | { kind: 'ready' }
  /** What was copied so far stays until it is taken back. */
  | { kind: 'refused'; why: string };

export interface PruneRequest {
  address: TestboxAddress;
  /** The generation that must be sound before any other may go. */
  proved: number;
  /** How many are kept, the current one counted. */
  keep: number;
  /** Generations that active jobs name: never removed. */
  named: readonly number[];
  /** Known to be damaged: they are not counted among those that are kept. */
  damaged: readonly number[];
  /** Only says what would go, and reads no image for it. */
  dryRun?: boolean;
}

export interface Pruned {
  removed: readonly number[];
  /** Why nothing was removed; null when the new generation is sound. */
  problem: string | null;
}
