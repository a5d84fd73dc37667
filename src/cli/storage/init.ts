import { withDotenvFile } from '../../config/dotenv.ts';
import { readStorageEnvironment } from '../../config/storage-env.ts';
import { allWanted } from './all-wanted.ts';
import { findBootFiles } from './boot-files.ts';
import { layOut } from './lay-out.ts';
import { nextSteps } from './next-steps.ts';
import type { InitOptions } from './options.ts';
import { readSettings } from './read-settings.ts';
import type { StorageSettings } from './settings.ts';
import { type Outcome, outcomeLine } from './wanted.ts';

export interface InitResult {
  status: 0 | 1;
  output: readonly string[];
  /** For standard error. */
  problems: readonly string[];
}

/** Lays out the storage server, or with `check` only looks at it. */
export async function initStorage(options: InitOptions): Promise<InitResult> {
  const environment = environmentHere();
  if (!environment.ok) return refused(environment.problems);
  const reading = await readSettings(environment.config, options);
  const needsGrub = reading.ok && reading.settings.boxes.some((box) => box.uefiLocalBoot === 'grub');
  const bootFiles = await findBootFiles({
    needsGrub,
    serverAddress: reading.ok ? reading.settings.serverAddress : null,
  });
  const problems = [
    ...(reading.ok ? rightsProblems(reading.settings, options) : reading.problems),
    ...packageProblems(bootFiles.missingPackages),
  ];
  if (!reading.ok || problems.length > 0) return refused(problems);
  const wanted = allWanted(reading.settings, { ...options, bootFiles: bootFiles.found });
  const outcomes: Outcome[] = [];
  for await (const outcome of layOut(wanted, options)) outcomes.push(outcome);
  const notes = [...reading.notes, ...bootFiles.notes].map((note) => `note: ${note}`);
  return options.check ? checked(outcomes, notes) : laidOut(outcomes, { ...reading, notes, options });
}

function environmentHere(): ReturnType<typeof readStorageEnvironment> {
  try {
    return readStorageEnvironment(withDotenvFile(process.env, process.cwd()));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [`${why}: run it as root, or as the one who the file belongs to`] };
  }
}

function checked(outcomes: readonly Outcome[], notes: readonly string[]): InitResult {
  const wrong = count(outcomes, ['missing', 'differs', 'failed']);
  const end = wrong === 0 ? 'Everything is there.' : `Missing or different: ${wrong} of ${outcomes.length}.`;
  return { status: wrong === 0 ? 0 : 1, output: [...outcomes.map(outcomeLine), end], problems: notes };
}

function laidOut(
  outcomes: readonly Outcome[],
  { settings, options, notes }: { settings: StorageSettings; options: InitOptions; notes: readonly string[] },
): InitResult {
  const lines = outcomes.map(outcomeLine);
  if (count(outcomes, ['failed']) > 0) {
    const end = 'it ended there: put that right and run it again, it goes on where it stopped';
    return { status: 1, output: lines, problems: [...notes, end] };
  }
  const changed = count(outcomes, ['created', 'updated']);
  const differs = count(outcomes, ['differs']);
  return {
    status: 0,
    output: [
      ...lines,
      changed === 0 ? 'Nothing was changed.' : `Created or renewed: ${changed} of ${outcomes.length}.`,
      ...(differs === 0 ? [] : [`Left alone though different: ${differs}, as said above.`]),
      ...nextSteps(settings, options),
    ],
    problems: notes,
  };
}

function count(outcomes: readonly Outcome[], states: readonly Outcome['status'][]): number {
  return outcomes.filter(({ status }) => states.includes(status)).length;
}

function refused(problems: readonly string[]): InitResult {
  return { status: 1, output: [], problems };
}

/** Only root can make directories somebody else's. */
function rightsProblems({ user }: StorageSettings, { check }: InitOptions): string[] {
  const self = process.getuid?.();
  if (check || self === undefined || self === 0 || self === user.uid) return [];
  return [
    `only root can give directories to ${user.name}: run it as root, or lay out areas of your own with --user ${self}:${process.getgid?.() ?? self}`,
  ];
}

function packageProblems(packages: readonly string[]): string[] {
  if (packages.length === 0) return [];
  const names = packages.toSorted().join(' ');
  return [
    `Debian packages are missing: \`apt-get install --no-install-recommends ${names}\` installs what the TFTP area needs`,
  ];
}
