import { readFile, stat } from 'node:fs/promises';
import { createFile } from '../../storage/durable-file.ts';
import { unlessMissing } from '../../storage/file-error.ts';
import type { Outcome } from './wanted.ts';

const READ_BY_OTHERS = 0o004;

/** Puts a text that is missing; one that says something else stays, and what it says is told. */
export async function putText(
  { path, text }: { path: string; text: string },
  check: boolean,
): Promise<Outcome> {
  const found = await unlessMissing(readFile(path, 'utf8'));
  if (found === text) return openness(path);
  if (found !== undefined)
    return { status: 'differs', what: path, why: `${difference(found, text)}; left alone` };
  if (check) return { status: 'missing', what: path };
  const isNew = await createFile(path, text);
  return isNew ? { status: 'created', what: path } : putText({ path, text }, true);
}

/** Boxes get what everybody may read. */
async function openness(path: string): Promise<Outcome> {
  const { mode } = await stat(path);
  if ((mode & READ_BY_OTHERS) !== 0) return { status: 'ok', what: path };
  return {
    status: 'differs',
    what: path,
    why: `the TFTP server can't read it: \`chmod a+r ${path}\` lets it`,
  };
}

/** The first line that is another one, as a person looks for it. */
function difference(found: string, wanted: string): string {
  const [own, ours] = [found.split('\n'), wanted.split('\n')];
  const index = ours.findIndex((line, at) => own[at] !== line);
  const at = index < 0 ? ours.length : index;
  const says = (line: string | undefined) =>
    line === undefined || line === '' ? 'nothing' : `"${line.slice(0, 60)}"`;
  return `line ${at + 1} says ${says(own[at])} where ${says(ours[at])} was expected`;
}

/** Puts an empty file, where there is none yet. */
export async function putMarker({ path }: { path: string }, check: boolean): Promise<Outcome> {
  if ((await unlessMissing(stat(path))) !== undefined) return { status: 'ok', what: path };
  if (check) return { status: 'missing', what: path };
  await createFile(path, '');
  return { status: 'created', what: path };
}
