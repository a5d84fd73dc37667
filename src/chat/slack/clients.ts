import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../../app/ports.ts';
import { sdkLog } from './sdk-log.ts';

export interface SlackClients {
  /** Answers to people: asks again by itself, and waits out a 429. */
  answers: WebClient;
  /**
   * Posts and edits: every failure is the caller's. A 429 makes a whole client wait, and a post
   * that the SDK repeated after a lost answer would be there twice.
   */
  outbox: WebClient;
}

/** One call may take so long. */
export const CALL_TIMEOUT_MS = 10_000;

export function slackClients(settings: { botToken: string; apiUrl: string | null; log: Log }): SlackClients {
  const { botToken } = settings;
  return {
    answers: new WebClient(botToken, {
      ...clientOptions(settings),
      retryConfig: { retries: 2, minTimeout: 250, maxTimeout: 1_000, randomize: true },
    }),
    outbox: new WebClient(botToken, { ...clientOptions(settings), ...ONCE }),
  };
}

/** One try, whose every failure is told. */
export const ONCE = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true } as const;

/** @param settings.apiUrl with or without a slash at its end; null for Slack's own */
export function clientOptions({ apiUrl, log }: { apiUrl: string | null; log: Log }): WebClientOptions {
  return {
    timeout: CALL_TIMEOUT_MS,
    logger: sdkLog(log),
    ...(apiUrl === null ? {} : { slackApiUrl: `${apiUrl.replace(/\/+$/, '')}/` }),
  };
}
