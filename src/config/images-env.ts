import type { Environment } from './dotenv.ts';
import { environmentProblem } from './env.ts';
import { type DatabasePlace, Variables } from './variables.ts';

/** What of the environment the images on the share need: no chat, no TFTP area. */
export interface ImagesConfig {
  backupRoot: string;
  inventoryFile: string;
  database: DatabasePlace;
  keepGenerations: number;
}

const ImagesVariables = Variables.pick({
  TESTBOX_BACKUP_ROOT: true,
  TESTBOX_INVENTORY: true,
  TESTBOX_KEEP_GENERATIONS: true,
  DATABASE_URL: true,
});

/** As `readEnvironment`, for the commands about images. */
export function readImagesEnvironment(
  env: Environment,
): { ok: true; config: ImagesConfig } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = ImagesVariables.safeParse(given);
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map((issue) => environmentProblem(issue, given)) };
  const read = parsed.data;
  return {
    ok: true,
    config: {
      backupRoot: read.TESTBOX_BACKUP_ROOT,
      inventoryFile: read.TESTBOX_INVENTORY,
      database: read.DATABASE_URL,
      keepGenerations: read.TESTBOX_KEEP_GENERATIONS,
    },
  };
}
