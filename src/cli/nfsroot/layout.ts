import { lstat, readdir, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AGENT_CONFIG_FILE, TEMPORARY_PREFIX } from '../../contract/share-layout.ts';
import { fileErrorCode } from '../../storage/file-error.ts';

/**
 * The export holds one complete root a build, `builds/000001`, and the initrd of a build says
 * which one is its root. So a box always finds the modules of the kernel it has loaded, boxes
 * that run from an earlier build go on, and the exported directory itself never changes: a
 * server that has it open, and file handles that boxes have, stay good.
 */
const BUILDS_DIRECTORY = 'builds';
/** Names the build whose kernel and initrd are in the TFTP area. */
const CURRENT_LINK = 'current';

/** Below a root. */
export const RELEASE_FILE = '/etc/testbox/release';
export const AUTHORIZED_KEYS_FILE = '/root/.ssh/authorized_keys';
export const NODE_FILE = '/opt/testbox/node';
export const RELEASES_DIRECTORY = '/opt/testbox/releases';
export const CURRENT_RELEASE_LINK = '/opt/testbox/current';
export { AGENT_CONFIG_FILE };

/** One complete root. */
export interface Build {
  name: string;
  root: string;
}

export class NfsrootLayout {
  readonly nfsroot: string;

  constructor(nfsroot: string) {
    this.nfsroot = nfsroot;
  }

  get builds(): string {
    return join(this.nfsroot, BUILDS_DIRECTORY);
  }

  get currentLink(): string {
    return join(this.nfsroot, CURRENT_LINK);
  }

  /** Beside the export, for boxes need not read it. */
  get log(): string {
    return `${this.beside}-build.log`;
  }

  get lock(): string {
    return `${this.beside}-build.lock`;
  }

  /** Where a build is made: below the export, which may be a file system of its own. */
  partial(name: string): string {
    return join(this.builds, `${TEMPORARY_PREFIX}${name}`);
  }

  build(name: string): Build {
    return { name, root: join(this.builds, name) };
  }

  /** Complete ones, oldest first. */
  async listBuilds(): Promise<Build[]> {
    const names = await this.#namesInBuilds();
    return names
      .filter((name) => numberOf(name) !== undefined)
      .sort((one, other) => Number(one) - Number(other))
      .map((name) => this.build(name));
  }

  /** What builds that were cut short left behind. */
  async listPartial(): Promise<string[]> {
    const names = await this.#namesInBuilds();
    return names.filter((name) => name.startsWith(TEMPORARY_PREFIX)).map((name) => join(this.builds, name));
  }

  async nextName(): Promise<string> {
    const last = (await this.listBuilds()).at(-1);
    return String((last === undefined ? 0 : Number(last.name)) + 1).padStart(6, '0');
  }

  /** Null when nothing is in place. */
  async currentBuild(): Promise<Build | null> {
    try {
      const build = this.build(basename(await readlink(this.currentLink)));
      return (await lstat(build.root)).isDirectory() ? build : null;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return null;
      throw error;
    }
  }

  /** What `current` says. */
  linkTo(build: Build): string {
    return join(BUILDS_DIRECTORY, build.name);
  }

  get beside(): string {
    return join(dirname(this.nfsroot), basename(this.nfsroot));
  }

  async #namesInBuilds(): Promise<string[]> {
    try {
      return await readdir(this.builds);
    } catch (error) {
      if (fileErrorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }
}

function numberOf(name: string): number | undefined {
  return /^[0-9]{6,}$/.test(name) ? Number(name) : undefined;
}
