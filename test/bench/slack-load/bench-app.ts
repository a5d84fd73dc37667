import type { App } from '../../../src/app/app.ts';
import { Driver } from '../../../src/app/drive/driver.ts';
import { Outbox } from '../../../src/chat/outbox.ts';
import { createRouter } from '../../../src/chat/router.ts';
import { SlackPlatform } from '../../../src/chat/slack/platform.ts';
import { systemClock, systemRandomness } from '../../../src/cli/serve/system.ts';
import { createPostLedger } from '../../../src/database/post-ledger.ts';
import type { Testbox } from '../../../src/domain/testbox.ts';
import { createTestApp } from '../../fakes/app.ts';
import type { FakeShare } from '../../fakes/share.ts';
import type { FakeSlack } from '../../fakes/slack/types.ts';
import { FakeFleet } from './machines.ts';
import { RULES } from './people.ts';
import { SetupAnnouncer } from './setup-announcer.ts';
import type { StageLog } from './stage-log.ts';

/** The real app on a real store, with the real Slack adapter; share and boxes are fakes. */
export interface BenchApp extends App {
  share: FakeShare;
  machines: FakeFleet;
  announcer: SetupAnnouncer;
}

export interface Bench {
  app: BenchApp;
  /** Errors that the bot logged. */
  errors: readonly string[];
  stop(): Promise<void>;
}

export async function startBench(parts: {
  file: string;
  boxes: readonly Testbox[];
  slack: FakeSlack;
  stages: StageLog;
}): Promise<Bench> {
  const { boxes, slack, stages } = parts;
  const base = await createTestApp(parts.file, boxes);
  const errors: string[] = [];
  const error = (fields: object, message: string) => {
    errors.push(`${message} ${'err' in fields ? String(fields.err) : JSON.stringify(fields)}`);
  };
  const log = { info() {}, warn() {}, error };
  const platform = new SlackPlatform({
    botToken: slack.botToken,
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    groups: () => [],
    ledger: createPostLedger(base.db),
    clock: systemClock,
    log,
    onRefused: (refused) => error({ err: refused }, 'Slack refuses the bot'),
  });
  const outbox = new Outbox({ platforms: [platform], refs: base.refs, summaries: base.summaries, log });
  const app: BenchApp = {
    ...base,
    store: stages.watching(base.store),
    log,
    clock: systemClock,
    random: systemRandomness,
    machines: new FakeFleet(),
    announcer: new SetupAnnouncer(outbox, (job) => stages.told(job)),
    inventory: { testboxes: () => boxes, access: () => RULES },
    settings: { ...base.settings, maxRunning: boxes.length },
  };
  const driver = new Driver(app);
  app.wake = () => driver.wake();
  await platform.start(createRouter(app));
  driver.start();
  return {
    app,
    errors,
    stop: async () => {
      await platform.stop();
      await driver.stop();
      await base.db.destroy();
    },
  };
}
