import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs a program of the machine outside, and gives what it printed. @throws with its last words */
export async function hostProgram(
  argv: readonly [string, ...string[]],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const [program, ...args] = argv;
  try {
    const { stdout } = await execute(program, args, {
      ...options,
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...options.env },
      maxBuffer: OUTPUT_BYTES,
    });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`${argv.join(' ')} failed: ${said}`, { cause: error });
  }
}
