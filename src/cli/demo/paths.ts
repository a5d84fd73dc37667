import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Sources run as they are in a clone and compiled in the package: siblings have our own extension. */
const EXTENSION = extname(import.meta.url);

/** The bot's program. */
export const BOT_SCRIPT = ownFile('src/main');
/** The agent's program. */
export const AGENT_SCRIPT = ownFile('agent/main');

function ownFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}${EXTENSION}`, import.meta.url));
}
