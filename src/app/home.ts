import { identify, rolesOf } from '../domain/access.ts';
import { validApprovals } from '../domain/approval.ts';
import type { Job } from '../domain/job.ts';
import type { ChatPerson, Person } from '../domain/person.ts';
import type { App } from './app.ts';
import type { CurrentImage, FleetImages } from './fleet-images.ts';
import type { JobView } from './job-view.ts';
import { type BoxView, viewAllBoxes, viewOf } from './look.ts';
import { stateObjection } from './objection.ts';

/** The fleet as one person finds it, and what concerns them. */
export interface HomeView {
  /** Jobs that wait for this very person's approval; null for people who approve nothing. */
  approvable: readonly Job[] | null;
  atWork: readonly JobView[];
  /** The person's own, the newest first. */
  own: readonly Job[];
  boxes: readonly { box: BoxView; image: CurrentImage }[];
}

const OWN_JOBS = 5;
/** Plans that nobody confirmed are among them, and are left out. */
const OWN_JOBS_READ = 25;

/** Looks at everything at once; the share gets a few seconds to answer. */
export async function viewHome(app: App, who: ChatPerson, images: FleetImages): Promise<HomeView> {
  const by = identify(who, app.inventory.access());
  const active = await app.store.activeJobs();
  const [atWork, own, boxes] = await Promise.all([
    Promise.all(active.map((job) => viewOf(app, job))),
    ownJobs(app, by),
    viewFleet(app, images),
  ]);
  return { approvable: await approvable(app, who, active), atWork, own, boxes };
}

/** Jobs of every platform that wait for this very person's approval; null for people who approve nothing. */
export async function approvableJobs(app: App, who: ChatPerson): Promise<readonly Job[] | null> {
  return approvable(app, who, await app.store.activeJobs());
}

/** Every box with its current image. */
export async function viewFleet(app: App, images: FleetImages): Promise<HomeView['boxes']> {
  const boxes = await viewAllBoxes(app);
  const found = await images.of(boxes);
  return boxes.map((box, index) => ({ box, image: found[index] ?? { kind: 'none' } }));
}

/** Plans and accepted questions that this person's approval would count for. */
async function approvable(app: App, who: ChatPerson, active: readonly Job[]): Promise<readonly Job[] | null> {
  const rules = app.inventory.access();
  if (!rolesOf(who, rules).has('approver')) return null;
  const by = identify(who, rules);
  const now = app.clock.now();
  const open = active.filter((job) => validApprovals(job, now).length < job.approvalsNeeded);
  const objections = await Promise.all(
    open.map((job) => stateObjection(app, { by, job, decision: { kind: 'approve' } })),
  );
  return open.filter((_job, index) => objections[index] === null);
}

async function ownJobs(app: App, { key }: Person): Promise<readonly Job[]> {
  const jobs = await app.store.jobsOf(key, OWN_JOBS_READ);
  const cards = await Promise.all(jobs.map(({ id }) => app.refs.find(id, 'card')));
  return jobs
    .filter(({ confirmedDigest }, index) => confirmedDigest !== null || cards[index] !== null)
    .slice(0, OWN_JOBS);
}
