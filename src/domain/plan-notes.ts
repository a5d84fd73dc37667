import type { CopyOf } from './lender.ts';

/** Shown beside the plan's facts, outside its digest: it may change without a new approval. */
export interface PlanNotes {
  /** Per slot, the age and size of what a restore writes. */
  images: readonly {
    slot: string;
    createdAt: string | null;
    codedBytes: number;
    /** When its generation was last read through on the server and found sound, epoch ms. */
    verifiedAt?: number | null;
  }[];
  /** On the share. */
  freeBytes: number | null;
  /** Coded size of the last generation; null without one. */
  lastGenerationBytes: number | null;
  uptimeSeconds: number | null;
  /** Logged in on the box right now. */
  users: readonly string[];
  /** Why SSH could not say; null when it answered. */
  sshProblem: string | null;
  /** Disks left out, each with the reason. */
  leftOut: readonly string[];
  /** Duration of the last job of the same kind on the box. */
  expectedMs: number | null;
  warnings: readonly string[];
  /** SSH host keys of the system that runs on the box, `type base64`. */
  ownHostKeys: readonly string[];
  /** SSH host keys that a restore brings back with the image. */
  imageHostKeys: readonly string[];
  /** The box becomes a copy of another; left out when it gets its own image. */
  copyOf?: CopyOf;
}
