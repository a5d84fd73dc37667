import { access, statfs } from 'node:fs/promises';

/** What the lab needs beyond a plain Debian, and the package that has it. */
const NEEDED: readonly { path: string; debian: string }[] = [
  { path: '/usr/bin/qemu-system-x86_64', debian: 'qemu-system-x86' },
  { path: '/usr/lib/ipxe/qemu/efi-virtio.rom', debian: 'ipxe-qemu' },
  { path: '/usr/share/seabios/bios-256k.bin', debian: 'seabios' },
  { path: '/usr/lib/PXELINUX/pxelinux.0', debian: 'pxelinux' },
  { path: '/usr/bin/syslinux', debian: 'syslinux' },
  { path: '/usr/lib/syslinux/mbr/mbr.bin', debian: 'syslinux-common' },
  { path: '/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi', debian: 'syslinux-efi' },
  { path: '/usr/lib/grub/x86_64-efi', debian: 'grub-efi-amd64-bin' },
  { path: '/usr/bin/grub-mkimage', debian: 'grub-common' },
  { path: '/usr/share/OVMF/OVMF_CODE_4M.fd', debian: 'ovmf' },
  { path: '/usr/sbin/dnsmasq', debian: 'dnsmasq-base' },
  { path: '/usr/bin/ganesha.nfsd', debian: 'nfs-ganesha' },
  { path: '/usr/lib/x86_64-linux-gnu/ganesha/libfsalvfs.so', debian: 'nfs-ganesha-vfs' },
  { path: '/usr/bin/mmdebstrap', debian: 'mmdebstrap' },
  { path: '/usr/bin/mcopy', debian: 'mtools' },
  { path: '/usr/sbin/mkfs.vfat', debian: 'dosfstools' },
  { path: '/usr/sbin/sfdisk', debian: 'fdisk' },
  { path: '/usr/bin/cpio', debian: 'cpio' },
  { path: '/usr/bin/zstd', debian: 'zstd' },
  { path: '/usr/bin/xz', debian: 'xz-utils' },
  { path: '/usr/sbin/modprobe', debian: 'kmod' },
  { path: '/usr/sbin/ip', debian: 'iproute2' },
  { path: '/usr/sbin/dropbear', debian: 'dropbear-bin' },
  { path: '/bin/busybox', debian: 'busybox-static' },
  { path: '/usr/bin/ssh', debian: 'openssh-client' },
  { path: '/usr/bin/nsenter', debian: 'util-linux' },
];

/** File systems that nfs-ganesha can't export, by statfs's magic numbers. */
const UNEXPORTABLE: ReadonlyMap<number, string> = new Map([
  [0x794c7630, 'overlayfs'],
  [0x6969, 'NFS'],
]);

/**
 * Looks that the lab can be set up on this machine.
 *
 * @param directory where it is to be set up
 * @throws with every reason why not, and what helps
 */
export async function requireLab(directory: string): Promise<void> {
  const problems = [
    ...(await platformProblems()),
    ...(await missingPackages()),
    ...(await directoryProblems(directory)),
  ];
  if (problems.length > 0)
    throw new Error(`The PXE lab can't be set up on this machine:\n- ${problems.join('\n- ')}`);
}

async function platformProblems(): Promise<string[]> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return [`it needs Debian on x86-64, and this is ${process.platform} on ${process.arch}`];
  }
  const isRoot = process.getuid?.() === 0;
  const hasTun = await isThere('/dev/net/tun');
  return [
    ...(isRoot
      ? []
      : ['run it as root: it makes network namespaces, exports NFS shares and builds a system']),
    ...(hasTun ? [] : ['there is no /dev/net/tun: `modprobe tun`, or give the container that device']),
  ];
}

async function missingPackages(): Promise<string[]> {
  const missing: string[] = [];
  for (const { path, debian } of NEEDED) if (!(await isThere(path))) missing.push(debian);
  if (missing.length === 0) return [];
  const names = [...new Set(missing)].join(' ');
  return [`Debian packages are missing: \`apt-get install --no-install-recommends ${names}\``];
}

async function directoryProblems(directory: string): Promise<string[]> {
  const { type } = await statfs(directory);
  const name = UNEXPORTABLE.get(type);
  if (name === undefined) return [];
  return [
    `${directory} is on ${name}, which can't be exported by NFS: name a directory on ext4 or xfs in TESTBOX_PXE_DIRECTORY`,
  ];
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
