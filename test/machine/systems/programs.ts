import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Programs that another system has, or that must not do here what they do there. */
export class FakePrograms {
  readonly #directory = mkdtempSync(join(tmpdir(), 'testbox-programs-'));
  readonly #calls = join(this.#directory, 'calls');

  constructor(programs: Record<string, string> = {}) {
    execFileSync('mkfifo', [this.#calls]);
    for (const [name, script] of Object.entries(programs)) this.#add(name, script);
    for (const name of ['systemctl', 'shutdown', 'reboot']) {
      this.#add(name, `echo ${name} "$@" >"${this.#calls}"`);
    }
    this.#add('sleep', ':');
    this.#add('sudo', 'shift; exec "$@"');
  }

  run(command: string): { status: number | null; output: string } {
    const env = { ...process.env, PATH: `${this.#directory}:${process.env.PATH}` };
    const { status, stdout } = spawnSync('/bin/sh', ['-c', command], { env, encoding: 'utf8' });
    return { status, output: stdout };
  }

  /** What the detached reboot calls; waits for it. */
  called(): string {
    return readFileSync(this.#calls, 'utf8');
  }

  #add(name: string, script: string): void {
    writeFileSync(join(this.#directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}
