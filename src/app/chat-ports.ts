import type { JobId } from '../contract/ids.ts';
import type { Job } from '../domain/job.ts';
import type { Notice } from '../domain/notices.ts';
import type { PlatformName } from '../domain/person.ts';
import type { JobView } from './job-view.ts';

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
