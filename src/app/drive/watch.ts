import type { Job } from '../../domain/job.ts';
import type { Testbox } from '../../domain/testbox.ts';
import type { App } from '../app.ts';
import { changeJob } from '../change-job.ts';
import { findTestbox } from '../find-testbox.ts';
import type { Probe } from '../ports.ts';
import { broughtBy, keepBroughtKey } from '../restored-keys.ts';
import type { Tasks } from './tasks.ts';

const BACK_EVERY_MS = 2_000;
const BOOT_EVERY_MS = 5_000;

/** Looks at boxes that should be booting or coming back, each at its own pace. */
export class Watch {
  readonly #app: App;
  readonly #tasks: Tasks;
  readonly #nextLook = new Map<string, { state: Job['state']; at: number }>();

  constructor(app: App, tasks: Tasks) {
    this.#app = app;
    this.#tasks = tasks;
  }

  look(jobs: readonly Job[]): void {
    const now = this.#app.clock.now();
    for (const job of jobs) {
      const every = paceOf(job);
      const next = this.#nextLook.get(job.id);
      // A job that has just come into a state doesn't wait out the pace of the one before.
      if (every === null || (next?.state === job.state && next.at > now)) continue;
      this.#nextLook.set(job.id, { state: job.state, at: now + every });
      this.#tasks.start(`watch:${job.id}`, () => lookAt(this.#app, job));
    }
    for (const id of this.#nextLook.keys()) {
      if (!jobs.some((job) => job.id === id)) this.#nextLook.delete(id);
    }
  }
}

/** Null: there is nothing to look for. */
function paceOf(job: Job): number | null {
  switch (job.state) {
    case 'returning':
      return job.disarmed ? BACK_EVERY_MS : null;
    case 'cancelling':
      return job.disarmed ? BOOT_EVERY_MS : null;
    case 'booting':
    case 'needs-hands':
      return BOOT_EVERY_MS;
    default:
      return null;
  }
}

async function lookAt(app: App, job: Job): Promise<void> {
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox) return;
  if (job.state === 'returning' && testbox.back.kind !== 'ssh') return lookWithoutSsh(app, job, testbox);
  const brought = await broughtBy(app, job);
  const probe = await app.machines.probe(testbox, [...job.notes.ownHostKeys, ...brought]);
  if (seenEvent(job, probe) !== null) await keepBroughtKey(app, { testbox, probe, brought });
  // The job may have gone on while the box was answering.
  await changeJob(app, job.id, (now) => seenEvent(now, probe));
}

/** Without SSH there is no boot id: an open port counts after it was seen closed once. */
async function lookWithoutSsh(app: App, job: Job, testbox: Testbox): Promise<void> {
  if (testbox.back.kind === 'none') {
    await changeJob(app, job.id, { type: 'back' });
    return;
  }
  const { kind } = await app.machines.reach(testbox);
  if (kind === 'closed' && !job.wentDown) await changeJob(app, job.id, { type: 'went-down' });
  if (kind === 'open' && job.wentDown) await changeJob(app, job.id, { type: 'back' });
}

function seenEvent(job: Job, probe: Probe) {
  if (probe.kind !== 'up' || probe.system !== 'own' || job.bootIds.includes(probe.bootId)) return null;
  const anotherBoot = probe.bootId !== job.bootIdBefore;
  switch (job.state) {
    case 'returning':
      return anotherBoot ? ({ type: 'back' } as const) : null;
    case 'cancelling':
      return anotherBoot || !job.rebootIssued ? ({ type: 'back' } as const) : null;
    case 'booting':
    case 'needs-hands':
      return anotherBoot && job.bootIdBefore !== null
        ? ({ type: 'booted-own-disk', bootId: probe.bootId } as const)
        : null;
    default:
      return null;
  }
}
