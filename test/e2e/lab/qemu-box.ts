import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accelerator, type BoxModel, qemuCommandLine } from './box-model.ts';
import type { Enclosure, Running } from './enclosure.ts';
import type { LineLog } from './line-log.ts';
import { askQemu } from './qmp.ts';
import { dirtyDisk, wipeBootSectors } from './tiny-disk.ts';

/** What the serial line says when the box has come up somewhere. */
const SIGNS = {
  ownSystem: /tiny system of \S+, \S+, is up/,
  maintenance: /Testbox agent /,
  stuck: /No bootable device|Boot failed|Press any key to continue/i,
} as const;

export interface BoxPlace {
  enclosure: Enclosure;
  bridge: string;
  /** Where its sockets are. */
  scratch: string;
  /** Hears its serial line. */
  serial: LineLog;
}

/** A testbox in QEMU, with its power button. */
export class QemuBox {
  readonly model: BoxModel;
  readonly serial: LineLog;
  readonly #place: BoxPlace;
  readonly #tap: string;
  readonly #serialFile: string;
  #qemu: Running | null = null;

  constructor(model: BoxModel, place: BoxPlace) {
    this.model = model;
    this.#place = place;
    this.#tap = `tap-${model.name}`;
    this.#serialFile = join(place.scratch, `${model.name}.serial`);
    this.serial = place.serial;
  }

  /** Plugs the box into the network and into somebody's terminal. */
  async connect(): Promise<void> {
    const { enclosure, bridge } = this.#place;
    await writeFile(this.#serialFile, '');
    enclosure.start({ argv: ['tail', '--lines=+1', '--follow', this.#serialFile] }, this.serial);
    await enclosure.must({ argv: ['ip', 'tuntap', 'add', this.#tap, 'mode', 'tap'] });
    await enclosure.must({ argv: ['ip', 'link', 'set', this.#tap, 'master', bridge, 'up'] });
  }

  /** Switches it on; one that is on is switched off first. */
  async powerOn(): Promise<void> {
    await this.powerCut();
    const qmpSocket = this.#qmpSocket();
    await rm(qmpSocket, { force: true });
    const accel = accelerator(await readFile('/proc/cpuinfo', 'utf8'));
    this.serial.note('power on');
    this.#qemu = this.#place.enclosure.start(
      {
        argv: qemuCommandLine(this.model, { tap: this.#tap, qmpSocket, serialFile: this.#serialFile, accel }),
      },
      this.serial,
    );
  }

  /** Everything on the box stops at once: kill -9 of QEMU. */
  async powerCut(): Promise<void> {
    const qemu = this.#qemu;
    if (qemu === null) return;
    this.#qemu = null;
    qemu.kill('SIGKILL');
    await qemu.ended;
    this.serial.note('power cut');
  }

  /** Resolves once the box has come up somewhere, be it on the screen that says why it doesn't. */
  async settled(from = this.serial.length): Promise<void> {
    const any = new RegExp(
      Object.values(SIGNS)
        .map(({ source }) => source)
        .join('|'),
      'i',
    );
    await this.serial.untilLine(any, { from });
  }

  /** Resolves once its own system is up. */
  async home(from = this.serial.length): Promise<void> {
    await this.serial.untilLine(SIGNS.ownSystem, { from });
  }

  /** Slows its disks; null lifts that. Of reads and writes together. */
  async throttle(bytesPerSecond: number | null): Promise<void> {
    for (const { name } of this.model.disks) {
      const none = { bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 };
      await askQemu(this.#qmpSocket(), {
        execute: 'block_set_io_throttle',
        arguments: { device: name, bps: bytesPerSecond ?? 0, ...none },
      });
    }
  }

  /** Somebody's test run leaves its traces. */
  async dirty(disk: string): Promise<void> {
    await dirtyDisk(this.disk(disk).file);
  }

  /** The box doesn't boot any more. */
  async breakDown(): Promise<void> {
    await this.powerCut();
    for (const { file } of this.model.disks.slice(0, 1)) await wipeBootSectors(file);
  }

  /** @throws when there is none of that name */
  disk(name: string): BoxModel['disks'][number] {
    const disk = this.model.disks.find((each) => each.name === name);
    if (disk === undefined) throw new Error(`${this.model.name} has no disk ${name}`);
    return disk;
  }

  #qmpSocket(): string {
    return join(this.#place.scratch, `${this.model.name}.qmp`);
  }
}
