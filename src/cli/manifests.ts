import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from './version.ts';

interface Manifest {
  /** Below the package's root. */
  path: string;
  text: string;
}

/** All files that the program makes of what it knows itself. */
async function allManifests(): Promise<Manifest[]> {
  const [{ slackManifest }, { discordCommands }, { exampleConfigurations }] = await Promise.all([
    import('../chat/slack/manifest.ts'),
    import('../chat/discord/commands.ts'),
    import('./storage/example.ts'),
  ]);
  const examples = await exampleConfigurations();
  return [
    { path: 'manifests/slack.json', text: jsonText(slackManifest()) },
    { path: 'manifests/discord.json', text: jsonText(discordCommands()) },
    ...examples.map(({ name, text }) => ({ path: `manifests/storage/${name}`, text })),
  ];
}

const LINE_WIDTH = 110;

const HELP = `
A chat has to be told which commands there are. These files are what it is told, made from the
program's own table of commands. Besides, examples of what a storage server's daemons are told.

  manifests/slack.json    for "Create New App", "From a manifest"; see docs/slack.md
  manifests/discord.json  the commands, which the bot registers by itself; see docs/discord.md
  manifests/storage/      as \`testbox storage init\` writes it for the example inventory

Exits 1 when --check finds a file that is out of date.`;

/** `testbox manifests`: writes what chats have to be told about the bot. */
export function manifestsCommand(): Command {
  return new Command('manifests')
    .description('write the manifests of the chat apps')
    .option('--check', 'write nothing, say which file is out of date')
    .addHelpText('after', HELP)
    .action(async ({ check }: { check?: true }) => {
      const root = packageRoot();
      const { status, lines } = check === true ? await checkManifests(root) : await renewManifests(root);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      process.exitCode = status;
    });
}

interface Outcome {
  /** Of the process. */
  status: number;
  lines: readonly string[];
}

export async function checkManifests(root: string): Promise<Outcome> {
  const outdated = await outdatedManifests(root);
  if (outdated.length === 0) return { status: 0, lines: ['all manifests are up to date'] };
  return {
    status: 1,
    lines: outdated.map((path) => `${path} is out of date: \`npm run manifests\` writes it`),
  };
}

async function renewManifests(root: string): Promise<Outcome> {
  const outdated = await outdatedManifests(root);
  await writeManifests(root);
  const written = outdated.map((path) => `wrote ${path}`);
  return { status: 0, lines: written.length > 0 ? written : ['all manifests are up to date'] };
}

/** Paths of the files below the root that are missing or say something else. */
async function outdatedManifests(root: string): Promise<string[]> {
  const outdated: string[] = [];
  for (const { path, text } of await allManifests()) {
    if ((await readText(join(root, path))) !== text) outdated.push(path);
  }
  return outdated;
}

export async function writeManifests(root: string): Promise<void> {
  for (const { path, text } of await allManifests()) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** As the project's formatter has it: a list of texts that fits stays in its line. */
function jsonText(content: object): string {
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
