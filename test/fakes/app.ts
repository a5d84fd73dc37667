import type { App } from '../../src/app/app.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import { JobId, Nonce } from '../../src/contract/ids.ts';
import { createAskedProofs } from '../../src/database/asked-proofs.ts';
import { createDamages } from '../../src/database/damages.ts';
import { createJobStore } from '../../src/database/job-store.ts';
import { createMessageRefs } from '../../src/database/messages.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { createSummaryRefs } from '../../src/database/summary-refs.ts';
import { createVerifications } from '../../src/database/verifications.ts';
import { DEFAULT_DEADLINES, type Testbox } from '../../src/domain/testbox.ts';
import { FakeAnnouncer } from './announcer.ts';
import { FakeClock } from './clock.ts';
import { NOW } from './job.ts';
import { FakeMachines } from './machines.ts';
import { rules } from './people.ts';
import { PLUTO } from './plan.ts';
import { FakePower } from './power.ts';
import { FakeShare } from './share.ts';
import { FakeTeller } from './teller.ts';

export const PLUTO_BOX: Testbox = {
  name: 'pluto',
  address: PLUTO,
  mac: '52:54:00:00:00:42',
  groups: [],
  os: 'linux',
  commands: null,
  ssh: { host: '127.40.41.42', port: 22, user: 'root', hostKey: 'first-use' },
  back: { kind: 'ssh' },
  power: null,
  reportsFrom: '127.40.41.42',
  disks: null,
  kernelWords: [],
  network: { kind: 'pxe' },
  serialConsole: null,
  uefiLocalBoot: 'firmware',
  deadlines: DEFAULT_DEADLINES,
  channels: { console: 'lab', slack: null, discord: null },
};

/** The real use cases on the real store; share, box, chat and time are the test's. */
export interface TestApp extends App {
  share: FakeShare;
  machines: FakeMachines;
  power: FakePower;
  announcer: FakeAnnouncer;
  teller: FakeTeller;
  clock: FakeClock;
  db: Database;
}

export async function createTestApp(
  file = ':memory:',
  boxes: readonly Testbox[] = [PLUTO_BOX],
): Promise<TestApp> {
  const db = await openDatabase(file);
  const store = createJobStore(db);
  let drawn = 0;
  const draw = (length: number) => {
    drawn += 1;
    return drawn.toString(16).padStart(length, '0');
  };
  return {
    db,
    store,
    refs: createMessageRefs(db),
    summaries: createSummaryRefs(db),
    verifications: createVerifications(db),
    damages: createDamages(db),
    askedProofs: createAskedProofs(db),
    teller: new FakeTeller(),
    verifying: new Set(),
    share: new FakeShare(),
    machines: new FakeMachines(),
    power: new FakePower(),
    announcer: new FakeAnnouncer(),
    stopping: new AbortController().signal,
    clock: new FakeClock(NOW),
    inventory: { testboxes: () => boxes, access: () => rules() },
    random: {
      jobId: () => JobId.parse(draw(8)),
      nonce: () => Nonce.parse(draw(32)),
      session: () => `session-${draw(4)}`,
    },
    settings: {
      maxRunning: 4,
      maxAttempts: 3,
      codec: 'gzip',
      keepGenerations: 2,
      verifyAt: null,
      ...{ verifyMaxAgeMs: 7 * 24 * 3_600_000, maxRate: null, maxShareRate: null, discard: false },
      nfsServer: '10.40.41.1',
      kernel: 'maintenance-boot/vmlinuz',
      initrd: 'maintenance-boot/initrd.img',
      serverKey: await store.serverKey(() => 'k'.repeat(64)),
    },
    log: { info() {}, warn() {}, error() {} },
    wake: () => {},
  };
}

/** Passes of the driver until nothing changes any more at this moment of the clock. */
export async function settle(app: App, driver: Driver = new Driver(app)): Promise<void> {
  let before = '';
  for (let pass = 0; pass < 30; pass += 1) {
    await driver.pass();
    await driver.settled();
    const now = JSON.stringify([await app.store.activeJobs(), await app.store.owedEffects()]);
    if (now === before) return;
    before = now;
  }
  throw new Error('the driver does not come to rest');
}
