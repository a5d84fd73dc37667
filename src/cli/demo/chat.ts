import type { PlatformName } from '../../domain/person.ts';
import type { ScriptPeople } from '../../lab/script/ports.ts';

/** Who sits in the demo; all but mallory may do something. */
export const PEOPLE = ['alice', 'bob', 'mallory'] as const;

/** The chat that a demo happens in. It outlives every bot. */
export interface DemoChat {
  /** What the bot's environment says of it. */
  environment: NodeJS.ProcessEnv;
  /** Where the boxes' cards go. */
  channel: { platform: PlatformName; id: string };
  /** Who these two are there, as `platform:team:id`. */
  accounts: Record<'alice' | 'bob', string>;
  people: ScriptPeople;
  /** After the bot has stopped. */
  close(): Promise<void>;
}
