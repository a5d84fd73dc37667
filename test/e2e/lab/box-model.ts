/** A disk of a box in QEMU. */
export interface BoxDisk {
  /** As the box's kernel calls it: `sda`. */
  name: string;
  /** A raw image, outside. */
  file: string;
  /** What the disk says of itself; null for one that doesn't. */
  serial: string | null;
}

/** What a box is made of. */
export interface BoxModel {
  name: string;
  address: string;
  mac: string;
  uuid: string;
  disks: readonly BoxDisk[];
  /** Further words of QEMU's command line, such as another firmware's. */
  machineArguments: readonly string[];
}

/** `-accel`: a /dev/kvm that opens may still be emulated, and is then slower than TCG. */
export function accelerator(cpuInfo: string): 'kvm' | 'tcg' {
  return /^flags\b.*\b(?:svm|vmx)\b/m.test(cpuInfo) ? 'kvm' : 'tcg';
}

const MEMORY_MIB = 1024;

/** QEMU's command line for the box. Network first, then disk: LOCALBOOT falls through to the disk. */
export function qemuCommandLine(
  box: BoxModel,
  {
    tap,
    qmpSocket,
    serialFile,
    accel,
  }: { tap: string; qmpSocket: string; serialFile: string; accel: 'kvm' | 'tcg' },
): [string, ...string[]] {
  return [
    'qemu-system-x86_64',
    ...['-name', box.name, '-uuid', box.uuid],
    ...['-machine', 'pc,graphics=off', '-accel', accel, '-smp', '1', '-m', String(MEMORY_MIB)],
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    // A pipe whose reader is late loses letters; a file doesn't.
    ...['-chardev', `file,id=com1,path=${serialFile},append=on`, '-serial', 'chardev:com1'],
    ...['-qmp', `unix:${qmpSocket},server=on,wait=off`],
    ...['-boot', 'order=nc'],
    ...['-netdev', `tap,id=lan,ifname=${tap},script=no,downscript=no`],
    ...['-device', `virtio-net-pci,netdev=lan,mac=${box.mac}`],
    ...['-device', 'virtio-scsi-pci,id=scsi'],
    ...box.disks.flatMap(({ name, file, serial }) => [
      ...['-drive', `if=none,id=${name},file=${file},format=raw,cache=unsafe`],
      ...['-device', `scsi-hd,bus=scsi.0,drive=${name}${serial === null ? '' : `,serial=${serial}`}`],
    ]),
    ...box.machineArguments,
  ];
}
