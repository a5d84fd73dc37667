import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { NODE_FILE } from './layout.ts';
import { NfsrootProblem } from './problem.ts';
import { toolEnvironment } from './run-tool.ts';

const KEPT_LINES = 200;
const SHOWN_LINES = 5;

/** What it says of itself, and what people read. */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [/^I: running apt-get update/, "reading the mirror's lists"],
  [/^I: downloading packages/, 'downloading the base system'],
  [/^I: extracting archives/, 'unpacking the base system'],
  [/^I: installing essential packages/, 'installing the base system'],
  [/^I: installing remaining packages/, 'downloading and installing the other packages'],
  [/^testbox: (.*)/, '$1'],
  [/^I: cleaning package lists/, 'cleaning up'],
];
const FROM_MIRROR = /^(?:reading the mirror|downloading)/;
const UNREACHABLE =
  /Could not (?:resolve|connect|handshake)|Temporary failure|Failed to fetch|Connection (?:refused|timed out|failed)|Cannot initiate|does not have a Release file|Unable to connect|No such file|404 {2}Not Found|The following signatures|Certificate|is not (?:valid yet|signed)/;

/** What nobody reads there, and drivers that could only slow down a machine without a desktop. */
const UNNEEDED = [
  ...['doc', 'man', 'info', 'locale', 'lintian', 'bug'].map((name) => `/usr/share/${name}/*`),
  ...['sound', 'drivers/gpu', 'drivers/media', 'drivers/net/wireless', 'drivers/iio', 'net/bluetooth'].map(
    // Below /lib in bookworm's packages, below /usr/lib in trixie's.
    (name) => `*/lib/modules/*/kernel/${name}/*`,
  ),
];

export interface MmdebstrapRun {
  /** A directory that is not there yet. */
  root: string;
  suite: string;
  packages: readonly string[];
  /** Lines of a sources.list. */
  sources: readonly string[];
  /** For messages. */
  mirror: string;
  aptOptions: readonly string[];
  /** A tar file that is unpacked over the root when its packages are installed. */
  tree: string;
  /** On the root's file system: it is linked, not copied, for it is large. */
  node: string;
  /** A program that is then run with the root as its argument. */
  customize: string | null;
  log: string;
  /** Held by everything that is started: while any of it runs, no other build may begin. */
  lock: FileHandle;
  onStage: (stage: string) => void;
  signal: AbortSignal;
}

/** @throws {NfsrootProblem} with its last words and where the log is */
export async function runMmdebstrap(run: MmdebstrapRun): Promise<void> {
  const log = await open(run.log, 'w', 0o640);
  try {
    const child = start(run);
    const kill = () => child.kill('SIGKILL');
    run.signal.addEventListener('abort', kill);
    const heard = listen(child, { log, onStage: run.onStage });
    const [status, signal] = await exitOf(child);
    run.signal.removeEventListener('abort', kill);
    const { lines, stage } = await heard;
    run.signal.throwIfAborted();
    if (status !== 0) throw failure({ run, lines, stage, end: signal ?? `status ${status}` });
  } finally {
    await log.close();
  }
}

/**
 * In namespaces of its own: what it mounts goes with it, and so does everything it started, even
 * when this process is killed.
 */
function start(run: MmdebstrapRun): ChildProcess {
  const guard = [
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  return spawn('setpriv', [...guard, 'mmdebstrap', ...argumentsOf(run)], {
    env: {
      ...toolEnvironment(),
      DEBIAN_FRONTEND: 'noninteractive',
      TESTBOX_SUITE: run.suite,
      TESTBOX_TREE: run.tree,
      TESTBOX_NODE: run.node,
      TESTBOX_CUSTOMIZE: run.customize ?? '',
      // The kernel's package makes no initrd: it would be made again when the recipe's files are there.
      INITRD: 'No',
    },
    stdio: ['ignore', 'pipe', 'pipe', run.lock.fd],
    detached: true,
  });
}

function argumentsOf(run: MmdebstrapRun): string[] {
  return [
    '--verbose',
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    '--architectures=amd64',
    `--include=${run.packages.join(',')}`,
    ...run.aptOptions.map((option) => `--aptopt=${option}`),
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    // Nothing is lost with a build that a power cut ends.
    '--dpkgopt=force-unsafe-io',
    ...UNNEEDED.map((path) => `--dpkgopt=path-exclude=${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    `--customize-hook=${UNPACK}`,
    ...(run.customize === null ? [] : [`--customize-hook=${CUSTOMIZE}`]),
    `--customize-hook=${MAKE_INITRD}`,
    run.suite,
    run.root,
    ...run.sources,
  ];
}

const UNPACK = `set -e
echo "testbox: copying the agent and the recipe's files"
tar -x -f "$TESTBOX_TREE" -C "$1" --no-overwrite-dir --keep-directory-symlink
ln "$TESTBOX_NODE" "$1${NODE_FILE}"`;

const CUSTOMIZE = `set -e
echo "testbox: running the recipe's customize.sh"
"$TESTBOX_CUSTOMIZE" "$1"`;

const MAKE_INITRD = `set -e
echo "testbox: looking at the initrd"
for kernel in "$1"/boot/vmlinuz-*; do
  version=\${kernel##*/vmlinuz-}
  [ -e "$1/boot/initrd.img-$version" ] || chroot "$1" update-initramfs -c -k "$version"
done`;

async function exitOf(child: ChildProcess): Promise<[number | null, string | null]> {
  try {
    const [status, signal] = await once(child, 'close');
    return [status, signal];
  } catch (error) {
    throw new NfsrootProblem(`setpriv can't be started (${String(error)}): apt-get install util-linux`);
  }
}

async function listen(
  child: ChildProcess,
  { log, onStage }: { log: FileHandle; onStage: (stage: string) => void },
): Promise<{ lines: string[]; stage: string }> {
  const heard = { lines: [] as string[], stage: '' };
  const take = async (stream: NodeJS.ReadableStream | null) => {
    if (stream === null) return;
    for await (const line of createInterface({ input: stream })) {
      await log.write(`${line}\n`);
      heard.lines.push(line);
      if (heard.lines.length > KEPT_LINES) heard.lines.shift();
      const stage = stageOf(line);
      if (stage === undefined || stage === heard.stage) continue;
      heard.stage = stage;
      onStage(stage);
    }
  };
  await Promise.all([take(child.stdout), take(child.stderr)]);
  return heard;
}

function stageOf(line: string): string | undefined {
  for (const [pattern, stage] of STAGES) {
    const [found, rest = ''] = pattern.exec(line) ?? [];
    if (found !== undefined) return stage.replace('$1', rest);
  }
  return undefined;
}

function failure({
  run,
  lines,
  stage,
  end,
}: {
  run: MmdebstrapRun;
  lines: readonly string[];
  stage: string;
  end: string;
}): NfsrootProblem {
  const said = lines.filter((line) => line.trim() !== '' && !line.startsWith('I: '));
  const why = said.find((line) => UNREACHABLE.test(line));
  if (why !== undefined && FROM_MIRROR.test(stage)) {
    return new NfsrootProblem(
      `the mirror ${run.mirror} didn't give what is needed (${why.trim()}): look at the network, or name another one by --mirror. The log is ${run.log}`,
    );
  }
  const last = said.slice(-SHOWN_LINES).map((line) => `\n  ${line}`);
  return new NfsrootProblem(
    `mmdebstrap failed (${end}) while ${stage === '' ? 'starting' : stage}. Its log is ${run.log}, and ends in:${last.join('')}`,
  );
}
