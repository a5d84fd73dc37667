import { Refusal, refusalWith } from './refusal.ts';

/** The arguments of a call, from a form (where all is text) or from JSON. */
export class Arguments {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  /** Null for what is empty or no text at all. */
  text(name: string): string | null {
    const value = this.#values.get(name);
    if (value === undefined || value === null || value === '' || typeof value === 'object') return null;
    return String(value);
  }

  /** @throws Refusal */
  required(name: string): string {
    const value = this.text(name);
    if (value === null) throw refusalWith('invalid_arguments', [`missing required field: ${name}`]);
    return value;
  }

  flag(name: string): boolean {
    const value = this.text(name);
    return value === 'true' || value === '1';
  }

  /** @throws Refusal */
  integer(name: string): number | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!/^\d+$/.test(value)) throw refusalWith('invalid_arguments', [`must be an integer: ${name}`]);
    return Number(value);
  }

  /** A value that forms carry as JSON; undefined when the call has none. @throws Refusal with `error` */
  json(name: string, error: string): unknown {
    const value = this.#values.get(name);
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      throw new Refusal(error);
    }
  }
}
