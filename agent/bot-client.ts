import type { z } from 'zod';
import {
  BODY_LIMIT_BYTES,
  ErrorAnswer,
  HELLO_PATH,
  type Hello,
  HelloAccepted,
  HelloRefused,
  REPORTS_PATH,
  ReportAnswer,
  type ReportBatch,
} from '../src/contract/report.ts';
import { Exchange } from './exchange.ts';
import { describeError } from './failure.ts';

/** Nothing usable came back: the bot is away, restarting, or not the bot. */
export interface Unreachable {
  kind: 'unreachable';
  why: string;
}
/** The bot does not take this machine for the box that the job is about (403). */
interface Forbidden {
  kind: 'forbidden';
  why: string;
}
export type HelloReply = (
  | { kind: 'accepted'; accepted: HelloAccepted }
  | { kind: 'refused'; refused: HelloRefused }
  | Forbidden
  | Unreachable
) & {
  /** Epoch ms by the bot's clock, to the second; null when it didn't say. */
  botTime: number | null;
};
export type ReportReply =
  | { kind: 'answered'; answer: ReportAnswer }
  | { kind: 'unauthorized' }
  | { kind: 'gone' }
  | Unreachable;

type Answer = { kind: 'replied'; status: number; text: string; serverTime: number | null };

/** The agent's side of the bot's HTTP interface. Never throws for what a network can do. */
export class BotClient {
  readonly #exchange: Exchange;

  constructor(options: { botUrl: string; localAddress: string | null; timeoutMs: number }) {
    const { botUrl: base, localAddress, timeoutMs } = options;
    this.#exchange = new Exchange({ base, localAddress, timeoutMs, answerBytes: BODY_LIMIT_BYTES });
  }

  async hello(hello: Hello): Promise<HelloReply> {
    const reply = await this.#post({ path: HELLO_PATH, body: hello, token: null });
    if (reply.kind === 'unreachable') return { ...reply, botTime: null };
    return { ...helloReply(reply), botTime: reply.serverTime };
  }

  async report(batch: ReportBatch, token: string): Promise<ReportReply> {
    const reply = await this.#post({ path: REPORTS_PATH, body: batch, token });
    if (reply.kind === 'unreachable') return reply;
    if (reply.status === 401) return { kind: 'unauthorized' };
    if (reply.status === 410) return { kind: 'gone' };
    if (reply.status !== 200) return unexpected(reply);
    return parsed(ReportAnswer, reply.text, (answer) => ({ kind: 'answered', answer }));
  }

  close(): void {
    this.#exchange.close();
  }

  async #post(call: { path: string; body: unknown; token: string | null }): Promise<Answer | Unreachable> {
    try {
      return { kind: 'replied', ...(await this.#exchange.post(call)) };
    } catch (error) {
      return { kind: 'unreachable', why: describeError(error) };
    }
  }
}

function helloReply(reply: Answer) {
  switch (reply.status) {
    case 200:
      return parsed(HelloAccepted, reply.text, (accepted) => ({ kind: 'accepted' as const, accepted }));
    case 409:
      return parsed(HelloRefused, reply.text, (refused) => ({ kind: 'refused' as const, refused }));
    case 403:
      return parsed(ErrorAnswer, reply.text, ({ message }) => ({ kind: 'forbidden' as const, why: message }));
    default:
      return unexpected(reply);
  }
}

function unexpected(reply: Answer): Unreachable {
  return { kind: 'unreachable', why: `it answered ${reply.status} ${reply.text.slice(0, 200)}`.trim() };
}

function parsed<S extends z.ZodType, R>(
  schema: S,
  text: string,
  then: (value: z.infer<S>) => R,
): R | Unreachable {
  try {
    return then(schema.parse(JSON.parse(text)));
  } catch {
    return { kind: 'unreachable', why: 'its answer is not what a bot says' };
  }
}
