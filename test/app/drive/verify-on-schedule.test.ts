import { beforeEach, expect, it } from 'vitest';
import { Driver } from '../../../src/app/drive/driver.ts';
import { verifyImages } from '../../../src/app/verify-images.ts';
import { TestboxAddress } from '../../../src/contract/address.ts';
import { createTestApp, PLUTO_BOX, type TestApp } from '../../fakes/app.ts';
import { catalogOf, generation } from '../../fakes/catalog.ts';
import { NOW } from '../../fakes/job.ts';
import { PLUTO } from '../../fakes/plan.ts';

const HOUR = 3_600_000;

let app: TestApp;
let driver: Driver;

beforeEach(async () => {
  app = await createTestApp();
  app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2)]));
  app.settings.verifyAt = (after) => NOW + (Math.floor((after - NOW) / HOUR) + 1) * HOUR;
  driver = new Driver(app);
});

async function pass(): Promise<void> {
  await driver.pass();
  await driver.settled();
  do await new Promise((resolve) => setImmediate(resolve));
  while (app.verifying.size > 0);
}

it('proves all images at each of its times, and not before', async () => {
  await pass();
  expect(app.share.verified).toEqual([]);

  app.clock.advance(HOUR);
  await pass();
  await pass();
  expect(app.share.verified.map((image) => image.generation)).toEqual([2, 1]);

  app.clock.advance(HOUR);
  await pass();
  expect(app.share.verified).toHaveLength(4);
});

it('goes on with the next time after a share that was away', async () => {
  app.share.down = true;
  app.clock.advance(HOUR);
  await pass();
  app.share.down = false;
  await pass();
  expect(app.share.verified).toEqual([]);

  app.clock.advance(HOUR);
  await pass();
  expect(app.share.verified).toHaveLength(2);
});

it('begins with the box that was read longest ago', async () => {
  const address = TestboxAddress.parse('10.40.41.43');
  const venus = { ...PLUTO_BOX, name: 'venus', address };
  app.inventory = { ...app.inventory, testboxes: () => [PLUTO_BOX, venus] };
  app.share.catalogs.set(address, catalogOf([generation(5, null, venus)]));
  await verifyImages(app, { address: PLUTO, generations: null });
  app.clock.advance(HOUR);
  await pass();

  expect(app.share.verified.map((image) => image.generation)).toEqual([2, 1, 5, 2, 1]);
});
