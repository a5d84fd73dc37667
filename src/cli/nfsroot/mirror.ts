import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode } from '../../storage/file-error.ts';
import { type AptSource, parseSourcesList, parseSourcesStanzas } from './apt-sources.ts';
import { NfsrootProblem } from './problem.ts';
import type { Suite } from './release.ts';

const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
] as const;
/** Of releases whose machines build nfsroots, and those that come. */
const SUITES = /^(?:bullseye|bookworm|trixie|forky|duke|sid|(?:old|oldold)?stable|testing|unstable)$/;
const NEEDED_COMPONENT = 'main';

/** Where packages come from. */
export interface Mirror {
  uri: string;
  /** Of Debian's security archive; null where the machine has none, or a mirror was named. */
  securityUri: string | null;
}

/**
 * The mirrors of Debian's archives that the machine is set up for.
 *
 * @param etcApt `/etc/apt`, but for tests
 * @throws {NfsrootProblem} when there is none
 */
export async function findMirror(etcApt = '/etc/apt'): Promise<Mirror> {
  const sources = await readSources(etcApt);
  const main = sources.filter(isDebian).filter(({ suite }) => SUITES.test(suite));
  const [best] = main.toSorted((one, other) => likeness(other, sources) - likeness(one, sources));
  if (best === undefined) {
    throw new NfsrootProblem(
      `${etcApt} names no mirror of Debian's archive: name one, such as --mirror http://deb.debian.org/debian`,
    );
  }
  const security = sources
    .filter(isDebian)
    .find(({ suite, uri }) => /[a-z]-security$/.test(suite) && uri !== best.uri);
  return {
    uri: await resolveList(best.uri),
    securityUri: security === undefined ? null : await resolveList(security.uri),
  };
}

/** Lines of a sources.list for mmdebstrap. */
export function sourcesFor(
  mirror: Mirror,
  wish: { suite: Suite; components: readonly string[]; keyring: string },
): string[] {
  const line = (uri: string, suite: string) =>
    `deb [signed-by=${wish.keyring}] ${uri} ${suite} ${wish.components.join(' ')}`;
  const security = mirror.securityUri === null ? [] : [line(mirror.securityUri, `${wish.suite}-security`)];
  return [line(mirror.uri, wish.suite), ...security];
}

/** Debian's own keys, or undefined when their package isn't installed. */
export async function findKeyring(): Promise<string | undefined> {
  const names = new Set(await namesIn('/usr/share/keyrings'));
  return KEYRINGS.find((keyring) => names.has(keyring.split('/').at(-1) ?? ''));
}

async function readSources(etcApt: string): Promise<AptSource[]> {
  const parts = join(etcApt, 'sources.list.d');
  const paths = [
    join(etcApt, 'sources.list'),
    ...(await namesIn(parts)).sort().map((name) => join(parts, name)),
  ];
  const sources: AptSource[] = [];
  for (const path of paths) {
    if (path.endsWith('.list')) sources.push(...parseSourcesList(await readText(path)));
    if (path.endsWith('.sources')) sources.push(...parseSourcesStanzas(await readText(path)));
  }
  return sources;
}

/** Others publish for Debian's suites too, below addresses that look the same; their keys don't. */
function isDebian({ uri, components, signedBy }: AptSource): boolean {
  const isOwnKey = signedBy === null || /debian-archive/.test(signedBy);
  return isOwnKey && components.includes(NEEDED_COMPONENT) && !uri.startsWith('cdrom:');
}

function likeness(source: AptSource, all: readonly AptSource[]): number {
  const hasUpdates = all.some(({ uri, suite }) => uri === source.uri && suite.endsWith('-updates'));
  const marks = [
    source.signedBy !== null,
    /^[a-z+]+:\/\/(?:[^/]*\.)?debian\.org\//.test(source.uri),
    hasUpdates,
    /\/debian\/?$/.test(source.uri),
  ];
  return marks.filter((mark) => mark).length;
}

/** `mirror+file:` names a file with mirrors in it, as cloud images have it. */
async function resolveList(uri: string): Promise<string> {
  if (!uri.startsWith('mirror+file:')) return uri;
  const path = uri.replace(/^mirror\+file:\/*/, '/');
  const [first] = (await readText(path)).split('\n').filter((line) => /^\s*[a-z]+:\/\//.test(line));
  const mirror = first?.trim().split(/\s/, 1)[0];
  if (mirror !== undefined) return mirror;
  throw new NfsrootProblem(
    `${path} names no mirror: name one, such as --mirror http://deb.debian.org/debian`,
  );
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
