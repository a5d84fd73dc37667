import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { demoCommand } from '../src/cli/demo.ts';
import { discordCommand } from '../src/cli/discord.ts';
import { doctorCommand } from '../src/cli/doctor.ts';
import { hostKeysCommand } from '../src/cli/host-keys.ts';
import { imagesCommand } from '../src/cli/images.ts';
import { manifestsCommand } from '../src/cli/manifests.ts';
import { nfsrootCommand } from '../src/cli/nfsroot.ts';
import { pxeCommand } from '../src/cli/pxe.ts';
import { serveCommand } from '../src/cli/serve.ts';
import { storageCommand } from '../src/cli/storage.ts';
import { Variables } from '../src/config/variables.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  ...['README.md', 'CHANGELOG.md'].map((name) => join(ROOT, name)),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(ROOT, 'docs', name)),
];

const PROGRAM = new Command('testbox')
  .option('--version')
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

/** Heading to anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

function brokenLinks(page: string): string[] {
  const text = withoutCode(readFileSync(page, 'utf8'));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(file)) return true;
    if (anchor === undefined) return false;
    const headings = withoutHashes(readFileSync(file, 'utf8'));
    return !headings.map(anchorOf).includes(anchor);
  });
}

function withoutHashes(text: string): string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
}

/** What is wrong with words that follow `testbox` on a command line. */
function wrongWords(words: readonly string[]): string[] {
  let command = PROGRAM;
  const wrong: string[] = [];
  for (const word of words) {
    const below = command.commands.find((each) => each.name() === word);
    if (below !== undefined) command = below;
    else if (word.startsWith('--')) {
      const known = command.options.some(({ long }) => long === word.replace(/=.*/, ''));
      if (!known && word !== '--help') wrong.push(word);
    } else if (command.commands.length > 0) wrong.push(word);
  }
  return wrong.map((word) => `testbox ${words.join(' ')}: ${word}`);
}

/** Command lines in inline code and in blocks. Chats have `/testbox` and `@testbox`, which are others. */
function commandLines(text: string): string[][] {
  const inline = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(
    ([, code = '']) => code,
  );
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, code = '']) => code.split('\n'));
  return [...inline, ...blocks].flatMap((line) => {
    const plain = line.replace(/\s+/g, ' ').trim();
    const [program, ...words] = plain.replace(/^sudo -u testbox |^npm run -s (?=testbox -- )/, '').split(' ');
    return program === 'testbox' && words.length > 0 ? [words.filter((word) => word !== '--')] : [];
  });
}

describe('the pages', () => {
  it.each(PAGES.map((page) => [relative(ROOT, page), page]))('%s has no broken link', (_name, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each(PAGES.map((page) => [relative(ROOT, page), page]))(
    '%s names commands and options that there are',
    (_name, page) => {
      expect(commandLines(readFileSync(page, 'utf8')).flatMap(wrongWords)).toEqual([]);
    },
  );

  it('find a command that there is not', () => {
    const lines = commandLines(
      '`testbox storage init --foo` `testbox pxe pluto backup`\n```sh\ntestbox nfs\n```\n',
    );

    expect(lines.flatMap(wrongWords)).toEqual(['testbox storage init --foo: --foo', 'testbox nfs: nfs']);
  });

  it('name variables that there are', () => {
    const known = new Set([...Object.keys(Variables.shape), 'TESTBOX_PXE_DIRECTORY']);
    const named = PAGES.flatMap((page) => readFileSync(page, 'utf8').match(/\bTESTBOX_[A-Z_]+\b/g) ?? []);

    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(named).toContain('TESTBOX_NFSROOT');
  });
});
