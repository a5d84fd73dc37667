import type { PlatformName } from '../../domain/person.ts';
import type { Testbox } from '../../domain/testbox.ts';

/** One platform's default channel, and the boxes with theirs. */
export interface ChannelUsers {
  platform: PlatformName;
  boxes: readonly Testbox[];
  /** The variable of the default channel, and what it says. */
  fallback: { variable: string; channel: string | null };
}

/** A channel as people know it, and who would miss it: `#lab (C1), the channel of SLACK_CHANNEL, pluto`. */
export function placeOf(
  { channel, name }: { channel: string; name: string | null },
  { platform, boxes, fallback }: ChannelUsers,
): string {
  const shown = name === null ? channel : `#${name} (${channel})`;
  const users = boxes.filter(({ channels }) => channels[platform] === channel).map((box) => box.name);
  return `${shown}, the channel of ${[...(channel === fallback.channel ? [fallback.variable] : []), ...users].join(', ')}`;
}

/** What is said of channels that all take posts. */
export function allTakePosts(count: number, { platform, boxes }: ChannelUsers): string {
  const homeless = boxes.filter(({ channels }) => channels[platform] === null).map(({ name }) => name);
  const rest = homeless.length === 0 ? '' : `; cards of ${homeless.join(', ')} go where they are asked for`;
  return `${count} ${count === 1 ? 'takes' : 'take'} posts${rest}`;
}

/** The channels that cards go to, each once. */
export function channelsOf({ platform, boxes, fallback }: ChannelUsers): string[] {
  const named = [fallback.channel, ...boxes.map(({ channels }) => channels[platform])];
  return [...new Set(named.filter((channel) => channel !== null))];
}
