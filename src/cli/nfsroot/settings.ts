import type { StorageConfig } from '../../config/storage-env.ts';
import type { AgentConfig } from '../../contract/agent-config.ts';
import { BACKUP_EXPORT, BACKUP_MOUNT, TFTP_EXPORT, TFTP_MOUNT } from '../../contract/share-layout.ts';
import { collectKeys } from './authorized-keys.ts';
import { NfsrootProblem } from './problem.ts';

/** What of a root comes from the environment, and not from the recipe. */
export interface RootSettings {
  agentConfig: AgentConfig;
  /** Lines of `authorized_keys`. */
  keys: readonly string[];
}

/** What was asked for on the command line; null leaves it to the environment. */
export type JoblessWish = 'require-job' | 'allow-jobless' | null;

/** @throws {NfsrootProblem} when no agent could act by it, or nobody log in */
export async function readSettings(config: StorageConfig, wish: JoblessWish): Promise<RootSettings> {
  return { agentConfig: agentConfigOf(config, wish), keys: await collectKeys(config) };
}

/** Without a bot, boot configs without a job are all there is; with one, its word is needed. */
export function agentConfigOf(
  { reportUrl }: Pick<StorageConfig, 'reportUrl'>,
  wish: JoblessWish,
): AgentConfig {
  if (wish === 'require-job' && reportUrl === null) {
    throw new NfsrootProblem(
      'with --require-job and no bot the agent could never act: set TESTBOX_REPORT_URL, or leave --require-job out',
    );
  }
  const allowJobless = wish === null ? reportUrl === null : wish === 'allow-jobless';
  return { botUrl: reportUrl, allowJobless };
}

export function agentConfigText(agentConfig: AgentConfig): string {
  return `${JSON.stringify(agentConfig, null, 2)}\n`;
}

export function authorizedKeysText(keys: readonly string[]): string {
  return keys.map((line) => `${line}\n`).join('');
}

/** As the seed has it, but for NFSv4: nothing is mounted before somebody asks for it. */
export function fstabText({ nfsServer }: Pick<StorageConfig, 'nfsServer'>): string {
  const server = nfsServer.includes(':') ? `[${nfsServer}]` : nfsServer;
  const share = (path: string, mount: string) =>
    `${server}:${path} ${mount} nfs4 vers=4.1,proto=tcp,noauto 0 0`;
  const lines = ['proc /proc proc defaults 0 0', '/dev/nfs / nfs defaults 0 0'];
  return [...lines, share(TFTP_EXPORT, TFTP_MOUNT), share(BACKUP_EXPORT, BACKUP_MOUNT), ''].join('\n');
}
