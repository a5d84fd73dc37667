import type { Arguments } from '../arguments.ts';
import type { PerMinute } from '../rate-limits.ts';
import type { World } from '../world.ts';

export interface Call {
  name: string;
  args: Arguments;
  world: World;
}

/** One method of the Web API. */
export interface Method {
  token: 'bot' | 'app' | 'either';
  perMinute: PerMinute;
  /** Any of these will do; none are needed when it is empty. */
  scopes: (call: Call) => readonly string[];
  /** What stands beside `ok` in the answer. @throws Refusal */
  run: (call: Call) => Record<string, unknown>;
}

export function scope(...names: readonly string[]): () => readonly string[] {
  return () => names;
}
