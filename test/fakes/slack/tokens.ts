import { Refusal } from './refusal.ts';

export const BOT_TOKEN = 'xoxb-1-1-testboxfake';
export const APP_TOKEN = 'xapp-1-A0TESTBOX-1-testboxfake';

export const APP_SCOPES: readonly string[] = ['connections:write'];

/** The app's two tokens, and what became of them. */
export class Tokens {
  readonly #refusals: Partial<Record<'bot' | 'app', string>> = {};

  revoke(kind: 'bot' | 'app', error: string): void {
    this.#refusals[kind] = error;
  }

  /** Which of the two a call came with. @throws Refusal */
  identify(token: string | null): 'bot' | 'app' {
    if (token === null || token === '') throw new Refusal('not_authed');
    const kind = token === BOT_TOKEN ? 'bot' : token === APP_TOKEN ? 'app' : null;
    if (kind === null) throw new Refusal('invalid_auth');
    const refusal = this.#refusals[kind];
    if (refusal !== undefined) throw new Refusal(refusal);
    return kind;
  }
}
