import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlainLog } from '../../../src/chat/console/plain-log.ts';
import { type ConsoleChat, openConsoleChat } from '../../../src/cli/demo/console-chat.ts';
import { ScriptPlayer } from '../../../src/lab/script/player.ts';
import type { BoxModel } from './box-model.ts';
import type { LabBox } from './boxes.ts';
import type { Enclosure, Finished } from './enclosure.ts';
import { LineLog } from './line-log.ts';
import { QemuBox } from './qemu-box.ts';
import { ServedBot } from './served-bot.ts';
import { openServer, type ServerDirectories, testboxCommand } from './server.ts';
import { BRIDGE, PLACES } from './settings.ts';
import { copyMaintenanceSystem, type Site } from './site.ts';
import { NfsServer, startDnsmasq } from './storage-daemons.ts';
import { makeTinyDisk } from './tiny-disk.ts';
import { qemuWorld } from './world.ts';

const MEBIBYTE = 1024 * 1024;

/** What a test asks of its lab. */
export interface LabWish {
  /** In the names of its logs. */
  name: string;
  /** Those that are there and switched on. */
  boxes: readonly LabBox[];
  /** All that the inventory has. */
  inventory: readonly LabBox[];
  /** Words of `testbox storage init`. */
  storageWords?: readonly string[];
  /** Makes the first disk of a box, where it is not the usual one. */
  makeDisk?: (file: string, box: LabBox) => Promise<void>;
  /** Further words of QEMU's command line for a box. */
  machineArguments?: (box: LabBox) => readonly string[];
  /** Without it there are boot files only. */
  withBot?: boolean;
}

/** A storage server, a bot, people in its chat, and boxes in QEMU. */
export interface Lab {
  enclosure: Enclosure;
  directories: ServerDirectories;
  nfs: NfsServer;
  bot: ServedBot;
  room: ConsoleChat['room'];
  /** Where logs are kept. */
  evidence: string;
  box(name: string): QemuBox;
  /** Plays lines of a script, one after another; the first that fails rejects. */
  play(lines: string, player?: ScriptPlayer): Promise<void>;
  /** For somebody who acts beside the others. */
  newPlayer(): ScriptPlayer;
  /** Runs a command in whatever system the box is in, by the bot's key. */
  ssh(name: string, command: string, input?: string): Promise<Finished>;
  /** Runs the program on the storage server, as root. */
  testbox(...words: string[]): Promise<Finished>;
  /** The last lines of every log. */
  tails(): string;
  stop(): Promise<void>;
}

/** Starts all of it; resolves when the bot is up and each box has booted its own system. */
export async function startLab(
  wish: LabWish,
  { site, scratch, evidence }: { site: Site; scratch: string; evidence: string },
): Promise<Lab> {
  await mkdir(evidence, { recursive: true });
  const { enclosure, directories } = await openServer(scratch, {
    keyFile: site.keyFile,
    boxes: wish.inventory,
  });
  const logs: LineLog[] = [];
  const newLog = (name: string) => {
    const log = new LineLog(name, join(evidence, `${name}.log`));
    logs.push(log);
    return log;
  };
  const chat = await openConsoleChat(directories.consoleSocket);
  // The bot is somebody else.
  await chmod(directories.consoleSocket, 0o666);
  const spoken = newLog('chat');
  const plain = new PlainLog();
  chat.room.on('change', (change) => {
    for (const line of plain.linesFor(change)) spoken.write(`${line}\n`);
  });
  const nfs = new NfsServer(enclosure, newLog('ganesha'));
  const bot = new ServedBot(enclosure, newLog('bot'));
  const boxes: QemuBox[] = [];
  const stop = async () => {
    await Promise.all(boxes.map((box) => box.stop()));
    await enclosure.close();
    await chat.close();
    await Promise.all(logs.map((log) => log.close()));
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const told = newLog('storage-init');
    told.write(await enclosure.must(testboxCommand(['storage', 'init', ...(wish.storageWords ?? [])])));
    await copyMaintenanceSystem(site, directories);
    await Promise.all([nfs.start(), startDnsmasq(enclosure, newLog('dnsmasq'))]);
    if (wish.withBot !== false) await bot.start();
    for (const wanted of wish.boxes) {
      const model = await makeBox(wanted, { wish, site, scratch });
      const box = new QemuBox(model, { enclosure, bridge: BRIDGE, scratch, evidence });
      logs.push(box.serial);
      boxes.push(box);
      await box.connect();
    }
    await Promise.all(
      boxes.map(async (box) => {
        await box.powerOn();
        await box.home(0);
      }),
    );
  } catch (error) {
    const tails = tailsOf(logs);
    await stop();
    throw new Error(`The lab did not come up. ${String(error)}\n${tails}`, { cause: error });
  }
  const box = (name: string) => {
    const found = boxes.find(({ model }) => model.name === name);
    if (found === undefined) throw new Error(`the lab has no box ${name}`);
    return found;
  };
  const started = performance.now();
  const print = (line: string) => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
    process.stdout.write(`${wish.name} ${seconds}  ${line}\n`);
  };
  const newPlayer = () =>
    new ScriptPlayer(qemuWorld({ people: chat.people, boxes, bot, directories, print }), 'alice');
  const everybody = newPlayer();
  return {
    enclosure,
    directories,
    nfs,
    bot,
    room: chat.room,
    evidence,
    box,
    newPlayer,
    play: (lines, player = everybody) => playLines(lines, player, print),
    ssh: (name, command, input) =>
      enclosure.run({
        argv: ['ssh', ...SSH_OPTIONS, `root@${box(name).model.address}`, command],
        ...(input === undefined ? {} : { input }),
      }),
    testbox: (...words) => enclosure.run(testboxCommand(words)),
    tails: () => tailsOf(logs),
    stop,
  };
}

/** The maintenance system has new host keys at each boot; the chat tells them, a test compares. */
const SSH_OPTIONS = [
  ...['-i', PLACES.key, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', '-o', 'LogLevel=ERROR'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
] as const;

async function playLines(lines: string, player: ScriptPlayer, print: (line: string) => void): Promise<void> {
  for (const raw of lines.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    print(line.startsWith('#') ? line : `${player.person}> ${line}`);
    try {
      await player.play(line);
    } catch (cause) {
      throw new Error(`${line}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

async function makeBox(
  box: LabBox,
  { wish, site, scratch }: { wish: LabWish; site: Site; scratch: string },
): Promise<BoxModel> {
  const disks: BoxModel['disks'][number][] = [];
  for (const [index, serial] of box.serials.entries()) {
    const name = `sd${String.fromCharCode('a'.charCodeAt(0) + index)}`;
    const file = join(scratch, `${box.name}-${name}.raw`);
    if (index === 0 && wish.makeDisk !== undefined) await wish.makeDisk(file, box);
    else await makeTinyDisk(file, site.tinySystem, installationOf(box));
    disks.push({ name, file, serial });
  }
  const { name, address, mac, uuid } = box;
  return { name, address, mac, uuid, disks, machineArguments: wish.machineArguments?.(box) ?? [] };
}

function installationOf({ name, address }: LabBox) {
  return { name, address, edition: 'as-installed', sizeBytes: 256 * MEBIBYTE, dataBytes: 64 * MEBIBYTE };
}

function tailsOf(logs: readonly LineLog[]): string {
  return logs.map((log) => `===== ${log.name}\n${log.tail()}`).join('\n');
}
