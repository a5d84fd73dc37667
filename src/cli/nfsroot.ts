import { Command, Option } from 'commander';
import { withDotenvFile } from '../config/dotenv.ts';
import { readStorageEnvironment, type StorageConfig } from '../config/storage-env.ts';
import { type BuildWish, buildNfsroot, type Talk } from './nfsroot/build.ts';
import { examineNfsroot } from './nfsroot/examine.ts';
import { NfsrootProblem } from './nfsroot/problem.ts';
import { ownRecipe } from './nfsroot/recipe.ts';
import { SUITES, type Suite } from './nfsroot/release.ts';
import type { JoblessWish } from './nfsroot/settings.ts';
import { updateAgent } from './nfsroot/update-agent.ts';
import { useBuild } from './nfsroot/use-build.ts';

const COMPONENTS = 'main,non-free-firmware';

const HELP = `
The nfsroot holds one complete root for every build. The initrd of a build mounts its own, so a box
that boots while a build is put in place gets either the old system or the new one, and boxes that
run stay with theirs. An NFS server needs no restart. The build before stays; older ones go a day
after they were replaced.

Without a bot (no TESTBOX_REPORT_URL) the agent acts on boot configs without a job; with one only
if --allow-jobless says so.

  testbox nfsroot build          make the maintenance system, have boxes boot it from now on
  testbox nfsroot update-agent   put only this program's agent, bot URL and keys onto it
  testbox nfsroot use            go back to the build before, or to one that is named
  testbox nfsroot check          say what is there, and what should be done`;

interface JoblessOptions {
  requireJob?: true;
  allowJobless?: true;
}

interface BuildOptions extends JoblessOptions {
  suite: Suite;
  mirror?: string;
  components: string;
  keepOld?: true;
  recipe: string;
  check?: true;
}

/** `testbox nfsroot`: makes and looks after the maintenance system that boxes boot. */
export function nfsrootCommand(): Command {
  return new Command('nfsroot')
    .description('make the maintenance system that boxes boot, and keep its agent up to date')
    .addHelpText('after', HELP)
    .addCommand(buildCommand())
    .addCommand(updateAgentCommand())
    .addCommand(useCommand())
    .addCommand(checkCommand());
}

function buildCommand(): Command {
  const command = new Command('build')
    .description('make it with mmdebstrap, as root, and have boxes boot it from now on')
    .addOption(new Option('--suite <suite>', 'release of Debian').choices([...SUITES]).default(SUITES[0]))
    .option('--mirror <url>', "of Debian's archive (default: the one that this machine's apt is set up for)")
    .option('--components <list>', 'of the archive; network cards need firmware', COMPONENTS)
    .option('--keep-old', 'remove no earlier build, however old')
    .option('--check', 'only look, as testbox nfsroot check does')
    .addOption(
      new Option('--recipe <directory>', 'what makes Debian the maintenance system')
        .default(ownRecipe())
        .hideHelp(),
    );
  return withJoblessOptions(command).action(async (options: BuildOptions) => {
    await withConfig(async (config) => {
      if (options.check === true) return check(config);
      const wish = readWish(options);
      const build = await withTalk((talk) => buildNfsroot(config, wish, talk));
      process.stdout.write(
        `boxes boot this from now on: ${build.root}\n` +
          'NFS servers need no restart. Next: testbox nfsroot check, and testbox pxe or a job in chat\n',
      );
    });
  });
}

function updateAgentCommand(): Command {
  const command = new Command('update-agent').description(
    "put this program's agent, bot URL and keys onto the root; boxes may be running from it",
  );
  return withJoblessOptions(command).action(async (options: JoblessOptions) => {
    await withConfig(async (config) => {
      const done = await updateAgent(config, joblessWish(options));
      process.stdout.write(`${(done.length === 0 ? ['everything is up to date'] : done).join('\n')}\n`);
    });
  });
}

function useCommand(): Command {
  return new Command('use')
    .description('have boxes boot a build that is there: the one before, or one that is named')
    .argument('[build]', 'its number, such as 000003')
    .action(async (name: string | undefined) => {
      await withConfig(async (config) => {
        const build = await useBuild(config, name ?? null);
        process.stdout.write(`boxes boot this from now on: ${build.root}\n`);
      });
    });
}

function checkCommand(): Command {
  return new Command('check')
    .description('say what is there, and what should be done; exits 1 when something should')
    .action(async () => {
      await withConfig(check);
    });
}

function withJoblessOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--require-job', 'the agent acts on nothing without the word of the bot').conflicts(
        'allowJobless',
      ),
    )
    .addOption(
      new Option('--allow-jobless', 'the agent also acts on boot configs without a job').conflicts(
        'requireJob',
      ),
    );
}

function readWish({ suite, mirror, components, keepOld, recipe, ...jobless }: BuildOptions): BuildWish {
  const wanted = components.split(/[\s,]+/).filter((component) => component !== '');
  if (wanted.length === 0 || wanted.some((component) => !/^[a-z][a-z0-9/-]*$/.test(component))) {
    throw new NfsrootProblem(
      `"${components}" are no components of an archive: name them as in ${COMPONENTS}`,
    );
  }
  if (mirror !== undefined && !/^(?:https?|ftp|file|copy):\/\/?\S+$/.test(mirror)) {
    throw new NfsrootProblem(`"${mirror}" is no mirror's URL, such as http://deb.debian.org/debian`);
  }
  return {
    suite,
    mirror: mirror ?? null,
    components: wanted,
    jobless: joblessWish(jobless),
    keepOld: keepOld === true,
    recipe,
  };
}

function joblessWish({ requireJob, allowJobless }: JoblessOptions): JoblessWish {
  if (requireJob === true) return 'require-job';
  return allowJobless === true ? 'allow-jobless' : null;
}

async function check(config: StorageConfig): Promise<void> {
  const lines = await examineNfsroot(config);
  process.stdout.write(lines.map(({ ok, line }) => `${ok ? 'ok  ' : 'FIX '} ${line}\n`).join(''));
  if (lines.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function withConfig(work: (config: StorageConfig) => Promise<void>): Promise<void> {
  const environment = readStorageEnvironment(withDotenvFile(process.env, process.cwd()));
  if (!environment.ok) return complain(environment.problems);
  try {
    await work(environment.config);
  } catch (error) {
    if (!(error instanceof NfsrootProblem)) throw error;
    complain([error.message]);
  }
}

/** Says how long it took so far; a first Ctrl-C ends the work in order. */
async function withTalk<T>(work: (talk: Talk) => Promise<T>): Promise<T> {
  const started = process.hrtime.bigint();
  const stop = new AbortController();
  const onSignal = () => stop.abort(new NfsrootProblem('stopped; what boxes boot is as it was before'));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await work({
      tell: (line) => {
        const seconds = (process.hrtime.bigint() - started) / 1_000_000_000n;
        process.stdout.write(`${String(seconds).padStart(4)} s  ${line}\n`);
      },
      warn: (line) => complain([`warning: ${line}`], 0),
      signal: stop.signal,
    });
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

function complain(problems: readonly string[], status = 1): void {
  process.stderr.write(problems.map((problem) => `testbox nfsroot: ${problem}\n`).join(''));
  if (status !== 0) process.exitCode = status;
}
