import { AnnounceError } from '../../app/chat-ports.ts';
import { ChannelRefusedError, ChatUnavailableError, MessageGoneError } from '../platform.ts';

/** A channel that refuses the bot has to be put right by somebody. */
const REFUSED_RETRY_MS = 60_000;

/**
 * Null for a message that is gone for good.
 *
 * @throws AnnounceError for what is worth another try; its cause is the platform's own error
 */
export async function sending<T>(send: () => Promise<T>): Promise<T | null> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof MessageGoneError) return null;
    if (error instanceof ChatUnavailableError) {
      throw new AnnounceError(error.message, { retryAfterMs: error.retryAfterMs, cause: error });
    }
    if (error instanceof ChannelRefusedError) {
      throw new AnnounceError(error.message, { retryAfterMs: REFUSED_RETRY_MS, cause: error });
    }
    throw error;
  }
}
