import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../../src/contract/address.ts';
import { BACKUP_MARKER, boxDirectory } from '../../src/contract/share-layout.ts';
import { Failure } from '../failure.ts';
import type { BackupShare } from '../machine.ts';
import { type FstabEntry, findFstabEntry, findMount } from './fstab.ts';
import { mountFailure, notExported, storage } from './mount-failure.ts';
import { runProgram, saidBy } from './run-program.ts';

export interface SharePlaces {
  proc: string;
  fstab: string;
  tftpRoot: string;
  backupRoot: string;
  /** Where programs are looked for, as in PATH. */
  path: string;
  /** Of one try to mount. */
  mountMs: number;
}

/** Types whose source in mountinfo is the one that was asked for. */
const NETWORK_TYPES: ReadonlySet<string> = new Set(['nfs', 'nfs4']);

/**
 * The storage shares, mounted as `/etc/fstab` says and only where they aren't yet. Whatever
 * touches the server here runs in a process of its own with a deadline.
 */
export class LinuxShares {
  readonly #places: SharePlaces;
  readonly #address: TestboxAddress;

  constructor(places: SharePlaces, address: TestboxAddress) {
    this.#places = places;
    this.#address = address;
  }

  /** One try. @throws Failure of class storage */
  async mountBackup(prefer: BackupShare['kind']): Promise<BackupShare> {
    const { backupRoot: root } = this.#places;
    const whole = await this.#entry(root);
    const mine = boxDirectory(this.#address);
    const own: FstabEntry = {
      ...whole,
      source: `${whole.source}/${mine}`,
      mountPoint: join(root, mine),
    };
    if (await this.#isMounted(own)) return { kind: 'own', root };
    if (await this.#isMounted(whole)) {
      await this.#requireWholeMarker(whole);
      return { kind: 'whole', root };
    }
    const tries =
      prefer === 'own'
        ? [() => this.#own(own), () => this.#whole(whole)]
        : [() => this.#whole(whole), () => this.#own(own)];
    let refused: Failure | undefined;
    for (const attempt of tries) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'share-not-exported') throw error;
        // What is said is about the first that was looked for: it is the one that should be there.
        refused ??= error;
      }
    }
    throw refused ?? storage('share-not-exported', `${whole.source} is not exported to ${this.#address}`);
  }

  /** One try. @throws Failure of class storage */
  async mountTftp(): Promise<void> {
    const entry = await this.#entry(this.#places.tftpRoot);
    if (!(await this.#isMounted(entry))) await this.#mount(entry);
  }

  async #own(own: FstabEntry): Promise<BackupShare> {
    await this.#mount(own);
    return { kind: 'own', root: this.#places.backupRoot };
  }

  async #whole(whole: FstabEntry): Promise<BackupShare> {
    await this.#mount(whole);
    try {
      await this.#requireWholeMarker(whole);
    } catch (error) {
      await this.#run('umount', [whole.mountPoint]);
      throw error;
    }
    return { kind: 'whole', root: this.#places.backupRoot };
  }

  /** NFS 4 lets a client mount the way to an export too: an empty directory without the marker. */
  async #requireWholeMarker({ source, mountPoint }: FstabEntry): Promise<void> {
    const looked = await this.#run('stat', ['--format=%n', join(mountPoint, BACKUP_MARKER)]);
    if (looked.kind === 'ended' && looked.status === 0) return;
    if (looked.kind === 'late') {
      throw storage(
        'share-away',
        `${source} is mounted, but the storage server does not answer for it: ${saidBy(looked, 'stat')}`,
      );
    }
    throw notExported(
      source,
      this.#address,
      `it can be mounted, but there is no file "${BACKUP_MARKER}" in it`,
    );
  }

  async #entry(mountPoint: string): Promise<FstabEntry> {
    const { fstab } = this.#places;
    const entry = findFstabEntry(await readFile(fstab, 'utf8').catch(() => ''), mountPoint);
    if (entry !== undefined) return entry;
    throw storage(
      'share-not-configured',
      `${fstab} of the maintenance system has no line for ${mountPoint}: build it again with "testbox nfsroot build"`,
    );
  }

  async #isMounted({ source, mountPoint }: FstabEntry): Promise<boolean> {
    const mountinfo = await readFile(join(this.#places.proc, 'self/mountinfo'), 'utf8');
    const mount = findMount(mountinfo, mountPoint);
    if (mount === undefined) return false;
    if (!NETWORK_TYPES.has(mount.type) || mount.source === source) return true;
    throw storage(
      'share-wrong-mount',
      `${mount.source} is mounted at ${mountPoint}, where ${source} belongs: unmount it`,
    );
  }

  async #mount(entry: FstabEntry): Promise<void> {
    await mkdir(entry.mountPoint, { recursive: true });
    // The program's own repetitions take minutes and say nothing meanwhile.
    const network = NETWORK_TYPES.has(entry.type);
    const options = network
      ? [...entry.options.filter((word) => !word.startsWith('retry=')), 'retry=0']
      : entry.options;
    const args = ['-t', entry.type, ...(options.length === 0 ? [] : ['-o', options.join(',')])];
    const outcome = await this.#run('mount', [...args, entry.source, entry.mountPoint]);
    if (outcome.kind === 'ended' && outcome.status === 0) return;
    throw mountFailure(entry, outcome, this.#address);
  }

  async #run(program: string, args: readonly string[]) {
    const { mountMs: deadlineMs, path } = this.#places;
    return await runProgram(program, args, { deadlineMs, path });
  }
}
