import type { App } from '../../src/app/app.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import { Outbox } from '../../src/chat/outbox.ts';
import { ChatTeller } from '../../src/chat/teller.ts';
import type { TestApp } from './app.ts';
import type { FakeChat } from './chat.ts';

/** A bot on the test's store that speaks to a chat; another call is a bot that was started anew. */
export function botOn(app: TestApp, chat: FakeChat): { app: App; driver: Driver } {
  const { refs, summaries, inventory, log } = app;
  const platforms = [chat];
  const wired: App = {
    ...app,
    announcer: new Outbox({ platforms, refs, summaries, log }),
    teller: new ChatTeller({ platforms, inventory, log }),
  };
  const driver = new Driver(wired);
  wired.wake = () => driver.wake();
  return { app: wired, driver };
}
