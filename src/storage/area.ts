import type {
  BootConfigRemoval,
  BootConfigWrite,
  BoxPreparation,
  HandOver,
  HandOverOutcome,
  ImageProof,
  Pruned,
  PruneRequest,
  Share,
  VerifyRequest,
} from '../app/share-port.ts';
import type { TestboxAddress } from '../contract/address.ts';
import type { JobId } from '../contract/ids.ts';
import type { JournalLine } from '../contract/journal.ts';
import type { ImageCatalog } from '../domain/images.ts';
import type { Testbox } from '../domain/testbox.ts';
import { provedLines } from './journal.ts';
import { ShareClient } from './share-client.ts';
import type { BackupShareCheck, BoxDirectoryProblem, ShareRoots } from './share-protocol.ts';

const DEADLINE_MS = 15_000;
const READING_DEADLINE_MS = 12 * 60 * 60 * 1000;

/** The bot's hands on the storage share, all in a process of their own. */
export class StorageArea implements Share {
  readonly #client: ShareClient;
  /** Reading images through takes hours, and keeps no other call waiting. */
  readonly #reader: ShareClient;

  /** Unpacks images, which takes a whole core: jobs and the bot go first. */
  readonly #verifier: ShareClient;

  constructor(roots: ShareRoots, options: { deadlineMs?: number } = {}) {
    this.#client = new ShareClient({ roots, deadlineMs: options.deadlineMs ?? DEADLINE_MS });
    this.#reader = new ShareClient({ roots, deadlineMs: READING_DEADLINE_MS });
    this.#verifier = new ShareClient({ roots, deadlineMs: READING_DEADLINE_MS, lowPriority: true });
  }

  catalog(address: TestboxAddress): Promise<ImageCatalog> {
    return this.#client.call({ op: 'catalog', address });
  }

  prepareBox(address: TestboxAddress): Promise<BoxPreparation> {
    return this.#client.call({ op: 'prepare-box', address });
  }

  /** What the box's HEX-IP file says now; null without one. */
  readBootConfig(address: TestboxAddress): Promise<string | null> {
    return this.#client.call({ op: 'read-boot-config', address });
  }

  putBootConfig(address: TestboxAddress, text: string): Promise<BootConfigWrite> {
    return this.#client.call({ op: 'put-boot-config', address, text });
  }

  removeBootConfig(address: TestboxAddress, job: JobId): Promise<BootConfigRemoval> {
    return this.#client.call({ op: 'remove-boot-config', address, job });
  }

  /** Of the seed's kind, without a job; any other file there is only replaced with `replace`. */
  putJoblessBootConfig(
    address: TestboxAddress,
    file: { text: string; replace: boolean },
  ): Promise<BootConfigWrite> {
    return this.#client.call({ op: 'put-jobless-boot-config', address, ...file });
  }

  /** Removes the file if it is one without a job. */
  removeJoblessBootConfig(address: TestboxAddress): Promise<BootConfigRemoval> {
    return this.#client.call({ op: 'remove-jobless-boot-config', address });
  }

  shadowingBootConfigs(testbox: Pick<Testbox, 'mac'>): Promise<readonly string[]> {
    return this.#client.call({ op: 'shadowing-boot-configs', mac: testbox.mac });
  }

  async readJournal(place: {
    address: TestboxAddress;
    job: JobId;
    attempt: number;
    tokenOf: (session: string) => string;
  }): Promise<readonly JournalLine[]> {
    const { address, job, attempt, tokenOf } = place;
    return provedLines(await this.#client.call({ op: 'read-journal', address, job, attempt }), tokenOf);
  }

  handOver({ from, to, files }: HandOver): Promise<HandOverOutcome> {
    return this.#reader.call({ op: 'hand-over', from, to, files: [...files] });
  }

  async takeBack(address: TestboxAddress): Promise<void> {
    await this.#client.call({ op: 'take-back', address });
  }

  async appendGlobalLog(line: string): Promise<void> {
    await this.#client.call({ op: 'append-global-log', line });
  }

  verifyImage(
    { address, generation, slot }: VerifyRequest,
    onProgress?: (readBytes: number) => void,
  ): Promise<ImageProof> {
    return this.#verifier.call({ op: 'verify-image', address, generation, slot }, onProgress);
  }

  prune({ named, damaged, dryRun = false, ...what }: PruneRequest): Promise<Pruned> {
    return this.#reader.call({ op: 'prune', ...what, named: [...named], damaged: [...damaged], dryRun });
  }

  /** What a person has to put right in the TFTP area, as sentences. */
  checkTftp(files: { kernel: string; initrd: string }): Promise<readonly string[]> {
    return this.#client.call({ op: 'check-tftp', ...files });
  }

  checkBackup(): Promise<BackupShareCheck> {
    return this.#client.call({ op: 'check-backup' });
  }

  /** What is wrong with the directories of these boxes on the backup share. */
  checkBoxDirectories(addresses: readonly TestboxAddress[]): Promise<readonly BoxDirectoryProblem[]> {
    return this.#client.call({ op: 'check-box-directories', addresses: [...addresses] });
  }

  /** Ends the process. Calls under way fail with ShareError. */
  close(): void {
    this.#client.close();
    this.#reader.close();
    this.#verifier.close();
  }
}
