import { Faults } from '../chat-server/faults.ts';
import { Journal } from '../chat-server/journal.ts';
import { CommandRegistry } from './command-registry.ts';
import { APPLICATION, botOf, Directory } from './directory.ts';
import { Gateway } from './gateway.ts';
import { createdGuildJson } from './guild-json.ts';
import { Interactions } from './interactions.ts';
import type { Json } from './json.ts';
import { MessageStore } from './message-store.ts';
import { Modals } from './modals.ts';
import { OldEdits } from './old-edits.ts';
import { ownUserJson } from './people-json.ts';
import { RateLimits } from './rate-limits.ts';
import { Snowflakes } from './snowflakes.ts';
import { Tokens } from './tokens.ts';
import type { DiscordCall, GuildSettings } from './types.ts';

interface Failure {
  status: number;
  code: number;
  message: string;
}

/** Everything that the fake Discord remembers. */
export interface World {
  directory: Directory;
  journal: Journal<DiscordCall>;
  snowflakes: Snowflakes;
  messages: MessageStore;
  oldEdits: OldEdits;
  interactions: Interactions;
  modals: Modals;
  commands: CommandRegistry;
  gateway: Gateway;
  tokens: Tokens;
  limits: RateLimits;
  faults: Faults<Failure>;
  invalid: { count: number };
  now: () => number;
  /** Host and port of the server; known once it listens. */
  host: string;
}

export function createWorld(settings: GuildSettings): World {
  const now = settings.now ?? Date.now;
  const directory = new Directory(settings);
  const journal = new Journal<DiscordCall>();
  const snowflakes = new Snowflakes(now);
  const tokens = new Tokens();
  const gateway = new Gateway({
    isToken: (token) => tokens.isValid(token),
    ready: (session) => readyJson(directory, session),
    greetings: () => [{ type: 'GUILD_CREATE', data: createdGuildJson(directory) }],
    opened: () => world.interactions.opened(),
    breach: (sentence) => journal.breach(sentence),
    url: () => `ws://${world.host}`,
  });
  const queueWhileAway = settings.queueWhileAway ?? false;
  const world: World = {
    ...{ directory, journal, snowflakes, tokens, gateway, now, host: '' },
    messages: new MessageStore({ journal, snowflakes, now }),
    oldEdits: new OldEdits(now),
    interactions: new Interactions({ gateway, journal, snowflakes, now, queueWhileAway }),
    modals: new Modals(),
    commands: new CommandRegistry({ snowflakes, now }),
    limits: new RateLimits(settings.rateLimits ?? true),
    invalid: { count: 0 },
    // By the real time, as clients wait by their own clock.
    faults: new Faults(Date.now, (part, path) => path.includes(part)),
  };
  return world;
}

function readyJson(directory: Directory, session: { id: string; resumeUrl: string }): Json {
  return {
    v: 10,
    user: ownUserJson(botOf(directory)),
    guilds: [{ id: directory.guild.id, unavailable: true }],
    ...{ session_id: session.id, resume_gateway_url: session.resumeUrl, session_type: 'normal' },
    ...{ shard: [0, 1], application: { id: APPLICATION, flags: 0 } },
    ...{ private_channels: [], presences: [], relationships: [], user_settings: {}, _trace: [] },
  };
}
