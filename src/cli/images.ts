import { Command } from 'commander';
import { withDotenvFile } from '../config/dotenv.ts';
import type { ImagesWork } from './images/work.ts';

const HELP = `
Needs TESTBOX_BACKUP_ROOT, TESTBOX_INVENTORY and DATABASE_URL, as the bot has them, and runs as the
bot's user, beside it or without it. Without boxes it goes through all of the inventory.

Exits 0 when all is well, 1 when an image is damaged or something can't be read, 2 for words that
make no sense.`;

/** `testbox images`: proves the images on the share, and removes old ones. */
export function imagesCommand(): Command {
  const verify = new Command('verify')
    .description('read images through and prove them against their index')
    .argument('[box...]', 'names or addresses')
    .action((boxes: string[]) => run({ kind: 'verify', boxes }));
  const prune = new Command('prune')
    .description('remove generations beyond TESTBOX_KEEP_GENERATIONS, once the current one is proved')
    .argument('[box...]', 'names or addresses')
    .option('--dry-run', 'only say what would be removed')
    .action((boxes: string[], { dryRun }: { dryRun?: true }) =>
      run({ kind: 'prune', boxes, dryRun: dryRun === true }),
    );
  return new Command('images')
    .description('prove the images on the backup share, remove old ones')
    .addHelpText('after', HELP)
    .addCommand(verify)
    .addCommand(prune);
}

async function run(work: ImagesWork): Promise<void> {
  const { workOnImages } = await import('./images/work.ts');
  const result = await workOnImages(withDotenvFile(process.env, process.cwd()), work, {
    say: (line) => process.stdout.write(`${line}\n`),
    complain: (line) => process.stderr.write(`testbox images: ${line}\n`),
    progress: process.stderr.isTTY ? (line) => process.stderr.write(`\r\u001b[K${line}`) : () => {},
  });
  process.exitCode = result;
}
