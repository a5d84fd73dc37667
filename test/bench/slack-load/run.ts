import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { plainText } from '../../demo/slack-text.ts';
import { startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import type { ApiCall, FakeSlack } from '../../fakes/slack/types.ts';
import { ACME, ALICE, BOB, LAB, MALLORY } from '../../fakes/slack/workspace.ts';
import { type Bench, type BenchApp, startBench } from './bench-app.ts';
import { boxesOf } from './boxes.ts';
import { Chance } from './chance.ts';
import { BoxAtWork } from './crew.ts';
import type { LoadOptions } from './options.ts';
import { ProgressLog } from './progress-log.ts';
import type { LoadFigures } from './results.ts';
import { StageLog } from './stage-log.ts';
import { newestWith, Visitor } from './visitors.ts';

const ASK_EVERY_MS = 1_000;
const CLICK_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
/** What was begun in the measured time may be shown and answered this much later. */
const AFTERWARDS_MS = 15_000;

/** Sets the load up, measures it for so long, and takes it down. */
export async function runLoad(options: LoadOptions, say: (line: string) => void): Promise<LoadFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'testbox-load-'));
  const slack = await startFakeSlack(ACME);
  const stages = new StageLog();
  const boxes = boxesOf(options.jobs);
  const bench = await startBench({ file: join(folder, 'testbox.sqlite'), boxes, slack, stages });
  try {
    return await new Load({ options, slack, stages, bench }).run(say);
  } finally {
    await bench.stop();
    await slack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface LoadParts {
  options: LoadOptions;
  slack: FakeSlack;
  stages: StageLog;
  bench: Bench;
}

/** One run: who works, who asks, and who looks on. */
class Load {
  readonly #parts: LoadParts;
  readonly #app: BenchApp;
  readonly #progress = new ProgressLog();
  readonly #asker: Visitor;
  readonly #clicker: Visitor;
  readonly #boxes: readonly BoxAtWork[];
  readonly #over = new AbortController();
  readonly #measured = new AbortController();
  readonly #failing = Promise.withResolvers<never>();

  constructor(parts: LoadParts) {
    this.#parts = parts;
    this.#app = parts.bench.app;
    this.#asker = new Visitor(parts.slack, ALICE);
    this.#clicker = new Visitor(parts.slack, MALLORY);
    const { seed, imagingSeconds } = parts.options;
    const imagingMs = imagingSeconds * 1000;
    this.#boxes = this.#app.inventory
      .testboxes()
      .map((box, index) => new BoxAtWork(this.#app, box, { chance: new Chance(seed + index), imagingMs }));
  }

  async run(say: (line: string) => void): Promise<LoadFigures> {
    const { slack, stages, options, bench } = this.#parts;
    const work = this.#boxes.map((box) => box.work().catch((error: unknown) => this.#fail(error)));
    const looking = this.#lookOn();
    await Promise.race([this.#setUp(), this.#failing.promise]);
    say(`${options.jobs} jobs are running; measuring for ${options.seconds} s …`);
    const begunAt = Date.now();
    const callsBefore = slack.calls().length;
    await Promise.race([this.#measure(), this.#failing.promise]);
    const calls = slack.calls().slice(callsBefore);
    const measuredMs = Date.now() - begunAt;
    stages.stop();
    for (const box of this.#boxes) box.stop();
    await this.#allShown();
    this.#over.abort();
    await Promise.all([...work, looking]);
    stages.giveUp();
    return {
      stages: stages.stageDelays,
      notices: stages.noticeDelays,
      answers: this.#asker.delays,
      clicks: this.#clicker.delays,
      progress: this.#progress.ages,
      postsPerMinute: perMinute(calls, 'chat.postMessage', measuredMs),
      editsPerMinute: perMinute(calls, 'chat.update', measuredMs),
      refusedCalls: slack.calls().filter(({ outcome }) => outcome !== 'ok').length,
      problems: [
        ...slack.breaches(),
        ...[...this.#asker.failures, ...this.#clicker.failures],
        ...(this.#unanswered > 0 ? [`${this.#unanswered} questions were never answered`] : []),
        ...bench.errors,
      ],
    };
  }

  get #unanswered(): number {
    return this.#asker.unanswered + this.#clicker.unanswered;
  }

  /** Until everything is shown and answered, or for as long as that may take. */
  async #allShown(): Promise<void> {
    const { slack, stages } = this.#parts;
    const patience = AbortSignal.timeout(AFTERWARDS_MS);
    while (stages.unshown() + this.#unanswered > 0 && !patience.aborted) {
      await slack.changed(patience).catch(() => undefined);
    }
  }

  /** Until every box is being imaged and its card says so. */
  async #setUp(): Promise<void> {
    await Promise.all(this.#boxes.map(({ imaging }) => imaging));
    const isOwed = async () =>
      (await this.#app.store.owedEffects()).some(({ effect }) => effect.kind === 'card');
    while (await isOwed()) await pause(LOOK_EVERY_MS);
  }

  async #measure(): Promise<void> {
    const { slack, stages, options } = this.#parts;
    const { signal } = this.#measured;
    this.#app.announcer.isSetUp = true;
    stages.measure();
    this.#progress.measure();
    for (const box of this.#boxes) box.measure();
    const names = this.#app.inventory.testboxes().map(({ name }) => name);
    const asking = [
      this.#asker.ask(ASK_EVERY_MS, signal, (count) =>
        slack.as(ALICE).command(LAB, count % 3 === 0 ? 'list' : `status ${names[count % names.length]}`),
      ),
      this.#clicker.ask(CLICK_EVERY_MS, signal, () => {
        const card = newestWith(slack, MALLORY, 'cancel');
        return card === undefined ? null : slack.as(MALLORY).press(card, 'cancel');
      }),
      this.#sampleProgress(signal),
    ];
    await pause(options.seconds * 1000, undefined, { signal }).catch(() => undefined);
    this.#measured.abort();
    await Promise.all(asking);
  }

  async #sampleProgress(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      const jobs = await this.#app.store.activeJobs();
      const imaging = jobs.filter(({ state, phase }) => state === 'running' && phase === 'imaging');
      this.#progress.sample(
        imaging.map(({ testbox, stateSince }) => ({ name: testbox.name, imagingSince: stateSince })),
      );
    }
  }

  /** Everybody looks at once at whatever changes. */
  async #lookOn(): Promise<void> {
    const { slack, stages } = this.#parts;
    const { signal } = this.#over;
    for (let seen = slack.revision(); !signal.aborted; ) {
      await slack.changed(signal).catch(() => undefined);
      const news = slack.changesSince(seen, BOB);
      seen = slack.revision();
      for (const lines of news.map((message) => plainText(message).split('\n'))) {
        stages.shown(lines);
        this.#progress.shown(lines);
      }
      this.#asker.look();
      this.#clicker.look();
    }
  }

  #fail(error: unknown): void {
    this.#failing.reject(error);
    this.#measured.abort();
    this.#over.abort();
  }
}

function perMinute(calls: readonly ApiCall[], method: string, ms: number): number {
  return (calls.filter((call) => call.method === method).length * 60_000) / ms;
}
