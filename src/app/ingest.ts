import type { AgentCalls } from './agent-calls.ts';
import type { App } from './app.ts';
import { hello } from './ingest/hello.ts';
import { reports } from './ingest/reports.ts';

/** What agents may say to the bot. */
export function createIngest(app: App): AgentCalls {
  return {
    hello: (said, peer) => hello(app, said, peer),
    reports: (call) => reports(app, call),
  };
}
