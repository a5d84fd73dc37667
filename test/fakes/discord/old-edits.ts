import { ApiError } from './api-error.ts';
import type { StoredMessage } from './message-store.ts';

const OLD_MS = 60 * 60_000;
const WINDOW_MS = 10 * 60_000;
/** Discord publishes no figure; what is sure is that a few go through and many don't. */
const EDIT_LIMIT = 5;

/** Edits of messages that are older than an hour: 30046, which has been seen with HTTP 429. */
export class OldEdits {
  readonly #now: () => number;
  readonly #edits = new Map<string, readonly number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts an edit. @throws ApiError 30046 */
  take({ id, createdAt }: StoredMessage): void {
    const now = this.#now();
    if (now - createdAt <= OLD_MS) return;
    const recent = (this.#edits.get(id) ?? []).filter((at) => at > now - WINDOW_MS);
    const [first] = recent;
    if (first !== undefined && recent.length >= EDIT_LIMIT)
      throw tooManyEdits((first + WINDOW_MS - now) / 1000);
    this.#edits.set(id, [...recent, now]);
  }
}

function tooManyEdits(retryAfterSeconds: number): ApiError {
  const message = 'Maximum number of edits to messages older than 1 hour reached. Try again later';
  return new ApiError(
    { status: 429, code: 30046, message },
    {
      more: { retry_after: retryAfterSeconds, global: false },
      headers: { 'retry-after': String(Math.ceil(retryAfterSeconds)), 'x-ratelimit-scope': 'user' },
    },
  );
}
