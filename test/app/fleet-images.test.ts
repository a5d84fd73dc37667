import { beforeEach, describe, expect, it } from 'vitest';
import { FleetImages } from '../../src/app/fleet-images.ts';
import { viewAllBoxes } from '../../src/app/look.ts';
import { ShareError } from '../../src/app/share-port.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { ImageCatalog } from '../../src/domain/images.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, PLUTO_BOX, type TestApp } from '../fakes/app.ts';
import { NOW } from '../fakes/job.ts';
import { PLUTO } from '../fakes/plan.ts';
import { EMPTY_CATALOG } from '../fakes/share.ts';
import { startJob } from '../fakes/start-job.ts';

const DAY = 24 * 3_600_000;

function fleet(size: number) {
  return Array.from({ length: size }, (_unused, index) => ({
    ...PLUTO_BOX,
    name: `box${index + 1}`,
    address: TestboxAddress.parse(`10.0.0.${index + 1}`),
  }));
}

/** The share's answers are given by the test, one read after the other. */
class Reads {
  readonly asked: TestboxAddress[] = [];
  readonly #waiting: ((catalog: ImageCatalog | Error) => void)[] = [];
  most = 0;

  constructor(app: TestApp) {
    app.share.catalog = (address) =>
      new Promise((resolve, reject) => {
        this.asked.push(address);
        this.#waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
        this.most = Math.max(this.most, this.#waiting.length);
      });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  answer(catalog: ImageCatalog | Error): void {
    this.#waiting.shift()?.(catalog);
  }
}

let app: TestApp;
let images: FleetImages;

beforeEach(async () => {
  app = await createTestApp();
  images = new FleetImages(app);
});

async function ask() {
  return images.of(await viewAllBoxes(app));
}

describe('the current image', () => {
  const plain = (slot: string, modifiedAt: number) => ({
    slot,
    file: `${slot}.raw.gz`,
    codedBytes: 1,
    modifiedAt,
  });
  const generation = (number: number, problem: string | null) => ({
    generation: number,
    manifest: null,
    problem,
  });

  it.each([
    ['nothing', {}, { kind: 'none' }],
    [
      'a generation without manifest',
      {
        current: 2,
        generations: [generation(1, null), generation(2, 'no manifest')],
        plain: [plain('sda', NOW)],
      },
      { kind: 'image', takenAt: null, problem: 'no manifest' },
    ],
    [
      "the original's files: the oldest of them counts",
      { plain: [plain('sda', NOW - DAY), plain('sdb', NOW - 3 * DAY)] },
      { kind: 'image', takenAt: NOW - 3 * DAY, problem: null },
    ],
  ])('of a share with %s', async (_name, catalog, expected) => {
    app.share.catalogs.set(PLUTO, { ...EMPTY_CATALOG, ...catalog });

    expect(await ask()).toEqual([expected]);
  });

  it('is unknown where the share can not be read, and only there', async () => {
    app = await createTestApp(':memory:', fleet(2));
    images = new FleetImages(app);
    const { catalog } = app.share;
    app.share.catalog = (address) =>
      address === '10.0.0.1'
        ? Promise.reject(new ShareError('current is no link'))
        : catalog.call(app.share, address);

    expect(await ask()).toEqual([{ kind: 'unknown', why: 'current is no link' }, { kind: 'none' }]);
  });
});

describe('the images of many boxes', () => {
  it('are read four at a time', async () => {
    app = await createTestApp(':memory:', fleet(10));
    images = new FleetImages(app);
    const reads = new Reads(app);
    const found = ask();
    for (let left = 10; left > 0; left -= 1) {
      await expect.poll(() => reads.waiting).toBe(Math.min(4, left));
      reads.answer(EMPTY_CATALOG);
    }

    expect(await found).toHaveLength(10);
    expect(reads.asked).toEqual(fleet(10).map(({ address }) => address));
    expect(reads.most).toBe(4);
  });

  it('are read once for all who ask in the meantime', async () => {
    const reads = new Reads(app);
    const both = Promise.all([ask(), ask()]);
    await expect.poll(() => reads.waiting).toBe(1);
    reads.answer(EMPTY_CATALOG);

    expect(await both).toEqual([[{ kind: 'none' }], [{ kind: 'none' }]]);
    expect(reads.asked).toEqual([PLUTO]);
  });

  it('are remembered for half a minute', async () => {
    await ask();
    app.share.catalogs.set(PLUTO, { ...EMPTY_CATALOG, current: 1, generations: [found(1)] });

    app.clock.advance(29_999);
    expect(await ask()).toEqual([{ kind: 'none' }]);
    app.clock.advance(1);
    expect(await ask()).toMatchObject([{ kind: 'image' }]);
  });

  it('are read anew while a job has the box, and after it', async () => {
    const id = await startJob(app, 'backup');
    await ask();
    await new FakeAgent(app, id, 1).hello();
    await ask();
    app.share.catalogs.set(PLUTO, { ...EMPTY_CATALOG, current: 1, generations: [found(1)] });

    expect(await ask()).toMatchObject([{ kind: 'image' }]);
    const job = await app.store.job(id);
    if (job === null) throw new Error('no job');
    const after = { ...job, version: job.version + 1, state: 'succeeded' } as const;
    const audit = {
      at: 0,
      jobId: id,
      testbox: null,
      actor: null,
      event: 'test',
      fromState: null,
      toState: null,
    };
    app.share.catalogs.set(PLUTO, { ...EMPTY_CATALOG, current: 2, generations: [found(2)] });
    await app.store.commit({ before: job, after, audit: { ...audit, detail: null }, effects: [] });
    expect(await ask()).toMatchObject([{ kind: 'image', problem: 'of 2' }]);
  });

  it('are given up after five seconds, and are there when the share has answered later', async () => {
    const reads = new Reads(app);
    const late = ask();
    await expect.poll(() => reads.waiting).toBe(1);
    app.clock.advance(5_000);
    expect(await late).toEqual([{ kind: 'unknown', why: 'no answer within 5 s' }]);

    reads.answer(EMPTY_CATALOG);
    expect(await ask()).toEqual([{ kind: 'none' }]);
    expect(reads.asked).toEqual([PLUTO]);
  });

  it("that can't be read by a fault of the bot are asked for again", async () => {
    const reads = new Reads(app);
    const first = ask();
    await expect.poll(() => reads.waiting).toBe(1);
    reads.answer(new TypeError('a fault'));
    await expect(first).rejects.toThrow('a fault');

    const second = ask();
    await expect.poll(() => reads.waiting).toBe(1);
    reads.answer(EMPTY_CATALOG);
    expect(await second).toEqual([{ kind: 'none' }]);
  });
});

function found(generation: number) {
  return { generation, manifest: null, problem: `of ${generation}` };
}
