import { DiscordAPIError } from 'discord.js';
import type { Listening } from './parts.ts';

const UNKNOWN_INTERACTION = 10062;
const ACKNOWLEDGED_ALREADY = 40060;

/**
 * Discord wants this within 3 s. False when it came too late: the person has been told that the bot
 * did not respond, and what they asked for must not happen after that.
 */
export async function acknowledge(
  on: Pick<Listening, 'log'>,
  interaction: { id: string; user: { id: string } },
  ack: () => Promise<unknown>,
): Promise<boolean> {
  const { id, user } = interaction;
  try {
    await ack();
    return true;
  } catch (error) {
    const code = codeOf(error);
    const about = { err: error, interaction: id, user: user.id };
    if (code === UNKNOWN_INTERACTION) {
      on.log.warn(about, 'an acknowledgement came too late: nothing was done');
      return false;
    }
    // The library asks again after a lost connection. A first try that arrived is refused then.
    if (code === ACKNOWLEDGED_ALREADY) on.log.warn(about, 'an interaction was acknowledged before');
    // It may have arrived. If it didn't, the answer goes another way.
    else on.log.warn(about, 'it is not known whether an acknowledgement reached Discord');
    return true;
  }
}

/** Discord's own number of an error; null for all that Discord did not say. */
function codeOf(error: unknown): number | null {
  return error instanceof DiscordAPIError ? Number(error.code) : null;
}
