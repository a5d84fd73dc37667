import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LabChild, startChild } from '../../lab/child-process.ts';

const RESTART_MS = 1_000;
const HEALTH_POLL_MS = 100;
const HEALTHY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5_000;
const REMEMBERED_LINES = 20;

/** The bot didn't come up; the message has its last words. */
export class BotStartError extends Error {
  override name = 'BotStartError';
}

export interface BotSettings {
  script: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Base URL of its HTTP door. */
  url: string;
  logFile: string;
  /** Hears of crashes and restarts. */
  onTrouble: (line: string) => void;
}

/** The bot as its own process: started again when it crashes, until it is stopped. */
export class BotProcess {
  readonly #settings: BotSettings;
  readonly #log: WriteStream;
  readonly #lastLines: string[] = [];
  /** Null while it is meant to be away: its end is then no trouble. */
  #child: LabChild | null = null;
  #more: NodeJS.ProcessEnv = {};
  #stopping = false;
  /** A bot that never came up won't at the next try either. */
  #wasUp = false;
  #gaveUp = false;

  constructor(settings: BotSettings) {
    this.#settings = settings;
    this.#log = createWriteStream(settings.logFile, { flags: 'a' });
  }

  /**
   * Resolves once it answers; one that runs already is left alone.
   *
   * @param settings on top of its environment, until it is started with others
   * @throws BotStartError
   */
  async start(settings: NodeJS.ProcessEnv = {}): Promise<void> {
    if (this.#child === null) {
      this.#more = settings;
      this.#spawn();
    }
    await this.#healthy();
  }

  /** SIGKILL, then started again at once; resolves when it answers. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    await child?.ended;
    await this.start(this.#more);
  }

  /** Ends it in order, as a service manager does. */
  async down(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await child.ended;
    clearTimeout(late);
  }

  /** For good. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.down();
    await new Promise<void>((resolve) => this.#log.end(resolve));
  }

  #spawn(): void {
    const { script, cwd, env } = this.#settings;
    const child = startChild({
      script,
      args: ['serve'],
      cwd,
      env: { ...env, ...this.#more },
      onOutput: (line) => this.#heard(line),
    });
    this.#child = child;
    void child.ended.then((status) => this.#ended(child, status));
  }

  async #ended(child: LabChild, status: number | null): Promise<void> {
    if (this.#child !== child) return;
    if (!this.#wasUp) {
      this.#gaveUp = true;
      return;
    }
    this.#settings.onTrouble(`the bot ended with ${status ?? 'a signal'}; it is started again`);
    await sleep(RESTART_MS);
    if (this.#child === child) this.#spawn();
  }

  async #healthy(): Promise<void> {
    const deadline = Date.now() + HEALTHY_WITHIN_MS;
    while (!(await answers(`${this.#settings.url}/healthz`))) {
      if (this.#stopping) return;
      if (this.#gaveUp || Date.now() > deadline) {
        throw new BotStartError(`the bot did not come up; its last words:\n${this.#lastLines.join('\n')}`);
      }
      await sleep(HEALTH_POLL_MS);
    }
    this.#wasUp = true;
  }

  #heard(line: string): void {
    this.#log.write(`${line}\n`);
    this.#lastLines.push(line);
    if (this.#lastLines.length > REMEMBERED_LINES) this.#lastLines.shift();
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false, // nobody listens yet
  );
}
