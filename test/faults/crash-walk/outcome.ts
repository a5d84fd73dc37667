import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Demo } from '../../../src/cli/demo/start-demo.ts';
import { createJobStore } from '../../../src/database/job-store.ts';
import { openDatabase } from '../../../src/database/open.ts';

/** All that a job leaves behind, without what differs between any two runs. */
export interface Outcome {
  states: readonly string[];
  audit: readonly string[];
  messages: readonly string[];
  files: readonly string[];
  owed: readonly string[];
}

/** The bot must have stopped. */
export async function outcomeOf(demo: Demo, directory: string): Promise<Outcome> {
  const db = await openDatabase(join(directory, 'testbox.sqlite'));
  const store = createJobStore(db);
  try {
    const jobs = await store.recentJobs(null, 10);
    const audits = await Promise.all(jobs.map(({ id }) => store.audits({ jobId: id })));
    return {
      states: jobs.map(
        ({ action, state, dirty, outcome }) => `${action} ${state} ${outcome} dirty:${dirty.join()}`,
      ),
      audit: audits.flat().map(({ event, fromState, toState }) => `${event}: ${fromState} → ${toState}`),
      messages: demo.room.messages().map(({ message, thread, onlyFor }) => {
        const place = onlyFor === null ? (thread === null ? 'card' : 'thread') : `only ${onlyFor}`;
        return `${place}: ${steady(message.title ?? message.text)}`;
      }),
      files: await filesBelow(directory),
      owed: (await store.owedEffects()).map(({ effect }) => effect.kind),
    };
  } finally {
    await db.destroy();
  }
}

/** Durations and places of figures differ from run to run. */
function steady(text: string): string {
  return text.replace(/\bin \d+ s\b/g, 'in … s').replace(/\d+(\.\d+)? (B|KiB|MiB)/g, '… $2');
}

/**
 * Names below the share's areas, and whether the images hold the disk, byte for byte. Logs
 * and journals have times in them.
 */
async function filesBelow(directory: string): Promise<string[]> {
  const disk = sha256(await readFile(join(directory, 'pluto', 'sda.raw')));
  const found: string[] = [];
  for (const area of ['tftp', 'backup', 'pluto']) {
    for (const entry of await readdir(join(directory, area), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(directory, path).replace(/jobs\/[a-z0-9]{8}\./, 'jobs/<job>.');
      const same = name.endsWith('.raw.gz') && sha256(gunzipSync(await readFile(path))) === disk;
      found.push(
        name.endsWith('.raw.gz') ? `${name} ${same ? 'is the disk' : 'differs from the disk'}` : name,
      );
    }
  }
  return found.filter((name) => !/\.(log|json|port)$/.test(name) || /manifest\.json$/.test(name)).toSorted();
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
