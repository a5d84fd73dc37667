/** Slack says no: what becomes `{"ok":false,"error":code}`. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: string;
  /** Further keys of the answer. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, more: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

/** An error code with Slack's own notes about what is wrong where. */
export function refusalWith(code: string, messages: readonly string[]): Refusal {
  return new Refusal(code, { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } });
}

/** HTTP 429. */
export class RateLimited extends Refusal {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('ratelimited');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
