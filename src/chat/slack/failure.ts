import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { z } from 'zod';
import { neverConnected } from '../sending/never-connected.ts';
import { withoutSecrets } from './sdk-log.ts';

/** How a call of Slack's Web API failed. */
export type SlackFailure =
  | { kind: 'limited'; retryAfterMs: number }
  /** No answer, or none that says what became of the call. */
  | { kind: 'unreachable'; why: string; mayHaveEffect: boolean }
  /** `code` is Slack's own; `needed` the scope that is missing; `details` what is wrong where. */
  | { kind: 'refused'; code: string; needed: string | null; details: readonly string[] };

/** A call of Slack's Web API failed: told apart from what fails on our own side. */
export class SlackCallError extends Error {
  override name = 'SlackCallError';
  readonly failure: SlackFailure;

  constructor(failure: SlackFailure, cause: unknown) {
    super(failure.kind === 'refused' ? failure.code : failure.kind, { cause });
    this.failure = failure;
  }
}

/** @throws SlackCallError */
export async function called<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new SlackCallError(readFailure(error), error);
  }
}

/** @param error what the SDK threw */
export function readFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'limited', retryAfterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) return readRefusal(error);
  if (error instanceof WebAPIHTTPError)
    return { kind: 'unreachable', why: `HTTP status ${error.statusCode}`, mayHaveEffect: true };
  const why = withoutSecrets(error instanceof Error ? error.message : String(error));
  return { kind: 'unreachable', why, mayHaveEffect: !neverConnected(error) };
}

/** Whether the call surely changed nothing on Slack. */
export function hadNoEffect(failure: SlackFailure): boolean {
  return failure.kind !== 'unreachable' || !failure.mayHaveEffect;
}

/** Slack's word that it could not: its documentation says that part of the work may be done. */
const HALF_DONE: ReadonlySet<string> = new Set(['internal_error', 'fatal_error', 'service_unavailable']);
const NOT_NOW: ReadonlySet<string> = new Set([
  'request_timeout',
  'team_added_to_org',
  'external_channel_migrating',
  'update_failed',
]);
const LIMITED: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);
const UNTOLD_WAIT_MS = 30_000;

const Details = z.object({
  needed: z.string().nullish(),
  response_metadata: z
    .object({ messages: z.array(z.string()).nullish(), retryAfter: z.number().nullish() })
    .nullish(),
});

function readRefusal({ data }: WebAPIPlatformError): SlackFailure {
  const code = data.error;
  // The SDK takes whatever isn't JSON, such as a proxy's page, for the code of an error.
  if (!/^[\w.-]{1,80}$/.test(code))
    return { kind: 'unreachable', why: "an answer that is not Slack's", mayHaveEffect: true };
  if (HALF_DONE.has(code)) return { kind: 'unreachable', why: code, mayHaveEffect: true };
  if (NOT_NOW.has(code)) return { kind: 'unreachable', why: code, mayHaveEffect: false };
  const { needed, response_metadata: more } = Details.safeParse(data).data ?? {};
  if (LIMITED.has(code)) {
    const seconds = more?.retryAfter;
    return { kind: 'limited', retryAfterMs: typeof seconds === 'number' ? seconds * 1000 : UNTOLD_WAIT_MS };
  }
  return { kind: 'refused', code, needed: needed ?? null, details: more?.messages ?? [] };
}
