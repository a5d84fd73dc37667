import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoxSettings } from '../../lab/box-settings.ts';
import { createBox } from '../../lab/create-box.ts';
import { findFreePort } from '../../lab/free-port.ts';
import { newKeyPair } from '../../lab/new-key-pair.ts';
import type { ScriptPeople } from '../../lab/script/ports.ts';
import { layOutShare } from '../../lab/share-areas.ts';
import { throttle, VirtualTestbox } from '../../lab/virtual-testbox.ts';
import { botEnvironment } from './bot-environment.ts';
import { BotProcess } from './bot-process.ts';
import { logConsole } from './box-log.ts';
import type { DemoChat } from './chat.ts';
import type { DemoDirectory } from './demo-directory.ts';
import {
  AGENT_RESTART_MS,
  BOXES,
  REBOOT_DEADLINE,
  REBOOT_DELAY_MS,
  SELF_TEST_MS,
  WATCHED_BYTES_PER_SECOND,
} from './demo-settings.ts';
import { inventoryFile } from './inventory-file.ts';
import { AGENT_SCRIPT, BOT_SCRIPT } from './paths.ts';

/** Two boxes, and the bot in a process of its own, in whatever chat. */
export interface DemoLab {
  people: ScriptPeople;
  boxes: readonly VirtualTestbox[];
  bot: BotProcess;
  botUrl: string;
  /** Where programs of ours run, and with what settings. */
  directory: string;
  environment: NodeJS.ProcessEnv;
  /** Says by how much the bot's clock is ahead. */
  labClockFile: string;
  /** The chat goes with it. */
  stop(): Promise<void>;
}

export interface LabPace {
  diskSizeBytes: number;
  /** Somebody looks on, so machines and imaging take their time. */
  watched: boolean;
  onTrouble: (line: string) => void;
  rebootDeadline?: string;
}

/**
 * Lays everything out in the directory and starts it; resolves when the bot answers.
 *
 * @throws BotStartError
 */
export async function startLab(
  { directory, chat }: { directory: DemoDirectory; chat: DemoChat },
  pace: LabPace,
): Promise<DemoLab> {
  const areas = { tftpRoot: join(directory.path, 'tftp'), backupRoot: join(directory.path, 'backup') };
  await layOutShare(areas);
  const keyFile = join(directory.path, 'id_ed25519');
  const botUrl = `http://127.0.0.1:${await findFreePort('127.0.0.1')}`;
  const layout = {
    ...areas,
    boxesDirectory: directory.path,
    diskSizeBytes: pace.diskSizeBytes,
    authorizedKey: await layOutKey(keyFile),
    agentScript: AGENT_SCRIPT,
    agent: { botUrl, allowJobless: false },
    selfTestMs: pace.watched ? SELF_TEST_MS.watched : SELF_TEST_MS.scripted,
    rebootDelayMs: REBOOT_DELAY_MS,
    agentRestartMs: AGENT_RESTART_MS,
  };
  const boxes: VirtualTestbox[] = [];
  // One after another: where both share an address, the second one must see the first one's port.
  for (const model of BOXES) boxes.push(new VirtualTestbox(await createBox(model, layout, portsOf(boxes))));
  for (const box of boxes) {
    logConsole(box);
    await throttle(box, pace.watched ? WATCHED_BYTES_PER_SECOND : null);
  }
  const inventory = join(directory.path, 'testboxes.yaml');
  await writeFile(
    inventory,
    inventoryFile(
      boxes.map(({ settings }) => settings),
      chat,
      pace.rebootDeadline ?? REBOOT_DEADLINE,
    ),
  );
  const labClockFile = join(directory.path, 'clock-offset');
  // A demo that is opened again goes on at the real time.
  await rm(labClockFile, { force: true });
  const environment = botEnvironment({ directory, chat, areas, botUrl, keyFile, inventory, labClockFile });
  const bot = new BotProcess({
    script: BOT_SCRIPT,
    cwd: directory.path,
    env: environment,
    url: botUrl,
    logFile: join(directory.path, 'bot.log'),
    onTrouble: pace.onTrouble,
  });
  const lab: DemoLab = {
    people: chat.people,
    boxes,
    bot,
    botUrl,
    directory: directory.path,
    environment,
    labClockFile,
    stop: () => stopAll(boxes, bot, chat),
  };
  await Promise.all([bot.start(), ...boxes.map((box) => box.powerOn().then(() => box.settled()))]).catch(
    async (error: unknown) => {
      await lab.stop();
      throw error;
    },
  );
  return lab;
}

async function stopAll(boxes: readonly VirtualTestbox[], bot: BotProcess, chat: DemoChat): Promise<void> {
  await Promise.all([bot.stop(), ...boxes.map((box) => box.powerCut())]);
  await chat.close();
}

function portsOf(boxes: readonly VirtualTestbox[]): readonly BoxSettings['ssh'][] {
  return boxes.map(({ settings }) => settings.ssh);
}

/** The bot's SSH key; gives the public half. */
async function layOutKey(file: string): Promise<string> {
  try {
    return await readFile(`${file}.pub`, 'utf8');
  } catch {
    const keys = newKeyPair();
    await writeFile(file, keys.private, { mode: 0o600 });
    await writeFile(`${file}.pub`, keys.public);
    return keys.public;
  }
}
