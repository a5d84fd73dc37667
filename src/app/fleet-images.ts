import type { TestboxAddress } from '../contract/address.ts';
import type { ImageCatalog } from '../domain/images.ts';
import type { App } from './app.ts';
import { type BoxView, imagesOf } from './look.ts';
import { ShareError } from './share-port.ts';

/** What a restore of the box would take today. */
export type CurrentImage =
  | { kind: 'none' }
  /** `takenAt` is epoch ms, null when the image doesn't say; `problem` is what is wrong with it. */
  | { kind: 'image'; takenAt: number | null; problem: string | null }
  /** The share could not be read. */
  | { kind: 'unknown'; why: string };

type Wanted = Pick<BoxView, 'testbox' | 'active' | 'hardware'>;

interface Read {
  /** Epoch ms. */
  at: number;
  /** No job had the box. */
  idle: boolean;
  image: Promise<CurrentImage>;
}

const FRESH_MS = 30_000;
const AT_ONCE = 4;
/** A page is shown without the images rather than late: a hung share takes longer to fail. */
const PATIENCE_MS = 5_000;

/** The current images of many boxes at once, remembered for a moment. */
export class FleetImages {
  readonly #app: App;
  readonly #reads = new Map<TestboxAddress, Read>();
  readonly #turns = new Turns(AT_ONCE);

  constructor(app: App) {
    this.#app = app;
  }

  /** One for each box, in their order. A share that doesn't answer makes them unknown, soon. */
  async of(boxes: readonly Wanted[]): Promise<readonly CurrentImage[]> {
    const enough = new AbortController();
    const late = this.#app.clock
      .sleep(PATIENCE_MS, enough.signal)
      .then((): CurrentImage => ({ kind: 'unknown', why: `no answer within ${PATIENCE_MS / 1000} s` }));
    try {
      return await Promise.all(boxes.map((box) => Promise.race([this.#read(box), late])));
    } finally {
      enough.abort();
    }
  }

  #read(box: Wanted): Promise<CurrentImage> {
    const { address } = box.testbox;
    const known = this.#reads.get(address);
    const at = this.#app.clock.now();
    if (known !== undefined && isFresh(known, box, at)) return known.image;
    const read = { at, idle: box.active === null, image: this.#turns.take(() => this.#look(address)) };
    this.#reads.set(address, read);
    // A fault is not remembered: whoever asks next tries again.
    read.image.catch(() => this.#reads.delete(address));
    return read.image;
  }

  async #look(address: TestboxAddress): Promise<CurrentImage> {
    try {
      return currentImage(await imagesOf(this.#app, address));
    } catch (error) {
      if (error instanceof ShareError) return { kind: 'unknown', why: error.message };
      throw error;
    }
  }
}

/** A job at work makes new images: nothing read while it ran, or before its agent came, counts. */
function isFresh({ at, idle }: Read, { active, hardware }: Wanted, now: number): boolean {
  return idle && active === null && now - at < FRESH_MS && at > (hardware?.seenAt ?? 0);
}

/** The same precedence as for a restore: the current generation, then the original's plain files. */
function currentImage({ current, generations, plain }: ImageCatalog): CurrentImage {
  const found = generations.find(({ generation }) => generation === current);
  if (found !== undefined) {
    const takenAt = Date.parse(found.manifest?.createdAt ?? '');
    return { kind: 'image', takenAt: Number.isNaN(takenAt) ? null : takenAt, problem: found.problem };
  }
  if (plain.length === 0) return { kind: 'none' };
  return { kind: 'image', takenAt: Math.min(...plain.map(({ modifiedAt }) => modifiedAt)), problem: null };
}

/** Lets so many go at once; the others wait in line. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
