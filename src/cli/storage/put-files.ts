import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFile, replaceFile } from '../../storage/durable-file.ts';
import { unlessMissing } from '../../storage/file-error.ts';
import type { BootFiles, WantedFile } from './boot-files.ts';
import { makeDirectory } from './put-directory.ts';
import type { Outcome } from './wanted.ts';

const READ_BY_OTHERS = 0o004;

type FileSet = BootFiles & { directory: string };

/**
 * Puts what is missing of a set of files and renews what is of our own making. Others that are
 * there already are told of.
 */
export async function putFiles(set: FileSet, check: boolean): Promise<Outcome> {
  const what =
    set.files.length > 1
      ? `${join(set.directory, set.name)}/ (${set.files.length} files)`
      : join(set.directory, set.name);
  const states = await Promise.all(set.files.map((file) => stateOf(set, file)));
  const of = (state: FileState) => set.files.filter((_file, index) => states[index] === state);
  const missing = of('missing');
  if (!check) for (const file of missing) await putFile(join(set.directory, file.path), file.content);
  const old = of('old');
  if (!check) for (const file of old) await replaceFile(join(set.directory, file.path), file.content);
  const others = of('other');
  if (others.length > 0) return { status: 'differs', what, why: otherWhy(set, others) };
  const closed = of('closed');
  if (closed.length > 0) {
    const paths = closed.map(({ path }) => join(set.directory, path)).join(' ');
    return { status: 'differs', what, why: `the TFTP server can't read it: \`chmod a+r ${paths}\` lets it` };
  }
  if (old.length > 0 && check) {
    return { status: 'differs', what, why: 'it is out of date: `testbox storage init` renews it' };
  }
  if (old.length > 0) return { status: 'updated', what };
  if (missing.length === 0) return { status: 'ok', what };
  return { status: check ? 'missing' : 'created', what };
}

async function putFile(path: string, content: Uint8Array): Promise<void> {
  if ((await unlessMissing(stat(dirname(path)))) === undefined) await makeDirectory(dirname(path));
  await createFile(path, content);
}

/** `old` is of our own making, `other` is not, `closed` can't be read by others. */
type FileState = 'missing' | 'same' | 'closed' | 'old' | 'other';

async function stateOf({ directory, ownMark }: FileSet, { path, content }: WantedFile): Promise<FileState> {
  const file = join(directory, path);
  const found = await unlessMissing(stat(file));
  if (found === undefined) return 'missing';
  if (!found.isFile()) return 'other';
  const own = await readFile(file);
  if (!own.equals(content)) return ownMark !== null && own.includes(ownMark) ? 'old' : 'other';
  return (found.mode & READ_BY_OTHERS) === 0 ? 'closed' : 'same';
}

function otherWhy({ files, source, directory }: FileSet, others: readonly WantedFile[]): string {
  const paths = others.slice(0, 3).map(({ path }) => join(directory, path));
  const which =
    files.length === 1
      ? 'it is another one'
      : `${others.length} are others (${paths.join(', ')}${others.length > paths.length ? ', …' : ''})`;
  return `${which} than the one of ${source}; left alone. Files of different versions don't work together: move it away and run this again to have it renewed`;
}
