import type { Environment } from './dotenv.ts';
import { environmentProblem } from './env.ts';
import { type DatabasePlace, Variables } from './variables.ts';

/** What of the environment the commands about host keys need. */
export interface HostKeysConfig {
  inventoryFile: string;
  database: DatabasePlace;
}

const HostKeysVariables = Variables.pick({ TESTBOX_INVENTORY: true, DATABASE_URL: true });

/** As `readEnvironment`, for the commands about host keys. */
export function readHostKeysEnvironment(
  env: Environment,
): { ok: true; config: HostKeysConfig } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = HostKeysVariables.safeParse(given);
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map((issue) => environmentProblem(issue, given)) };
  const { TESTBOX_INVENTORY: inventoryFile, DATABASE_URL: database } = parsed.data;
  return { ok: true, config: { inventoryFile, database } };
}
