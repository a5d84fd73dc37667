import type { BootId, JobId, Nonce } from '../contract/ids.ts';
import type { AccessRules } from '../domain/access.ts';
import type { Testbox } from '../domain/testbox.ts';

/** Time as something that is handed in: tests and the crash walks own theirs. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Ends early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The only source of randomness. */
export interface Randomness {
  jobId(): JobId;
  nonce(): Nonce;
  session(): string;
}

/** The inventory as it is at the moment: read again when the file changes. */
export interface Inventory {
  testboxes(): readonly Testbox[];
  access(): AccessRules;
}

export type Probe =
  | {
      kind: 'up';
      bootId: BootId;
      system: 'own' | 'maintenance';
      /** `type base64` of the key that the box showed. */
      hostKey: string;
      uptimeSeconds: number | null;
      users: readonly string[];
    }
  /** No connection. */
  | { kind: 'down'; why: string }
  /** There is something, but it won't let the bot in, or shows another host key. */
  | { kind: 'refused'; why: string };

export type RebootOutcome =
  | { kind: 'issued' }
  /** Surely not issued. */
  | { kind: 'failed'; why: string }
  /** The connection was lost at the wrong moment: only a new boot id will tell. */
  | { kind: 'unknown'; why: string };

export type Reach = { kind: 'open' } | { kind: 'closed'; why: string };

/** The bot's hands on a box's own system. */
export interface Machines {
  /** @param trusted further host keys that count as the box's own, `type base64` */
  probe(testbox: Testbox, trusted: readonly string[]): Promise<Probe>;
  reboot(testbox: Testbox, trusted: readonly string[]): Promise<RebootOutcome>;
  /** From now on this is the box's own key, in the place of the one before: a restore has brought it. */
  keepHostKey(testbox: Testbox, key: string): Promise<void>;
  /** Whether the TCP port of its back check takes connections. It says nothing about what answers. */
  reach(testbox: Testbox): Promise<Reach>;
}

export type PowerOutcome =
  | { kind: 'done' }
  /** Surely without effect. */
  | { kind: 'failed'; why: string }
  /** It may have had its effect. */
  | { kind: 'unknown'; why: string };

/** The switch of a box, by the command of the inventory. */
export interface Power {
  /** Switches the box off and on again. Never repeated by itself. */
  cycle(testbox: Testbox): Promise<PowerOutcome>;
}

/** Host keys that were pinned at first use, by `host:port`. */
export interface HostKeyPins {
  pinned(place: string): Promise<string | null>;
  /** Keeps the first one: a second call for a place changes nothing and gives the stored key. */
  pin(place: string, key: string): Promise<string>;
  /** Keeps this one, whatever was kept before. */
  replace(place: string, key: string): Promise<void>;
  /** True when there was one. */
  forget(place: string): Promise<boolean>;
}

/** A structured log: a static message and an object, as pino takes them. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
