import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { ChatRoom } from '../../chat/console/room.ts';
import { type ChatServer, serveChat } from '../../chat/console/server.ts';
import type { BoxSettings } from '../../lab/box-settings.ts';
import { createBox } from '../../lab/create-box.ts';
import { findFreePort } from '../../lab/free-port.ts';
import { layOutShare } from '../../lab/share-areas.ts';
import { throttle, VirtualTestbox } from '../../lab/virtual-testbox.ts';
import { BotProcess } from './bot-process.ts';
import { logConsole } from './box-log.ts';
import type { DemoDirectory } from './demo-directory.ts';
import {
  AGENT_RESTART_MS,
  BOXES,
  REBOOT_DELAY_MS,
  SELF_TEST_MS,
  WATCHED_BYTES_PER_SECOND,
} from './demo-settings.ts';
import { inventoryFile } from './inventory-file.ts';
import { AGENT_SCRIPT, BOT_SCRIPT } from './paths.ts';

/** A running demo: two boxes, a chat, and the bot in a process of its own. */
export interface Demo {
  room: ChatRoom;
  boxes: readonly VirtualTestbox[];
  bot: BotProcess;
  botUrl: string;
  stop(): Promise<void>;
}

/**
 * Lays everything out in the directory and starts it; resolves when the bot answers.
 *
 * @param how.watched somebody looks on, so machines and imaging take their time
 * @throws BotStartError
 */
export async function startDemo(
  directory: DemoDirectory,
  how: { diskSizeBytes: number; watched: boolean; onTrouble: (line: string) => void },
): Promise<Demo> {
  const areas = { tftpRoot: join(directory.path, 'tftp'), backupRoot: join(directory.path, 'backup') };
  await layOutShare(areas);
  const keyFile = join(directory.path, 'id_ed25519');
  const botUrl = `http://127.0.0.1:${await findFreePort('127.0.0.1')}`;
  const lab = {
    ...areas,
    boxesDirectory: directory.path,
    diskSizeBytes: how.diskSizeBytes,
    authorizedKey: await layOutKey(keyFile),
    agentScript: AGENT_SCRIPT,
    agent: { botUrl, allowJobless: false },
    selfTestMs: how.watched ? SELF_TEST_MS.watched : SELF_TEST_MS.scripted,
    rebootDelayMs: REBOOT_DELAY_MS,
    agentRestartMs: AGENT_RESTART_MS,
  };
  const boxes: VirtualTestbox[] = [];
  // One after another: where both share an address, the second one must see the first one's port.
  for (const model of BOXES) boxes.push(new VirtualTestbox(await createBox(model, lab, portsOf(boxes))));
  for (const box of boxes) {
    logConsole(box);
    await throttle(box, how.watched ? WATCHED_BYTES_PER_SECOND : null);
  }
  const inventory = join(directory.path, 'testboxes.yaml');
  await writeFile(inventory, inventoryFile(boxes.map(({ settings }) => settings)));
  const room = new ChatRoom();
  const chat = await serveChat(room, directory.socketPath);
  const bot = new BotProcess({
    script: BOT_SCRIPT,
    cwd: directory.path,
    env: botEnvironment({ directory, areas, botUrl, keyFile, inventory }),
    url: botUrl,
    logFile: join(directory.path, 'bot.log'),
    onTrouble: how.onTrouble,
  });
  const demo = { room, boxes, bot, botUrl, stop: () => stopAll(boxes, bot, chat) };
  await Promise.all([bot.start(), ...boxes.map((box) => box.powerOn().then(() => box.settled()))]).catch(
    async (error: unknown) => {
      await demo.stop();
      throw error;
    },
  );
  return demo;
}

async function stopAll(boxes: readonly VirtualTestbox[], bot: BotProcess, chat: ChatServer): Promise<void> {
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
    const keys = ssh2.utils.generateKeyPairSync('ed25519');
    await writeFile(file, keys.private, { mode: 0o600 });
    await writeFile(`${file}.pub`, keys.public);
    return keys.public;
  }
}

function botEnvironment(demo: {
  directory: DemoDirectory;
  areas: { tftpRoot: string; backupRoot: string };
  botUrl: string;
  keyFile: string;
  inventory: string;
}): NodeJS.ProcessEnv {
  // A real bot's settings in this shell must not reach the demo's: its chats and boxes are real.
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    LANG,
    TESTBOX_TFTP_ROOT: demo.areas.tftpRoot,
    TESTBOX_BACKUP_ROOT: demo.areas.backupRoot,
    DATABASE_URL: `sqlite:${join(demo.directory.path, 'testbox.sqlite')}`,
    TESTBOX_INVENTORY: demo.inventory,
    TESTBOX_LISTEN: new URL(demo.botUrl).host,
    TESTBOX_REPORT_URL: demo.botUrl,
    TESTBOX_NFS_SERVER: '127.0.0.1',
    TESTBOX_SSH_KEY: demo.keyFile,
    TESTBOX_CONSOLE: demo.directory.socketPath,
    TESTBOX_LAB: '1',
    TESTBOX_LAB_DIE_FILE: join(demo.directory.path, 'die-after-writes'),
  };
}
