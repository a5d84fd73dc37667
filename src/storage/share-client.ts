import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { ShareError } from '../app/share-port.ts';
import {
  ShareAnswer,
  type ShareCall,
  type ShareRequest,
  type ShareResults,
  type ShareRoots,
} from './share-protocol.ts';

/** A process that waits on a hung NFS server can't be killed; beyond so many none is added. */
const STUCK_LIMIT = 4;

export interface ShareClientOptions {
  roots: ShareRoots;
  deadlineMs: number;
  /** Everything else on the machine goes first. */
  lowPriority?: boolean;
  /** The program to fork; tests name others. */
  program?: string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: ShareError): void;
  onProgress(progress: number): void;
  timer: NodeJS.Timeout;
}

interface Running {
  child: ChildProcess;
  waiting: Map<number, Waiting>;
}

/** Calls to the process that touches the share. It is forked when needed and again after a hang. */
export class ShareClient {
  readonly #options: ShareClientOptions;
  readonly #stuck = new Set<ChildProcess>();
  #running: Running | undefined;
  #lastId = 0;

  constructor(options: ShareClientOptions) {
    this.#options = options;
  }

  /** @throws ShareError when the call fails, or has no answer within the deadline */
  async call<Call extends ShareCall>(
    call: Call,
    onProgress: (progress: number) => void = () => {},
  ): Promise<ShareResults[Call['op']]> {
    const running = this.#start();
    const id = ++this.#lastId;
    const value = await new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => this.#overrun(running, call), this.#options.deadlineMs);
      running.waiting.set(id, { resolve, reject, onProgress, timer });
      running.child.ref();
      const request: ShareRequest = { id, call };
      running.child.send(request, (error) => {
        if (error !== null) this.#lost(running, `the request could not be sent (${error.message})`);
      });
    });
    return value as ShareResults[Call['op']]; // our own process, of this very version, made it
  }

  /** Ends the process. Calls under way fail. */
  close(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#lost(running, 'the bot is stopping');
  }

  #start(): Running {
    if (this.#running !== undefined) return this.#running;
    if (this.#stuck.size >= STUCK_LIMIT) {
      throw new ShareError(
        `the storage share does not answer: ${this.#stuck.size} processes wait for it and can't be ended`,
      );
    }
    const program = this.#options.program ?? ownProgram();
    const child = fork(program, [JSON.stringify(this.#options.roots)], {
      // A process can't lower the priority of threads of its own that run already. At 19 it would get
      // a seventieth of a busy core, and who waits for the proof of an image would wait for hours.
      ...(this.#options.lowPriority === true
        ? { execPath: 'nice', execArgv: ['-n', '10', process.execPath] }
        : { execArgv: [] }),
      // Each file call that waits for a server takes a thread of libuv's pool, which has four.
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const running: Running = { child, waiting: new Map() };
    this.#running = running;
    child.on('message', (message) => this.#answered(running, message));
    child.on('error', (error) => this.#lost(running, error.message));
    child.on('exit', (code, signal) => {
      this.#stuck.delete(child);
      this.#lost(running, `its process ended (${signal ?? `status ${code}`})`);
    });
    return running;
  }

  #answered(running: Running, message: unknown): void {
    const answer = ShareAnswer.parse(message);
    const waiting = running.waiting.get(answer.id);
    if (waiting === undefined) return;
    if ('progress' in answer) {
      waiting.onProgress(answer.progress);
      return;
    }
    clearTimeout(waiting.timer);
    running.waiting.delete(answer.id);
    if (running.waiting.size === 0) letGo(running.child);
    if ('failure' in answer) waiting.reject(new ShareError(answer.failure));
    else waiting.resolve(answer.value);
  }

  #overrun(running: Running, { op }: ShareCall): void {
    const seconds = this.#options.deadlineMs / 1_000;
    this.#lost(running, `${op} had no answer within ${seconds} s`);
  }

  /** The process is no more to be used; all that waited for it fails. */
  #lost(running: Running, why: string): void {
    if (this.#running === running) this.#running = undefined;
    const { child, waiting } = running;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      this.#stuck.add(child);
      child.kill('SIGKILL');
      letGo(child);
    }
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new ShareError(`the storage share does not answer: ${why}`));
    }
    waiting.clear();
  }
}

/** An idle process doesn't keep the bot alive; it ends when the channel closes. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

/** Runs as TypeScript in a clone and as JavaScript in an installed package. */
function ownProgram(): string {
  return join(import.meta.dirname, `share-process${extname(import.meta.filename)}`);
}
