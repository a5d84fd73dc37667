import type { Json } from './json.ts';
import type { Upload } from './message-body.ts';
import type { Budget } from './rate-limits.ts';
import type { World } from './world.ts';

/** One request on a route that is known, with whatever it came with. */
export interface RouteCall {
  world: World;
  params: Params;
  query: URLSearchParams;
  body: unknown;
  files: readonly Upload[];
}

export interface Reply {
  status: number;
  /** Nothing for a 204. */
  body?: Json | readonly Json[];
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in the official description, with its names of parameters. */
  template: string;
  /** `none`: the token in the path is enough, and the global limit doesn't count it. */
  auth: 'bot' | 'none';
  /** Null where Discord shows no limit. */
  budget: Budget | null;
  run(call: RouteCall): Reply;
}

/** The parameters of a path by name. */
export class Params {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  get(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`The route has no parameter ${name}.`);
    return value;
  }

  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }

  /** By its value a route's limits are kept apart. */
  major(): string {
    for (const name of ['channel_id', 'guild_id', 'webhook_id']) {
      const value = this.#values.get(name);
      if (value !== undefined) return [value, this.#values.get('webhook_token') ?? ''].join(':');
    }
    return '';
  }
}

export function ok(body: Json | readonly Json[]): Reply {
  return { status: 200, body };
}

export const DONE: Reply = { status: 204 };
