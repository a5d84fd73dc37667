import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../failure.ts';
import type { MachineFacts } from '../machine.ts';

const PROGRAM_MS = 15_000;
const OUTPUT_BYTES = 2 * 1024 * 1024;

/** The original's programs. None of them reads `raw_event_log` below /sys/firmware: that read has hung boxes. */
const PROGRAMS: readonly (readonly [string, ...string[]])[] = [
  ['lspci', '-vvv'],
  ['biosdecode'],
  ['dmidecode'],
  ['fdisk', '-l'],
  ['dmesg'],
];

/** What this machine says of itself. */
export async function inspectLinux(places: { proc: string }): Promise<MachineFacts> {
  const [cpuinfo, meminfo, kernel, ...outputs] = await Promise.all([
    readText(join(places.proc, 'cpuinfo')),
    readText(join(places.proc, 'meminfo')),
    readText(join(places.proc, 'sys/kernel/osrelease')),
    ...PROGRAMS.map(([program, ...args]) => outputOf(program, args)),
  ]);
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec(meminfo ?? '')?.[1];
  return {
    cpuModel: /^model name\s*:\s*(.+)$/m.exec(cpuinfo ?? '')?.[1]?.trim() ?? null,
    memoryBytes: kibibytes === undefined ? null : Number(kibibytes) * 1024,
    kernel: kernel?.trim() ?? null,
    sections: [
      { title: 'cpuinfo', text: cpuinfo ?? 'could not be read' },
      ...PROGRAMS.map((words, position) => ({ title: words.join(' '), text: outputs[position] ?? '' })),
    ],
  };
}

/** Never throws: what a program says before it fails or is cut off is better than nothing. */
export function outputOf(program: string, args: readonly string[]): Promise<string> {
  const options = {
    timeout: PROGRAM_MS,
    killSignal: 'SIGKILL' as const,
    maxBuffer: OUTPUT_BYTES,
    env: { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  };
  return new Promise((resolve) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (errorCode(error) === 'ENOENT') return resolve(`${program} is not installed here`);
      const why = error === null ? '' : `\n${program} did not end well: ${stderr.trim() || error.message}`;
      resolve(`${stdout.trimEnd()}${why}`.trim());
    });
  });
}

async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(() => null);
}
