import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment together with the `.env` file of a directory, if there is one. What is
 * really in the environment wins, as with `node --env-file`.
 */
export function withDotenvFile(env: Environment, directory: string): Environment {
  let text: string;
  try {
    text = readFileSync(join(directory, '.env'), 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return env;
    throw new Error(`the file .env in ${directory} can't be read`, { cause });
  }
  return { ...parseEnv(text), ...env };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
