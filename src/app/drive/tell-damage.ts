import { createHash } from 'node:crypto';
import type { TestboxAddress } from '../../contract/address.ts';
import { type Damage, soundGenerations } from '../../domain/damage.ts';
import type { FoundGeneration } from '../../domain/images.ts';
import type { Person } from '../../domain/person.ts';
import type { App } from '../app.ts';
import { catalogOf } from '../catalog.ts';
import { AnnounceError } from '../chat-ports.ts';
import type { DamageReport } from '../proof-ports.ts';
import { ShareError } from '../share-port.ts';
import type { Tasks } from './tasks.ts';

const EVERY_MS = 5_000;
const RETRY_MS = 60_000;

/**
 * Tells people of images that are damaged, whoever found it: once, as long as it stays as it was. What was
 * told is in the store.
 */
export class TellDamage {
  readonly #app: App;
  readonly #tasks: Tasks;
  #nextAt = 0;
  /** Why it could not be told, as it was logged last: a long outage is not logged at every try. */
  #problem: string | null = null;

  constructor(app: App, tasks: Tasks) {
    this.#app = app;
    this.#tasks = tasks;
  }

  look(): void {
    const now = this.#app.clock.now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + EVERY_MS;
    this.#tasks.start('damage', () => this.#tellAll());
  }

  async #tellAll(): Promise<void> {
    const { damages, verifying, clock, log } = this.#app;
    for (const [address, damage] of await damages.untold()) {
      // The whole of a box at once: there may be more of it.
      if (verifying.has(address)) continue;
      try {
        await this.#tell(address, damage);
        this.#problem = null;
      } catch (error) {
        if (!(error instanceof AnnounceError || error instanceof ShareError)) throw error;
        const pauseMs = error instanceof AnnounceError ? (error.retryAfterMs ?? RETRY_MS) : RETRY_MS;
        this.#nextAt = clock.now() + Math.max(EVERY_MS, pauseMs);
        if (this.#problem !== error.message)
          log.warn({ testbox: address, why: error.message }, 'nobody could be told of damaged images yet');
        this.#problem = error.message;
        return;
      }
    }
  }

  async #tell(address: TestboxAddress, damage: readonly Damage[]): Promise<void> {
    const { inventory, teller, damages, clock } = this.#app;
    const testbox = inventory.testboxes().find((each) => each.address === address);
    // Whoever takes a box back into the inventory is told then.
    if (testbox === undefined) return;
    await teller.tellDamage(testbox, await reportOf(this.#app, address, damage));
    await damages.told(address, damage, clock.now());
  }
}

async function reportOf(app: App, address: TestboxAddress, damage: readonly Damage[]): Promise<DamageReport> {
  const catalog = await catalogOf(app, address);
  const isDamaged = ({ generation }: { generation: number }) =>
    damage.some((each) => each.generation === generation);
  const damaged = catalog.generations.filter(isDamaged);
  return {
    damage,
    current: catalog.current,
    // What was found is newer than what the catalog may know.
    sound: soundGenerations(catalog).filter((found) => !isDamaged(found)),
    owners: await ownersOf(app, address, damaged),
    at: app.clock.now(),
    key: `damage:${address}:${digestOf(damage)}`,
  };
}

/** Who asked for the backups that made the images, and who has locked the box; each once. */
async function ownersOf(
  { store }: App,
  address: TestboxAddress,
  damaged: readonly FoundGeneration[],
): Promise<Person[]> {
  const owners = new Map<string, Person>();
  const lock = await store.lock(address);
  if (lock !== null) owners.set(lock.by.key, lock.by);
  for (const { manifest } of damaged) {
    const job = manifest === null || manifest.job === null ? null : await store.job(manifest.job);
    // A box writes its manifests itself: it has no say in who is called for another one's job.
    if (job?.testbox.address === address) owners.set(job.requester.key, job.requester);
  }
  return [...owners.values()];
}

function digestOf(damage: readonly Damage[]): string {
  return createHash('sha256').update(JSON.stringify(damage)).digest('hex').slice(0, 32);
}
