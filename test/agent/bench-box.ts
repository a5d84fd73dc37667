import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../agent/clock.ts';
import { Logbook } from '../../agent/logbook.ts';
import { describedMachine } from '../../agent/machine/described.ts';
import type { Machine } from '../../agent/machine.ts';
import { type MaintainDeps, maintain } from '../../agent/maintain.ts';
import type { Timing } from '../../agent/timing.ts';
import type { Action } from '../../src/contract/action.ts';
import type { DescribedMachine } from '../../src/contract/described-machine.ts';
import { Manifest } from '../../src/contract/manifest.ts';
import type { PlanFacts, PlannedDisk, PlannedImage } from '../../src/contract/plan.ts';
import { ADDRESS, type BoxDisk, describeBox } from './box-description.ts';
import { FakeBot, type FakeBotMood } from './fake-bot.ts';

export { type BoxDisk, JOB } from './box-description.ts';

export const MIB = 1024 * 1024;
export const FAST: Timing = {
  backoffFirstMs: 1,
  backoffLimitMs: 5,
  heartbeatMs: 5,
  progressMs: 2,
  requestMs: 10_000,
  firstDiskMs: 20,
  hostKeysMs: 20,
  missingDiskMs: 20,
  lookAgainMs: 1,
  shareMs: 200,
  shareAgainMs: 1,
  lastWordsMs: 5_000,
  throttleMs: 1,
  checkpointMs: 20,
};

/** A run of the agent in this process. */
interface Run {
  ended: Promise<void>;
  end: () => void;
}

/** A described machine with its disks and its share in a folder of its own. */
export class BenchBox {
  readonly folder: string;
  readonly share: string;
  readonly console: string[] = [];
  description: DescribedMachine;
  reboots = 0;
  /** In what it is unlike the machine that is described. */
  machine: Partial<Machine> = {};
  /** When the agent looks at the machine for its inventory. */
  onInspect: () => Promise<void> = async () => undefined;

  private constructor(folder: string, disks: readonly BoxDisk[]) {
    this.folder = folder;
    this.share = join(folder, 'share');
    this.description = describeBox(folder, disks);
  }

  static async make(disks: readonly BoxDisk[]): Promise<BenchBox> {
    const folder = await mkdtemp(join(tmpdir(), 'testbox-bench-'));
    const box = new BenchBox(folder, disks);
    await Promise.all([
      ...box.description.disks.map((disk, number) => fillDisk(disk.file, disk.sizeBytes, number + 1)),
      mkdir(box.share),
    ]);
    await writeFile(join(box.share, 'testbox-backup'), '');
    return box;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  get boxDirectory(): string {
    return join(this.share, ADDRESS);
  }

  diskFile(kernelName: string): string {
    const disk = this.description.disks.find((candidate) => candidate.kernelName === kernelName);
    if (disk === undefined) throw new Error(`no disk ${kernelName}`);
    return disk.file;
  }

  useJob(job: string): void {
    const commandLine = this.description.commandLine.replace(/testbox\.job=\S+/, `testbox.job=${job}`);
    this.description = { ...this.description, commandLine };
  }

  /** Bytes a second; 0 holds imaging where it is, null lets it run. */
  async setRate(bytesPerSecond: number | null): Promise<void> {
    await writeFile(join(this.folder, 'rate'), bytesPerSecond === null ? '' : String(bytesPerSecond));
  }

  /** A plan of what stands on the machine and the share now. */
  async plan(action: Action, changes: Partial<PlanFacts> = {}): Promise<PlanFacts> {
    const current = await this.currentManifest();
    const disks: PlannedDisk[] = this.description.disks
      .filter((disk) => disk.unusable === null)
      .map((disk) => {
        const { identity, kernelName, sizeBytes, sectorSizeBytes } = disk;
        const image = action === 'restore' ? this.#image(current, kernelName) : null;
        return { slot: kernelName, disk: { identity, kernelName, sizeBytes, sectorSizeBytes }, image };
      });
    return {
      version: 1,
      action,
      testbox: { name: 'bench-1', address: ADDRESS, mac: null, uuid: this.description.uuid },
      firstContact: false,
      disks,
      onlySlots: null,
      currentGeneration: current?.generation ?? null,
      bootConfig: `testbox-action-${action}`,
      rebootMethod: 'ssh',
      ...changes,
    };
  }

  async currentManifest(): Promise<Manifest | null> {
    const path = join(this.boxDirectory, 'current', 'manifest.json');
    const text = await readFile(path, 'utf8').catch(() => null);
    return text === null ? null : Manifest.parse(JSON.parse(text));
  }

  /** Runs the agent's whole cycle in this process until it reboots or is ended. */
  start(bot: FakeBot, changes: Partial<MaintainDeps> = {}): Run {
    const { action } = bot.mood.plan;
    this.description = {
      ...this.description,
      commandLine: this.description.commandLine.replace(/testbox-action-\S+/, `testbox-action-${action}`),
      agent: { botUrl: bot.url, allowJobless: false },
    };
    return this.#maintain(this.description, changes);
  }

  /** The same by a boot config without a job. */
  startJobless(action: Action, changes: Partial<MaintainDeps> = {}, allowJobless = true): Run {
    const description = {
      ...this.description,
      commandLine: `ro testbox-action-${action}`,
      agent: { botUrl: null, allowJobless },
    };
    return this.#maintain(description, changes);
  }

  #maintain(description: DescribedMachine, changes: Partial<MaintainDeps>): Run {
    const controller = new AbortController();
    const machine = describedMachine(description, () => {
      this.reboots += 1;
    });
    const inspect = async () => {
      await this.onInspect();
      return await machine.inspect();
    };
    const ended = maintain({
      machine: { ...machine, inspect, ...this.machine },
      clock: systemClock,
      timing: FAST,
      logbook: new Logbook({ print: (line) => this.console.push(line), clock: systemClock }),
      agentVersion: 'test',
      workerEntry: new URL('../../agent/imaging/worker.ts', import.meta.url),
      workers: { size: 2 },
      keepFreeBytes: 0,
      ended: controller.signal,
      ...changes,
    });
    return { ended, end: () => controller.abort() };
  }

