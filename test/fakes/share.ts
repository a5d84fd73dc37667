import {
  type BootConfigRemoval,
  type BootConfigWrite,
  type BoxPreparation,
  type HandOver,
  type HandOverOutcome,
  type ImageProof,
  type Pruned,
  type PruneRequest,
  type Share,
  ShareError,
  type VerifyRequest,
} from '../../src/app/share-port.ts';
import type { TestboxAddress } from '../../src/contract/address.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { parseBootConfig } from '../../src/contract/pxelinux.ts';
import type { ImageCatalog } from '../../src/domain/images.ts';

export const EMPTY_CATALOG: ImageCatalog = {
  current: null,
  generations: [],
  plain: [],
  diskList: null,
  freeBytes: 1e12,
};

/** A share in memory that keeps the rules of the real one, and fails when it is told to. */
export class FakeShare implements Share {
  readonly bootConfigs = new Map<TestboxAddress, string>();
  readonly log: string[] = [];
  readonly proved: number[] = [];
  /** Boxes whose directory was seen to. */
  readonly prepared: TestboxAddress[] = [];
  readonly handedOver: HandOver[] = [];
  readonly takenBack: TestboxAddress[] = [];
  /** Why no images can be handed over. */
  notHandedOver: string | null = null;
  readonly verified: { generation: number; slot: string }[] = [];
  /** What reading a generation's images through finds; sound without an entry. */
  readonly damaged = new Map<number, string>();
  readonly pruned: PruneRequest[] = [];
  /** Why no box's directory can be had. */
  unprepared: string | null = null;
  catalogs = new Map<TestboxAddress, ImageCatalog>();
  journal: JournalLine[] = [];
  /** While set, every call fails. */
  down = false;

  async catalog(address: TestboxAddress): Promise<ImageCatalog> {
    this.#answer();
    return this.catalogs.get(address) ?? EMPTY_CATALOG;
  }

  async prepareBox(address: TestboxAddress): Promise<BoxPreparation> {
    this.#answer();
    if (this.unprepared !== null) return { kind: 'refused', why: this.unprepared };
    this.prepared.push(address);
    return { kind: 'ready' };
  }

  async putBootConfig(address: TestboxAddress, text: string): Promise<BootConfigWrite> {
    this.#answer();
    const there = this.bootConfigs.get(address);
    if (there !== undefined && jobOf(there) === null)
      return { kind: 'refused', why: 'a foreign boot config is there' };
    this.bootConfigs.set(address, text);
    return { kind: 'in-place' };
  }

  async removeBootConfig(address: TestboxAddress, job: JobId): Promise<BootConfigRemoval> {
    this.#answer();
    const there = this.bootConfigs.get(address);
    if (there === undefined) return { kind: 'gone' };
    if (jobOf(there) !== job) return { kind: 'foreign', why: 'it is of another job' };
    this.bootConfigs.delete(address);
    return { kind: 'gone' };
  }

  async shadowingBootConfigs(): Promise<readonly string[]> {
    this.#answer();
    return [];
  }

  async readJournal(): Promise<readonly JournalLine[]> {
    this.#answer();
    return this.journal;
  }

  async handOver(what: HandOver): Promise<HandOverOutcome> {
    this.#answer();
    if (this.notHandedOver !== null) return { kind: 'refused', why: this.notHandedOver };
    this.handedOver.push(what);
    return { kind: 'ready' };
  }

  async takeBack(address: TestboxAddress): Promise<void> {
    this.#answer();
    this.takenBack.push(address);
  }

  async appendGlobalLog(line: string): Promise<void> {
    this.#answer();
    this.log.push(line);
  }

  async verifyImage({ generation, slot, address }: VerifyRequest): Promise<ImageProof> {
    this.#answer();
    this.verified.push({ generation, slot });
    const found = this.catalogs.get(address)?.generations.find((each) => each.generation === generation);
    const disk = found?.manifest?.disks.find((each) => each.slot === slot);
    const problem =
      disk === undefined ? `it has no image of ${slot}` : (this.damaged.get(generation) ?? null);
    return { imageHash: disk?.indexHash ?? null, readBytes: disk?.codedBytes ?? 0, problem };
  }

  async prune(what: PruneRequest): Promise<Pruned> {
    this.#answer();
    this.pruned.push(what);
    this.proved.push(what.proved);
    return { removed: [], problem: null };
  }

  /** The nonce that a box would boot with now. */
  nonceFor(address: TestboxAddress): string | null {
    const orders = ordersOf(this.bootConfigs.get(address) ?? '');
    return orders?.kind === 'job' ? orders.nonce : null;
  }

  #answer(): void {
    if (this.down) throw new ShareError('the share does not answer');
  }
}

function ordersOf(text: string) {
  const parsed = parseBootConfig(text);
  return parsed?.kind === 'maintenance' ? parsed.orders : null;
}

function jobOf(text: string): JobId | null {
  const orders = ordersOf(text);
  return orders?.kind === 'job' ? orders.job : null;
}
