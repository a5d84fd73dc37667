import { z } from 'zod';
import { TestboxAddress } from './address.ts';
import { Disk } from './disk.ts';

/** `testbox-info.json`: what a box is made of, as the agent found it. What it doesn't tell is null. */
export const TestboxInfo = z.object({
  version: z.literal(1),
  /** The host name that belongs to the address. */
  name: z.string().nullable(),
  address: TestboxAddress,
  /** DMI system UUID. */
  uuid: z.string().nullable(),
  macs: z.array(z.string()),
  cpuModel: z.string().nullable(),
  memoryBytes: z.int().nonnegative().nullable(),
  /** Also those that can't be imaged. */
  disks: z.array(Disk),
  /** Release of the maintenance system's kernel. */
  kernel: z.string().nullable(),
  agentVersion: z.string(),
  /** UTC, ISO 8601, by the box's clock. */
  writtenAt: z.string(),
});
export type TestboxInfo = z.infer<typeof TestboxInfo>;
