import { z } from 'zod';

/**
 * A job's id: short, sortable by nothing, safe in file names, kernel command lines and
 * chat. Letters that are read wrong over a phone (i, l, o, u) are left out.
 */
export const JobId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{8}$/, 'expected a job id such as 7k3m9q2x')
  .brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

/** A boot's one-time word on the kernel command line: 128 bits, 32 lower-case hex digits. */
export const Nonce = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits')
  .brand<'Nonce'>();
export type Nonce = z.infer<typeof Nonce>;

/** A SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex');
export type Sha256 = z.infer<typeof Sha256>;

/** The kernel's `/proc/sys/kernel/random/boot_id`: new at every boot. */
export const BootId = z.string().regex(/^[0-9a-f-]{36}$/, 'expected a kernel boot id');
export type BootId = z.infer<typeof BootId>;
