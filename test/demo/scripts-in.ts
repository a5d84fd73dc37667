import { readdirSync } from 'node:fs';

/** Names of the scripts of a directory. */
export function scriptsIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.txt'));
}
