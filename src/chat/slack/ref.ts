import type { MessageRef } from '../platform.ts';

/** A message on Slack: its channel, and its time stamp, which is its id there. */
export interface SlackPlace {
  channel: string;
  ts: string;
}

export function toRef({ channel, ts }: SlackPlace): MessageRef {
  return `${channel}:${ts}`;
}

/** Null when it is no reference of ours. */
export function parseRef(ref: MessageRef): SlackPlace | null {
  const [, channel, ts] = /^([A-Z0-9]+):(\d+\.\d+)$/.exec(ref) ?? [];
  return channel === undefined || ts === undefined ? null : { channel, ts };
}
