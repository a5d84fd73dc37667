import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileErrorCode } from '../../storage/file-error.ts';
import { packageRoot } from '../version.ts';
import { NfsrootProblem } from './problem.ts';

const PROGRAMS = ['main.cjs', 'worker.cjs'] as const;
const VERSION = 'version';
/** Of native modules, which a bundle may be without. */
const NATIVE = '.node';

/** The agent as one release directory: its files by name. */
export interface AgentBundle {
  version: string;
  files: ReadonlyMap<string, Buffer>;
}

/**
 * The agent of this program: in a clone made anew from its sources, in the package the one
 * that it carries.
 *
 * @throws {NfsrootProblem} when it can't be had
 */
export async function loadAgentBundle(root = packageRoot()): Promise<AgentBundle> {
  const script = join(root, 'agent/build.ts');
  if (!existsSync(script)) return readBundle(join(root, 'dist/agent'));
  const directory = await mkdtemp(join(tmpdir(), 'testbox-agent-'));
  try {
    await bundle(script, directory);
    return await readBundle(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Readable to all, whatever the umask; its parent is there. */
export async function writeBundle(directory: string, { files }: AgentBundle): Promise<void> {
  await mkdir(directory);
  await chmod(directory, 0o755);
  for (const [name, content] of files) {
    await writeFile(join(directory, name), content);
    await chmod(join(directory, name), 0o644);
  }
}

async function bundle(script: string, directory: string): Promise<void> {
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = await once(child, 'exit');
  if (status !== 0) {
    throw new NfsrootProblem("the agent's bundle can't be made: npm run build:agent says why");
  }
}

async function readBundle(directory: string): Promise<AgentBundle> {
  try {
    const files = new Map<string, Buffer>();
    for (const name of [...PROGRAMS, VERSION]) files.set(name, await readFile(join(directory, name)));
    for (const name of await readdir(directory)) {
      if (name.endsWith(NATIVE)) files.set(name, await readFile(join(directory, name)));
    }
    const version = files.get(VERSION)?.toString('utf8').trim() ?? '';
    if (!/^[0-9A-Za-z.+-]+$/.test(version)) {
      throw new NfsrootProblem(
        `${join(directory, VERSION)} is no version: npm run build:agent makes it anew`,
      );
    }
    return { version, files };
  } catch (error) {
    if (error instanceof NfsrootProblem) throw error;
    throw new NfsrootProblem(
      `the agent's bundle is not in ${directory} (${fileErrorCode(error)}): install the package again, or npm run build:agent in a clone`,
    );
  }
}
