import type { Enclosure, Running } from './enclosure.ts';
import type { LineLog } from './line-log.ts';
import { testboxCommand } from './server.ts';
import { BOT_USER, PLACES } from './settings.ts';

/** The bot, `testbox serve`, as the ordinary user that it is on a storage server. */
export class ServedBot {
  readonly log: LineLog;
  readonly #enclosure: Enclosure;
  #running: Running | null = null;

  constructor(enclosure: Enclosure, log: LineLog) {
    this.#enclosure = enclosure;
    this.log = log;
  }

  /** Resolves when it is up; one that runs is left alone. */
  async start(more: NodeJS.ProcessEnv = {}): Promise<void> {
    if (this.#running !== null && !this.#running.hasEnded()) return;
    const from = this.log.length;
    this.#running = this.#enclosure.start(
      testboxCommand(['serve'], { as: BOT_USER.name, env: { HOME: PLACES.state, ...more } }),
      this.log,
    );
    await this.log.untilLine(/the bot is up/, { from });
  }

  /** Ends it in order. */
  async down(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** SIGKILL, and started again. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    await this.start();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#running?.kill(signal);
    await this.#running?.ended;
    this.#running = null;
  }
}
