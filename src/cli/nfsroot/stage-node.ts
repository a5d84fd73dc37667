import { chmod, copyFile } from 'node:fs/promises';
import { NfsrootProblem } from './problem.ts';
import { runTool } from './run-tool.ts';

/**
 * Copies the Node that this program runs on. Boxes read it over the net, so it goes without its
 * symbols where this machine has binutils.
 *
 * @throws {NfsrootProblem} on a machine whose Node no testbox could run
 */
export async function stageNode(target: string): Promise<void> {
  if (process.arch !== 'x64') {
    throw new NfsrootProblem(
      `testboxes are x86-64 machines and this one is not (${process.arch}): build their maintenance system on an x86-64 machine`,
    );
  }
  try {
    await runTool('strip', ['-o', target, process.execPath]);
  } catch {
    await copyFile(process.execPath, target); // larger by a seventh, not worse
  }
  await chmod(target, 0o755);
}
