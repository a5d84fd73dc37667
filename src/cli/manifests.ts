import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { slackManifest } from '../chat/slack/manifest.ts';
import { packageRoot } from './version.ts';

/** The files that are made from the command table, by their paths below the package's root. */
const MANIFESTS: readonly { path: string; content: () => object }[] = [
  { path: 'manifests/slack.json', content: slackManifest },
];

const LINE_WIDTH = 110;

const HELP = `
A chat has to be told which commands there are. These files are what it is told, made from the
program's own table of commands.

  manifests/slack.json   for "Create New App", "From a manifest"; see docs/slack.md

Exits 1 when --check finds a file that is out of date.`;

/** `testbox manifests`: writes what chats have to be told about the bot. */
export function manifestsCommand(): Command {
  return new Command('manifests')
    .description('write the manifests of the chat apps')
    .option('--check', 'write nothing, say which file is out of date')
    .addHelpText('after', HELP)
    .action(async ({ check }: { check?: true }) => {
      const root = packageRoot();
      const outdated = await outdatedManifests(root);
      if (check !== true) await writeManifests(root);
      for (const path of outdated) {
        process.stdout.write(
          check ? `${path} is out of date: \`npm run manifests\` writes it\n` : `wrote ${path}\n`,
        );
      }
      if (outdated.length === 0) process.stdout.write('all manifests are up to date\n');
      process.exitCode = check === true && outdated.length > 0 ? 1 : 0;
    });
}

/** Paths of the files below the root that are missing or say something else. */
export async function outdatedManifests(root: string): Promise<string[]> {
  const outdated: string[] = [];
  for (const { path, content } of MANIFESTS) {
    if ((await readText(join(root, path))) !== fileText(content())) outdated.push(path);
  }
  return outdated;
}

export async function writeManifests(root: string): Promise<void> {
  for (const { path, content } of MANIFESTS) await writeFile(join(root, path), fileText(content()));
}

/** As the project's formatter has it: a list of texts that fits stays in its line. */
function fileText(content: object): string {
  const text = JSON.stringify(content, null, 2);
  const packed = text.replace(/^( *"[^"]+": )\[\n([^[\]{}]*)\n *\](,?)$/gm, (list, key, items, comma) => {
    const line = `${key}[${items.trim().replace(/,\n */g, ', ')}]${comma}`;
    return line.length <= LINE_WIDTH ? line : list;
  });
  return `${packed}\n`;
}

/** Null when there is none. */
async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
