import type { Environment } from './dotenv.ts';
import { environmentProblem } from './env.ts';
import { Variables } from './variables.ts';

/** What of the environment the storage server is laid out from: no chat. Paths are absolute. */
export interface StorageConfig {
  tftpRoot: string;
  backupRoot: string;
  nfsroot: string;
  nfsServer: string;
  /** Base URL that agents reach the bot by; null in a lab without one. */
  reportUrl: string | null;
  inventoryFile: string;
  /** Private key of the bot; its public half may log in to the maintenance system. */
  sshKeyFile: string | null;
  authorizedKeysFile: string | null;
  /** Relative to the TFTP root. */
  kernel: string;
  initrd: string;
}

const StorageVariables = Variables.pick({
  TESTBOX_TFTP_ROOT: true,
  TESTBOX_BACKUP_ROOT: true,
  TESTBOX_NFSROOT: true,
  TESTBOX_NFS_SERVER: true,
  TESTBOX_REPORT_URL: true,
  TESTBOX_INVENTORY: true,
  TESTBOX_SSH_KEY: true,
  TESTBOX_AUTHORIZED_KEYS: true,
  TESTBOX_KERNEL: true,
  TESTBOX_INITRD: true,
}).required({ TESTBOX_NFS_SERVER: true });

/** As `readEnvironment`, for the commands that lay out the storage server. */
export function readStorageEnvironment(
  env: Environment,
): { ok: true; config: StorageConfig } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = StorageVariables.safeParse(given);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => environmentProblem(issue, given)) };
  }
  const read = parsed.data;
  return {
    ok: true,
    config: {
      tftpRoot: read.TESTBOX_TFTP_ROOT,
      backupRoot: read.TESTBOX_BACKUP_ROOT,
      nfsroot: read.TESTBOX_NFSROOT,
      nfsServer: read.TESTBOX_NFS_SERVER,
      reportUrl: read.TESTBOX_REPORT_URL?.replace(/\/+$/, '') ?? null,
      inventoryFile: read.TESTBOX_INVENTORY,
      sshKeyFile: read.TESTBOX_SSH_KEY ?? null,
      authorizedKeysFile: read.TESTBOX_AUTHORIZED_KEYS ?? null,
      kernel: read.TESTBOX_KERNEL,
      initrd: read.TESTBOX_INITRD,
    },
  };
}
