import { DiscordAPIError, HTTPError, RateLimitError, REST } from 'discord.js';
import type { z } from 'zod';

/** How a question to Discord's API failed. */
export type DiscordFailure =
  | { kind: 'limited'; retryAfterMs: number }
  /** No answer, or none that is Discord's. */
  | { kind: 'unreachable'; why: string }
  /** `code` is Discord's own, 0 where it gives none; `status` that of HTTP. */
  | { kind: 'refused'; code: number; status: number; message: string };

const ANSWER_WITHIN_MS = 10_000;

/** For somebody who waits for the answer: one try, whose every failure is told. */
export function restOnce({ token, apiUrl }: { token: string; apiUrl: string | null }): REST {
  return new REST({
    retries: 0,
    timeout: ANSWER_WITHIN_MS,
    rejectOnRateLimit: () => true,
    ...(apiUrl === null ? {} : { api: apiUrl }),
  }).setToken(token);
}

/** What the API says at a route, or how it failed. Never throws. */
export async function answerOf<T>(
  rest: REST,
  route: `/${string}`,
  schema: z.ZodType<T>,
): Promise<{ kind: 'answer'; answer: T } | DiscordFailure> {
  try {
    const { success, data } = schema.safeParse(await rest.get(route));
    if (!success) return { kind: 'unreachable', why: "an answer that is not Discord's" };
    return { kind: 'answer', answer: data };
  } catch (error) {
    return failureOf(error);
  }
}

/** @param error what the SDK threw */
export function failureOf(error: unknown): DiscordFailure {
  if (error instanceof RateLimitError) return { kind: 'limited', retryAfterMs: error.retryAfter };
  if (error instanceof DiscordAPIError) {
    const { status, message } = error;
    return { kind: 'refused', code: typeof error.code === 'number' ? error.code : 0, status, message };
  }
  if (error instanceof HTTPError) return { kind: 'unreachable', why: `HTTP status ${error.status}` };
  return { kind: 'unreachable', why: rootOf(error) };
}

/** fetch says that it failed; what failed is behind it. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
  if (error.cause !== undefined) return rootOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
