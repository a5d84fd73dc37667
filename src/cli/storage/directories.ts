import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

/** A directory, and what it is to people. */
export interface NamedDirectory {
  name: string;
  path: string;
}

/** Four daemons read these paths, and each of them quotes in its own way. */
const PLAIN = /^\/[A-Za-z0-9._+@/-]*$/;

/** Whoever serves one of these serves the machine itself. */
const OF_THE_SYSTEM: ReadonlySet<string> = new Set(
  ['', 'bin', 'boot', 'dev', 'etc', 'export', 'home', 'lib', 'media', 'mnt', 'opt', 'proc', 'root', 'run']
    .concat(['sbin', 'srv', 'sys', 'tmp', 'usr', 'var', 'var/lib'])
    .map((name) => `/${name}`),
);

/** Why a set of directories can't be what they are meant to be together, as sentences. */
export async function directoryProblems(directories: readonly NamedDirectory[]): Promise<string[]> {
  const odd = directories
    .filter(({ path }) => !PLAIN.test(path))
    .map(
      ({ name, path }) =>
        `${name} is ${JSON.stringify(path)}: choose a path of letters, digits and . _ - + @ alone, as all daemons read it`,
    );
  const real = await Promise.all(
    directories.map(async ({ name, path }) => ({ name, path, real: await resolveLinks(path) })),
  );
  const nested = real.flatMap((inner) =>
    real
      .filter((outer) => outer !== inner && isWithin(inner.real, outer.real))
      .filter((outer) => inner.real !== outer.real || real.indexOf(outer) < real.indexOf(inner))
      .map(
        (outer) =>
          `${inner.name} (${inner.path}) ${inner.real === outer.real ? 'is the same directory as' : 'lies inside'} ${outer.name} (${outer.path}): what may be done to the one would be done to the other, so give it a place of its own`,
      ),
  );
  const ofSystem = real
    .filter((directory) => OF_THE_SYSTEM.has(directory.real))
    .map(
      ({ name, path }) =>
        `${name} is ${path}, which has other things in it: name a directory that is for this alone, such as /srv/testbox`,
    );
  return [...odd, ...ofSystem, ...nested];
}

/** The directory itself, or one below it. */
export function isWithin(inner: string, outer: string): boolean {
  const prefix = outer.endsWith(sep) ? outer : `${outer}${sep}`;
  return inner === outer || inner.startsWith(prefix);
}

/** As `realpath`, for a path whose last parts may not be there yet, or not be for this user. */
export async function resolveLinks(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const above = dirname(path);
  return above === path ? path : join(await resolveLinks(above), basename(path));
}
