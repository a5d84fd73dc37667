import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoChat } from '../../src/cli/demo/chat.ts';
import { type DemoDirectory, takeDirectory } from '../../src/cli/demo/demo-directory.ts';
import { scriptWorld } from '../../src/cli/demo/script-world.ts';
import { type DemoLab, startLab } from '../../src/cli/demo/start-lab.ts';
import { playScript } from '../../src/lab/script/play-script.ts';
import type { ScriptWorld } from '../../src/lab/script/ports.ts';
import { type ChatFront, comesTrue, type FrontMessage } from './chat-front.ts';
import { COMPILE_CACHE } from './play-demo.ts';
import { doneNotices, type Told, untold } from './told.ts';

const DISK_BYTES = 32 * 1024 ** 2;
/** A post a second: what is still to be told at the end of a script needs a few. */
const TOLD_WITHIN_MS = 30_000;
/** So much longer than on the terminal a script waits there for what it expects. */
const PATIENCE = 3;
const LOG_LINES = 20;

/** A chat of its own for one lab, with the real one's limits. */
export interface FakeDemoChat extends DemoChat {
  front: ChatFront;
}

/**
 * Plays a script with the real bot on a chat of its own, and the real agent, on small disks.
 * Rejects with what was printed when a line fails.
 */
export async function playOver(openChat: () => Promise<FakeDemoChat>, script: string): Promise<Told> {
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  const directory = await takeDirectory(undefined);
  try {
    return await playIn(directory, await openChat(), script);
  } finally {
    await directory.release({ keep: false });
  }
}

async function playIn(directory: DemoDirectory, chat: FakeDemoChat, script: string): Promise<Told> {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  const pace = { diskSizeBytes: DISK_BYTES, watched: false, onTrouble: print };
  const lab = await startLab({ directory, chat }, pace);
  try {
    const lines = createInterface({ input: createReadStream(script) });
    const played = await playScript(lines, patientWorld(lab, print), 'alice');
    if (played.kind === 'failed') {
      print(`line ${played.line}, ${played.text}: ${played.why}`);
      throw new Error([...printed, ...(await lastOf(lab))].join('\n'));
    }
    await comesTrue(chat.front, () => untold(toldOn(chat.front)).length === 0, TOLD_WITHIN_MS);
    return toldOn(chat.front);
  } finally {
    await lab.stop();
  }
}

/** A script's jobs follow each other faster than a chat takes what there is to say of them. */
function patientWorld(lab: DemoLab, print: (line: string) => void): ScriptWorld {
  const world = scriptWorld(lab, print);
  const { now, sleep } = world.clock;
  return { ...world, clock: { now: () => now() / PATIENCE, sleep } };
}

function toldOn(front: ChatFront): Told {
  const posts = front
    .sees(front.users.alice ?? '')
    .filter(({ author, ephemeral }) => author === front.botUser && !ephemeral);
  return {
    signs: new Map(posts.flatMap(signOf)),
    doneNotices: doneNotices(posts.map(({ text }) => text).join('\n')),
    breaches: front.breaches(),
  };
}

/** The job and the sign of a card; nothing for other messages. */
function signOf({ text }: FrontMessage): [string, string][] {
  const job = /[\d.]+ · job (\w{8})/.exec(text)?.[1];
  const sign = /^(?:@\S+\s+)*(\S+) [a-z-]+ \S+: /m.exec(text)?.[1];
  return job === undefined || sign === undefined ? [] : [[job, sign]];
}

/** The end of the bot's log, for whoever has to find out why. */
async function lastOf(lab: DemoLab): Promise<string[]> {
  const log = await readFile(join(lab.directory, 'bot.log'), 'utf8');
  return ['the bot’s last words:', ...log.trimEnd().split('\n').slice(-LOG_LINES)];
}
