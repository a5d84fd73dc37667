import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install.mjs';
import { withInstallLock } from './install-lock.mjs';

const MINIMUM_MAJOR = 24;

/**
 * Makes the project ready to run: in a clone its packages are installed when the lock file
 * changed. Gives the project's directory and the Node to run it with; ends the process with
 * a sentence where that can't be had.
 */
export async function prepare() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    if (existsSync(join(root, 'package-lock.json'))) await ensurePackages(root);
    return { root, node: findNode(root) };
  } catch (error) {
    process.stderr.write(`testbox: ${error.message}\n`);
    process.exit(1);
  }
}

async function ensurePackages(root) {
  if (isInstalled(root)) return;
  await withInstallLock(root, async () => {
    if (isInstalled(root)) return; // another launcher was first
    await installPackages(root);
    stamp(root);
  });
}

/** The stamp tells for which lock file the packages were installed. */
function isInstalled(root) {
  if (readText(stampFile(root)) === lockHash(root)) return true;
  if (!matchesLockFile(root)) return false;
  stamp(root); // npm did it without us
  return true;
}

function stamp(root) {
  try {
    writeFileSync(stampFile(root), lockHash(root));
  } catch (error) {
    // Somebody else's clone, which this user only runs: the next start compares again.
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
}

function stampFile(root) {
  return join(root, 'node_modules/.testbox-lock-hash');
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** npm writes down in node_modules/.package-lock.json what it has installed, when it is done. */
function matchesLockFile(root) {
  const text = readText(join(root, 'node_modules/.package-lock.json'));
  if (text === undefined) return false;
  const installed = JSON.parse(text).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  const same = (path) =>
    installed[path]?.version === wanted[path]?.version &&
    installed[path]?.integrity === wanted[path]?.integrity;
  return (
    Object.keys(installed).every(same) &&
    Object.keys(wanted).every(
      (path) => path === '' || wanted[path].optional || wanted[path].devOptional || same(path),
    )
  );
}

/** The pinned Node; where there is none for this platform, the one that runs this if it is new enough. */
function findNode(root) {
  const name = `node-${process.platform}-${process.arch}`;
  for (let directory = root; ; directory = dirname(directory)) {
    const pinned = join(directory, 'node_modules', name, 'bin/node');
    if (existsSync(pinned)) return pinned;
    if (directory === dirname(directory)) break;
  }
  if (Number(process.versions.node.split('.', 1)[0]) >= MINIMUM_MAJOR) return process.execPath;
  throw new Error(
    `expected Node ${MINIMUM_MAJOR} or newer, got ${process.versions.node}: ` +
      `there is no Node in its packages for ${process.platform} on ${process.arch}, so install it from https://nodejs.org`,
  );
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // nothing is installed yet
  }
}
