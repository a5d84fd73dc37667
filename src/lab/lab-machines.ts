import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertNever } from '../contract/assert-never.ts';
import { BOX_LOG, GLOBAL_LOG } from '../contract/share-layout.ts';
import { addDisk, replaceDisk } from './change-disks.ts';
import { breakDisk, hashDisk, scribbleOn } from './disk-faults.ts';
import { type ScriptMachines, ScriptStepError } from './script/ports.ts';
import type { BoxStep } from './script/step.ts';
import { throttle, type VirtualTestbox } from './virtual-testbox.ts';

/** Writes a boot config without a job, as an administrator of the share would. */
export type WriteBootConfig = (box: string, action: string) => Promise<void>;

/** The lab's boxes as a script's machines. */
export function labMachines(
  boxes: readonly VirtualTestbox[],
  writeBootConfig: WriteBootConfig,
): ScriptMachines {
  const screens = new Map(boxes.map((box) => [box.settings.name, recordScreen(box)]));
  const named = (name: string) => {
    const box = boxes.find(({ settings }) => settings.name === name);
    if (box === undefined) throw new ScriptStepError(`the lab has no box called ${name}`);
    return box;
  };
  return {
    names: () => boxes.map(({ settings }) => settings.name),
    act: (step) => act(named(step.box), step, writeBootConfig),
    hash: async (name, disk) => hashDisk(diskOf(named(name), disk).file),
    screen: (name) => screens.get(name) ?? [],
    log: (name) => readLogs(named(name)),
  };
}

async function act(box: VirtualTestbox, step: BoxStep, writeBootConfig: WriteBootConfig): Promise<void> {
  const { settings } = box;
  switch (step.kind) {
    case 'scribble':
      return scribbleOn(diskOf(box, step.disk).file);
    case 'break':
      await box.powerCut();
      for (const disk of settings.disks.slice(0, 1)) await breakDisk(disk.file);
      return switchOn(box);
    case 'throttle':
      return throttle(box, step.bytesPerSecond);
    case 'power-cut':
      return box.powerCut();
    case 'power-on':
      return switchOn(box);
    case 'boot-order':
      settings.bootOrder = step.order;
      return;
    case 'add-disk':
      await box.powerCut();
      await addDisk(settings, { kernelName: step.disk, sizeBytes: step.sizeBytes });
      return switchOn(box);
    case 'replace-disk':
      await box.powerCut();
      await replaceDisk(settings, diskOf(box, step.disk), step.sizeBytes);
      return switchOn(box);
    case 'ssh-down':
      return box.stopSsh();
    case 'agent':
      settings.agent = { ...settings.agent, allowJobless: step.acts === 'jobless' };
      return;
    case 'pxe':
      return writeBootConfig(step.box, step.action);
    default:
      return assertNever(step);
  }
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

function recordScreen(box: VirtualTestbox): readonly string[] {
  const lines: string[] = [];
  box.on('console', (line) => lines.push(line));
  box.on('agent', (line) => lines.push(line));
  return lines;
}

async function readLogs({ settings }: VirtualTestbox): Promise<string> {
  const { backupRoot, address } = settings;
  const paths = [join(backupRoot, GLOBAL_LOG), join(backupRoot, address, BOX_LOG)];
  // Neither is there before somebody has something to say.
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes(`: ${address}: `))
    .join('\n');
}
