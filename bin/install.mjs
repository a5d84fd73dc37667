import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/**
 * What `npm run` sets for its script and what would change an install inside of it: another
 * package's facts, and settings of the command that was typed, such as `npm run -s`.
 */
const NOT_FOR_INSTALL =
  /^(?:npm_(?:lifecycle|package)_.*|npm_command|npm_config_(?:global|prefix|local_prefix|omit|include|only|production|dev|optional|dry_run|package_lock|package_lock_only|workspaces?|include_workspace_root|ignore_scripts|loglevel|silent|json|call)|NODE_ENV|INIT_CWD)$/i;

/** Runs `npm ci`. What it says is shown when it fails. */
export async function installPackages(root) {
  process.stderr.write('testbox: installing its packages, as the lock file changed …\n');
  const { status, output } = await npm(root, [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (status === 0) return;
  process.stderr.write(output);
  throw new Error(`npm ci failed (${status}); what it said is above`);
}

function npm(root, args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_FOR_INSTALL.test(name)));
  const [program, first] = npmProgram();
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && first.length === 0,
  });
  const stop = (signal) => child.kill(signal);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new Error(`npm can't be started (${error.message}): install Node with npm`)),
    );
    child.on('close', (code, signal) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve({ status: signal ?? code, output });
    });
  });
}

/** The npm that runs us, if one does; else the one on the PATH. */
function npmProgram() {
  const running = process.env.npm_execpath;
  return running !== undefined && /^npm(?:-cli)?\.(?:c?js)$/.test(basename(running))
    ? [process.execPath, [running]]
    : ['npm', []];
}
