import type { TestboxAddress } from './address.ts';
import type { DiskSlot } from './disk.ts';
import type { JobId } from './ids.ts';
import type { Codec } from './plan.ts';

/** The exports of the storage server, as testboxes mount them, wherever the server keeps them. */
export const TFTP_EXPORT = '/export/testbox-tftp';
export const BACKUP_EXPORT = '/export/testbox-backup';
export const NFSROOT_EXPORT = '/export/testbox-nfsroot';
/** Where the maintenance system mounts the first two. */
export const TFTP_MOUNT = '/mnt/testbox-tftp';
export const BACKUP_MOUNT = '/mnt/testbox-backup';
/** In the TFTP area: kernel and initrd of the maintenance system. */
export const MAINTENANCE_BOOT_DIRECTORY = 'maintenance-boot';
/** On the nfsroot: `agent.json`. */
export const AGENT_CONFIG_FILE = '/etc/testbox/agent.json';

/** In the root of the backup share and in every box's directory: proof that the share is mounted. */
export const BACKUP_MARKER = 'testbox-backup';
/** In the root of the TFTP area: proof that it is mounted. */
export const TFTP_MARKER = 'pxelinux.0';
export const BOOT_CONFIG_DIRECTORY = 'pxelinux.cfg';

export const GLOBAL_LOG = 'maintenance.log';
export const BOX_LOG = 'maintenance.log';
export const BOX_OUTPUT_LOG = 'maintenance-output.log';
export const INFO_TEXT = 'testbox-info.txt';
export const INFO_JSON = 'testbox-info.json';
export const DISK_LIST = 'disk-devices.lst';
export const CURRENT_LINK = 'current';
export const GENERATIONS_DIRECTORY = 'generations';
export const JOBS_DIRECTORY = 'jobs';
/** In a box's directory, while a job needs them: copies of images of other boxes. */
export const HANDED_OVER_DIRECTORY = 'sources';
/** In the jobs directory: how far a boot config without a job has come. */
export const JOBLESS_STATE = 'jobless.json';
export const MANIFEST = 'manifest.json';
/** Prefix of what is not published yet; never a generation, whatever follows. */
export const TEMPORARY_PREFIX = '.partial-';

const EXTENSIONS: Record<Codec, string> = { gzip: 'raw.gz', zstd: 'raw.zst' };

/** `000002`. Order is by this number, never by a clock. */
export function generationName(generation: number): string {
  return String(generation).padStart(6, '0');
}

/** Gives undefined for names that are no generation (temporaries, people's own files). */
export function parseGenerationName(name: string): number | undefined {
  return /^[0-9]{6,}$/.test(name) && Number(name) > 0 ? Number(name) : undefined;
}

/** The name of a generation that is being written. */
export function partialGenerationName(job: JobId, attempt: number): string {
  return `${TEMPORARY_PREFIX}${job}.${attempt}`;
}

/** Where a box finds a file of another box's directory, relative to its own. */
export function handedOverName(from: TestboxAddress, file: string): string {
  return `${HANDED_OVER_DIRECTORY}/${from}/${file}`;
}

export function imageFileName(slot: DiskSlot, codec: Codec): string {
  return `${slot}.${EXTENSIONS[codec]}`;
}

export function indexFileName(slot: DiskSlot, codec: Codec): string {
  return `${imageFileName(slot, codec)}.index`;
}

/** Names of the original's own images for a slot, in the order of precedence. */
export function plainImageNames(slot: DiskSlot): string[] {
  return [`${slot}.raw.gz`, `${slot}.gz`];
}

export function journalFileName(job: JobId, attempt: number): string {
  return `${job}.${attempt}.jsonl`;
}

/** The box's directory, relative to the backup share's root. */
export function boxDirectory(address: TestboxAddress): string {
  return address;
}
