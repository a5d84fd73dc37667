import { join } from 'node:path';
import type { BoxDisk, BoxSettings } from './box-settings.ts';
import { saveBoxRecord } from './create-box.ts';
import { writeDataDisk } from './data-disk.ts';
import { replaceWithEmpty } from './disk-faults.ts';
import { ScriptStepError } from './script/ports.ts';

/** Puts a disk with data on it into a box that is switched off. */
export async function addDisk(
  box: BoxSettings,
  { kernelName, sizeBytes }: { kernelName: string; sizeBytes: number },
): Promise<void> {
  if (!/^[a-z0-9]+$/.test(kernelName)) throw new ScriptStepError(`${kernelName} is no name of a disk`);
  if (box.disks.some((disk) => disk.kernelName === kernelName))
    throw new ScriptStepError(`${box.name} has a disk ${kernelName} already`);
  const file = join(box.directory, `${kernelName}.raw`);
  const serial = `LAB-${box.name.toUpperCase()}-${kernelName.toUpperCase()}-1`;
  await writeDataDisk(file, sizeBytes, box.disks.length);
  box.disks.push({ kernelName, serial, file });
  await saveBoxRecord(box);
}

/** Puts an empty disk in the place of one of a box that is switched off. */
export async function replaceDisk(box: BoxSettings, old: BoxDisk, sizeBytes: number): Promise<void> {
  await replaceWithEmpty(old.file, sizeBytes);
  old.serial = nextSerial(old.serial);
  await saveBoxRecord(box);
}

/** `LAB-PLUTO-1` → `LAB-PLUTO-2`: another disk is another serial number. */
function nextSerial(serial: string): string {
  return serial.replace(/\d+$/, (number) => String(Number(number) + 1));
}
