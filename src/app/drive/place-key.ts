import type { ChatPlace } from '../chat-ports.ts';

/** A channel as a key of maps and sets. */
export function placeKey({ platform, channel }: ChatPlace): string {
  return `${platform}:${channel}`;
}
