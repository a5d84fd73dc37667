import type { App } from '../../src/app/app.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import { Outbox } from '../../src/chat/outbox.ts';
import type { TestApp } from './app.ts';
import type { FakeChat } from './chat.ts';

/** A bot on the test's store that speaks to a chat; another call is a bot that was started anew. */
export function botOn(app: TestApp, chat: FakeChat): { app: App; driver: Driver } {
  const { refs, summaries, log } = app;
  const wired: App = { ...app, announcer: new Outbox({ platforms: [chat], refs, summaries, log }) };
  const driver = new Driver(wired);
  wired.wake = () => driver.wake();
  return { app: wired, driver };
}
