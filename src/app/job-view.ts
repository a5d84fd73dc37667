import type { Addressee } from '../domain/access.ts';
import type { Job } from '../domain/job.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { Hearing } from './store.ts';

/** A job with what stands beside it: all that a card shows. */
export interface JobView {
  job: Job;
  /** Null when the box has left the inventory. */
  testbox: Testbox | null;
  hearing: Hearing | null;
  /** 1 is next; null when it isn't queued. */
  queuePlace: number | null;
  /** Who may approve, on the card's platform: to be mentioned. */
  approvers: readonly Addressee[];
  now: number;
}
