import type { TestboxAddress } from '../contract/address.ts';
import { approversOn } from '../domain/access.ts';
import type { RecordedHardware } from '../domain/hardware.ts';
import type { ImageCatalog } from '../domain/images.ts';
import type { Job } from '../domain/job.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { App } from './app.ts';
import { catalogOf } from './catalog.ts';
import { findTestbox } from './find-testbox.ts';
import type { JobView } from './job-view.ts';
import type { BoxLock } from './store.ts';

/** One box at a glance. */
export interface BoxView {
  testbox: Testbox;
  active: Job | null;
  lock: BoxLock | null;
  hardware: RecordedHardware | null;
}

/** A job with all that its card shows. */
export async function viewOf(app: App, job: Job): Promise<JobView> {
  const testbox = findTestbox(app, job.testbox.name);
  return {
    job,
    testbox: 'kind' in testbox ? null : testbox,
    hearing: await app.store.hearing(job.id),
    queuePlace: job.state === 'queued' ? await queuePlace(app, job) : null,
    approvers: approversOn(job.origin.platform, app.inventory.access()),
    now: app.clock.now(),
  };
}

export async function viewBox(app: App, testbox: Testbox): Promise<BoxView> {
  const { address } = testbox;
  const [active, lock, hardware] = await Promise.all([
    app.store.activeJob(address),
    app.store.lock(address),
    app.store.hardware(address),
  ]);
  return { testbox, active, lock, hardware };
}

export function viewAllBoxes(app: App): Promise<BoxView[]> {
  return Promise.all(app.inventory.testboxes().map((testbox) => viewBox(app, testbox)));
}

/** @throws ShareError */
export function imagesOf(app: App, address: TestboxAddress): Promise<ImageCatalog> {
  return catalogOf(app, address);
}

/** Where in the queue a job is: 1 is next. */
async function queuePlace(app: App, job: Job): Promise<number> {
  const queued = (await app.store.activeJobs()).filter(({ state }) => state === 'queued');
  return queued.findIndex(({ id }) => id === job.id) + 1;
}
