import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, replaceFile } from '../../storage/durable-file.ts';
import { unlessMissing } from '../../storage/file-error.ts';
import { type Configuration, commandOf, isOwnWriting } from './render/lines.ts';
import type { Outcome } from './wanted.ts';

const OUT_OF_DATE = 'it is out of date: `testbox storage init` renews it';

/** Renews a file that this program wrote; beside one that somebody edited, the new text is put. */
export async function putConfiguration(
  { directory, configuration }: { directory: string; configuration: Configuration },
  check: boolean,
): Promise<Outcome> {
  const path = join(directory, configuration.name);
  const found = await unlessMissing(readFile(path, 'utf8'));
  if (found === configuration.text) return { status: 'ok', what: path };
  if (found === undefined) {
    if (check) return { status: 'missing', what: path };
    await createFile(path, configuration.text);
    return { status: 'created', what: path };
  }
  if (!isOwnWriting(found)) return beside(path, configuration, check);
  const before = commandOf(found);
  const isOfOtherOptions = before !== undefined && before !== commandOf(configuration.text);
  const why = isOfOtherOptions ? `it was made with other options: \`${before}\`` : undefined;
  if (check) return { status: 'differs', what: path, why: why ?? OUT_OF_DATE };
  await replaceFile(path, configuration.text);
  return { status: 'updated', what: path, ...(why === undefined ? {} : { why }) };
}

async function beside(path: string, { text }: Configuration, check: boolean): Promise<Outcome> {
  const next = `${path}.new`;
  const edited = 'somebody edited it, so it was left alone';
  const found = await unlessMissing(readFile(next, 'utf8'));
  if (found !== undefined && !isOwnWriting(found)) {
    return { status: 'differs', what: path, why: `${edited}, and so was ${next}` };
  }
  if (check) return { status: 'differs', what: path, why: edited };
  if (found !== text) await replaceFile(next, text);
  return { status: 'differs', what: path, why: `${edited}; what it would say now is in ${next}` };
}
