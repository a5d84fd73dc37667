import { Agent, request } from 'undici';
import type { z } from 'zod';
import {
  BODY_LIMIT_BYTES,
  HELLO_PATH,
  type Hello,
  HelloAccepted,
  HelloRefused,
  REPORTS_PATH,
  ReportAnswer,
  type ReportBatch,
} from '../src/contract/report.ts';
import { describeError } from './failure.ts';

/** Nothing usable came back: the bot is away, restarting, or not the bot. */
export interface Unreachable {
  kind: 'unreachable';
  why: string;
}
export type HelloReply =
  | { kind: 'accepted'; accepted: HelloAccepted }
  | { kind: 'refused'; refused: HelloRefused }
  | Unreachable;
export type ReportReply =
  | { kind: 'answered'; answer: ReportAnswer }
  | { kind: 'unauthorized' }
  | { kind: 'gone' }
  | Unreachable;

/** The agent's side of the bot's HTTP interface. Never throws for what a network can do. */
export class BotClient {
  readonly #base: string;
  readonly #timeoutMs: number;
  readonly #dispatcher: Agent;

  constructor(options: { botUrl: string; localAddress: string | null; timeoutMs: number }) {
    this.#base = options.botUrl.replace(/\/+$/, '');
    this.#timeoutMs = options.timeoutMs;
    this.#dispatcher = new Agent({
      connect: { timeout: options.timeoutMs },
      // Not under `connect`: undici overwrites it there with the client's own.
      ...(options.localAddress === null ? {} : { localAddress: options.localAddress }),
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      maxResponseSize: BODY_LIMIT_BYTES,
      connections: 1,
    });
  }

  async hello(hello: Hello): Promise<HelloReply> {
    const reply = await this.#post({ path: HELLO_PATH, body: hello, token: null });
    if (reply.kind === 'unreachable') return reply;
    if (reply.status === 200) {
      return parsed(HelloAccepted, reply.text, (accepted) => ({ kind: 'accepted', accepted }));
    }
    if (reply.status === 409) {
      return parsed(HelloRefused, reply.text, (refused) => ({ kind: 'refused', refused }));
    }
    return unexpected(reply);
  }

  async report(batch: ReportBatch, token: string): Promise<ReportReply> {
    const reply = await this.#post({ path: REPORTS_PATH, body: batch, token });
    if (reply.kind === 'unreachable') return reply;
    if (reply.status === 401) return { kind: 'unauthorized' };
    if (reply.status === 410) return { kind: 'gone' };
    if (reply.status !== 200) return unexpected(reply);
    return parsed(ReportAnswer, reply.text, (answer) => ({ kind: 'answered', answer }));
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #post(call: {
    path: string;
    body: unknown;
    token: string | null;
  }): Promise<{ kind: 'replied'; status: number; text: string } | Unreachable> {
    try {
      const response = await request(`${this.#base}${call.path}`, {
        dispatcher: this.#dispatcher,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(call.token === null ? {} : { authorization: `Bearer ${call.token}` }),
        },
        body: JSON.stringify(call.body),
        // The timeouts of the dispatcher start anew with every byte; this one doesn't.
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return { kind: 'replied', status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      return { kind: 'unreachable', why: describeError(error) };
    }
  }
}

function unexpected(reply: { status: number; text: string }): Unreachable {
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
