import { z } from 'zod';
import type { Clock } from '../../../app/ports.ts';
import { withTimeLimit } from '../../time-limit.ts';

/** Where Slack takes answers to one command or click, from `at` (epoch ms) on. */
export const ResponseAddress = z.object({ url: z.url(), at: z.number() });
export type ResponseAddress = z.infer<typeof ResponseAddress>;

const USES = 5;
const LIFETIME_MS = 30 * 60_000;
const ANSWERED_WITHIN_MS = 5_000;

/** Slack's short-lived door for answers: 5 posts in 30 minutes. */
export class ResponseUrl {
  readonly #address: ResponseAddress;
  readonly #clock: Clock;
  #usesLeft = USES;

  constructor(address: ResponseAddress, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  /** @throws Error when it is used up, expired, or Slack doesn't take the message */
  async post(body: object): Promise<void> {
    if (this.#usesLeft === 0 || this.#clock.now() - this.#address.at >= LIFETIME_MS)
      throw new Error('The response URL is used up or has expired.');
    this.#usesLeft -= 1;
    await withTimeLimit({ clock: this.#clock, ms: ANSWERED_WITHIN_MS }, (signal) => this.#send(body, signal));
  }

  async #send(body: object, signal: AbortSignal): Promise<void> {
    const response = await fetch(this.#address.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    const answer = await response.text();
    if (response.ok && !saysNo(answer)) return;
    throw new Error(`The response URL took no message: HTTP ${response.status}, ${answer.slice(0, 200)}`);
  }
}

/** Slack answers `ok` or JSON; some of its refusals come with status 200. */
function saysNo(answer: string): boolean {
  try {
    return z.object({ ok: z.literal(false) }).safeParse(JSON.parse(answer)).success;
  } catch {
    return false;
  }
}
