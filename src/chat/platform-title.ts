import type { PlatformName } from '../domain/person.ts';

/** A chat as people call it: `The card is on Slack.` */
export const PLATFORM_TITLES: Readonly<Record<PlatformName, string>> = {
  console: 'the console',
  slack: 'Slack',
  discord: 'Discord',
};
