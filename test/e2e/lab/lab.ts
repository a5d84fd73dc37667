import { chmod, mkdir, rm } from 'node:fs/promises';
import { PlainLog } from '../../../src/chat/console/plain-log.ts';
import { type ConsoleChat, openConsoleChat } from '../../../src/cli/demo/console-chat.ts';
import { bootStages } from './boot-stages.ts';
import type { LabBox } from './boxes.ts';
import type { Enclosure, Finished, Start } from './enclosure.ts';
import { LogShelf } from './log-shelf.ts';
import { type BoxWish, makeBox } from './make-box.ts';
import { QemuBox } from './qemu-box.ts';
import { ScriptTable } from './script-table.ts';
import { ServedBot } from './served-bot.ts';
import { openServer, type ServerDirectories, testboxCommand } from './server.ts';
import { BRIDGE, PLACES, STORAGE_WORDS } from './settings.ts';
import { copyMaintenanceSystem, type Site } from './site.ts';
import { NfsServer, startDnsmasq } from './storage-daemons.ts';
import { qemuWorld } from './world.ts';

/** What a test asks of its lab. */
export interface LabWish extends BoxWish {
  /** In the names of its logs. */
  name: string;
  /** Those that are there and switched on. */
  boxes: readonly LabBox[];
  /** All that the inventory has. */
  inventory: readonly LabBox[];
  /** Further words of `testbox storage init`. */
  storageWords?: readonly string[];
  /** Further words of `testbox nfsroot update-agent`; without any, the agent is as it was built. */
  agentWords?: readonly string[];
  /** Without it there are boot files only. */
  withBot?: boolean;
}

interface LabPlaces {
  site: Site;
  scratch: string;
  evidence: string;
}

/** A storage server, a bot, people in its chat, and boxes in QEMU. */
export class Lab {
  readonly evidence: string;
  readonly enclosure: Enclosure;
  readonly directories: ServerDirectories;
  readonly nfs: NfsServer;
  readonly bot: ServedBot;
  readonly room: ConsoleChat['room'];
  readonly #chat: ConsoleChat;
  readonly #boxes: readonly QemuBox[];
  readonly #scripts: ScriptTable;
  readonly #logs: LogShelf;
  readonly #scratch: string;

  private constructor(
    parts: Awaited<ReturnType<typeof openParts>>,
    { scratch, evidence, name }: { scratch: string; evidence: string; name: string },
  ) {
    this.evidence = evidence;
    this.enclosure = parts.enclosure;
    this.directories = parts.directories;
    this.nfs = parts.nfs;
    this.bot = parts.bot;
    this.room = parts.chat.room;
    this.#chat = parts.chat;
    this.#boxes = parts.boxes;
    this.#logs = parts.logs;
    this.#scratch = scratch;
    const { bot, boxes, directories } = parts;
    const world = { people: parts.chat.people, boxes, bot, directories };
    this.#scripts = new ScriptTable(name, (print) => qemuWorld({ ...world, print }));
  }

  /** Starts all of it; resolves when the bot is up and each box has booted its own system. */
  static async start(wish: LabWish, places: LabPlaces): Promise<Lab> {
    await rm(places.evidence, { recursive: true, force: true });
    await mkdir(places.evidence, { recursive: true });
    const parts = await openParts(wish, places);
    const lab = new Lab(parts, { ...places, name: wish.name });
    try {
      await lab.#setUp(wish, places.site);
      return lab;
    } catch (error) {
      const tails = lab.tails();
      await lab.stop();
      throw new Error(`The lab did not come up: ${String(error)}\n${tails}`, { cause: error });
    }
  }

  /** @throws when there is none of that name */
  box(name: string): QemuBox {
    const found = this.#boxes.find(({ model }) => model.name === name);
    if (found === undefined) throw new Error(`the lab has no box ${name}`);
    return found;
  }

  /**
   * Plays lines of a script, one after another; the first that fails rejects.
   *
   * @param table who play at the same time sit at tables of their own, each with its own memory
   */
  play(lines: string, table = ''): Promise<void> {
    return this.#scripts.play(lines, table);
  }

  /** Runs a command in whatever system the box is in, by the bot's key. */
  ssh(name: string, command: string, input = ''): Promise<Finished> {
    const argv = ['ssh', ...SSH_OPTIONS, `root@${this.box(name).model.address}`, command] as const;
    return this.enclosure.run({ argv: [...argv], input });
  }

  /** The same for a command that has to succeed. Gives what it printed. @throws with its last words */
  async mustSsh(name: string, command: string, input = ''): Promise<string> {
    const { status, stdout, stderr } = await this.ssh(name, command, input);
    if (status === 0) return stdout;
    throw new Error(`on ${name}, ${command} ended with ${status}:\n${stdout}${stderr}`);
  }

  /** Runs the program on the storage server, as root. @throws when it fails */
  testbox(words: readonly string[], more: Partial<Start> = {}): Promise<string> {
    return this.enclosure.must(testboxCommand(words, more));
  }

  /** The last lines of every log. */
  tails(): string {
    return this.#logs.tails();
  }

  /** How long every boot of every box took to get where. */
  bootStages(): string {
    return this.#boxes
      .flatMap(({ model, serial }) => bootStages(serial).map((boot) => `${model.name}: ${boot}\n`))
      .join('');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#boxes.map((box) => box.powerCut()));
    await this.enclosure.close();
    await this.#chat.close();
    await this.#logs.close();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  async #setUp(wish: LabWish, site: Site): Promise<void> {
    const words = ['storage', 'init', ...STORAGE_WORDS, ...(wish.storageWords ?? [])];
    this.#logs.open('storage-init').write(await this.testbox(words));
    await copyMaintenanceSystem(site, this.directories);
    if (wish.agentWords !== undefined) await this.testbox(['nfsroot', 'update-agent', ...wish.agentWords]);
    await Promise.all([this.nfs.start(), startDnsmasq(this.enclosure, this.#logs.open('dnsmasq'))]);
    if (wish.withBot !== false) await this.bot.start();
    await Promise.all(
      this.#boxes.map(async (box) => {
        await box.connect();
        await box.powerOn();
        await box.home(0);
      }),
    );
  }
}

/** The maintenance system has new host keys at each boot; the chat tells them, a test compares. */
const SSH_OPTIONS = [
  ...['-i', PLACES.key, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', '-o', 'LogLevel=ERROR'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
] as const;

async function openParts(wish: LabWish, { site, scratch, evidence }: LabPlaces) {
  const logs = new LogShelf(evidence);
  const { keyFile, tinySystem } = site;
  const { enclosure, directories } = await openServer(scratch, { keyFile, boxes: wish.inventory });
  const chat = await openConsoleChat(directories.consoleSocket);
  // The bot is another user.
  await chmod(directories.consoleSocket, 0o666);
  const spoken = logs.open('chat');
  const plain = new PlainLog();
  chat.room.on('change', (change) => {
    for (const line of plain.linesFor(change)) spoken.write(`${line}\n`);
  });
  const boxes: QemuBox[] = [];
  for (const wanted of wish.boxes) {
    const model = await makeBox(wanted, { wish, tinySystem, scratch });
    const serial = logs.open(`${model.name}-serial`);
    boxes.push(new QemuBox(model, { enclosure, bridge: BRIDGE, scratch, serial }));
  }
  const nfs = new NfsServer(enclosure, logs.open('ganesha'));
  const bot = new ServedBot(enclosure, logs.open('bot'));
  return { logs, enclosure, directories, chat, boxes, nfs, bot };
}
