import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DiskSlot } from '../../src/contract/disk.ts';
import { type PlanFacts, planDigest } from '../../src/contract/plan.ts';
import {
  BODY_LIMIT_BYTES,
  type Directive,
  HELLO_PATH,
  Hello,
  type HelloAccepted,
  type HelloRefused,
  REPORTS_PATH,
  ReportBatch,
  type ReportBody,
} from '../../src/contract/report.ts';

type Body<T extends ReportBody['type']> = Extract<ReportBody, { type: T }>;

/** What the bot answers at the moment; tests change it while the agent runs. */
export interface FakeBotMood {
  /** Instead of accepting a hello. */
  refuse: HelloRefused | null;
  /** Answers everything with this status. */
  away: number | null;
  /** What its clock says, epoch ms; null is the right time. */
  time: number | null;
  /** Answers reports of the newest session with this status, once. */
  rejectOnce: 401 | 410 | null;
  /** Takes reports but acknowledges none. */
  deaf: boolean;
  plan: PlanFacts;
  attempt: number;
  accepted: string[];
  settings: HelloAccepted['settings'];
  digest: string | null;
  /** What its answers to reports allow, bytes a second; null says nothing of it. */
  rate: number | null;
  /** Asked at every batch, after its reports were taken in. */
  direct: (bot: FakeBot) => Directive;
}

/**
 * A bot on loopback that holds the agent to the contract: every body is parsed, sequences
 * have no gaps, a report that comes again is the same one, tokens are checked.
 */
export class FakeBot {
  readonly hellos: Hello[] = [];
  /** All that was reported, each once, in order. */
  readonly reports: ReportBody[] = [];
  readonly violations: string[] = [];
  /** All that was sent, also what was not taken in. */
  readonly offered: ReportBody[] = [];
  /** Addresses the agent spoke from. */
  readonly peers = new Set<string>();
  heartbeats = 0;
  requests = 0;
  onSession: (session: string, token: string) => void = () => undefined;
  mood: FakeBotMood;
  readonly #server: Server;
  #session = { id: '', token: '', acknowledged: 0, seen: new Map<number, string>() };
  #watchers: (() => void)[] = [];

  private constructor(mood: FakeBotMood) {
    this.mood = mood;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.violations.push(String(error));
        response.writeHead(500).end('{}');
      });
    });
  }

  static async start(plan: PlanFacts, mood: Partial<FakeBotMood> = {}): Promise<FakeBot> {
    const bot = new FakeBot({
      refuse: null,
      away: null,
      time: null,
      rejectOnce: null,
      deaf: false,
      plan,
      attempt: 1,
      accepted: [],
      settings: { codec: 'gzip', hostKeys: [], shutdown: 'clean' },
      digest: null,
      rate: null,
      direct: (self) => (self.ended === undefined ? { kind: 'continue' } : { kind: 'reboot-local' }),
      ...mood,
    });
    await new Promise<void>((resolve) => bot.#server.listen(0, '127.0.0.1', resolve));
    return bot;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The report with which the run ended. */
  get ended(): Body<'done' | 'failed' | 'stopped'> | undefined {
    return this.reports.findLast(
      (body): body is Body<'done' | 'failed' | 'stopped'> =>
        body.type === 'done' || body.type === 'failed' || body.type === 'stopped',
    );
  }

  get dirty(): DiskSlot[] {
    const dirty = new Set<DiskSlot>();
    for (const body of this.reports) {
      if (body.type === 'dirty') dirty.add(body.slot);
      if (body.type === 'clean') dirty.delete(body.slot);
    }
    return [...dirty];
  }

  all<T extends ReportBody['type']>(type: T): Body<T>[] {
    return this.reports.filter((body): body is Body<T> => body.type === type);
  }

  /** Resolves when the condition holds after a request. */
  async until(condition: (bot: FakeBot) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request);
    this.requests += 1;
    this.peers.add(request.socket.remoteAddress ?? 'unknown');
    const [status, answer] =
      this.mood.away !== null
        ? [this.mood.away, { error: 'away', message: 'restarting' }]
        : request.url === HELLO_PATH
          ? this.#hello(body)
          : request.url === REPORTS_PATH
            ? this.#reports(body, request.headers.authorization)
            : [404, {}];
    const { time } = this.mood;
    const date = new Date(time ?? Date.now()).toUTCString();
    response
      .writeHead(Number(status), { 'content-type': 'application/json', date })
      .end(JSON.stringify(answer));
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const resolve of watchers) resolve();
  }

  #hello(body: unknown): [number, unknown] {
    this.hellos.push(Hello.parse(body));
    if (this.mood.refuse !== null) return [409, this.mood.refuse];
    this.#session = { id: randomUUID(), token: randomUUID(), acknowledged: 0, seen: new Map() };
    this.onSession(this.#session.id, this.#session.token);
    const { plan, attempt, accepted, settings, digest } = this.mood;
    const answer: HelloAccepted = {
      session: this.#session.id,
      token: this.#session.token,
      attempt,
      plan,
      digest: digest ?? planDigest(plan),
      accepted,
      settings,
    };
    return [200, answer];
  }

  #reports(body: unknown, authorization: string | undefined): [number, unknown] {
    const batch = ReportBatch.parse(body);
    const status = this.mood.rejectOnce;
    this.mood.rejectOnce = null;
    if (status !== null) {
      this.#session = { ...this.#session, token: randomUUID() };
      return [status, { error: 'session', message: 'unknown' }];
    }
    if (batch.session !== this.#session.id || authorization !== `Bearer ${this.#session.token}`) {
      return [401, { error: 'session', message: 'unknown' }];
    }
    if (batch.reports.length === 0) this.heartbeats += 1;
    for (const report of batch.reports) this.#take(report.sequence, report.body);
    const rate = this.mood.rate === null ? {} : { maxBytesPerSecond: this.mood.rate };
    const { acknowledged } = this.#session;
    return [200, { acknowledged, directive: this.mood.direct(this), ...rate }];
  }

  #take(sequence: number, body: ReportBody): void {
    this.offered.push(body);
    const text = JSON.stringify(body);
    const before = this.#session.seen.get(sequence);
    if (before !== undefined && before !== text) this.violations.push(`report ${sequence} changed`);
    if (before !== undefined || this.mood.deaf) return;
    if (sequence !== this.#session.acknowledged + 1) this.violations.push(`gap before ${sequence}`);
    this.#session.seen.set(sequence, text);
    this.#session.acknowledged = sequence;
    this.reports.push(body);
  }
}

/** The agent has imaged something, and not all. */
export function inTheMiddle(bot: FakeBot): boolean {
  return bot
    .all('progress')
    .some(({ disks }) => disks.some(({ doneBytes, checking }) => !checking && doneBytes > 0));
}

/** A bot that always wants the same. */
export function direct(kind: Exclude<Directive['kind'], 'proceed'>): () => Directive {
  return () => ({ kind });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces);
  if (text.length > BODY_LIMIT_BYTES) throw new Error('body too large');
  return JSON.parse(text.toString());
}
