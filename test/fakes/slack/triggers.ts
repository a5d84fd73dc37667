import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

const TRIGGER_LIFE_MS = 3000;

interface Trigger {
  user: string;
  issuedAt: number;
  used: boolean;
}

/** Trigger ids: each opens one dialog, within three seconds. */
export class Triggers {
  readonly #now: () => number;
  readonly #triggers = new Map<string, Trigger>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(user: string): string {
    const issuedAt = this.#now();
    const id = `${issuedAt}.${this.#triggers.size}.${randomBytes(16).toString('hex')}`;
    this.#triggers.set(id, { user, issuedAt, used: false });
    return id;
  }

  /** The person who caused it. @throws Refusal */
  exchange(id: string): string {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) throw new Refusal('invalid_trigger_id');
    if (trigger.used) throw new Refusal('exchanged_trigger_id');
    if (this.#now() - trigger.issuedAt > TRIGGER_LIFE_MS) throw new Refusal('expired_trigger_id');
    trigger.used = true;
    return trigger.user;
  }
}
