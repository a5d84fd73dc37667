import { setTimeout } from 'node:timers/promises';
import { decide } from '../../../src/app/decide.ts';
import { requestAction } from '../../../src/app/request.ts';
import type { JobId } from '../../../src/contract/ids.ts';
import type { Phase } from '../../../src/contract/report.ts';
import { NEWEST_OWN } from '../../../src/domain/image-wish.ts';
import { isEnded } from '../../../src/domain/job.ts';
import type { Testbox } from '../../../src/domain/testbox.ts';
import { LAB } from '../../fakes/slack/workspace.ts';
import type { BenchApp } from './bench-app.ts';
import { BoxAgent, DISK_BYTES } from './box-agent.ts';
import type { Chance } from './chance.ts';
import { ALICE_ON_SLACK } from './people.ts';

const REPORT_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 100;
const BOOT_MS = [500, 3_000] as const;
const PHASE_MS = [500, 3_000] as const;

/** A box that always has a job: backup after backup, with everything between. */
export class BoxAtWork {
  readonly #app: BenchApp;
  readonly #box: Testbox;
  readonly #chance: Chance;
  readonly #imagingMs: number;
  #measured = false;
  readonly #stop = new AbortController();
  #imaging: () => void = () => {};
  /** Resolves once the first job is being imaged. */
  readonly imaging = new Promise<void>((resolve) => {
    this.#imaging = resolve;
  });

  /** @param how.imagingMs about so long a job is imaged: from two thirds of it to four thirds */
  constructor(app: BenchApp, box: Testbox, how: { chance: Chance; imagingMs: number }) {
    this.#app = app;
    this.#box = box;
    this.#chance = how.chance;
    this.#imagingMs = how.imagingMs;
  }

  /** Until it is stopped. The first job is met in the middle of its imaging. */
  async work(): Promise<void> {
    let from = this.#chance.between(0, 1);
    try {
      while (!this.#stop.signal.aborted) {
        await this.#doJob(from);
        from = 0;
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  /** From now on the imaging goes on. */
  measure(): void {
    this.#measured = true;
  }

  /** Nothing is said or done any more. */
  stop(): void {
    this.#stop.abort();
  }

  async #doJob(from: number): Promise<void> {
    const rebooted = this.#app.machines.rebooted(this.#box.name);
    const job = await this.#confirmBackup();
    await rebooted;
    await this.#inState(job, 'booting');
    await this.#pause(this.#chance.between(...BOOT_MS));
    const agent = new BoxAgent(this.#app, this.#box, job);
    await agent.hello();
    await this.#phase(agent, 'preflight');
    await this.#image(agent, from);
    await this.#phase(agent, 'publishing');
    await this.#phase(agent, 'syncing');
    await this.#goHome(agent, job);
  }

  async #confirmBackup(): Promise<JobId> {
    const asked = { onlySlots: null, wish: NEWEST_OWN, reason: null, channel: LAB, person: ALICE_ON_SLACK };
    const requested = await requestAction(this.#app, { ...asked, action: 'backup', box: this.#box.name });
    if (requested.kind !== 'planned') throw new Error(`${this.#box.name}: ${requested.kind}`);
    await decide(this.#app, ALICE_ON_SLACK, requested.job.id, { kind: 'confirm' });
    return requested.job.id;
  }

  /** A short phase, with the heartbeats that every agent sends. */
  async #phase(agent: BoxAgent, phase: Phase): Promise<void> {
    await agent.report({ type: 'phase', phase });
    for (let leftMs = this.#chance.between(...PHASE_MS); leftMs > 0; leftMs -= REPORT_EVERY_MS) {
      await this.#pause(Math.min(leftMs, REPORT_EVERY_MS));
      await agent.report();
    }
  }

  async #image(agent: BoxAgent, from: number): Promise<void> {
    await agent.report({ type: 'phase', phase: 'imaging' });
    const allMs = this.#imagingMs * this.#chance.between(2 / 3, 4 / 3);
    // Set up, it stands still: the run begins with jobs that are everywhere between begin and end.
    for (let doneMs = from * allMs; doneMs < allMs; ) {
      await agent.progress(doneMs / allMs, (1000 * DISK_BYTES) / allMs);
      this.#imaging();
      await this.#pause(REPORT_EVERY_MS);
      if (this.#measured) doneMs += REPORT_EVERY_MS;
    }
  }

  async #goHome(agent: BoxAgent, job: JobId): Promise<void> {
    let directive = await agent.report({ type: 'done', generation: 1, disks: [], durationMs: 1 });
    while (directive !== 'reboot-local') {
      await this.#pause(REPORT_EVERY_MS);
      directive = await agent.report();
    }
    await this.#pause(this.#chance.between(...BOOT_MS));
    this.#app.machines.bootOwnDisk(this.#box.name);
    await this.#inState(job, 'succeeded');
  }

  async #inState(id: JobId, state: 'booting' | 'succeeded'): Promise<void> {
    for (;;) {
      const job = await this.#app.store.job(id);
      if (job?.state === state) return;
      if (job === null || isEnded(job.state)) throw new Error(`${this.#box.name} is ${job?.state}`);
      await this.#pause(LOOK_EVERY_MS);
    }
  }

  #pause(ms: number): Promise<void> {
    return setTimeout(ms, undefined, { signal: this.#stop.signal });
  }
}
