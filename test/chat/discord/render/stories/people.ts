import type { CardPlace, Mention } from '../../../../../src/chat/platform.ts';

export const GUILD = '900000000000000001';
export const CHANNEL = '900000000000000002';
export const CARD: CardPlace = { channel: CHANNEL, ref: `${CHANNEL}:900000000000000003` };

/** The people of Slack's stories as Discord knows them. */
const USERS: Readonly<Record<string, string>> = {
  U0ALICE: '100000000000000001',
  U0BOB: '100000000000000002',
  U0CAROL: '100000000000000003',
};
/** Who is in the stories, by user id. */
export const NAMES: Readonly<Record<string, string>> = {
  '100000000000000001': 'Alice Weber',
  '100000000000000002': 'Bob Okafor',
  '100000000000000003': 'Carol Díaz',
};

/** @throws when nobody of the stories is meant */
export function onDiscord(mention: Mention): Mention {
  const user = 'user' in mention ? USERS[mention.user] : undefined;
  if (user === undefined) throw new Error(`expected somebody of the stories, got ${JSON.stringify(mention)}`);
  return { platform: 'discord', user };
}
