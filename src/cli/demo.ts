import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fat16Layout } from '../lab/fat16-layout.ts';
import { BotStartError } from './demo/bot-process.ts';
import { type DemoDirectory, DirectoryHeldError, takeDirectory } from './demo/demo-directory.ts';
import { runLines } from './demo/run-lines.ts';
import { runTerminal } from './demo/run-terminal.ts';
import { type Demo, startDemo } from './demo/start-demo.ts';

interface DemoOptions {
  script?: string;
  dir?: string;
  diskSize: number;
  quiet?: true;
}

const MEBIBYTE = 1024 * 1024;
const EXIT_WITHIN_MS = 200;
const FAILED_STATUS = 1;
const USAGE_STATUS = 2;

/** `testbox demo`: two virtual testboxes, the bot, and a chat on the terminal. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('try it out: the bot, two virtual testboxes and a chat on this terminal')
    .option('--script <file>', 'play a file of chat lines and lab commands; exit 1 at the first that fails')
    .option('--dir <directory>', 'keep everything there (default: a temporary directory, removed at the end)')
    .addOption(
      new Option('--disk-size <MiB>', 'size of the boxes’ disks').default(512).argParser(parseDiskSize),
    )
    .option('--quiet', 'with lines to play: print only what fails')
    .action(async (options: DemoOptions) => {
      process.exitCode = await runDemo(options);
      // What a script that was cut short still waits for must not hold the process.
      setTimeout(() => process.exit(), EXIT_WITHIN_MS).unref();
    });
}

async function runDemo(options: DemoOptions): Promise<number> {
  const script = options.script === undefined ? undefined : await readScript(options.script);
  if (script instanceof Error) return complain(script.message, USAGE_STATUS);
  let directory: DemoDirectory;
  try {
    directory = await takeDirectory(options.dir);
  } catch (error) {
    if (error instanceof DirectoryHeldError) return complain(error.message, FAILED_STATUS);
    throw error;
  }
  let passed = false;
  try {
    passed = await play(directory, options, script);
  } finally {
    await directory.release({ keep: !passed });
    if (!passed) complain(`what it left is in ${directory.path} (bot.log, pluto/console.log)`, FAILED_STATUS);
  }
  return passed ? 0 : FAILED_STATUS;
}

async function play(
  directory: DemoDirectory,
  options: DemoOptions,
  script: string | undefined,
): Promise<boolean> {
  const watched = script === undefined && process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (!options.quiet) say(`starting the bot and two virtual testboxes in ${directory.path} …`);
  let demo: Demo;
  try {
    const diskSizeBytes = options.diskSize * MEBIBYTE;
    demo = await startDemo(directory, {
      diskSizeBytes,
      watched,
      onTrouble: (line) => void complain(line, 0),
    });
  } catch (error) {
    if (!(error instanceof BotStartError)) throw error;
    complain(error.message, FAILED_STATUS);
    return false;
  }
  const interrupted = interruption();
  try {
    const print = options.quiet ? () => undefined : say;
    const out = { print, complain: (line: string) => void complain(line, 0) };
    const played = watched
      ? runTerminal(demo, interrupted.signal)
      : runLines(demo, linesOf(options, script), out);
    // Whoever watches is done when they leave; a script that is cut short has not passed.
    return await Promise.race([played, interrupted.happened.then(() => watched)]);
  } finally {
    interrupted.forget();
    await demo.stop();
  }
}

function linesOf(options: DemoOptions, script: string | undefined) {
  return script === undefined
    ? { name: 'standard input', lines: createInterface({ input: process.stdin }) }
    : { name: options.script ?? '', lines: script.split('\n') };
}

/** Ctrl-C and a closed terminal end the demo in order, so that no child is left. */
function interruption(): { signal: AbortSignal; happened: Promise<void>; forget: () => void } {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.once(name, interrupt);
  const happened = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return {
    signal: controller.signal,
    happened,
    forget: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}

async function readScript(path: string): Promise<string | Error> {
  return readFile(path, 'utf8').catch(
    (error: unknown) => new Error(`the script can't be read: ${messageOf(error)}`),
  );
}

function parseDiskSize(text: string): number {
  const mebibytes = Number(text);
  try {
    if (!Number.isInteger(mebibytes)) throw new RangeError(`expected a number of MiB, not "${text}"`);
    fat16Layout(mebibytes * MEBIBYTE);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
  return mebibytes;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string, status: number): number {
  process.stderr.write(`${line}\n`);
  return status;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
