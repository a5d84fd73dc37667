import type { MessageRef } from '../platform.ts';

/** A message on Discord: snowflakes of its channel or thread, and its own, which a thread on it has too. */
export interface DiscordPlace {
  channel: string;
  message: string;
}

/** The moment that snowflakes count from. */
const EPOCH_MS = 1_420_070_400_000n;

export function toRef({ channel, message }: DiscordPlace): MessageRef {
  return `${channel}:${message}`;
}

/** Null when it is no reference of ours. */
export function parseRef(ref: MessageRef): DiscordPlace | null {
  const [, channel, message] = /^(\d{15,21}):(\d{15,21})$/.exec(ref) ?? [];
  return channel === undefined || message === undefined ? null : { channel, message };
}

/** Epoch ms of what bears the snowflake. */
export function createdAt(snowflake: string): number {
  return Number((BigInt(snowflake) >> 22n) + EPOCH_MS);
}

/** The first snowflake that can be given at this moment (epoch ms). */
export function firstSnowflakeAt(ms: number): string {
  const sinceEpoch = BigInt(Math.trunc(ms)) - EPOCH_MS;
  return ((sinceEpoch < 0n ? 0n : sinceEpoch) << 22n).toString();
}
