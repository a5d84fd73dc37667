import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;
/** Between making the lock and writing the pid into it; a process doesn't take that long. */
const NAMELESS_FOR_MS = 10_000;

/**
 * Runs `action` while no other launcher of this clone does: two `npm ci` at once would empty
 * each other's node_modules. The lock of a launcher that was killed is taken over.
 */
export async function withInstallLock(root, action) {
  const lock = join(root, '.testbox-install.lock');
  const takenOver = await acquire(lock);
  try {
    await action();
  } finally {
    for (const path of [...takenOver, lock]) rmSync(path, { recursive: true, force: true });
  }
}

/** Gives what was left of abandoned locks, to be removed at the end. */
async function acquire(lock) {
  const takenOver = [];
  let told = false;
  while (!tryToMake(lock)) {
    const holder = holderOf(lock);
    if (holder === undefined) continue;
    if (holder.alive) {
      if (!told)
        process.stderr.write(`testbox: waiting for ${holder.name}, which is installing its packages …\n`);
      told = true;
      await sleep(LOOK_EVERY_MS);
    } else {
      const aside = moveAside(lock, holder.name);
      if (aside !== undefined) takenOver.push(aside);
    }
  }
  return takenOver;
}

function tryToMake(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Error(
      `expected to be able to write to its own directory, but ${lock} can't be made (${error.code})`,
    );
  }
  writeFileSync(join(lock, 'pid'), `process ${process.pid}`);
  return true;
}

/** Undefined when the lock has just gone. */
function holderOf(lock) {
  try {
    const [, pid] = /^process (\d+)$/.exec(readText(join(lock, 'pid'))) ?? [];
    if (pid !== undefined) return { name: `process ${pid}`, alive: isAlive(Number(pid)) };
    return { name: 'another process', alive: Date.now() - statSync(lock).mtimeMs < NAMELESS_FOR_MS };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The name says whose lock it was, and a rename onto a directory that isn't empty fails: of
 * two that find the same dead launcher, the slower one can't take the lock of the faster.
 */
function moveAside(lock, name) {
  const aside = `${lock}.${name.replaceAll(' ', '-')}`;
  try {
    renameSync(lock, aside);
    if (readText(join(aside, 'pid')) === '') writeFileSync(join(aside, 'pid'), name);
    return aside;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) return undefined; // somebody was faster
    throw error;
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
