import { ConsolePlatform } from '../../chat/console/platform.ts';
import type { ChatPlatform } from '../../chat/platform.ts';
import type { Database } from '../../database/open.ts';
import type { BotParts } from './bot.ts';
import type { OnRefused } from './chats.ts';

/** A chat for each one that is configured. */
export function platformsOf(
  { config, log }: BotParts,
  _more: { db: Database; onRefused: OnRefused },
): ChatPlatform[] {
  if (config.console === null) return [];
  const onError = (error: unknown) => log.error({ err: error }, 'an input of the console failed');
  return [new ConsolePlatform({ socketPath: config.console.socket, onError })];
}
