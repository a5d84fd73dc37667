import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

const LIFE_MS = 30 * 60_000;
const USES = 5;

/** Where the answers to one command or click go. */
export interface ResponsePlace {
  user: string;
  channel: string;
  /** The message that was clicked; null for a command. */
  message: string | null;
}

/** The addresses that come with commands and clicks: five uses within thirty minutes. */
export class ResponseUrls {
  readonly #now: () => number;
  readonly #places = new Map<string, { place: ResponsePlace; issuedAt: number; uses: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A secret for a path. */
  issue(place: ResponsePlace): string {
    const key = randomBytes(12).toString('hex');
    this.#places.set(key, { place, issuedAt: this.#now(), uses: 0 });
    return key;
  }

  /** @throws Refusal */
  use(key: string): ResponsePlace {
    const found = this.#places.get(key);
    if (found === undefined) throw new Refusal('invalid_url');
    if (this.#now() - found.issuedAt > LIFE_MS) throw new Refusal('expired_url');
    if (found.uses >= USES) throw new Refusal('used_url');
    found.uses += 1;
    return found.place;
  }
}
