import type { DiscordFindings } from '../../chat/discord/inspect.ts';
import type { SlackFindings } from '../../chat/slack/inspect.ts';
import type { BotConfig } from '../../config/env.ts';
import type { TestboxAddress } from '../../contract/address.ts';
import type { AccessRules } from '../../domain/access.ts';
import type { Testbox } from '../../domain/testbox.ts';
import type { BackupShareCheck, BoxDirectoryProblem } from '../../storage/share-protocol.ts';
import type { NfsrootFindings } from './find-nfsroot.ts';
import type { NfsExports } from './nfs/nfs-export.ts';

/** What checks look at. What could not be read is null: the check that reads it has said why. */
export interface DoctorContext {
  /** As `process.versions.node` has it. */
  nodeVersion: string;
  /** What is wrong with the environment, as sentences. */
  environmentProblems: readonly string[];
  config: BotConfig | null;
  inventoryProblems: readonly string[];
  testboxes: readonly Testbox[] | null;
  access: AccessRules | null;
  share: DoctorShare | null;
  nfsroot: NfsrootFindings | null;
  /** Null too when this machine's NFS server, if there is one, has none for testboxes. */
  exports: NfsExports | null;
  /** Null too when Slack is not set up. */
  slack: SlackFindings | null;
  /** Null too when Discord is not set up. */
  discord: DiscordFindings | null;
}

/** The part of the storage area that checks need. */
export interface DoctorShare {
  checkTftp(files: { kernel: string; initrd: string }): Promise<readonly string[]>;
  checkBackup(): Promise<BackupShareCheck>;
  checkBoxDirectories(addresses: readonly TestboxAddress[]): Promise<readonly BoxDirectoryProblem[]>;
  shadowingBootConfigs(testbox: Testbox): Promise<readonly string[]>;
}

export type CheckResult =
  | { kind: 'ok'; detail: string }
  /** What a person has to do, one sentence each. */
  | { kind: 'fix'; todo: readonly string[] }
  /** Another thing has to be put right first. */
  | { kind: 'skipped'; why: string };

/** One thing that is looked at. A check that throws has found something to fix. */
export interface Check {
  name: string;
  run(context: DoctorContext): Promise<CheckResult>;
}

export const NEEDS_ENVIRONMENT: CheckResult = { kind: 'skipped', why: 'the environment comes first' };
export const NEEDS_INVENTORY: CheckResult = { kind: 'skipped', why: 'the inventory comes first' };

/** `ok` with the detail when there is nothing to do. */
export function todoOr(detail: string, todo: readonly string[]): CheckResult {
  return todo.length === 0 ? { kind: 'ok', detail } : { kind: 'fix', todo };
}
