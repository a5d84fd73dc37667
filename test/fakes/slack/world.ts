import { Faults } from '../chat-server/faults.ts';
import { Journal } from '../chat-server/journal.ts';
import { Deliveries } from './deliveries.ts';
import { Directory } from './directory.ts';
import { MessageStore } from './message-store.ts';
import { RateLimits } from './rate-limits.ts';
import { ResponseUrls } from './response-urls.ts';
import { Sockets } from './sockets.ts';
import { Tokens } from './tokens.ts';
import { Triggers } from './triggers.ts';
import type { ApiCall, WorkspaceSettings } from './types.ts';
import { Uploads } from './uploads.ts';
import { ViewStore } from './view-store.ts';

/** Everything that the fake Slack remembers. */
export interface World {
  directory: Directory;
  journal: Journal<ApiCall>;
  messages: MessageStore;
  views: ViewStore;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  uploads: Uploads;
  tokens: Tokens;
  limits: RateLimits;
  faults: Faults<string>;
  sockets: Sockets;
  deliveries: Deliveries;
  queueWhileAway: boolean;
  now: () => number;
  /** Host and port of the server; known once it listens. */
  host: string;
}

export function createWorld(settings: WorkspaceSettings): World {
  const now = settings.now ?? Date.now;
  const journal = new Journal<ApiCall>();
  const sockets = new Sockets();
  const deliveries = new Deliveries({ sockets, journal });
  sockets.listener = deliveries;
  return {
    directory: new Directory(settings),
    journal,
    messages: new MessageStore(journal, now),
    views: new ViewStore(journal),
    triggers: new Triggers(now),
    responseUrls: new ResponseUrls(now),
    uploads: new Uploads(),
    tokens: new Tokens(),
    limits: new RateLimits({ enabled: settings.rateLimits ?? true, now }),
    faults: new Faults(now),
    sockets,
    deliveries,
    queueWhileAway: settings.queueWhileAway ?? false,
    now,
    host: '',
  };
}
