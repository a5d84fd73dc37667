import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program in this one's place: its terminal, its signals, and at the end its exit status. */
export function run(program, args, root) {
  const bin = join(root, 'node_modules/.bin');
  const env = { ...process.env, PATH: [bin, process.env.PATH].filter(Boolean).join(delimiter) };
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of FORWARDED) process.on(signal, () => forward(child, signal));
  child.on('error', (error) => {
    process.stderr.write(`testbox: ${program} can't be started (${error.message})\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Whoever waits for this process should see what ended it.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1_000);
  });
}

/** Ctrl-C on a terminal reaches the child without us; a second one would mean "now!" to it. */
function forward(child, signal) {
  if (signal === 'SIGINT' && onTerminal()) return;
  child.kill(signal);
}

function onTerminal() {
  return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}
