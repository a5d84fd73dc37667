import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { takeDirectory } from '../../../src/cli/demo/demo-directory.ts';
import { scriptWorld } from '../../../src/cli/demo/script-world.ts';
import { type Demo, startDemo } from '../../../src/cli/demo/start-demo.ts';
import { createJobStore } from '../../../src/database/job-store.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { playScript } from '../../../src/lab/script/play-script.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

const OWED_WITHIN_MS = 20_000;
const DISK_BYTES = 8 * 1024 * 1024;

/** What is done before the walk begins, and the job that is walked through. */
export interface Walk {
  name: string;
  before: readonly string[];
  job: readonly string[];
}

export interface Played {
  outcome: Outcome;
  /** False when the job had fewer writes: the bot lived on. */
  died: boolean;
}

/**
 * Plays the walk's job with the real bot, agent and boxes, and has the bot die by SIGKILL
 * after its n-th write to the store. Null leaves it alone.
 */
export async function play(walk: Walk, dieAfter: number | null): Promise<Played> {
  const directory = await takeDirectory(undefined);
  const troubles: string[] = [];
  const demo = await startDemo(directory, {
    diskSizeBytes: DISK_BYTES,
    watched: false,
    // A bot that starts again on a busy machine takes seconds, and no deadline is walked here.
    rebootDeadline: '60s',
    onTrouble: (line) => troubles.push(line),
  });
  try {
    await script(demo, walk.before);
    if (dieAfter !== null) await writeFile(join(directory.path, 'die-after-writes'), String(dieAfter));
    await script(demo, walk.job);
    await nothingOwed(directory.path);
    const died = troubles.length === 1;
    await demo.stop();
    return { outcome: await outcomeOf(demo, directory.path), died };
  } finally {
    await demo.stop();
    await directory.release({ keep: false });
  }
}

/** The job is over for people once all that it owes them is told. */
async function nothingOwed(directory: string): Promise<void> {
  const db = await openDatabase(join(directory, 'testbox.sqlite'));
  const store = createJobStore(db);
  const late = Date.now() + OWED_WITHIN_MS;
  while ((await store.owedEffects()).length > 0 && Date.now() < late) await pause(50);
  await db.destroy();
}

async function script(demo: Demo, lines: readonly string[]): Promise<void> {
  const printed: string[] = [];
  const played = await playScript(
    lines,
    scriptWorld(demo, (line) => printed.push(line)),
    'alice',
  );
  if (played.kind === 'failed')
    throw new Error(`line ${played.line}, ${played.text}: ${played.why}\n${printed.join('\n')}`);
}
