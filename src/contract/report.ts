import { z } from 'zod';
import { Disk, DiskSlot } from './disk.ts';
import { BootId, JobId, Nonce, Sha256 } from './ids.ts';
import { Codec, PlanFacts } from './plan.ts';

export const HELLO_PATH = '/v1/hello';
export const REPORTS_PATH = '/v1/reports';
/** Larger bodies are refused (413): a batch is never near it. */
export const BODY_LIMIT_BYTES = 1024 * 1024;
/** A running agent is heard at least this often. */
export const REPORT_INTERVAL_MS = 5_000;

/** The agent's first word after each of its starts. */
export const Hello = z.object({
  protocol: z.literal(1),
  job: JobId,
  nonce: Nonce,
  bootId: BootId,
  uuid: z.string().max(64).nullable(),
  macs: z.array(z.string().max(32)).max(64),
  disks: z.array(Disk).max(256),
  agentVersion: z.string().max(64),
  /**
   * Fingerprints of the maintenance system's own SSH host keys, `SHA256:…`: made at each boot, so
   * this is how people learn them. Agents of before this was asked for leave it out.
   */
  sshFingerprints: z.array(z.string().max(128)).max(8).optional(),
});
export type Hello = z.infer<typeof Hello>;

export const HelloAccepted = z.object({
  session: z.string().max(64),
  /** Bearer token of this session: HMAC of (server key, job, attempt, session). */
  token: z.string().max(128),
  attempt: z.int().positive(),
  plan: PlanFacts,
  digest: Sha256,
  /** Ids of the questions that people have accepted for this plan. */
  accepted: z.array(z.string()),
  settings: z.object({
    codec: Codec,
    /** SSH host keys of the box's own system, `type base64`, stored with a new generation. */
    hostKeys: z.array(z.string()),
    /** How the box went down before this boot. */
    shutdown: z.enum(['clean', 'power', 'unknown']),
    /**
     * Whether a restore reads an image through before its first write; false where the bot proved
     * the image lately. Left out is true.
     */
    readThrough: z.boolean().optional(),
    /** Whether a restore trims a disk before it writes it. Left out is false. */
    discard: z.boolean().optional(),
    /** Of the disk, read or written. Left out is no limit. */
    maxBytesPerSecond: z.int().positive().optional(),
  }),
});
export type HelloAccepted = z.infer<typeof HelloAccepted>;

/** 409 to a hello: do just that. `wait` asks again later; `stay` too, saying so on the console. */
export const HelloRefused = z.object({
  directive: z.enum(['wait', 'stay', 'reboot-local']),
  reason: z.string(),
});
export type HelloRefused = z.infer<typeof HelloRefused>;

export const DiskProgress = z.object({
  slot: DiskSlot,
  totalBytes: z.int().nonnegative(),
  doneBytes: z.int().nonnegative(),
  writtenBytes: z.int().nonnegative(),
  /** Bytes that needed no write (equal already, or zero). */
  skippedBytes: z.int().nonnegative(),
  /** Of `doneBytes`, over the last seconds. */
  bytesPerSecond: z.number().nonnegative(),
  /** Until this disk is done; absent while too little was seen, and from agents that don't tell. */
  secondsLeft: z.number().nonnegative().optional(),
  /** The bytes are those of the image, which is read through first: the disk is as it was. */
  checking: z.literal(true).optional(),
});
export type DiskProgress = z.infer<typeof DiskProgress>;

export const Phase = z.enum(['preflight', 'checking-image', 'imaging', 'publishing', 'syncing']);
export type Phase = z.infer<typeof Phase>;

/** Who must act on a failure. */
export const FailureClass = z.enum(['operator', 'box', 'storage', 'bug']);
export type FailureClass = z.infer<typeof FailureClass>;

/** Something differs from the plan that people may accept. */
export const Question = z.object({
  /** SHA-256 of old facts, new facts and attempt. */
  id: Sha256,
  kind: z.enum(['disk-replaced', 'disk-doubtful', 'uuid-changed', 'first-contact', 'disk-failing']),
  /** The disks it is about; those who sent questions before this was asked for left it out. */
  slots: z.array(DiskSlot).max(256).optional(),
  /** One sentence that asks. */
  text: z.string().max(1000),
  before: z.string().max(1000),
  now: z.string().max(1000),
  /** The facts as they would be after accepting. */
  facts: PlanFacts,
});
export type Question = z.infer<typeof Question>;

