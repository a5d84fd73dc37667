import { join } from 'node:path';
import { LineLog } from './line-log.ts';

/** All logs of a lab, each in a file of its own. */
export class LogShelf {
  readonly directory: string;
  readonly #logs: LineLog[] = [];

  constructor(directory: string) {
    this.directory = directory;
  }

  open(name: string): LineLog {
    const log = new LineLog(name, join(this.directory, `${name}.log`));
    this.#logs.push(log);
    return log;
  }

  /** The last lines of every log. */
  tails(): string {
    return this.#logs.map((log) => `===== ${log.name}\n${log.tail()}`).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.#logs.map((log) => log.close()));
  }
}