  /** One whole run against a bot of its own. */
  async run(plan: PlanFacts, mood: Partial<FakeBotMood> = {}): Promise<FakeBot> {
    const bot = await FakeBot.start(plan, mood);
    await this.start(bot).ended;
    await bot.stop();
    return bot;
  }

  /** Hash of every file that holds images or data: logs and journals may grow. */
  async imagesAndDisks(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const disk of this.description.disks) found[disk.kernelName] = await hashFile(disk.file);
    for (const entry of await readdir(this.share, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(this.share.length + 1);
      if (/\.(?:log|jsonl)$|testbox-info/.test(name) || entry.isDirectory()) continue;
      found[name] = entry.isSymbolicLink() ? `-> ${await readlink(path)}` : await hashFile(path);
    }
    return found;
  }

  #image(current: Manifest | null, slot: string): PlannedImage | null {
    const disk = current?.disks.find((candidate) => candidate.slot === slot);
    if (current === null || disk === undefined || disk.indexHash === null) return null;
    return {
      kind: 'indexed',
      generation: current.generation,
      file: `generations/${String(current.generation).padStart(6, '0')}/${disk.file}`,
      indexHash: disk.indexHash,
      codec: disk.codec,
      sizeBytes: disk.sizeBytes,
      sectorSizeBytes: disk.sectorSizeBytes,
      codedBytes: disk.codedBytes,
    };
  }
}

export async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** The plan's words for a gzip file of the original. */
export async function plainImage(boxDirectory: string, file: string): Promise<PlannedImage> {
  const { size, mtimeMs } = await stat(join(boxDirectory, file));
  return { kind: 'plain', file, codedBytes: size, modifiedAt: Math.floor(mtimeMs) };
}

/** Half data, half holes, the same for the same seed. */
export async function fillDisk(file: string, sizeBytes: number, seed: number): Promise<void> {
  const words = new Uint32Array(Math.ceil(sizeBytes / 8));
  let state = seed >>> 0 || 1;
  for (let at = 0; at < words.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // Every other 64 KiB is text-like, so that it compresses as disks do.
    words[at] = at & 0x4000 ? state : 0x20202020 | (state >>> 28);
  }
  const data = Buffer.from(words.buffer);
  await writeFile(file, data);
  await truncate(file, sizeBytes);
}
