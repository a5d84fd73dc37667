import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { discordCommands } from '../../src/chat/discord/commands.ts';
import { slackManifest } from '../../src/chat/slack/manifest.ts';
import { checkManifests, writeManifests } from '../../src/cli/manifests.ts';

const root = join(import.meta.dirname, '../..');

async function emptyPackage(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-manifests-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'manifests'));
  return directory;
}

describe('testbox manifests', () => {
  it('has been run: what lies in the project is up to date', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'src/main.ts'), 'manifests', '--check'],
      { cwd: tmpdir(), env: {}, encoding: 'utf8' },
    );

    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'all manifests are up to date\n',
      stderr: '',
    });
  });

  it('writes what Slack has to be told, for people to read', async () => {
    const directory = await emptyPackage();

    await writeManifests(directory);

    const text = await readFile(join(directory, 'manifests/slack.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(slackManifest());
    expect(text).toMatch(/^\{\n {2}"display_information": \{\n.*\n\}\n$/s);
    expect(text).toContain('"bot_events": ["app_home_opened", "app_mention"]');
    expect((await checkManifests(directory)).status).toBe(0);
  });

  it('writes what Discord has to be told', async () => {
    const directory = await emptyPackage();

    await writeManifests(directory);

    const text = await readFile(join(directory, 'manifests/discord.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(discordCommands());
    expect(text).toMatch(/^\[\n {2}\{\n {4}"type": 1,\n.*\n\]\n$/s);
  });

  it.each([
    ['slack.json', 'missing', null],
    ['slack.json', 'older', '{}\n'],
    ['slack.json', 'written by hand', `${JSON.stringify(slackManifest())}`],
    ['discord.json', 'missing', null],
    ['discord.json', 'older', '[]\n'],
  ])('says that %s is out of date, when it is %s, and what writes it', async (name, _what, text) => {
    const directory = await emptyPackage();
    const file = join(directory, 'manifests', name);
    await writeManifests(directory);
    await (text === null ? rm(file) : writeFile(file, text));

    expect(await checkManifests(directory)).toEqual({
      status: 1,
      lines: [`manifests/${name} is out of date: \`npm run manifests\` writes it`],
    });
  });
});
