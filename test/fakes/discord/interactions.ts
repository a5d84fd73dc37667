import { randomBytes } from 'node:crypto';
import type { Journal } from '../chat-server/journal.ts';
import { refusal } from './api-error.ts';
import type { Gateway } from './gateway.ts';
import type { Json } from './json.ts';
import type { Snowflakes } from './snowflakes.ts';
import type { DiscordCall, DiscordDelivery } from './types.ts';

const RESPOND_MS = 3000;
const TOKEN_MS = 15 * 60_000;

export type InteractionKind = 'command' | 'autocomplete' | 'component' | 'modal';
type Response = { type: number; data: Readonly<Json> };

/** What a person did, as the app is told of it. */
export interface Occasion {
  kind: InteractionKind;
  /** What it is called in sentences, such as `/testbox run`. */
  what: string;
  user: string;
  channelId: string;
  /** A command's name, for the message that answers it. */
  name: string | null;
  /** The message that was clicked, or out of which the dialog came. */
  sourceId: string | null;
  /** The gateway's payload, without id and token. */
  payload: Json;
  /** What the first response does in the person's client. */
  settle?: (response: Response) => void;
}

export interface Interaction extends Occasion {
  id: string;
  token: string;
  /** Epoch ms. */
  createdAt: number;
  state: 'waiting' | 'answered' | 'dead';
  /** The message that `@original` means. */
  originalId: string | null;
  /** Messages that were sent with the token, the original included. */
  readonly messageIds: Set<string>;
}

interface Errand {
  interaction: Interaction;
  /** A socket was open when it was sent: a late answer is the app's own fault. */
  wasHeard: boolean;
  timer: NodeJS.Timeout | null;
  waiters: { resolve: (response: Response) => void; reject: (error: Error) => void }[];
}

/** Interactions: each answered within three seconds, and open for fifteen minutes after. */
export class Interactions {
  readonly #parts: {
    gateway: Gateway;
    journal: Journal<DiscordCall>;
    snowflakes: Snowflakes;
    now: () => number;
    queueWhileAway: boolean;
  };
  readonly #errands = new Map<string, Errand>();
  #queued: readonly Errand[] = [];
  #newest: Errand | null = null;

  constructor(parts: {
    gateway: Gateway;
    journal: Journal<DiscordCall>;
    snowflakes: Snowflakes;
    now: () => number;
    queueWhileAway: boolean;
  }) {
    this.#parts = parts;
  }

  deliver(occasion: Occasion): DiscordDelivery {
    const { gateway, queueWhileAway, snowflakes, now } = this.#parts;
    const interaction: Interaction = {
      ...occasion,
      id: snowflakes.next(),
      token: randomBytes(24).toString('base64url'),
      createdAt: now(),
      state: 'waiting',
      originalId: null,
      messageIds: new Set(),
    };
    const errand: Errand = { interaction, wasHeard: false, timer: null, waiters: [] };
    const delivery = waitFor(errand);
    if (!gateway.isHeard() && queueWhileAway) this.#queued = [...this.#queued, errand];
    else if (!gateway.isKept()) this.#fail(errand);
    else this.#dispatch(errand);
    return delivery;
  }

  /** Sends the newest one again: the app sees the same id twice. If it was answered, nobody waits any more. */
  replay(): DiscordDelivery {
    const errand = this.#newest;
    if (errand === null) throw new Error('Nothing was delivered yet that could be delivered again.');
    const delivery = waitFor(errand);
    if (errand.interaction.state !== 'waiting') {
      clearTimeout(errand.timer ?? undefined);
      errand.timer = setTimeout(() => this.#fail(errand), RESPOND_MS);
    }
    this.#send(errand);
    return delivery;
  }

  /** A session listens: what waited for one goes out. */
  opened(): void {
    const queued = this.#queued;
    this.#queued = [];
    for (const errand of queued) this.#dispatch(errand);
  }

  pending(): number {
    const waiting = [...this.#errands.values()].filter(({ interaction }) => interaction.state === 'waiting');
    return waiting.length;
  }

  /** @throws ApiError 10062 for one that isn't there or was answered too late, 40060 for a second answer */
  waiting(id: string, token: string): Interaction {
    const interaction = this.#errands.get(id)?.interaction;
    if (interaction === undefined || interaction.token !== token || interaction.state === 'dead') {
      throw refusal('unknownInteraction');
    }
    if (interaction.state === 'answered') throw refusal('alreadyAcknowledged');
    return interaction;
  }

  /** @throws ApiError 10015 before the first answer, 50027 after fifteen minutes */
  answered(token: string): Interaction {
    const found = [...this.#errands.values()].find(({ interaction }) => interaction.token === token);
    if (found === undefined || found.interaction.state !== 'answered') throw refusal('unknownWebhook');
    if (this.#parts.now() - found.interaction.createdAt > TOKEN_MS) throw refusal('invalidWebhookToken');
    return found.interaction;
  }

  /** The first response was taken. */
  settle(interaction: Interaction, response: Response): void {
    const errand = this.#errands.get(interaction.id);
    interaction.state = 'answered';
    interaction.settle?.(response);
    if (errand === undefined) return;
    clearTimeout(errand.timer ?? undefined);
    for (const { resolve } of errand.waiters) resolve(response);
    errand.waiters = [];
    this.#parts.journal.stir();
  }

  stop(): void {
    for (const errand of [...this.#errands.values(), ...this.#queued]) {
      clearTimeout(errand.timer ?? undefined);
      for (const { reject } of errand.waiters) reject(new Error('The fake Discord was stopped.'));
      errand.waiters = [];
    }
    this.#queued = [];
  }

  #dispatch(errand: Errand): void {
    this.#errands.set(errand.interaction.id, errand);
    errand.wasHeard = this.#parts.gateway.isHeard();
    errand.timer = setTimeout(() => this.#late(errand), RESPOND_MS);
    this.#newest = errand;
    this.#send(errand);
    this.#parts.journal.stir();
  }

  #send({ interaction }: Errand): void {
    const { id, token, payload } = interaction;
    this.#parts.gateway.dispatch('INTERACTION_CREATE', { ...payload, id, token }, null);
  }

  #late(errand: Errand): void {
    errand.interaction.state = 'dead';
    if (errand.wasHeard) {
      this.#parts.journal.breach(`${errand.interaction.what} was not responded to within 3 s`);
    }
    this.#fail(errand);
    this.#parts.journal.stir();
  }

  #fail(errand: Errand): void {
    const { what } = errand.interaction;
    for (const { reject } of errand.waiters) {
      reject(new Error(`${what}: "The application did not respond"`));
    }
    errand.waiters = [];
  }
}

function waitFor(errand: Errand): DiscordDelivery {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  errand.waiters.push({ resolve, reject });
  // Most tests look at what the app did, not at how the client was answered.
  promise.catch(() => undefined);
  return { responded: promise };
}
