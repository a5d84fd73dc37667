import { Command } from 'commander';
import { withDotenvFile } from '../config/dotenv.ts';

const HELP = `
A box whose inventory says \`host-key: first-use\` is known by the first SSH host key that it showed, and
after a restore by the one that came with the image. Where somebody has made its keys anew, no job gets to
it until the old one is forgotten; the next one that it shows is then kept. Look at its fingerprint first.

Needs TESTBOX_INVENTORY and DATABASE_URL, as the bot has them.

Exits 0 when it is done, 1 when something can't be read, 2 for words that make no sense.`;

/** `testbox host-keys`: by which SSH host keys the bot knows boxes. */
export function hostKeysCommand(): Command {
  const list = new Command('list')
    .description('say by which key each box is known')
    .argument('[box...]', 'names or addresses')
    .action((boxes: string[]) => run('list', boxes));
  const forget = new Command('forget')
    .description('forget the key of boxes, so that the next one they show is kept')
    .argument('<box...>', 'names or addresses')
    .action((boxes: string[]) => run('forget', boxes));
  return new Command('host-keys')
    .description('the SSH host keys that the bot keeps of boxes')
    .addHelpText('after', HELP)
    .addCommand(list)
    .addCommand(forget);
}

async function run(kind: 'list' | 'forget', boxes: readonly string[]): Promise<void> {
  const { workOnHostKeys } = await import('./host-keys/work.ts');
  const { status, said, problems } = await workOnHostKeys(withDotenvFile(process.env, process.cwd()), {
    kind,
    boxes,
  });
  for (const line of said) process.stdout.write(`${line}\n`);
  for (const problem of problems) process.stderr.write(`testbox host-keys: ${problem}\n`);
  process.exitCode = status;
}
