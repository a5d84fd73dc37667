import { z } from 'zod';
import type {
  BootConfigRemoval,
  BootConfigWrite,
  BoxPreparation,
  HandOverOutcome,
  ImageProof,
  Pruned,
} from '../app/share-port.ts';
import { TestboxAddress } from '../contract/address.ts';
import { DiskSlot } from '../contract/disk.ts';
import { JobId } from '../contract/ids.ts';
import type { ImageCatalog } from '../domain/images.ts';

/** Where the exports are mounted on the bot's machine. */
export const ShareRoots = z.object({ tftpRoot: z.string(), backupRoot: z.string() });
export type ShareRoots = z.infer<typeof ShareRoots>;

/** Of plain names: it can't lead out of its directory but by a link. */
const PathInside = z.string().regex(/^[^./\u0000][^/\u0000]*(?:\/[^./\u0000][^/\u0000]*)*$/);

/** What the bot asks of the process that touches the share. */
export const ShareCall = z.discriminatedUnion('op', [
  z.object({ op: z.literal('catalog'), address: TestboxAddress }),
  z.object({ op: z.literal('prepare-box'), address: TestboxAddress }),
  z.object({ op: z.literal('read-boot-config'), address: TestboxAddress }),
  z.object({ op: z.literal('put-boot-config'), address: TestboxAddress, text: z.string() }),
  z.object({ op: z.literal('remove-boot-config'), address: TestboxAddress, job: JobId }),
  z.object({
    op: z.literal('put-jobless-boot-config'),
    address: TestboxAddress,
    text: z.string(),
    replace: z.boolean(),
  }),
  z.object({ op: z.literal('remove-jobless-boot-config'), address: TestboxAddress }),
  z.object({ op: z.literal('shadowing-boot-configs'), mac: z.string().nullable() }),
  z.object({
    op: z.literal('read-journal'),
    address: TestboxAddress,
    job: JobId,
    attempt: z.int().positive(),
  }),
  z.object({
    op: z.literal('hand-over'),
    from: TestboxAddress,
    to: TestboxAddress,
    files: z.array(z.object({ source: PathInside, copy: PathInside })),
  }),
  z.object({ op: z.literal('take-back'), address: TestboxAddress }),
  z.object({ op: z.literal('append-global-log'), line: z.string() }),
  z.object({
    op: z.literal('prune'),
    address: TestboxAddress,
    proved: z.int().positive(),
    keep: z.int().positive(),
    named: z.array(z.int().positive()),
    damaged: z.array(z.int().positive()),
    dryRun: z.boolean(),
  }),
  z.object({
    op: z.literal('verify-image'),
    address: TestboxAddress,
    generation: z.int().positive(),
    slot: DiskSlot,
  }),
  z.object({ op: z.literal('check-tftp'), kernel: z.string(), initrd: z.string() }),
  z.object({ op: z.literal('check-backup') }),
  z.object({ op: z.literal('check-box-directories'), addresses: z.array(TestboxAddress) }),
]);
export type ShareCall = z.infer<typeof ShareCall>;

/** What each call gives. */
export interface ShareResults {
  catalog: ImageCatalog;
  'prepare-box': BoxPreparation;
  'read-boot-config': string | null;
  'put-boot-config': BootConfigWrite;
  'remove-boot-config': BootConfigRemoval;
  'put-jobless-boot-config': BootConfigWrite;
  'remove-jobless-boot-config': BootConfigRemoval;
  'shadowing-boot-configs': readonly string[];
  'read-journal': string;
  'hand-over': HandOverOutcome;
  'take-back': null;
  'append-global-log': null;
  'verify-image': ImageProof;
  prune: Pruned;
  'check-tftp': readonly string[];
  'check-backup': BackupShareCheck;
  'check-box-directories': readonly BoxDirectoryProblem[];
}

export interface BackupShareCheck {
  /** What a person has to put right, as sentences. */
  problems: readonly string[];
  freeBytes: number | null;
}

/** Why a box could not keep its images in its own directory. */
export interface BoxDirectoryProblem {
  address: TestboxAddress;
  kind: 'missing' | 'no-directory' | 'unmarked' | 'read-only';
}

export const ShareRequest = z.object({ id: z.int(), call: ShareCall });
export type ShareRequest = z.infer<typeof ShareRequest>;

export const ShareAnswer = z.union([
  /** On the way: more answers follow. */
  z.object({ id: z.int(), progress: z.number() }),
  z.object({ id: z.int(), value: z.unknown() }),
  z.object({ id: z.int(), failure: z.string() }),
]);
export type ShareAnswer = z.infer<typeof ShareAnswer>;
