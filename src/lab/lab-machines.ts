import { saveBoxRecord } from './create-box.ts';
import { breakDisk, hashDisk, replaceWithEmpty, scribbleOn } from './disk-faults.ts';
import { type ScriptMachines, ScriptStepError } from './script/ports.ts';
import { throttle, type VirtualTestbox } from './virtual-testbox.ts';

/** The lab's boxes as a script's machines. */
export function labMachines(boxes: readonly VirtualTestbox[]): ScriptMachines {
  const named = (name: string) => {
    const box = boxes.find(({ settings }) => settings.name === name);
    if (box === undefined) throw new ScriptStepError(`the lab has no box called ${name}`);
    return box;
  };
  return {
    knows: (name) => boxes.some(({ settings }) => settings.name === name),
    hash: async (name, disk) => hashDisk(diskOf(named(name), disk).file),
    scribble: async (name, disk) => scribbleOn(diskOf(named(name), disk).file),
    break: async (name) => {
      const box = named(name);
      await box.powerCut();
      for (const disk of box.settings.disks.slice(0, 1)) await breakDisk(disk.file);
      await switchOn(box);
    },
    throttle: async (name, bytesPerSecond) => throttle(named(name), bytesPerSecond),
    powerCut: async (name) => named(name).powerCut(),
    powerOn: async (name) => switchOn(named(name)),
    replaceDisk: async (name, disk, sizeBytes) => {
      const box = named(name);
      const old = diskOf(box, disk);
      await box.powerCut();
      await replaceWithEmpty(old.file, sizeBytes);
      old.serial = nextSerial(old.serial);
      await saveBoxRecord(box.settings);
      await switchOn(box);
    },
    sshDown: async (name) => named(name).stopSsh(),
  };
}

/** What a script does next finds the box up, or in front of the screen that says why not. */
async function switchOn(box: VirtualTestbox): Promise<void> {
  await box.powerOn();
  await box.settled();
}

function diskOf(box: VirtualTestbox, name: string) {
  const disk = box.settings.disks.find(({ kernelName }) => kernelName === name);
  if (disk === undefined) throw new ScriptStepError(`${box.settings.name} has no disk ${name}`);
  return disk;
}

/** `LAB-PLUTO-1` → `LAB-PLUTO-2`: another disk is another serial number. */
function nextSerial(serial: string): string {
  return serial.replace(/\d+$/, (number) => String(Number(number) + 1));
}
