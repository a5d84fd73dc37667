import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished } from 'vitest';
import { createJobStore } from '../../src/database/job-store.ts';
import { openDatabase } from '../../src/database/open.ts';
import { findFreePort } from '../../src/lab/free-port.ts';
import { PROGRAM_ENVIRONMENT } from './program-environment.ts';

export const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** A directory that the program takes for its share and its working directory. */
export async function botDirectory(inventory: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-serve-chat-'));
  await mkdir(join(directory, 'pxelinux.cfg'));
  for (const file of ['pxelinux.0', 'pxelinux.cfg/default', 'testbox-backup']) {
    await writeFile(join(directory, file), '');
  }
  await writeFile(join(directory, 'testboxes.yaml'), inventory);
  return directory;
}

/** The environment that has nothing of this shell's but its PATH, and no chat. */
export function botEnvironment(directory: string): Record<string, string | undefined> {
  return {
    ...PROGRAM_ENVIRONMENT,
    TESTBOX_LAB: '1',
    TESTBOX_TFTP_ROOT: directory,
    TESTBOX_BACKUP_ROOT: directory,
  };
}

/** The real program `testbox serve`, until the end of the test, with the chats of `env`. */
export async function serveBot(inventory: string, env: Record<string, string>) {
  const directory = await botDirectory(inventory);
  const database = join(directory, 'testbox.sqlite');
  const port = await findFreePort('127.0.0.1');
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    cwd: directory,
    env: {
      ...botEnvironment(directory),
      TESTBOX_LISTEN: `127.0.0.1:${port}`,
      DATABASE_URL: `sqlite:${database}`,
      ...env,
    },
  });
  const exited = once(child, 'exit').then(([status]) => status as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    await rm(directory, { recursive: true });
  });
  const log: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return {
    directory,
    exited,
    log: () => log.join('\n'),
    stderr: () => stderr,
    up: () => expect.poll(() => log.join('\n')).toContain('the bot is up'),
    stop: (signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM') => child.kill(signal),
    /** What the stopped bot's store says. */
    stored: async <T>(read: (store: ReturnType<typeof createJobStore>) => Promise<T>): Promise<T> => {
      const db = await openDatabase(database);
      const found = await read(createJobStore(db));
      await db.destroy();
      return found;
    },
  };
}
