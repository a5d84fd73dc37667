import { Command } from 'commander';
import { withDotenvFile } from '../config/dotenv.ts';
import { readPxeEnvironment } from '../config/pxe-env.ts';
import { ACTIONS, Action } from '../contract/action.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { StorageArea } from '../storage/area.ts';
import { findBox } from './pxe/find-box.ts';
import { type PxeResult, removeFile, showFile, writeFile } from './pxe/work.ts';

const HELP = `
The file has no job: nobody watches what it starts, no chat hears of it. The maintenance system
acts on it only if agent.json on its root says "allowJobless": true; this command can't know.
It stays in place until the action has succeeded.

Exits 0 when done, 1 when the TFTP area or the file that is there stands against it, 2 for words
that make no sense.

  testbox pxe pluto backup        write the file; the box acts on it at its next network boot
  testbox pxe 10.40.41.42 --show  print what is there, and what it means
  testbox pxe pluto --remove      remove it again`;

interface Options {
  show?: true;
  remove?: true;
  replace?: true;
}

/** `testbox pxe`: writes boot configs without a job, the seed's way. */
export function pxeCommand(): Command {
  return new Command('pxe')
    .description('write, show or remove a boot config without a job, for a lab without a bot')
    .argument('<box>', 'name in the inventory, or IPv4 address')
    .argument('[action]', ACTIONS.join(', '))
    .option('--show', 'print what is there, and what it means')
    .option('--remove', 'remove it, if it names no job')
    .option('--replace', 'also over a file of a job, or of somebody else')
    .addHelpText('after', HELP)
    .action(async (box: string, action: string | undefined, options: Options, command: Command) => {
      const work = readWords(command, action, options);
      const environment = readPxeEnvironment(withDotenvFile(process.env, process.cwd()));
      if (!environment.ok) return say({ status: 1, output: [], problems: environment.problems });
      const { config } = environment;
      const found = await findBox(box, config.inventoryFile);
      if (found.kind === 'unknown') return say({ status: 2, output: [], problems: [found.why] });
      const share = new StorageArea({ tftpRoot: config.tftpRoot, backupRoot: '' });
      try {
        const place = { config, share, box: found.box };
        const result =
          work === 'show'
            ? await showFile(place)
            : work === 'remove'
              ? await removeFile(place)
              : await writeFile(place, { action: work, replace: options.replace === true });
        say({ ...result, problems: [...found.warnings, ...result.problems] });
      } finally {
        share.close();
      }
    });
}

function readWords(
  command: Command,
  action: string | undefined,
  { show, remove, replace }: Options,
): Action | 'show' | 'remove' {
  const wishes = [action !== undefined, show === true, remove === true].filter((wish) => wish);
  if (wishes.length !== 1) command.error('error: expected an action, or --show, or --remove');
  if (replace === true && action === undefined) command.error('error: --replace goes with an action only');
  if (show === true) return 'show';
  if (remove === true) return 'remove';
  const parsed = Action.safeParse(action);
  if (parsed.success) return parsed.data;
  const near = didYouMean(action ?? '', ACTIONS);
  const hint = near === null ? `expected one of ${ACTIONS.join(', ')}` : `did you mean ${near}?`;
  return command.error(`error: there is no action "${action}", ${hint}`);
}

function say({ status, output, problems }: PxeResult): void {
  process.stdout.write(output.map((line) => `${line}\n`).join(''));
  process.stderr.write(problems.map((line) => `testbox pxe: ${line}\n`).join(''));
  process.exitCode = status;
}
