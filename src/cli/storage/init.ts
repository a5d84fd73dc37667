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

/** Where what is said goes, line by line as it happens. */
export interface Voice {
  say(line: string): void;
  complain(line: string): void;
}

/** Lays out the storage server. Gives the status of the process. */
export async function initStorage(options: InitOptions, voice: Voice): Promise<0 | 1> {
  const environment = readStorageEnvironment(withDotenvFile(process.env, process.cwd()));
  if (!environment.ok) return refuse(environment.problems, voice);
  const [reading, bootFiles] = [await readSettings(environment.config, options), await findBootFiles()];
  const problems = [
    ...(reading.ok ? rightsProblems(reading.settings, options) : reading.problems),
    ...packageProblems(bootFiles.missingPackages),
  ];
  if (!reading.ok || problems.length > 0) return refuse(problems, voice);
  for (const note of reading.notes) voice.complain(`note: ${note}`);
  const wanted = allWanted(reading.settings, { ...options, bootFiles: bootFiles.found });
  const outcomes: Outcome[] = [];
  for await (const outcome of layOut(wanted, options)) {
    voice.say(outcomeLine(outcome));
    outcomes.push(outcome);
  }
  return end(outcomes, { settings: reading.settings, options, voice });
}

function end(
  outcomes: readonly Outcome[],
  { settings, options, voice }: { settings: StorageSettings; options: InitOptions; voice: Voice },
): 0 | 1 {
  const count = (...states: Outcome['status'][]) =>
    outcomes.filter(({ status }) => states.includes(status)).length;
  const failed = count('failed') > 0;
  if (options.check) {
    const wrong = count('missing', 'differs', 'failed');
    voice.say(wrong === 0 ? 'Everything is there.' : `Missing or different: ${wrong} of ${outcomes.length}.`);
    return wrong === 0 ? 0 : 1;
  }
  if (failed) {
    voice.complain('it ended there: put that right and run it again, it goes on where it stopped');
    return 1;
  }
  const changed = count('created', 'updated');
  const differs = count('differs');
  voice.say(
    changed === 0
      ? 'Nothing was changed: everything is there.'
      : `Created or renewed: ${changed} of ${outcomes.length}.`,
  );
  if (differs > 0) voice.say(`Left alone though different: ${differs}, see above.`);
  for (const line of nextSteps(settings, options)) voice.say(line);
  return 0;
}

function refuse(problems: readonly string[], voice: Voice): 1 {
  for (const problem of problems) voice.complain(problem);
  return 1;
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
