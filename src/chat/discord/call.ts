import { type InternalRequest, REST, RESTJSONErrorCodes, type RESTOptions } from 'discord.js';
import { z } from 'zod';
import { neverConnected } from '../sending/never-connected.ts';
import { type DiscordFailure, failureOf } from './rest-answers.ts';

/** A call of Discord's API failed: told apart from what fails on our own side. */
export class DiscordCallError extends Error {
  override name = 'DiscordCallError';
  readonly failure: DiscordFailure;
  /** Whether the call surely changed nothing on Discord. */
  readonly hadNoEffect: boolean;

  constructor(failure: DiscordFailure, options: { hadNoEffect: boolean; cause: unknown }) {
    super(failure.kind === 'refused' ? `${failure.code} ${failure.message}` : failure.kind, options);
    this.failure = failure;
    this.hadNoEffect = options.hadNoEffect;
  }
}

/** One call may take so long, the wait for others of its route included. */
export const CALL_TIMEOUT_MS = 10_000;

/** The API for posts and edits: one try each, in bounded time, and every failure is the caller's. */
export class DiscordApi {
  readonly #rest: REST;
  readonly #token: string;
  readonly #timeoutMs: number;

  constructor(settings: { token: string; apiUrl: string | null; timeoutMs?: number }) {
    this.#token = settings.token;
    this.#timeoutMs = settings.timeoutMs ?? CALL_TIMEOUT_MS;
    this.#rest = new REST({
      version: '10',
      // A post that the SDK repeated after a lost answer could be there twice.
      retries: 0,
      timeout: this.#timeoutMs,
      rejectOnRateLimit: () => true,
      makeRequest: refusingOldEdits,
      ...(settings.apiUrl === null ? {} : { api: settings.apiUrl.replace(/\/+$/, '') }),
    });
  }

  /** What the API answers. @throws DiscordCallError */
  async call<T>(request: InternalRequest, schema: z.ZodType<T>): Promise<T> {
    // The SDK forgets a token at the first 401.
    this.#rest.setToken(this.#token);
    const answer = await this.#answer(request);
    const { success, data, error } = schema.safeParse(answer);
    if (success) return data;
    const failure = { kind: 'unreachable', why: NOT_DISCORDS } as const;
    throw new DiscordCallError(failure, { hadNoEffect: false, cause: error });
  }

  /** Ends the SDK's timers. */
  close(): void {
    this.#rest.clearHashSweeper();
    this.#rest.clearHandlerSweeper();
  }

  async #answer(request: InternalRequest): Promise<unknown> {
    try {
      return await this.#rest.request({ ...request, signal: AbortSignal.timeout(this.#timeoutMs) });
    } catch (cause) {
      throw callError(cause);
    }
  }
}

const NOT_DISCORDS = "an answer that is not Discord's";
const TOO_MANY_OLD_EDITS = RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached;

function callError(cause: unknown): DiscordCallError {
  const failure = failureOf(cause);
  if (failure.kind !== 'refused') {
    const hadNoEffect = failure.kind === 'limited' || neverConnected(cause);
    return new DiscordCallError(failure, { hadNoEffect, cause });
  }
  // A proxy's page bears no code of Discord's; the one answer without a code that counts is a 401.
  if (failure.code !== 0 || failure.status === 401)
    return new DiscordCallError(failure, { hadNoEffect: true, cause });
  const why = `HTTP status ${failure.status}`;
  return new DiscordCallError({ kind: 'unreachable', why }, { hadNoEffect: false, cause });
}

const Refusal = z.object({ code: z.number() });

/**
 * Discord says 30046, for a message that can't be edited for now, with the status and headers of a
 * rate limit, and the SDK reads no further: it would hold back the edits of all messages in the
 * channel, and nobody would learn why. As what it is, a refusal, the SDK passes it on.
 */
const refusingOldEdits: RESTOptions['makeRequest'] = async (url, init) => {
  const response = await overFetch(url, init);
  if (response.status !== 429) return response;
  const text = await response.text();
  if (codeIn(text) === TOO_MANY_OLD_EDITS)
    return new Response(text, { status: 400, headers: { 'content-type': 'application/json' } });
  return new Response(text, { status: 429, headers: [...response.headers].filter(isOfAnyBody) });
};

/**
 * Over Node's own fetch. The SDK's way is a copy of undici of its own, whose calls go through the
 * dispatcher of whichever copy was loaded first in the process. Slack's SDK brings a newer one, and
 * that takes no files of the older one: with both chats in the process, no log could be posted.
 */
const overFetch: RESTOptions['makeRequest'] = (url, { method, headers, body, signal }) =>
  fetch(url, {
    method: method ?? 'GET',
    headers: SentHeaders.parse(headers),
    body: body ?? null,
    signal: signal ?? null,
  });

/** As the SDK hands them over. */
const SentHeaders = z.record(z.string(), z.string());

/** What was said of the body as it came over the network isn't true of its text. */
function isOfAnyBody([name]: [string, string]): boolean {
  return !/^content-(length|encoding)$/i.test(name);
}

function codeIn(text: string): number | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.code ?? null;
  } catch {
    return null;
  }
}
