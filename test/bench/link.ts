import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const LIMITS = '/sys/fs/cgroup/blkio';
const MEGABYTE = 1e6;

/**
 * A place for images behind a link of a certain rate: a file system on a loop device that the
 * kernel lets no more through, each way. It costs no more than a disk does; what a network's
 * protocols cost beside their bytes is not in it.
 */
export class CappedLink {
  readonly folder: string;
  readonly #device: string;
  readonly #file: string;

  private constructor(folder: string, device: string, file: string) {
    this.folder = folder;
    this.#device = device;
    this.#file = file;
  }

  /** Why there can be none on this machine, or null. */
  static obstacle(): string | null {
    if (process.getuid?.() !== 0) return 'only root can cap a link';
    if (!existsSync(limitFile('read'))) return 'the kernel has no blkio control group to cap a link with';
    const missing = ['losetup', 'mke2fs', 'mount', 'umount'].filter(
      (program) => spawnSync('/bin/sh', ['-c', `command -v ${program}`]).status !== 0,
    );
    return missing.length === 0 ? null : `${missing.join(', ')} not installed`;
  }

  /** @param sizeBytes that images may take there */
  static async make(workplace: string, megabytesPerSecond: number, sizeBytes: number): Promise<CappedLink> {
    const file = join(workplace, 'link.disk');
    const folder = join(workplace, 'link');
    await writeFile(file, '');
    await truncate(file, Math.round(sizeBytes * 1.1) + 64 * MEGABYTE);
    run('mke2fs', '-q', '-F', '-t', 'ext4', '-m', '0', '-O', '^has_journal', file);
    await mkdir(folder, { recursive: true });
    const link = new CappedLink(folder, run('losetup', '--show', '--find', file), file);
    run('mount', link.#device, folder);
    await link.#limit(megabytesPerSecond * MEGABYTE);
    return link;
  }

  /** What is read next comes over the link, not from memory. */
  forget(): void {
    run('umount', this.folder);
    run('mount', this.#device, this.folder);
  }

  async remove(): Promise<void> {
    await this.#limit(0);
    run('umount', this.folder);
    run('losetup', '--detach', this.#device);
    await rm(this.#file, { force: true });
  }

  async #limit(bytesPerSecond: number): Promise<void> {
    const numbers = await readFile(`/sys/class/block/${basename(this.#device)}/dev`, 'utf8');
    for (const way of ['read', 'write'] as const) {
      writeFileSync(limitFile(way), `${numbers.trim()} ${bytesPerSecond}`);
    }
  }
}

function limitFile(way: 'read' | 'write'): string {
  return join(LIMITS, `blkio.throttle.${way}_bps_device`);
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr.trim()}`);
  return stdout.trim();
}
