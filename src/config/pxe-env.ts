import type { Environment } from './dotenv.ts';
import { environmentProblem } from './env.ts';
import { Variables } from './variables.ts';

/** What of the environment a boot config needs: no chat, no agent's way back. */
export interface PxeConfig {
  tftpRoot: string;
  nfsServer: string;
  kernel: string;
  initrd: string;
  inventoryFile: string;
}

const PxeVariables = Variables.pick({
  TESTBOX_TFTP_ROOT: true,
  TESTBOX_NFS_SERVER: true,
  TESTBOX_KERNEL: true,
  TESTBOX_INITRD: true,
  TESTBOX_INVENTORY: true,
}).required({ TESTBOX_NFS_SERVER: true });

/** As `readEnvironment`, for a lab that may have no bot at all. */
export function readPxeEnvironment(
  env: Environment,
): { ok: true; config: PxeConfig } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = PxeVariables.safeParse(given);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => environmentProblem(issue, given)) };
  }
  const read = parsed.data;
  return {
    ok: true,
    config: {
      tftpRoot: read.TESTBOX_TFTP_ROOT,
      nfsServer: read.TESTBOX_NFS_SERVER,
      kernel: read.TESTBOX_KERNEL,
      initrd: read.TESTBOX_INITRD,
      inventoryFile: read.TESTBOX_INVENTORY,
    },
  };
}
