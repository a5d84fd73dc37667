import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode } from '../../storage/file-error.ts';
import { packageRoot } from '../version.ts';
import { NfsrootProblem } from './problem.ts';
import { SUITES, type Suite } from './release.ts';
import { runTool } from './run-tool.ts';

/** What makes a plain Debian the maintenance system: plain files of the package. */
export interface Recipe {
  packages: readonly string[];
  /** A tree that is copied onto the root; null where there is none. */
  tree: string | null;
  /** Run with the root as its argument, when all is in place. */
  customize: string | null;
}

/** In the package it is packed: a package of npm can't hold links. */
export function ownRecipe(root = packageRoot()): string {
  const inClone = join(root, 'agent/nfsroot');
  return existsSync(inClone) ? inClone : join(root, 'dist/agent/nfsroot.tar');
}

/**
 * Unpacks a packed recipe into `directory`, which is not there yet. Gives where the recipe is.
 *
 * @throws {NfsrootProblem} when it can't be unpacked
 */
export async function unpackRecipe(recipe: string, directory: string): Promise<string> {
  if ((await kindOf(recipe)) === 'directory') return recipe;
  await mkdir(directory, { recursive: true });
  await runTool('tar', ['-x', '-f', recipe, '-C', directory, '--no-same-owner']);
  return directory;
}

/** @throws {NfsrootProblem} when it is not there, or names what can't be a package */
export async function readRecipe(directory: string, suite: Suite): Promise<Recipe> {
  const packages: string[] = [];
  for (const list of ['common', suite])
    packages.push(...(await readList(join(directory, 'packages', `${list}.txt`))));
  if (packages.length === 0) {
    throw new NfsrootProblem(
      `${join(directory, 'packages')} names no package for ${suite}: install Testbox again, it knows ${SUITES.join(' and ')}`,
    );
  }
  const [tree, customize] = [join(directory, 'root'), join(directory, 'customize.sh')];
  return {
    packages: [...new Set(packages)],
    tree: (await kindOf(tree)) === 'directory' ? tree : null,
    customize: (await kindOf(customize)) === 'file' ? customize : null,
  };
}

async function readList(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line, index) => {
    const name = line.replace(/#.*/, '').trim();
    if (name === '') return [];
    if (/^[a-z0-9][a-z0-9+.-]+(?:\/[a-z-]+)?$/.test(name)) return [name];
    throw new NfsrootProblem(`line ${index + 1} of ${path} is no package's name: ${name}`);
  });
}

async function kindOf(path: string): Promise<'directory' | 'file' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Every file, link and directory of a tree, parents first, relative to it. */
export async function walkTree(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(below, entry.name);
    found.push(path);
    if (entry.isDirectory()) found.push(...(await walkTree(root, path)));
  }
  return found;
}
