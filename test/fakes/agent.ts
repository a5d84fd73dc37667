import type { HelloOutcome, ReportsOutcome } from '../../src/app/agent-calls.ts';
import type { App } from '../../src/app/app.ts';
import { createIngest } from '../../src/app/ingest.ts';
import { BootId, type JobId, Nonce } from '../../src/contract/ids.ts';
import { Hello, type HelloAccepted, type ReportBody } from '../../src/contract/report.ts';
import { PLUTO } from './plan.ts';
import type { FakeShare } from './share.ts';

/** An agent's side of the protocol, one boot of it, by hand. */
export class FakeAgent {
  readonly #app: App & { share: FakeShare };
  readonly #job: JobId;
  readonly #nonce: Nonce;
  readonly bootId: BootId;
  accepted: HelloAccepted | null = null;
  #sequence = 0;
  peer = '127.40.41.42';
  /** What it tells of its SSH server; null leaves it out, as older agents do. */
  sshFingerprints: string[] | null = null;

  /** Boots with what the TFTP area says at this moment. */
  constructor(app: App & { share: FakeShare }, job: JobId, boot: number) {
    this.#app = app;
    this.#job = job;
    this.#nonce = Nonce.parse(app.share.nonceFor(PLUTO) ?? 'f'.repeat(32));
    this.bootId = BootId.parse(`${String(boot).padStart(8, '0')}-dead-4000-8000-000000000000`);
  }

  async hello(): Promise<HelloOutcome> {
    const said = Hello.parse({
      protocol: 1,
      job: this.#job,
      nonce: this.#nonce,
      bootId: this.bootId,
      uuid: null,
      macs: ['52:54:00:00:00:42'],
      disks: [],
      agentVersion: 'test',
      ...(this.sshFingerprints === null ? {} : { sshFingerprints: this.sshFingerprints }),
    });
    const outcome = await createIngest(this.#app).hello(said, this.peer);
    if (outcome.kind === 'accepted') {
      this.accepted = outcome.answer;
      this.#sequence = 0;
    }
    return outcome;
  }

  /** Sends the bodies with the next sequence numbers. */
  report(...bodies: ReportBody[]): Promise<ReportsOutcome> {
    const first = this.#sequence + 1;
    this.#sequence += bodies.length;
    return this.send(first, bodies);
  }

  send(
    first: number,
    bodies: readonly ReportBody[],
    token = this.accepted?.token ?? '',
  ): Promise<ReportsOutcome> {
    const reports = bodies.map((body, position) => ({ sequence: first + position, at: 0, body }));
    const batch = { job: this.#job, session: this.accepted?.session ?? '', reports };
    return createIngest(this.#app).reports({ batch, token, peer: this.peer });
  }
}
