import { AnnounceError, type MessageRefs } from '../../app/chat-ports.ts';
import type { Log } from '../../app/ports.ts';
import type { Job } from '../../domain/job.ts';
import type { PlatformName } from '../../domain/person.ts';
import { ChannelRefusedError, type ChatPlatform, type Urgency } from '../platform.ts';
import { tellOfRefusal } from './channel-refused.ts';
import { sending } from './sending.ts';

/** Brings what is said about jobs to the platform that each came from. */
export class Delivery {
  readonly #platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly #refs: MessageRefs;
  readonly #log: Log;

  constructor(parts: { platforms: readonly ChatPlatform[]; refs: MessageRefs; log: Log }) {
    this.#platforms = new Map(parts.platforms.map((platform) => [platform.name, platform]));
    this.#refs = parts.refs;
    this.#log = parts.log;
  }

  find(name: PlatformName): ChatPlatform | undefined {
    return this.#platforms.get(name);
  }

  /** @throws AnnounceError where it is not connected */
  platform(name: PlatformName): ChatPlatform {
    const found = this.find(name);
    if (found === undefined) throw new AnnounceError(`${name} is not connected`, { retryAfterMs: null });
    return found;
  }

  /** @throws AnnounceError */
  async turn({ origin }: Job, want: { kind: 'post' | 'edit'; urgency: Urgency }): Promise<void> {
    const platform = this.platform(origin.platform);
    await sending(() => platform.turn({ ...want, channel: origin.channel }));
  }

  /** Null when the message is gone for good. @throws AnnounceError */
  async send<T>(job: Job, send: (platform: ChatPlatform) => Promise<T>): Promise<T | null> {
    const platform = this.platform(job.origin.platform);
    try {
      const sent = await sending(() => send(platform));
      if (sent === null)
        this.#log.warn({ jobId: job.id }, 'a message of the job is gone: somebody has deleted it');
      return sent;
    } catch (error) {
      if (error instanceof AnnounceError && error.cause instanceof ChannelRefusedError) {
        const asker = this.platform(job.requester.platform);
        await tellOfRefusal({ platform: asker, refs: this.#refs, log: this.#log }, job, error.cause);
      }
      throw error;
    }
  }
}
