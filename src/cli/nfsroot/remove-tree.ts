import { readFile, realpath } from 'node:fs/promises';
import { unlessMissing } from '../../storage/file-error.ts';
import { messageOf, NfsrootProblem } from './problem.ts';
import { runTool } from './run-tool.ts';

/**
 * Removes a root with everything in it, and never what is mounted there: this machine's /dev
 * may be, when a build was killed.
 *
 * @throws {NfsrootProblem} when something in it stays mounted
 */
export async function removeTree(named: string): Promise<void> {
  // The kernel lists mounts by their real path.
  const path = await unlessMissing(realpath(named));
  if (path === undefined) return;
  for (const mount of (await mountsBelow(path)).reverse()) {
    try {
      await runTool('umount', [mount]);
    } catch (error) {
      throw new NfsrootProblem(
        `${mount} is still mounted (${messageOf(error)}): unmount it, and run this again`,
      );
    }
  }
  const [left] = await mountsBelow(path);
  if (left !== undefined)
    throw new NfsrootProblem(`${left} is still mounted: unmount it, and run this again`);
  // Unlike Node's own it stays on the file system, whatever is mounted in the meantime.
  await runTool('rm', ['-rf', '--one-file-system', '--', path]);
}

/** In the order they were mounted in, the path itself included. */
async function mountsBelow(path: string): Promise<string[]> {
  const mounts = (await readMounts()).map(({ mountPoint }) => mountPoint);
  return mounts.filter((mount) => mount === path || mount.startsWith(`${path}/`));
}

export interface Mount {
  mountPoint: string;
  options: readonly string[];
  fileSystem: string;
}

export async function readMounts(): Promise<Mount[]> {
  return parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
}

/** Of `/proc/self/mountinfo`. */
export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [, , , , mountPoint = '', options = ''] = before.split(' ');
      return {
        mountPoint: mountPoint.replaceAll(/\\([0-7]{3})/g, (_, octal) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        ),
        options: options.split(','),
        fileSystem: after.split(' ')[0] ?? '',
      };
    });
}
