import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { unlessFound, withoutRoot } from './storage-lab.ts';

export const SERVER = '10.40.41.1';

/** Why there can be no network namespaces here; null where there can. */
export function withoutNetworks(): string | null {
  const missing = withoutRoot ?? unlessFound('ip', 'iproute2');
  if (missing !== null) return missing;
  const name = `tb-try-${process.pid}`;
  const { status } = spawnSync('ip', ['netns', 'add', name]);
  spawnSync('ip', ['netns', 'delete', name]);
  return status === 0 ? null : 'needs network namespaces';
}

/** A server and a box on a net of their own: 10.40.41.1 and, to begin with, 10.40.41.42. */
export class NetworkLab {
  readonly #server: string;
  readonly #box: string;

  /** Goes with the test. */
  constructor() {
    const id = randomBytes(3).toString('hex');
    this.#server = `tb-server-${id}`;
    this.#box = `tb-box-${id}`;
    onTestFinished(() => this.#remove());
    ip('netns', 'add', this.#server);
    ip('netns', 'add', this.#box);
    ip('-n', this.#server, 'link', 'add', 'lab0', 'type', 'veth', 'peer', 'name', 'nic0', 'netns', this.#box);
    ip('-n', this.#server, 'address', 'add', `${SERVER}/24`, 'dev', 'lab0');
    ip('-n', this.#server, 'link', 'set', 'lab0', 'up');
    ip('-n', this.#box, 'link', 'set', 'nic0', 'up');
    ip('-n', this.#box, 'route', 'add', '255.255.255.255', 'dev', 'nic0');
    this.boxIs('10.40.41.42');
  }

  /** Gives the box another address. */
  boxIs(address: string): void {
    ip('-n', this.#box, 'address', 'flush', 'dev', 'nic0', 'scope', 'global');
    ip('-n', this.#box, 'address', 'add', `${address}/24`, 'dev', 'nic0');
    ip('-n', this.#box, 'route', 'replace', '255.255.255.255', 'dev', 'nic0');
  }

  /** Starts a daemon on the server; it is ended with the test. */
  serve(program: string, args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#server, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    return child;
  }

  /** Runs a program on the box to its end. */
  onBox(program: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', this.#box, program, ...args], {
      encoding: 'utf8',
      timeout: 25_000,
    });
    return { status, stdout, stderr };
  }

  #remove(): void {
    for (const name of [this.#box, this.#server]) spawnSync('ip', ['netns', 'delete', name]);
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
