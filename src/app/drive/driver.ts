import { type Job, wantsBootConfig } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { putBootConfig } from '../boot-config-file.ts';
import { ShareError } from '../share-port.ts';
import { applyOverruns } from './overruns.ts';
import { carryOutOwed } from './owed.ts';
import { askForPower } from './power-cycle.ts';
import { Progress } from './progress.ts';
import { ProveWaiting } from './prove-waiting.ts';
import { advanceQueue } from './queue.ts';
import { Summaries } from './summaries.ts';
import { Tasks } from './tasks.ts';
import { TellDamage } from './tell-damage.ts';
import { TellProofs } from './tell-proofs.ts';
import { VerifyOnSchedule } from './verify-on-schedule.ts';
import { Watch } from './watch.ts';

const PASS_EVERY_MS = 500;
const RECONCILE_EVERY_MS = 30_000;
const ALIVE_EVERY_MS = 5_000;

/**
 * Drives all jobs from what the store says: owed effects, deadlines, the queue, boxes to look
 * at. It remembers nothing that matters, so a new one goes on where a killed one stopped.
 */
export class Driver {
  readonly #app: App;
  readonly #tasks: Tasks;
  readonly #watch: Watch;
  readonly #progress: Progress;
  readonly #summaries: Summaries;
  readonly #proving: ProveWaiting;
  readonly #verifying: VerifyOnSchedule;
  readonly #damage: TellDamage;
  readonly #proofs: TellProofs;
  readonly #stopping = new AbortController();
  #woken: () => void = () => {};
  #wokenBefore = false;
  #reconcileAt = 0;
  #aliveAt = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(app: App) {
    this.#app = app;
    this.#tasks = new Tasks(app.log);
    this.#watch = new Watch(app, this.#tasks);
    this.#progress = new Progress(app, this.#tasks);
    this.#summaries = new Summaries(app, this.#tasks);
    this.#proving = new ProveWaiting(app);
    this.#verifying = new VerifyOnSchedule(app);
    this.#damage = new TellDamage(app, this.#tasks);
    this.#proofs = new TellProofs(app, this.#tasks);
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Something changed: the next pass comes at once. */
  wake(): void {
    this.#wokenBefore = true;
    this.#woken();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loop;
    await this.#tasks.settled();
  }

  /** One look at everything; work that takes time goes on beside it. */
  async pass(): Promise<void> {
    const app = this.#app;
    const tasks = this.#tasks;
    const jobs = await app.store.activeJobs();
    await carryOutOwed(app, tasks);
    tasks.start('overruns', async () => applyOverruns(app, [...jobs, ...(await app.store.plannedJobs())]));
    if (jobs.some(({ state }) => state === 'queued')) tasks.start('queue', () => advanceQueue(app));
    this.#watch.look(jobs);
    tasks.start('power', () => askForPower(app, jobs));
    this.#progress.show(jobs);
    this.#summaries.look(jobs);
    this.#proving.look(jobs);
    this.#verifying.look(this.#stopping.signal);
    this.#damage.look();
    this.#proofs.look();
    this.#keepUp(jobs);
  }

  /** Waits until nothing is under way. */
  settled(): Promise<void> {
    return this.#tasks.settled();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#wokenBefore = false;
      try {
        await this.pass();
      } catch (error) {
        this.#app.log.error({ err: error }, 'a pass of the driver failed');
      }
      if (this.#wokenBefore) continue;
      const nap = new AbortController();
      this.#woken = () => nap.abort();
      await this.#app.clock.sleep(PASS_EVERY_MS, nap.signal);
    }
  }

  #keepUp(jobs: readonly Job[]): void {
    const app = this.#app;
    const now = app.clock.now();
    if (now >= this.#aliveAt) {
      this.#aliveAt = now + ALIVE_EVERY_MS;
      this.#tasks.start('alive', () => app.store.setAlive(now));
    }
    if (now < this.#reconcileAt) return;
    this.#reconcileAt = now + RECONCILE_EVERY_MS;
    this.#tasks.start('reconcile', () => reconcile(app, jobs));
  }
}

/** Puts boot configs right that somebody or something changed. */
export async function reconcile(app: App, jobs: readonly Job[]): Promise<void> {
  for (const stale of jobs) {
    const job = await app.store.job(stale.id);
    if (job === null || job.state === 'arming' || !wantsBootConfig(job)) continue;
    try {
      const put = await putBootConfig(app, job);
      if (put.kind === 'refused')
        app.log.error({ jobId: job.id, why: put.why }, 'a boot config can not be put right');
    } catch (error) {
      if (!(error instanceof ShareError)) throw error;
      app.log.warn({ jobId: job.id, err: error }, 'a boot config could not be compared');
    }
  }
}
