import { readFile } from 'node:fs/promises';
import { unlessMissing } from '../../storage/file-error.ts';
import { isWithin, type NamedDirectory, resolveLinks } from './directories.ts';

/**
 * Directories that /etc/fstab has on a file system of their own which isn't mounted. The marker
 * would end up on the bare directory below it, and from then on prove a mount that isn't there.
 */
export async function unmounted(
  directories: readonly NamedDirectory[],
  files: { fstab: string; mounts: string } = { fstab: '/etc/fstab', mounts: '/proc/self/mounts' },
): Promise<string[]> {
  const planned = mountPoints(await textOf(files.fstab)).filter((point) => point !== '/');
  const mounted = new Set(mountPoints(await textOf(files.mounts)));
  const problems: string[] = [];
  for (const { name, path } of directories) {
    const real = await resolveLinks(path);
    const point = planned.find((candidate) => isWithin(real, candidate) && !mounted.has(candidate));
    if (point === undefined) continue;
    problems.push(
      `${name} (${path}) is on ${point}, which is in ${files.fstab} and isn't mounted: \`mount ${point}\` first`,
    );
  }
  return problems;
}

async function textOf(file: string): Promise<string> {
  return (await unlessMissing(readFile(file, 'utf8'))) ?? '';
}

/** The second word of each line; spaces in it are written as octal numbers. */
function mountPoints(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => line.split(/\s+/).slice(1, 2))
    .filter((point) => point.startsWith('/'))
    .map((point) => unescaped(point).replace(/(?<=.)\/+$/, ''));
}

function unescaped(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
