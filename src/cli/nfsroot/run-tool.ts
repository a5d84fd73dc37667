import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { NfsrootProblem } from './problem.ts';

const KEPT_BYTES = 1024 * 1024;
const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** Programs of the system get none of the bot's variables: some of those are tokens. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', HOME, http_proxy, https_proxy, no_proxy } = process.env;
  const path = [...new Set([...PATH.split(delimiter).filter(Boolean), ...SYSTEM_DIRECTORIES])].join(
    delimiter,
  );
  return { PATH: path, HOME, http_proxy, https_proxy, no_proxy, LC_ALL: 'C' };
}

/**
 * Gives what it wrote to standard output.
 * @throws {NfsrootProblem} with its last words
 */
export function runTool(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: toolEnvironment(), maxBuffer: KEPT_BYTES };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = lastLine(stderr);
      reject(new NfsrootProblem(`${program} failed: ${said === '' ? error.message : said}`));
    });
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
