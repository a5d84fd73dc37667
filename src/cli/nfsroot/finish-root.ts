import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findBootFiles } from './boot-files.ts';
import { type Build, NODE_FILE } from './layout.ts';
import { messageOf, NfsrootProblem } from './problem.ts';
import { type Suite, writeRelease } from './release.ts';
import { runTool } from './run-tool.ts';

/**
 * Looks whether a root that mmdebstrap has made is one that a box can run on, takes out what is
 * nobody's business, writes down what it is, and flushes it.
 *
 * @throws {NfsrootProblem} when no box could
 */
export async function finishRoot(
  root: string,
  { build, suite, agentVersion }: { build: Build; suite: Suite; agentVersion: string },
): Promise<void> {
  await chmod(root, 0o755);
  const { release } = await findBootFiles(root);
  const nodeVersion = await tryNode(root);
  await refusePasswords(root);
  await removeCredentials(root);
  const builtAt = new Date().toISOString();
  const what = { build: build.name, suite, kernel: release, agentVersion, nodeVersion };
  await writeRelease(root, { ...what, builtAt, replacedAt: null });
  await runTool('sync', ['--file-system', root]);
}

/** The libraries of the target have to be new enough for this Node. */
async function tryNode(root: string): Promise<string> {
  try {
    return (await runTool('chroot', [root, NODE_FILE, '--version'])).trim();
  } catch (error) {
    throw new NfsrootProblem(
      `Node (${process.execPath}) doesn't run in the new root (${messageOf(error)}): ` +
        "name the libraries it needs in the recipe's packages, or run this with the project's own Node",
    );
  }
}

/** The root is readable to the whole net: a password's hash on it is no secret. */
async function refusePasswords(root: string): Promise<void> {
  const lines = (await readFile(join(root, 'etc/shadow'), 'utf8')).split('\n').filter((line) => line !== '');
  const open = lines.map((line) => line.split(':')).filter(([, hash]) => !/^[!*]/.test(hash ?? ''));
  if (open.length === 0) return;
  throw new NfsrootProblem(
    `${open.map(([name]) => name).join(', ')} could log in to the new root by a password: ` +
      'take what sets it out of the recipe, people log in by key',
  );
}

/** Proxies and mirrors may be named with a password. */
async function removeCredentials(root: string): Promise<void> {
  await rm(join(root, 'etc/apt/apt.conf.d/99mmdebstrap'), { force: true });
  const sources = join(root, 'etc/apt/sources.list');
  let text: string;
  try {
    text = await readFile(sources, 'utf8');
  } catch {
    return; // the recipe has its own
  }
  if (/:\/\/[^/\s]*@/.test(text)) await rm(sources);
}
