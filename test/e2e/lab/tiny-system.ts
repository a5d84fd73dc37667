import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostProgram } from './host-program.ts';

const SOURCES = fileURLToPath(new URL('./tiny-system/', import.meta.url));
const BUSYBOX = '/bin/busybox';
const DROPBEAR = '/usr/sbin/dropbear';
const MODULES = ['virtio_pci', 'virtio_net'] as const;

/** What tiny boxes boot from their disks, the same for all of them. */
export interface TinySystem {
  kernel: string;
  initrd: string;
}

/**
 * Packs the system: busybox, dropbear and the modules of a network card, all in an initrd.
 *
 * @param from.root a directory that has the kernel's modules in lib/modules
 * @param from.authorizedKey who may log in as root
 */
export async function packTinySystem(
  from: { kernel: string; root: string; authorizedKey: string },
  directory: string,
): Promise<TinySystem> {
  const tree = join(directory, 'tree');
  for (const place of ['bin', 'sbin', 'dev', 'proc', 'sys', 'tmp', 'modules', 'etc/dropbear']) {
    await mkdir(join(tree, place), { recursive: true });
  }
  await mkdir(join(tree, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await writeFile(join(tree, 'root/.ssh/authorized_keys'), `${from.authorizedKey.trim()}\n`, { mode: 0o600 });
  await writeFile(join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(join(tree, 'etc/shells'), '/bin/sh\n');
  await copyFile(BUSYBOX, join(tree, 'bin/busybox'));
  for (const [name, place] of [
    ['init', 'init'],
    ['nohup', 'bin/nohup'],
  ] as const) {
    await copyFile(join(SOURCES, name), join(tree, place));
    await chmod(join(tree, place), 0o755);
  }
  for (const file of [DROPBEAR, ...(await librariesOf(DROPBEAR))]) {
    const place = file === DROPBEAR ? join(tree, 'sbin/dropbear') : join(tree, file);
    await mkdir(join(place, '..'), { recursive: true });
    await copyFile(file, place);
  }
  await copyModules(from.root, join(tree, 'modules'));
  const system = { kernel: join(directory, 'vmlinuz'), initrd: join(directory, 'tiny.img') };
  await copyFile(from.kernel, system.kernel);
  await packInitrd(tree, system.initrd);
  return system;
}

/** Packs a directory as an initrd. One may be appended to another. */
export async function packInitrd(tree: string, file: string): Promise<void> {
  const command = 'find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 | gzip -1 >"$1"';
  await hostProgram(['sh', '-c', command, 'pack', file], { cwd: tree });
}

async function librariesOf(program: string): Promise<string[]> {
  const listed = await hostProgram(['ldd', program]);
  return [...listed.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

async function copyModules(root: string, to: string): Promise<void> {
  const [version] = await readdir(join(root, 'lib/modules'));
  if (version === undefined) throw new Error(`no kernel modules in ${root}/lib/modules`);
  const where = ['--dirname', root, '--set-version', version, '--show-depends'];
  const order = new Set<string>();
  for (const module of MODULES) {
    const listed = await hostProgram(['modprobe', ...where, module]);
    for (const [, path = ''] of listed.matchAll(/^insmod (\S+)/gm)) {
      const name = basename(path).replace(/\.(?:xz|zst|gz)$/, '');
      if (order.has(name)) continue;
      order.add(name);
      await unpackTo(path, join(to, name));
    }
  }
  await writeFile(join(to, 'order'), `${[...order].join('\n')}\n`);
}

/** Debian packs modules from trixie on. */
async function unpackTo(path: string, to: string): Promise<void> {
  const [, packed] = /\.(xz|zst|gz)$/.exec(path) ?? [];
  if (packed === undefined) return copyFile(path, to);
  const programs: Record<string, string> = { xz: 'xz', zst: 'zstd', gz: 'gzip' };
  await hostProgram(['sh', '-c', '"$1" -dcq "$2" >"$3"', 'unpack', programs[packed] ?? packed, path, to]);
  if ((await readFile(to)).length === 0) throw new Error(`${path} could not be unpacked`);
}