export const DiskFit = z.object({
  /** How much larger the disk is than its image. */
  tailBytes: z.int().positive(),
  /** Signatures that were found there and wiped, for people. */
  wiped: z.array(z.string().max(60)).max(32),
  /** Whether the image's backup GPT header is at the disk's end now; `none`: the image has no GPT. */
  gpt: z.enum(['moved', 'none', 'damaged']),
});
export type DiskFit = z.infer<typeof DiskFit>;

export const DiskOutcome = z.object({
  slot: DiskSlot,
  sizeBytes: z.int().nonnegative(),
  writtenBytes: z.int().nonnegative(),
  skippedBytes: z.int().nonnegative(),
  /** Hash of the image's index; null for a plain image that was restored. */
  indexHash: Sha256.nullable(),
  /** Size of the coded image. */
  codedBytes: z.int().nonnegative(),
  /** Of a backup: that many bytes the disk did not give, and its image is marked damaged. */
  unreadBytes: z.int().positive().optional(),
  /** How a restore went about it; those who sent outcomes before this was asked for left it out. */
  approach: z
    .object({
      /** Looked at before anything was written there; of these `equalBytes` were the same already. */
      comparedBytes: z.int().nonnegative(),
      equalBytes: z.int().nonnegative(),
      /** Written without a look. */
      blindBytes: z.int().nonnegative(),
      /** Made zero by the device or the file system, without zeros being sent. */
      zeroedBytes: z.int().nonnegative(),
      /** Written twice, as the disk gave back something else the first time. */
      rewrittenBytes: z.int().nonnegative(),
      /** Places (64 MiB each) where the disk could not be read, or very slowly, and was just written. */
      avoidedRegions: z.int().nonnegative(),
      /** Time of one thread that comparing saved; below zero when it cost more. */
      savedMs: z.int(),
    })
    .optional(),
  /** What a restore did about the part of a larger disk behind the image, where the plan said so. */
  fit: DiskFit.optional(),
});
export type DiskOutcome = z.infer<typeof DiskOutcome>;

export const ReportBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: Phase }),
  z.object({ type: z.literal('progress'), disks: z.array(DiskProgress).max(256) }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['info', 'warn', 'error']),
    message: z.string().max(2000),
  }),
  /** Sent and acknowledged before the first write to the disk. */
  z.object({ type: z.literal('dirty'), slot: DiskSlot }),
  /**
   * The disk is no longer half-written: it holds what was asked for, read back and flushed
   * (`verified`), or an orderly stop came before its first write (`untouched`).
   */
  z.object({ type: z.literal('clean'), slot: DiskSlot, because: z.enum(['verified', 'untouched']) }),
  z.object({ type: z.literal('held'), question: Question }),
  /** The agent has stopped at a `cancel`; nothing is being written. */
  z.object({ type: z.literal('stopped') }),
  z.object({
    type: z.literal('failed'),
    class: FailureClass,
    /** Kebab-case, stable, for people to search: `image-damaged`, `disk-too-small` … */
    code: z.string().regex(/^[a-z0-9-]{1,64}$/),
    message: z.string().max(2000),
    logTail: z.array(z.string().max(500)).max(200),
  }),
  z.object({
    type: z.literal('done'),
    /** The generation published; null when the action publishes none. */
    generation: z.int().positive().nullable(),
    disks: z.array(DiskOutcome),
    durationMs: z.int().nonnegative(),
  }),
]);
export type ReportBody = z.infer<typeof ReportBody>;

export const Report = z.object({
  /** From 1, without gaps, per session. */
  sequence: z.int().positive(),
  /** Epoch ms by the box's clock, which may be wrong: shown, never compared. */
  at: z.int().nonnegative(),
  body: ReportBody,
});
export type Report = z.infer<typeof Report>;

/** An empty batch is a heartbeat. */
export const ReportBatch = z.object({
  job: JobId,
  session: z.string().max(64),
  reports: z.array(Report).max(500),
});
export type ReportBatch = z.infer<typeof ReportBatch>;

/** What the bot wants of the agent: a state, repeated in every answer, not an event. */
export const Directive = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('continue') }),
  z.object({ kind: z.literal('proceed'), question: Sha256, plan: PlanFacts, digest: Sha256 }),
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('stay') }),
  z.object({ kind: z.literal('reboot-local') }),
]);
export type Directive = z.infer<typeof Directive>;

export const ReportAnswer = z.object({
  /** All reports up to this sequence number are stored durably. */
  acknowledged: z.int().nonnegative(),
  directive: Directive,
  /** As in the settings, from now on: it changes with the number of jobs. */
  maxBytesPerSecond: z.int().positive().optional(),
});
export type ReportAnswer = z.infer<typeof ReportAnswer>;

/** Body of 4xx and 5xx answers. */
export const ErrorAnswer = z.object({ error: z.string(), message: z.string() });
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
