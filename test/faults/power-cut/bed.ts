import { randomBytes, randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from '../../../src/app/decide.ts';
import { createIngest } from '../../../src/app/ingest.ts';
import { requestAction } from '../../../src/app/request.ts';
import type { Action } from '../../../src/contract/action.ts';
import { hexAddress } from '../../../src/contract/address.ts';
import { DescribedMachine, type PowerCut } from '../../../src/contract/described-machine.ts';
import { BootId, JobId, Nonce } from '../../../src/contract/ids.ts';
import { renderBootConfig } from '../../../src/contract/pxelinux.ts';
import { BOOT_CONFIG_DIRECTORY } from '../../../src/contract/share-layout.ts';
import { NEWEST_OWN } from '../../../src/domain/image-wish.ts';
import type { Job } from '../../../src/domain/job.ts';
import { createHttpServer, type HttpServer, listen } from '../../../src/http/server.ts';
import { type BootChoice, chooseBoot } from '../../../src/lab/firmware.ts';
import { layOutShare } from '../../../src/lab/share-areas.ts';
import { StorageArea } from '../../../src/storage/area.ts';
import { createTestApp, settle, type TestApp } from '../../fakes/app.ts';
import { person } from '../../fakes/people.ts';
import { PLUTO } from '../../fakes/plan.ts';

const MAC = '52:54:00:00:00:42';

/** A bot with its real share and HTTP door, and the disks of one box; time and SSH are the walk's. */
type WalkApp = Omit<TestApp, 'share'> & { share: StorageArea };

/** One box, one share, one bot, which can be put back to how they were. */
export class Bed {
  readonly folder: string;
  readonly area: StorageArea;
  readonly sizes: readonly number[];
  #server: HttpServer | null = null;
  #url = '';
  #app: WalkApp | null = null;

  private constructor(folder: string, sizes: readonly number[]) {
    this.folder = folder;
    this.sizes = sizes;
    this.area = new StorageArea(this.roots);
  }

  static async make(sizes: readonly number[]): Promise<Bed> {
    const bed = new Bed(await mkdtemp(join(tmpdir(), 'testbox-walk-')), sizes);
    await mkdir(bed.live);
    await layOutShare(bed.roots);
    const calls = {
      hello: (...call: Parameters<ReturnType<typeof createIngest>['hello']>) =>
        createIngest(bed.app).hello(...call),
      reports: (...call: Parameters<ReturnType<typeof createIngest>['reports']>) =>
        createIngest(bed.app).reports(...call),
    };
    const health = async () => ({ version: 'walk', problem: null });
    bed.#server = createHttpServer({ calls, health, log: { info() {}, warn() {}, error() {} } });
    bed.#url = `http://127.0.0.1:${await listen(bed.#server, { host: '127.0.0.1', port: 0 })}`;
    return bed;
  }

  async remove(): Promise<void> {
    await this.#server?.close();
    await this.stopBot();
    this.area.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get live(): string {
    return join(this.folder, 'live');
  }

  get roots(): { tftpRoot: string; backupRoot: string } {
    return { tftpRoot: join(this.live, 'tftp'), backupRoot: join(this.live, 'backup') };
  }

  get boxDirectory(): string {
    return join(this.roots.backupRoot, PLUTO);
  }

  get disks(): { slot: string; file: string; sizeBytes: number }[] {
    return this.sizes.map((sizeBytes, number) => {
      const slot = `sd${'ab'.charAt(number)}`;
      return { slot, file: join(this.live, `${slot}.disk`), sizeBytes };
    });
  }

  get app(): WalkApp {
    if (this.#app === null) throw new Error('the bot has not been started');
    return this.#app;
  }

  /** Keeps all as it is now, for `putBack`. */
  async keep(): Promise<void> {
    await this.stopBot();
    await rm(join(this.folder, 'kept'), { recursive: true, force: true });
    await cp(this.live, join(this.folder, 'kept'), { recursive: true, verbatimSymlinks: true });
  }

  async putBack(): Promise<void> {
    await this.stopBot();
    await rm(this.live, { recursive: true, force: true });
    await cp(join(this.folder, 'kept'), this.live, { recursive: true, verbatimSymlinks: true });
    await this.startBot();
  }

  async startBot(): Promise<void> {
    const app = await createTestApp(join(this.live, 'bot.sqlite'));
    const random = {
      jobId: () => JobId.parse(randomBytes(4).toString('hex')),
      nonce: () => Nonce.parse(randomBytes(16).toString('hex')),
      session: () => randomUUID(),
    };
    this.#app = { ...app, share: this.area, random };
  }

  async stopBot(): Promise<void> {
    await this.#app?.db.destroy();
    this.#app = null;
  }

  /** From the request to the moment when the box boots. */
  async order(action: Action): Promise<JobId> {
    const { app } = this;
    const channel = 'lab';
    const request = { action, box: 'pluto', onlySlots: null, wish: NEWEST_OWN, reason: null, channel };
    const requested = await requestAction(app, { ...request, person: person('alice') });
    if (requested.kind !== 'planned') throw new Error(`${action}: ${JSON.stringify(requested)}`);
    const { id } = requested.job;
    await decide(app, person('alice'), id, { kind: 'confirm' });
    if ((await this.job(id)).state === 'awaiting-approval') {
      await decide(app, person('bob'), id, { kind: 'approve' });
    }
    await this.settle();
    return id;
  }

  /** The same without a job, by hand. */
  async orderWithoutJob(action: Action): Promise<void> {
    const { kernel, initrd } = this.app.settings;
    const text = renderBootConfig({ action, job: null, kernel, initrd, words: ['ro'] });
    await writeFile(join(this.roots.tftpRoot, BOOT_CONFIG_DIRECTORY, hexAddress(PLUTO)), text);
  }

  async job(id: JobId): Promise<Job> {
    const job = await this.app.store.job(id);
    if (job === null) throw new Error(`there is no job ${id}`);
    return job;
  }

  async settle(): Promise<void> {
    await settle(this.app);
  }

  /** What the box's firmware decides at power-on. */
  boot(): Promise<BootChoice> {
    return chooseBoot(this.roots.tftpRoot, { uuid: null, mac: MAC, address: PLUTO });
  }

  /** The machine as the agent of a new boot finds it, as a file. */
  async describe(commandLine: string, powerCut: PowerCut | null): Promise<string> {
    const machine: DescribedMachine = DescribedMachine.parse({
      commandLine,
      address: PLUTO,
      hostname: 'pluto',
      bootId: BootId.parse(randomUUID()),
      uuid: null,
      macs: [MAC],
      disks: this.disks.map(({ slot, file, sizeBytes }) => ({
        kernelName: slot,
        identity: { wwn: null, model: 'WALK', serial: `WALK-${slot}`, path: null },
        sizeBytes,
        sectorSizeBytes: 512,
        unusable: null,
        file,
      })),
      ...this.roots,
      agent: { botUrl: this.#url, allowJobless: true },
      localAddress: '127.40.41.42',
      rateLimitFile: null,
      powerCut,
    });
    const path = join(this.folder, 'machine.json');
    await writeFile(path, JSON.stringify(machine));
    return path;
  }
}
