import type { DiskSlot } from '../contract/disk.ts';
import type { BootId, Nonce, Sha256 } from '../contract/ids.ts';
import type { PlanFacts } from '../contract/plan.ts';
import type { Phase, Question } from '../contract/report.ts';
import type { JobFailure, JobResult } from './job.ts';
import type { Person } from './person.ts';
import type { PlanNotes } from './plan-notes.ts';

interface NewPlan {
  plan: PlanFacts;
  digest: Sha256;
  notes: PlanNotes;
}

/** Why a box could not be made ready for its job. */
type ArmingRefusal = 'boot-config-refused' | 'box-directory-refused' | 'image-not-handed-over';

/** All that can happen to a job. Facts, in the past tense of people or machines. */
export type JobEvent =
  // what people decide
  | ({ type: 'replanned' } & NewPlan)
  | { type: 'confirmed'; by: Person; digest: Sha256; channel: string }
  | { type: 'approved'; by: Person; digest: Sha256 }
  | { type: 'denied'; by: Person; reason: string | null }
  | { type: 'cancelled'; by: Person; despiteDirty: boolean }
  | { type: 'retried'; by: Person }
  | { type: 'sent-to-local-disk'; by: Person }
  | { type: 'question-accepted'; by: Person; question: Sha256 }
  | { type: 'rescued'; by: Person }
  | { type: 'released'; by: Person }
  | { type: 'power-asked'; by: Person | null }
  // the bot's own work
  | { type: 'turn-came'; nonce: Nonce; facts: NewPlan; approvalMaxAgeMs: number }
  | { type: 'armed' }
  | { type: 'arming-refused'; code: ArmingRefusal; why: string }
  | { type: 'boot-id-seen'; bootId: BootId; hostKey: string }
  | { type: 'reboot-issued' }
  | { type: 'reboot-failed'; why: string }
  | { type: 'disarmed' }
  | { type: 'rotated' }
  | { type: 'booted-own-disk'; bootId: BootId }
  | { type: 'power-begun' }
  | { type: 'power-ended'; outcome: 'done' | 'failed' | 'unknown'; why: string | null }
  | { type: 'went-down' }
  | { type: 'back' }
  | { type: 'overrun' }
  | { type: 'deadline-moved'; byMs: number }
  // the agent's word
  | {
      type: 'hello-new-boot';
      bootId: BootId;
      session: string;
      /** For the boot after this one; null when the boot config still holds the nonce of this one. */
      nonce: Nonce | null;
      maxAttempts: number;
      sshFingerprints: readonly string[];
    }
  | { type: 'hello-again'; session: string; sshFingerprints: readonly string[] }
  /** The box's own nonce, from an address that isn't the box's. */
  | { type: 'called-from-elsewhere'; address: string; expected: string }
  | { type: 'two-boots-alive'; bootId: BootId }
  | { type: 'heard-again' }
  | { type: 'phase-entered'; phase: Phase }
  | { type: 'agent-warned'; message: string }
  | { type: 'disk-dirty'; slot: DiskSlot }
  | { type: 'disk-clean'; slot: DiskSlot; because: 'verified' | 'untouched' }
  | { type: 'question-asked'; question: Question }
  | { type: 'agent-stopped' }
  | { type: 'agent-failed'; failure: JobFailure }
  | { type: 'agent-done'; result: JobResult };

export type JobEventType = JobEvent['type'];
