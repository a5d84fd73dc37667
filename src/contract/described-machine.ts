import { z } from 'zod';
import { TestboxAddress } from './address.ts';
import { AgentConfig } from './agent-config.ts';
import { Disk } from './disk.ts';
import { BootId } from './ids.ts';

/** Where a described machine loses its power, by the agent's own hand. */
export const PowerCut = z.object({
  /** The agent is killed right after it has changed disk or share this often. */
  afterWrites: z.int().positive(),
  /** Take back what was not flushed by then, as a machine loses what its caches held. */
  loseUnflushed: z.boolean(),
});
export type PowerCut = z.infer<typeof PowerCut>;

/**
 * A machine that is described instead of found: what the lab hands to the real agent
 * (`agent/main.ts --machine FILE`) in place of a booted maintenance system.
 */
export const DescribedMachine = z.object({
  /** As `/proc/cmdline` would say. */
  commandLine: z.string(),
  address: TestboxAddress,
  hostname: z.string(),
  bootId: BootId,
  uuid: z.string().nullable(),
  macs: z.array(z.string()),
  /** Whole disks, each backed by a file (absolute path). */
  disks: z.array(Disk.extend({ file: z.string() })),
  /** What the box would mount, as absolute paths. */
  tftpRoot: z.string(),
  backupRoot: z.string(),
  agent: AgentConfig,
  /** Of the SSH server of its maintenance system; left out where that has none. */
  sshFingerprints: z.array(z.string()).optional(),
  /** Source address of connections to the bot; null is any. */
  localAddress: z.string().nullable(),
  /**
   * A file that holds a limit in bytes a second as decimal text, read again while imaging;
   * a missing or empty file is no limit. Null: never limited.
   */
  rateLimitFile: z.string().nullable(),
  /** Null: the power stays on. */
  powerCut: PowerCut.nullable().default(null),
});
export type DescribedMachine = z.infer<typeof DescribedMachine>;

/** Exit status with which an agent on a described machine asks for its reboot. */
export const REBOOT_EXIT_STATUS = 64;
