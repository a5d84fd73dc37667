import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../agent/clock.ts';
import type { Action } from '../../src/contract/action.ts';
import { renderBootConfig } from '../../src/contract/pxelinux.ts';
import { BenchBox, type BoxDisk } from './bench-box.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

/** A box that is booted by a boot config without a job, with time that passes at once. */
export class JoblessBox {
  readonly bench: BenchBox;
  /** How long the agent waited, each time that it was minutes. */
  readonly waits: number[] = [];
  /** At a wait. */
  onWait: () => void | Promise<void> = () => undefined;
  #written = 0;

  private constructor(bench: BenchBox) {
    this.bench = bench;
  }

  static async make(disks: readonly BoxDisk[]): Promise<JoblessBox> {
    const bench = await BenchBox.make(disks);
    const box = new JoblessBox(bench);
    const { tftpRoot } = bench.description;
    await mkdir(join(tftpRoot, 'pxelinux.cfg'), { recursive: true });
    await writeFile(join(tftpRoot, 'pxelinux.0'), '');
    return box;
  }

  get configFile(): string {
    return join(this.bench.description.tftpRoot, 'pxelinux.cfg', '0A28292A');
  }

  async arm(action: Action): Promise<void> {
    this.#written += 1;
    await writeFile(
      this.configFile,
      renderBootConfig({
        action,
        job: null,
        kernel: 'vmlinuz',
        initrd: 'initrd.img',
        // No two requests of a test are the same by text and time.
        words: ['ro', `request=${this.#written}`],
      }),
    );
  }

  async armed(): Promise<boolean> {
    return await stat(this.configFile).then(
      () => true,
      () => false,
    );
  }

  /** One boot into the maintenance system. */
  async boot(action: Action): Promise<'rebooted' | 'stays'> {
    const { bench } = this;
    const before = bench.reboots;
    let stays = false;
    let end: () => void = () => undefined;
    const clock: Clock = {
      ...systemClock,
      sleep: async (ms, signal) => {
        if (ms < 60_000) return await systemClock.sleep(ms, signal);
        if (ms < FIVE_MINUTES_MS) {
          stays = true;
          return end();
        }
        this.waits.push(ms);
        await this.onWait();
      },
    };
    const run = bench.startJobless(action, { clock });
    end = run.end;
    await run.ended;
    if (stays) return 'stays';
    if (bench.reboots === before) throw new Error('the agent ended without a reboot');
    return 'rebooted';
  }

  async globalLog(): Promise<string[]> {
    return lines(await readFile(join(this.bench.share, 'maintenance.log'), 'utf8'));
  }

  async boxLog(): Promise<string[]> {
    return lines(await readFile(join(this.bench.boxDirectory, 'maintenance.log'), 'utf8'));
  }
}

/** Without their times. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00: /, ''));
}
