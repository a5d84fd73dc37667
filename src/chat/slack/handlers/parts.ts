import type { WebClient } from '@slack/web-api';
import type { Clock, Log } from '../../../app/ports.ts';
import type { Inbound } from '../../platform.ts';
import type { SeenBefore } from '../../seen-before.ts';
import type { CardLinks } from '../blocks/links.ts';
import type { SlackPeople } from '../people.ts';
import type { HomePages } from './home-pages.ts';

export interface HandlerParts {
  inbound: Inbound;
  people: SlackPeople;
  /** For answers to people. */
  client: WebClient;
  link: CardLinks;
  clock: Clock;
  log: Log;
}

/** What the handlers of one App share. */
export interface Listening extends HandlerParts {
  seen: SeenBefore;
  homes: HomePages;
}
