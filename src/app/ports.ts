import type { TestboxAddress } from '../contract/address.ts';
import type { BootId, JobId, Nonce, Sha256 } from '../contract/ids.ts';
import type { JournalLine } from '../contract/journal.ts';
import type { AccessRules } from '../domain/access.ts';
import type { ImageCatalog } from '../domain/images.ts';
import type { Job } from '../domain/job.ts';
import type { Notice } from '../domain/notices.ts';
import type { PlatformName } from '../domain/person.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { Verification } from '../domain/verification.ts';
import type { JobView } from './job-view.ts';

/** Time as something that is handed in: tests and the crash walks own theirs. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Ends early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The only source of randomness. */
export interface Randomness {
  jobId(): JobId;
  nonce(): Nonce;
  session(): string;
}

/** The inventory as it is at the moment: read again when the file changes. */
export interface Inventory {
  testboxes(): readonly Testbox[];
  access(): AccessRules;
}

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

export type Probe =
  | {
      kind: 'up';
      bootId: BootId;
      system: 'own' | 'maintenance';
      /** `type base64` of the key that the box showed. */
      hostKey: string;
      uptimeSeconds: number | null;
      users: readonly string[];
    }
  /** No connection. */
  | { kind: 'down'; why: string }
  /** There is something, but it won't let the bot in, or shows another host key. */
  | { kind: 'refused'; why: string };

export type RebootOutcome =
  | { kind: 'issued' }
  /** Surely not issued. */
  | { kind: 'failed'; why: string }
  /** The connection was lost at the wrong moment: only a new boot id will tell. */
  | { kind: 'unknown'; why: string };

export type Reach = { kind: 'open' } | { kind: 'closed'; why: string };

/** The bot's hands on a box's own system. */
export interface Machines {
  /** @param trusted further host keys that count as the box's own, `type base64` */
  probe(testbox: Testbox, trusted: readonly string[]): Promise<Probe>;
  reboot(testbox: Testbox, trusted: readonly string[]): Promise<RebootOutcome>;
  /** From now on this is the box's own key, in the place of the one before: a restore has brought it. */
  keepHostKey(testbox: Testbox, key: string): Promise<void>;
  /** Whether the TCP port of its back check takes connections. It says nothing about what answers. */
  reach(testbox: Testbox): Promise<Reach>;
}

export type PowerOutcome =
  | { kind: 'done' }
  /** Surely without effect. */
  | { kind: 'failed'; why: string }
  /** It may have had its effect. */
  | { kind: 'unknown'; why: string };

/** The switch of a box, by the command of the inventory. */
export interface Power {
  /** Switches the box off and on again. Never repeated by itself. */
  cycle(testbox: Testbox): Promise<PowerOutcome>;
}

/** Host keys that were pinned at first use, by `host:port`. */
export interface HostKeyPins {
  pinned(place: string): Promise<string | null>;
  /** Keeps the first one: a second call for a place changes nothing and gives the stored key. */
  pin(place: string, key: string): Promise<string>;
  /** Keeps this one, whatever was kept before. */
  replace(place: string, key: string): Promise<void>;
  /** True when there was one. */
  forget(place: string): Promise<boolean>;
}

/** Where a job's messages are, in the platform's own words. */
export interface MessageRefs {
  find(job: JobId, name: string): Promise<string | null>;
  save(job: JobId, name: string, ref: string): Promise<void>;
  /** The job whose message of that name it is. */
  jobOf(name: string, ref: string): Promise<JobId | null>;
}

export type Begun =
  /** Nobody has tried yet. */
  | { kind: 'new' }
  /** A try began then (epoch ms), and its outcome is unknown: the message may be there. */
  | { kind: 'unknown'; at: number }
  | { kind: 'posted'; ref: string };

/** When images were read through on the server, and what was found. */
export interface Verifications {
  of(address: TestboxAddress): Promise<readonly Verification[]>;
  /** Takes the place of an earlier one of the same generation and slot. */
  save(address: TestboxAddress, verification: Verification): Promise<void>;
}

/** What was sent to a chat, by nonce: a bot that was killed in between finds its message again. */
export interface PostLedger {
  /** Notes durably that a try begins; gives how the one before it ended. */
  begin(nonce: string, at: number): Promise<Begun>;
  posted(nonce: string, ref: string): Promise<void>;
  /** The try surely posted nothing. */
  failed(nonce: string): Promise<void>;
}

/** A channel of a chat. */
export interface ChatPlace {
  platform: PlatformName;
  channel: string;
}

/** The one summary card that a channel may have. */
export interface SummaryRefs {
  find(place: ChatPlace): Promise<string | null>;
  /**
   * Notes durably that a summary is about to be posted under this nonce. Gives the nonce to
   * post it under: of an opening that was begun and not closed since, the first one's.
   */
  begin(place: ChatPlace, nonce: string): Promise<string>;
  /** Where the summary that was begun is; null when it is closed. */
  save(place: ChatPlace, ref: string | null): Promise<void>;
  /** Every channel that has an open summary, one whose post was only begun included. */
  open(): Promise<readonly ChatPlace[]>;
}

/** What people see of jobs, as they are now. */
export interface Announcer {
  /** At least so much lies between two edits of the job's card that only show progress. */
  progressIntervalMs(job: Job): number;
  /** Whether the chat's limits leave room for such an edit now; true takes the turn. */
  progressTurn(job: Job): boolean;
  /**
   * Posts the card, or brings it up to date with what `look` gives when its turn has come.
   *
   * @throws AnnounceError when it has to be tried again
   */
  showCard(job: Job, look: () => Promise<JobView>): Promise<void>;
  /** Shows progress on a posted card, in a turn that was taken. @throws AnnounceError */
  showProgress(view: JobView): Promise<void>;
  /** Posts into the job's thread, once per key. @throws AnnounceError when it has to be tried again */
  tell(job: Job, telling: { look: () => Promise<JobView>; notice: Notice; key: string }): Promise<void>;
  /** Posts the channel's summary card or edits it; without any jobs, closes it. @throws AnnounceError */
  summarise(place: ChatPlace, jobs: readonly JobView[]): Promise<void>;
}

/** The chat can't be reached now. */
export class AnnounceError extends Error {
  override name = 'AnnounceError';
  readonly retryAfterMs: number | null;

  constructor(message: string, options: { retryAfterMs: number | null; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A structured log: a static message and an object, as pino takes them. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
