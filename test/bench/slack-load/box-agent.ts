import type { App } from '../../../src/app/app.ts';
import { createIngest } from '../../../src/app/ingest.ts';
import { BootId, type JobId, Nonce } from '../../../src/contract/ids.ts';
import { type Directive, Hello, type HelloAccepted, type ReportBody } from '../../../src/contract/report.ts';
import type { Testbox } from '../../../src/domain/testbox.ts';
import type { FakeShare } from '../../fakes/share.ts';

export const DISK_BYTES = 512 * 1024 ** 3;
const IDENTITY = { wwn: null, model: 'VIRTUAL', path: null };
const DISK = { kernelName: 'sda', sizeBytes: DISK_BYTES, sectorSizeBytes: 512, unusable: null };

export type AgentApp = App & { share: FakeShare };

/** One boot of a box into the maintenance system, by the bot's real ingest. */
export class BoxAgent {
  readonly #app: AgentApp;
  readonly #box: Testbox;
  readonly #job: JobId;
  #accepted: HelloAccepted | null = null;
  #sequence = 0;

  constructor(app: AgentApp, box: Testbox, job: JobId) {
    this.#app = app;
    this.#box = box;
    this.#job = job;
  }

  /** @throws Error when the bot doesn't want it: no box of the bench is ever refused */
  async hello(): Promise<void> {
    const { address, name } = this.#box;
    const said = Hello.parse({
      protocol: 1,
      job: this.#job,
      nonce: Nonce.parse(this.#app.share.nonceFor(address)),
      bootId: BootId.parse(crypto.randomUUID()),
      uuid: null,
      macs: [],
      disks: [{ ...DISK, identity: { ...IDENTITY, serial: `${name}-sda` } }],
      agentVersion: 'bench',
    });
    const outcome = await createIngest(this.#app).hello(said, this.#box.reportsFrom);
    if (outcome.kind !== 'accepted') throw new Error(`the hello of ${name} was ${JSON.stringify(outcome)}`);
    this.#accepted = outcome.answer;
  }

  /** Sends the bodies with the next sequence numbers; without any it is a heartbeat. */
  async report(...bodies: ReportBody[]): Promise<Directive['kind']> {
    if (this.#accepted === null) throw new Error(`${this.#box.name} reports before its hello`);
    const reports = bodies.map((body, position) => ({
      sequence: this.#sequence + 1 + position,
      at: Date.now(),
      body,
    }));
    this.#sequence += bodies.length;
    const { session, token } = this.#accepted;
    const batch = { job: this.#job, session, reports };
    const outcome = await createIngest(this.#app).reports({ batch, token, peer: this.#box.reportsFrom });
    if (outcome.kind !== 'accepted')
      throw new Error(`a report of ${this.#box.name} was ${JSON.stringify(outcome)}`);
    return outcome.answer.directive.kind;
  }

  /** How far its one disk is. @param fraction 0 to 1 */
  progress(fraction: number, bytesPerSecond: number): Promise<Directive['kind']> {
    const doneBytes = Math.floor(DISK_BYTES * fraction);
    const figures = { totalBytes: DISK_BYTES, doneBytes, writtenBytes: 0, skippedBytes: 0, bytesPerSecond };
    return this.report({ type: 'progress', disks: [{ slot: 'sda', ...figures }] });
  }
}
