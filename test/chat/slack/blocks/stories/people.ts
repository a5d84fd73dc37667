import type { CardPlace } from '../../../../../src/chat/platform.ts';
import type { Person } from '../../../../../src/domain/person.ts';

/** Who is in the stories, by user id. */
export const NAMES: Readonly<Record<string, string>> = {
  U0ALICE: 'Alice Weber',
  U0BOB: 'Bob Okafor',
  U0CAROL: 'Carol Díaz',
};
export const CHANNEL = 'C0LAB';
export const CARD: CardPlace = { channel: CHANNEL, ref: `${CHANNEL}:1795366800.000100` };

export function links({ channel, ref }: CardPlace): string {
  if (ref === null) return `<#${channel}>`;
  return `<https://acme.slack.com/archives/${ref.replace(':', '/p').replace('.', '')}|the card>`;
}

function slackPerson(user: string): Person {
  return { key: user, displayName: NAMES[user] ?? user, platform: 'slack', team: 'T0ACME', user };
}

export const alice = slackPerson('U0ALICE');
export const bob = slackPerson('U0BOB');
export const carol = slackPerson('U0CAROL');
