import type { REST } from 'discord.js';
import type { Clock, Log } from '../../../app/ports.ts';
import type { CardLinks } from '../../card-links.ts';
import type { Inbound } from '../../platform.ts';
import type { SeenBefore } from '../../seen-before.ts';

export interface HandlerParts {
  inbound: Inbound;
  /** Id of the one guild whose people are obeyed. */
  guild: string;
  /** For answers to people. */
  rest: REST;
  links: CardLinks;
  clock: Clock;
  log: Log;
}

/** What the handlers of one client share. */
export interface Listening extends HandlerParts {
  seen: SeenBefore;
}
