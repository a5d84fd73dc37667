import type { Question } from '../contract/report.ts';
import type { JobFailure, JobResult, JobState } from './job.ts';
import type { Person } from './person.ts';

/** What the thread tells, as data: the words are chat's. */
export type Notice =
  | { about: 'approval-needed' }
  /** The approvals were given too long ago: they are needed again. */
  | { about: 'approval-aged' }
  | { about: 'approval-reminder' }
  | { about: 'approved'; by: Person }
  | { about: 'denied'; by: Person; reason: string | null }
  | { about: 'expired' }
  | { about: 'plan-changed' }
  | { about: 'rebooting' }
  | { about: 'imaging-started'; attempt: number }
  | { about: 'done'; result: JobResult }
  | { about: 'succeeded' }
  | { about: 'failed'; failure: JobFailure }
  | { about: 'stopped'; why: 'attempts' | 'cancelled' | 'question-timeout' | 'two-boots' }
  | { about: 'held'; question: Question }
  | { about: 'question-accepted'; by: Person }
  | { about: 'retrying'; by: Person }
  | { about: 'cancelling'; by: Person }
  | { about: 'cancelled'; by: Person | null }
  | { about: 'local-disk'; by: Person }
  | { about: 'booted-own-disk' }
  | { about: 'needs-hands'; why: string }
  | { about: 'power-asked'; by: Person | null }
  | { about: 'power-ended'; outcome: 'done' | 'failed' | 'unknown'; why: string | null }
  | { about: 'in-rescue' }
  | { about: 'reminder'; state: JobState }
  /** A deadline's first overrun: what to look at. */
  | { about: 'advice'; state: JobState }
  | { about: 'heard-again' }
  /** Somebody says hello as this box from an address that the inventory doesn't give it. */
  | { about: 'wrong-address'; address: string; expected: string }
  /** The agent's own words; `last` when no further ones are told. */
  | { about: 'warned'; message: string; last: boolean };
