import type { DiskSlot } from '../src/contract/disk.ts';
import type { JobId } from '../src/contract/ids.ts';
import { type PlanFacts, planDigest } from '../src/contract/plan.ts';
import type { DiskProgress, HelloAccepted, Report, ReportBatch, ReportBody } from '../src/contract/report.ts';
import { Bell } from './bell.ts';
import { describeError } from './failure.ts';
import { type GreetingDeps, greet } from './greeting.ts';
import { Journal } from './journal.ts';
import { Outbox } from './outbox.ts';
import { isOver, type Standing, StopRequested } from './standing.ts';
import { backoffMs } from './timing.ts';

export interface SessionDeps extends Omit<GreetingDeps, 'dirty'> {
  job: JobId;
  /** Kept by the session, and longer than it. */
  dirty: Set<DiskSlot>;
}

/**
 * One accepted hello: sends what is reported, hears what the bot wants, and goes on through
 * lost connections and lost tokens (a new hello, reports numbered anew) without disturbing
 * the action.
 */
export class Session {
  readonly #deps: SessionDeps;
  readonly #outbox = new Outbox();
  readonly #bell: Bell;
  readonly #stop = new AbortController();
  #credentials: HelloAccepted;
  #digest: string;
  #journal: Journal | null = null;
  #rate: number | null;
  #standing: Standing = { kind: 'continue' };
  #waiters: (() => void)[] = [];
  #closed = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(deps: SessionDeps, accepted: HelloAccepted) {
    this.#deps = deps;
    this.#credentials = accepted;
    this.#digest = accepted.digest;
    this.#rate = accepted.settings.maxBytesPerSecond ?? null;
    this.#bell = new Bell(deps.clock);
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Aborted, with a `StopRequested`, when the action must stop before its next chunk. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Bytes a second that the bot allows at the moment; null is no limit. */
  get rate(): number | null {
    return this.#rate;
  }

  get dirty(): ReadonlySet<DiskSlot> {
    return this.#deps.dirty;
  }

  async keepJournal(boxDirectory: string): Promise<void> {
    const { attempt } = this.#credentials;
    this.#journal = await Journal.open({ boxDirectory, job: this.#job, attempt });
  }

  /** The plan that people have accepted in place of the first one. */
  adopt(plan: PlanFacts): void {
    this.#digest = planDigest(plan);
  }

  /**
   * Resolves when the journal has it. Only for `dirty` is the journal a condition.
   *
   * @throws when it is `dirty` and the journal refuses it
   */
  async emit(body: ReportBody): Promise<void> {
    if (body.type === 'dirty') this.#deps.dirty.add(body.slot);
    if (body.type === 'clean') this.#deps.dirty.delete(body.slot);
    const reports = this.#outbox.add(body, this.#deps.clock.now());
    this.#bell.ring();
    if (body.type === 'dirty') await this.#journal?.append(reports, this.#credentials);
    else await this.#note(reports);
  }

  /** Sent within the next second or so, unless newer progress comes first. */
  progress(disks: DiskProgress[]): void {
    this.#outbox.setProgress(disks);
    this.#bell.ring();
  }

  /** Resolves when the bot has all that was reported, or nothing will be acknowledged any more. */
  async delivered(signal?: AbortSignal): Promise<void> {
    while (this.#outbox.owed > 0 && !isOver(this.#standing)) {
      signal?.throwIfAborted();
      await this.nextAnswer(signal);
    }
    signal?.throwIfAborted();
  }

  /** Resolves at the bot's next word, whatever it is, or when the signal is aborted. */
  async nextAnswer(signal?: AbortSignal): Promise<Standing> {
    await new Promise<void>((resolve) => {
      this.#waiters.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
      if (signal?.aborted || isOver(this.#standing)) resolve();
    });
    return this.#standing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#bell.ring();
    await this.#loop;
    await this.#journal?.close().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { timing, clock, ended } = this.#deps;
    const end = () => this.#hear({ kind: 'ended' });
    ended.addEventListener('abort', end, { once: true });
    let failures = 0;
    while (!this.#closed && !isOver(this.#standing)) {
      const reached = await this.#exchange(failures === 0);
      failures = reached ? 0 : failures + 1;
      if (failures > 0) await clock.sleep(backoffMs(timing, failures - 1), ended);
      else await this.#pause();
    }
    ended.removeEventListener('abort', end);
  }

  /** Until there is something to say, or it is time to be heard again. */
  async #pause(): Promise<void> {
    const { timing, clock } = this.#deps;
    if (this.#closed || isOver(this.#standing)) return;
    const since = clock.elapsed();
    for (;;) {
      const waited = clock.elapsed() - since;
      const due = this.#outbox.progressWaits ? timing.progressMs : timing.heartbeatMs;
      if (this.#outbox.owed > 0 || this.#closed || isOver(this.#standing) || waited >= due) return;
      await this.#bell.wait(due - waited);
    }
  }

  async #exchange(sayFailure: boolean): Promise<boolean> {
    const { client, logbook } = this.#deps;
    if (this.#outbox.owed === 0) void this.#note(this.#outbox.takeProgress(this.#deps.clock.now()));
    const batch: ReportBatch = {
      job: this.#job,
      session: this.#credentials.session,
      reports: this.#outbox.batch(),
    };
    const reply = await client.report(batch, this.#credentials.token);
    switch (reply.kind) {
      case 'answered':
        if (!sayFailure) logbook.say('The bot answers again.');
        this.#outbox.acknowledge(reply.answer.acknowledged);
        this.#rate = reply.answer.maxBytesPerSecond ?? null;
        this.#hear(reply.answer.directive);
        // An answer that takes nothing of what was sent must not become a busy loop.
        return batch.reports.length === 0 || batch.reports[0]?.sequence !== this.#outbox.batch()[0]?.sequence;
      case 'unauthorized':
        logbook.say('The bot no longer knows this session: saying hello again.');
        return await this.#greetAgain();
      case 'gone':
        logbook.say('The bot has ended this session (410): nothing more is done for it.');
        this.#hear({ kind: 'gone' });
        return true;
      case 'unreachable':
        if (sayFailure)
          logbook.say(`The bot does not answer: ${reply.why}. The agent carries on and keeps asking.`);
        return false;
    }
  }

  async #greetAgain(): Promise<boolean> {
    const greeting = await greet(this.#deps, (refused) => {
      if (refused.directive !== 'wait') this.#hear({ kind: 'stay' });
    });
    if (greeting.kind !== 'accepted') {
      this.#hear(greeting);
      return true;
    }
    this.#credentials = greeting.accepted;
    if (greeting.accepted.digest !== this.#digest) {
      this.#hear({ kind: 'superseded' });
      return true;
    }
    void this.#note(this.#outbox.renumber());
    return true;
  }

  #hear(standing: Standing): void {
    this.#standing = standing;
    if (standing.kind !== 'continue' && standing.kind !== 'proceed' && !this.#stop.signal.aborted) {
      this.#stop.abort(new StopRequested(standing));
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
    if (isOver(standing)) this.#bell.ring();
  }

  /** Lines whose loss the bot's own copy makes good. */
  async #note(reports: readonly Report[]): Promise<void> {
    if (reports.length === 0) return;
    try {
      await this.#journal?.append(reports, this.#credentials);
    } catch (error) {
      this.#deps.logbook.say(`The journal could not be written: ${describeError(error)}`);
    }
  }

  get #job() {
    return this.#deps.job;
  }
}
