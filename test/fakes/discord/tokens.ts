import { refusal } from './api-error.ts';
import { BOT_USER } from './directory.ts';

/** Shaped as Discord's: the bot's id, a time and a signature. */
export const BOT_TOKEN = `${Buffer.from(BOT_USER).toString('base64url')}.GfakeX.a-token-that-opens-only-the-fake`;

/** The bot's token, and whether it still is one. */
export class Tokens {
  #isRevoked = false;

  revoke(): void {
    this.#isRevoked = true;
  }

  isValid(token: string): boolean {
    return !this.#isRevoked && token === BOT_TOKEN;
  }

  /** @throws ApiError 401 */
  refuseHeader(authorization: string | null): void {
    const [, token] = /^Bot (\S+)$/.exec(authorization ?? '') ?? [];
    if (token === undefined || !this.isValid(token)) throw refusal('unauthorized');
  }
}
