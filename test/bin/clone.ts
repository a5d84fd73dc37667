import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const BIN = join(import.meta.dirname, '../../bin');

/** Stands for npm: writes down how it was called, and fails beside another of its kind. */
const FAKE_NPM = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync('npm-calls', JSON.stringify({ args: process.argv.slice(2), loglevel: process.env.npm_config_loglevel ?? null }) + '\\n');
if (fs.existsSync('npm-fails')) { console.error('npm error the network is away'); process.exit(1); }
fs.mkdirSync('npm-runs');
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules/.bin', { recursive: true });
fs.writeFileSync('node_modules/.bin/hello', '#!/usr/bin/env node\\nconsole.log("hello", ...process.argv.slice(2), process.version);\\n', { mode: 0o755 });
setTimeout(() => fs.rmdirSync('npm-runs'), 300);
`;

const MAIN = `
const [command, ...rest]: string[] = process.argv.slice(2);
if (command === 'wait') {
  process.on('SIGTERM', () => { console.log('terminated'); process.exit(7); });
  console.log('waiting');
  setInterval(() => undefined, 1_000);
} else if (command === 'die') process.kill(process.pid, 'SIGKILL');
else {
  console.log('main', command, ...rest);
  process.exitCode = 3;
}
`;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A clone with the real launchers, a small program, and an npm that needs no network. */
export class Clone {
  readonly root = mkdtempSync(join(tmpdir(), 'testbox-clone-'));
  readonly #programs = mkdtempSync(join(tmpdir(), 'testbox-npm-'));

  constructor() {
    cpSync(BIN, join(this.root, 'bin'), { recursive: true });
    mkdirSync(join(this.root, 'src'));
    writeFileSync(join(this.root, 'src/main.ts'), MAIN);
    writeFileSync(join(this.root, 'package.json'), '{"type":"module"}');
    this.lock('1.0.0');
    writeFileSync(join(this.#programs, 'npm'), FAKE_NPM, { mode: 0o755 });
  }

  /** Writes a lock file with one package of that version. */
  lock(version: string): void {
    this.write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } }));
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  npmCalls(): { args: string[]; loglevel: string | null }[] {
    try {
      const lines = readFileSync(join(this.root, 'npm-calls'), 'utf8').trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line));
    } catch {
      return []; // not called yet
    }
  }

  start(launcher: string, args: string[], env: Record<string, string> = {}): ChildProcess {
    const { npm_execpath: _running, ...inherited } = process.env;
    return spawn(process.execPath, [join(this.root, 'bin', launcher), ...args], {
      env: { ...inherited, PATH: [this.#programs, process.env.PATH].join(delimiter), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  run(launcher: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
    return ended(this.start(launcher, args, env));
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  const out = { stdout: '', stderr: '' };
  child.stdout?.on('data', (piece: Buffer) => {
    out.stdout += piece;
  });
  child.stderr?.on('data', (piece: Buffer) => {
    out.stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...out }));
  });
}
