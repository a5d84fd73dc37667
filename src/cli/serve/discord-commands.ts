import type { Clock, Log } from '../../app/ports.ts';
import { registerOnce, whyNotRegistered } from '../../chat/discord/register-once.ts';
import type { BotConfig } from '../../config/env.ts';

const AGAIN_MS = 60_000;

interface Registering {
  discord: NonNullable<BotConfig['discord']>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/**
 * Tells Discord which commands there are; while it can't be reached, again every minute. What only
 * a person can put right is the log's: people who know older commands can go on with them.
 */
export async function keepRegistering({ discord, clock, log, signal }: Registering): Promise<void> {
  while (!signal.aborted) {
    const registered = await registerOnce({ ...discord, log });
    switch (registered.kind) {
      case 'registered':
      case 'unchanged':
        return;
      case 'limited':
      case 'unreachable':
        log.warn({ why: whyNotRegistered(registered) }, 'the commands are not registered yet');
        await clock.sleep(registered.kind === 'limited' ? registered.retryAfterMs : AGAIN_MS, signal);
        break;
      default:
        log.error({ why: whyNotRegistered(registered) }, 'the commands could not be registered');
        return;
    }
  }
}
