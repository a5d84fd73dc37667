import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { App } from '../../app/app.ts';
import { Driver } from '../../app/drive/driver.ts';
import { createIngest } from '../../app/ingest.ts';
import { recentHistories } from '../../app/job-history.ts';
import type { Clock } from '../../app/ports.ts';
import { recover } from '../../app/recover.ts';
import type { JobStore } from '../../app/store.ts';
import { ApproversElsewhere } from '../../chat/approvers-elsewhere.ts';
import { Outbox } from '../../chat/outbox.ts';
import type { ChatPlatform, ChatRefusedError } from '../../chat/platform.ts';
import { createRouter } from '../../chat/router.ts';
import { ChatTeller } from '../../chat/teller.ts';
import type { BotConfig } from '../../config/env.ts';
import type { WatchedInventory } from '../../config/watched-inventory.ts';
import { createAskedProofs } from '../../database/asked-proofs.ts';
import { createDamages } from '../../database/damages.ts';
import { createHostKeyPins } from '../../database/host-keys.ts';
import { createJobStore } from '../../database/job-store.ts';
import { createMessageRefs } from '../../database/messages.ts';
import { type Database, openDatabase } from '../../database/open.ts';
import { createSummaryRefs } from '../../database/summary-refs.ts';
import { createVerifications } from '../../database/verifications.ts';
import { createHttpServer, listen } from '../../http/server.ts';
import { dyingStore } from '../../lab/dying-store.ts';
import { PowerCommands } from '../../machine/power.ts';
import { SshMachines } from '../../machine/ssh.ts';
import { StorageArea } from '../../storage/area.ts';
import { packageVersion } from '../version.ts';
import { Chats } from './chats.ts';
import { loadPlatforms } from './platforms.ts';
import { untilStopped } from './stop-signals.ts';
import { labClock, systemClock, systemRandomness } from './system.ts';

export interface Bot {
  /** Resolves when no chat takes the bot's tokens any more: nobody hears it then. */
  failed: Promise<ChatRefusedError>;
  stop(): Promise<void>;
}

export interface BotParts {
  config: BotConfig;
  inventory: WatchedInventory;
  log: Logger;
}

/**
 * Puts the bot together and starts it. Everything that it knows comes from the store. Null when it was
 * told to stop before it was up; nothing of it is left then.
 *
 * @throws ChatRefusedError when a chat doesn't take its tokens; no job was touched then
 */
export async function startBot({
  config,
  databaseFile,
  inventory,
  log,
  stopping,
}: BotParts & { databaseFile: string; stopping: AbortSignal }): Promise<Bot | null> {
  const db = await openDatabase(databaseFile);
  const share = new StorageArea({ tftpRoot: config.tftpRoot, backupRoot: config.backupRoot });
  const clock = config.lab ? clockOfLab() : systemClock;
  const platformsOf = await loadPlatforms(config);
  const chats = new Chats((onRefused) => platformsOf({ config, inventory, log, clock, db, onRefused }), log);
  const { platforms } = chats;
  const ending = new AbortController();
  const app = await createApp(
    { config, inventory, log },
    { db, share, clock, platforms, stopping: AbortSignal.any([stopping, ending.signal]) },
  );
  const driver = new Driver(app);
  app.wake = () => driver.wake();
  const closeStores = async () => {
    share.close();
    await db.destroy();
  };
  const giveUp = async () => {
    await chats.stop();
    await closeStores();
  };
  try {
    // A chat that is out of reach is waited for, which somebody who wants it to stop does not do.
    await untilStopped(() => chats.start(createRouter(app)), stopping);
  } catch (error) {
    await giveUp();
    throw error;
  }
  if (!stopping.aborted) await recover(app);
  if (stopping.aborted) {
    await giveUp();
    return null;
  }
  const http = createHttpServer({
    calls: createIngest(app),
    health: () => health(app),
    log: log.child({ room: 'http' }),
    ...(config.lab ? { labJobs: async () => ({ jobs: await recentHistories(app, 50) }) } : {}),
  });
  await listen(http, config.listen);
  driver.start();
  chats.open();
  const watching = new AbortController();
  const watched = watchInventory(inventory, { log, app, signal: watching.signal });
  log.info({ listen: config.listen, platforms: platforms.map(({ name }) => name) }, 'the bot is up');
  return {
    failed: chats.failed,
    async stop() {
      ending.abort();
      watching.abort();
      await chats.stop();
      await http.close();
      await driver.stop();
      await watched;
      await closeStores();
    },
  };
}

interface Adapters {
  db: Database;
  share: StorageArea;
  clock: Clock;
  platforms: readonly ChatPlatform[];
  stopping: AbortSignal;
}

async function createApp(
  { config, inventory, log }: BotParts,
  { db, share, clock, platforms, stopping }: Adapters,
): Promise<App> {
  const store = config.lab ? labStore(createJobStore(db)) : createJobStore(db);
  const refs = createMessageRefs(db);
  const summaries = createSummaryRefs(db);
  const { maxRunning, maxAttempts, keepGenerations, codec, nfsServer, kernel, initrd } = config;
  const { verifyAt, verifyMaxAgeMs, maxRate, maxShareRate, discard } = config;
  return {
    store,
    refs,
    summaries,
    verifications: createVerifications(db),
    damages: createDamages(db),
    askedProofs: createAskedProofs(db),
    teller: new ChatTeller({ platforms, inventory, log }),
    verifying: new Set(),
    share,
    inventory,
    stopping,
    clock,
    random: systemRandomness,
    log,
    machines: new SshMachines({
      keyFile: config.sshKeyFile,
      knownHostsFile: config.sshKnownHostsFile,
      pins: createHostKeyPins(db),
    }),
    power: new PowerCommands({ log }),
    announcer: new ApproversElsewhere(new Outbox({ platforms, refs, summaries, log }), {
      ...{ platforms, inventory, log },
    }),
    settings: {
      maxRunning,
      maxAttempts,
      codec,
      keepGenerations,
      ...{ verifyAt, verifyMaxAgeMs, maxRate, maxShareRate, discard },
      nfsServer,
      kernel,
      initrd,
      serverKey: await store.serverKey(() => randomBytes(32).toString('hex')),
    },
    wake: () => {},
  };
}

/** The bot is well while it can read its store. */
async function health(app: App): Promise<{ version: string; problem: string | null }> {
  await app.store.lastAlive();
  return { version: packageVersion(), problem: null };
}

/** In a lab, faults can be ordered; outside of one, nothing of it is there. */
function labStore(store: JobStore): JobStore {
  const orderFile = process.env.TESTBOX_LAB_DIE_FILE;
  return orderFile === undefined ? store : dyingStore(store, orderFile);
}

/** As the faults: in a lab, time can be ordered. */
function clockOfLab(): Clock {
  const offsetFile = process.env.TESTBOX_LAB_CLOCK_FILE;
  return offsetFile === undefined ? systemClock : labClock(offsetFile);
}

function watchInventory(
  inventory: WatchedInventory,
  { log, app, signal }: { log: Logger; app: App; signal: AbortSignal },
): Promise<void> {
  return inventory.watch({
    clock: app.clock,
    signal,
    events: {
      changed: ({ testboxes }) => log.info({ testboxes: testboxes.length }, 'the inventory was read again'),
      invalid: (problems) =>
        log.error({ problems }, 'the inventory is invalid: the one before stays in force'),
    },
  });
}
