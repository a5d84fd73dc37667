import { Command, CommanderError } from 'commander';
import { demoCommand } from './cli/demo.ts';
import { discordCommand } from './cli/discord.ts';
import { doctorCommand } from './cli/doctor.ts';
import { hostKeysCommand } from './cli/host-keys.ts';
import { imagesCommand } from './cli/images.ts';
import { manifestsCommand } from './cli/manifests.ts';
import { nfsrootCommand } from './cli/nfsroot.ts';
import { pxeCommand } from './cli/pxe.ts';
import { serveCommand } from './cli/serve.ts';
import { storageCommand } from './cli/storage.ts';
import { packageVersion } from './cli/version.ts';

const USAGE_ERROR = 2;

const program = new Command('testbox')
  .description('Images bare-metal test machines from chat.')
  .version(packageVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('(testbox --help lists the commands)')
  .addCommand(serveCommand())
  .addCommand(demoCommand())
  .addCommand(doctorCommand())
  .addCommand(discordCommand())
  .addCommand(hostKeysCommand())
  .addCommand(imagesCommand())
  .addCommand(manifestsCommand())
  .addCommand(nfsrootCommand())
  .addCommand(pxeCommand())
  .addCommand(storageCommand());

for (const command of withThoseBelow(program)) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said it already; bad words are the caller's, with the status the CLI promises.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
}

function withThoseBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withThoseBelow)];
}
