import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { globalLogLine } from '../../src/contract/maintenance-log.ts';
import { GLOBAL_LOG } from '../../src/contract/share-layout.ts';
import type { AttachedShare } from '../attach-share.ts';
import type { Clock } from '../clock.ts';
import { describeError } from '../failure.ts';
import type { Logbook } from '../logbook.ts';
import type { BackupShare, Machine } from '../machine.ts';

/** The box's log and, as no bot writes it, the global one: lines in the original's form. */
export class JoblessLogs {
  readonly #machine: Machine;
  readonly #logbook: Logbook;
  readonly #clock: Clock;
  #share: BackupShare | null = null;

  constructor(about: { machine: Machine; logbook: Logbook; clock: Clock }) {
    this.#machine = about.machine;
    this.#logbook = about.logbook;
    this.#clock = about.clock;
  }

  async begin({ share, boxDirectory }: AttachedShare): Promise<void> {
    const { address } = this.#machine;
    const hostname = await this.#machine.hostname();
    this.#share = share;
    if (share.kind === 'own') {
      this.#logbook.say(
        `${GLOBAL_LOG} of all boxes is not written: only this box's directory is exported to it.`,
      );
    }
    this.#logbook.attach({ boxDirectory, address, hostname });
    await this.#global(`${hostname ?? 'unknown'} says hi.`);
  }

  /** In both. */
  async tell(level: 'info' | 'error', message: string): Promise<void> {
    this.#logbook.record(level, message);
    await this.#global(`${level}: ${message}`);
  }

  /** In the box's own. */
  note(level: 'info' | 'warn' | 'error', message: string): void {
    this.#logbook.record(level === 'error' ? 'error' : 'info', message);
  }

  async #global(message: string): Promise<void> {
    const { address } = this.#machine;
    if (this.#share?.kind !== 'whole') return await this.#logbook.written();
    try {
      await appendFile(
        join(this.#share.root, GLOBAL_LOG),
        globalLogLine(this.#clock.now(), address, message),
      );
    } catch (error) {
      this.#logbook.say(`${GLOBAL_LOG} could not be written: ${describeError(error)}`);
    }
    await this.#logbook.written();
  }
}
