import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../src/contract/address.ts';
import { boxLogLine, logTimestamp, sessionLine } from '../src/contract/maintenance-log.ts';
import { BOX_LOG, BOX_OUTPUT_LOG } from '../src/contract/share-layout.ts';
import type { Clock } from './clock.ts';
import { describeError } from './failure.ts';

const TAIL_LINES = 50;
const TAIL_LINE_LENGTH = 500;

export interface LogTarget {
  boxDirectory: string;
  address: TestboxAddress;
  hostname: string | null;
}

/** What the agent says: on the console always, in the box's logs once the share is there. */
export class Logbook {
  readonly #print: (line: string) => void;
  readonly #clock: Clock;
  readonly #tail: string[] = [];
  #target: LogTarget | null = null;
  #writes: Promise<void> = Promise.resolve();

  constructor(options: { print: (line: string) => void; clock: Clock }) {
    this.#print = options.print;
    this.#clock = options.clock;
  }

  /** From now on the box's logs on the share get it too. Lines of before go to the output log. */
  attach(target: LogTarget): void {
    const earlier = this.#target === null ? this.#tail.map((line) => `${line}\n`).join('') : '';
    this.#target = target;
    this.#append(BOX_LOG, sessionLine(this.#clock.now(), target.address, target.hostname ?? 'unknown'));
    if (earlier !== '') this.#append(BOX_OUTPUT_LOG, earlier);
  }

  /** On the console and in the output log only. */
  say(message: string): void {
    const line = `${logTimestamp(this.#clock.now())}: ${message}`;
    this.#print(line);
    this.#tail.push(line.slice(0, TAIL_LINE_LENGTH));
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
    this.#append(BOX_OUTPUT_LOG, `${line}\n`);
  }

  /** Also a line of the box's own log, in the original's form. */
  record(level: 'info' | 'error', message: string): void {
    this.say(`${level}: ${message}`);
    if (this.#target === null) return;
    this.#append(BOX_LOG, boxLogLine(this.#clock.now(), this.#target.address, level, message));
  }

  tail(): string[] {
    return [...this.#tail];
  }

  /** Resolves when all that was said so far has been handed to the share. */
  written(): Promise<void> {
    return this.#writes;
  }

  /** The same, but not for longer than this: a dead share must not keep a box from booting. */
  async writtenWithin(limitMs: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([this.#writes, this.#clock.sleep(limitMs, over.signal)]);
    over.abort();
  }

  /** Logs are for people: a share that refuses them must not end a job. */
  #append(name: string, text: string): void {
    const target = this.#target;
    if (target === null) return;
    this.#writes = this.#writes.then(async () => {
      try {
        await appendFile(join(target.boxDirectory, name), text);
      } catch (error) {
        this.#print(`${name} could not be written: ${describeError(error)}`);
      }
    });
  }
}
