import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BOX_LOG, GLOBAL_LOG } from '../../../src/contract/share-layout.ts';
import { hashDisk } from '../../../src/lab/disk-faults.ts';
import {
  type ScriptMachines,
  type ScriptPeople,
  ScriptStepError,
  type ScriptWorld,
} from '../../../src/lab/script/ports.ts';
import type { BoxStep } from '../../../src/lab/script/step.ts';
import { readNewestJob } from './job-reader.ts';
import { PATIENCE } from './patience.ts';
import type { QemuBox } from './qemu-box.ts';
import type { ServedBot } from './served-bot.ts';
import type { ServerDirectories } from './server.ts';

/** The lab as the world of a script: the scripts of the demo play in it, as far as metal can do that. */
export function qemuWorld({
  people,
  boxes,
  bot,
  directories,
  print,
}: {
  people: ScriptPeople;
  boxes: readonly QemuBox[];
  bot: ServedBot;
  directories: ServerDirectories;
  print: (line: string) => void;
}): ScriptWorld {
  const named = (name: string) => {
    const box = boxes.find(({ model }) => model.name === name);
    if (box === undefined) throw new ScriptStepError(`the lab has no box called ${name}`);
    return box;
  };
  const machines: ScriptMachines = {
    names: () => boxes.map(({ model }) => model.name),
    act: (step) => act(named(step.box), step),
    hash: (name, disk) => hashDisk(named(name).disk(disk).file),
    screen: (name) => named(name).serial.lines,
    log: (name) => readLogs(directories.backup, named(name).model.address),
  };
  return {
    people,
    machines,
    bot: {
      newestJob: async (box) =>
        readNewestJob(join(directories.state, 'testbox.sqlite'), named(box).model.address),
      kill: () => bot.kill(),
      down: () => bot.down(),
      up: () => bot.start(),
      limitRunning: async (jobs) => {
        await bot.down();
        await bot.start({ TESTBOX_MAX_RUNNING: String(jobs) });
      },
      advanceClock: () => Promise.reject(new ScriptStepError('time is real in this lab')),
    },
    // A script's limits are for a machine that does nothing else.
    clock: { now: () => Date.now() / PATIENCE, sleep: (ms) => sleep(ms) },
    print,
  };
}

async function act(box: QemuBox, step: BoxStep): Promise<void> {
  switch (step.kind) {
    case 'scribble':
      return box.dirty(step.disk);
    case 'break':
      await box.breakDown();
      return switchOn(box);
    case 'throttle':
      return box.throttle(step.bytesPerSecond);
    case 'power-cut':
      return box.powerCut();
    case 'power-on':
      return switchOn(box);
    default:
      throw new ScriptStepError(`${step.kind} is not for boxes in QEMU`);
  }
}

/** What a script does next finds the box up, or in front of the screen that says why not. */
async function switchOn(box: QemuBox): Promise<void> {
  const from = box.serial.length;
  await box.powerOn();
  await box.settled(from);
}

async function readLogs(backupRoot: string, address: string): Promise<string> {
  const paths = [join(backupRoot, GLOBAL_LOG), join(backupRoot, address, BOX_LOG)];
  // Neither is there before somebody has something to say.
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes(`: ${address}: `))
    .join('\n');
}
