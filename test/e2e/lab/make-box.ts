import { join } from 'node:path';
import type { BoxDisk, BoxModel } from './box-model.ts';
import type { LabBox } from './boxes.ts';
import { makeTinyDisk } from './tiny-disk.ts';
import type { TinySystem } from './tiny-system.ts';

const MEBIBYTE = 1024 * 1024;

/** What a lab's boxes differ in from the usual ones. */
export interface BoxWish {
  /** Makes the first disk of a box, where it is not the usual one. */
  makeDisk?: (file: string, box: LabBox) => Promise<void>;
  /** Further words of QEMU's command line for a box. */
  machineArguments?: (box: LabBox) => readonly string[];
}

/** Puts a box together, with the tiny system on each of its disks. */
export async function makeBox(
  box: LabBox,
  { wish, tinySystem, scratch }: { wish: BoxWish; tinySystem: TinySystem; scratch: string },
): Promise<BoxModel> {
  const disks: BoxDisk[] = [];
  for (const [index, serial] of box.serials.entries()) {
    const name = `sd${String.fromCharCode('a'.charCodeAt(0) + index)}`;
    const file = join(scratch, `${box.name}-${name}.raw`);
    if (index === 0 && wish.makeDisk !== undefined) await wish.makeDisk(file, box);
    else await makeTinyDisk(file, tinySystem, installationOf(box));
    disks.push({ name, file, serial });
  }
  const { name, address, mac, uuid } = box;
  return { name, address, mac, uuid, disks, machineArguments: wish.machineArguments?.(box) ?? [] };
}

function installationOf({ name, address }: LabBox) {
  return { name, address, edition: 'as-installed', sizeBytes: 256 * MEBIBYTE, dataBytes: 64 * MEBIBYTE };
}
