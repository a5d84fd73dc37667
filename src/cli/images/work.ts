import { pruneImages } from '../../app/prune-images.ts';
import { ShareError } from '../../app/share-port.ts';
import { verifyImages } from '../../app/verify-images.ts';
import type { Environment } from '../../config/dotenv.ts';
import { readImagesEnvironment } from '../../config/images-env.ts';
import { openInventory } from '../../config/watched-inventory.ts';
import { createDamages } from '../../database/damages.ts';
import { createJobStore } from '../../database/job-store.ts';
import { openDatabase } from '../../database/open.ts';
import { createVerifications } from '../../database/verifications.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { StorageArea } from '../../storage/area.ts';
import { chooseBoxes } from '../choose-boxes.ts';
import { systemClock } from '../serve/system.ts';

export type ImagesWork =
  /** Without names, all boxes. */
  { kind: 'verify'; boxes: readonly string[] } | { kind: 'prune'; boxes: readonly string[]; dryRun: boolean };

export interface Voice {
  say(line: string): void;
  complain(line: string): void;
  /** Takes the place of the line before it; empty wipes it. */
  progress(line: string): void;
}

const DONE = 0;
const FAILED = 1;
const USAGE_ERROR = 2;

/** @returns the exit status */
export async function workOnImages(env: Environment, work: ImagesWork, voice: Voice): Promise<number> {
  const environment = readImagesEnvironment(env);
  if (!environment.ok) return complainAll(voice, environment.problems, FAILED);
  const { config } = environment;
  if (config.database.kind === 'postgres')
    return complainAll(voice, ['expected a SQLite file in DATABASE_URL'], FAILED);
  const inventory = await openInventory(config.inventoryFile);
  if (!inventory.ok) return complainAll(voice, inventory.problems, FAILED);
  const chosen = chooseBoxes(inventory.inventory.testboxes(), work.boxes);
  if ('problems' in chosen) return complainAll(voice, chosen.problems, USAGE_ERROR);
  const db = await openDatabase(config.database.path);
  // The TFTP area is nothing to these commands.
  const share = new StorageArea({ tftpRoot: '', backupRoot: config.backupRoot });
  const app = {
    share,
    store: createJobStore(db),
    verifications: createVerifications(db),
    damages: createDamages(db),
    clock: systemClock,
  };
  try {
    let status = DONE;
    for (const box of chosen.boxes) {
      const well =
        work.kind === 'verify'
          ? await verify(app, box, voice)
          : await prune(app, box, { ...work, keep: config.keepGenerations, voice });
      if (!well) status = FAILED;
    }
    return status;
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    voice.progress('');
    return complainAll(voice, [error.message], FAILED);
  } finally {
    share.close();
    await db.destroy();
  }
}

type Parts = Parameters<typeof verifyImages>[0] & Parameters<typeof pruneImages>[0];

/** True when all images of the box are sound. */
async function verify(app: Parts, { name, address }: Testbox, voice: Voice): Promise<boolean> {
  const found = await verifyImages(app, {
    address,
    generations: null,
    onProgress: ({ generation, slot, readBytes, codedBytes }) =>
      voice.progress(`${name} generation ${generation} ${slot}: ${percent(readBytes, codedBytes)}`),
  });
  voice.progress('');
  if (found.length === 0) voice.say(`${name}: no images with an index`);
  for (const { generation, slot, problem } of found) {
    const image = `${name}: generation ${generation}${slot === null ? '' : ` ${slot}`}`;
    if (problem === null) voice.say(`${image}: sound`);
    else voice.complain(`${image}: DAMAGED, ${problem}`);
  }
  return found.every(({ problem }) => problem === null);
}

async function prune(
  app: Parts,
  { name, address }: Testbox,
  { keep, dryRun, voice }: { keep: number; dryRun: boolean; voice: Voice },
): Promise<boolean> {
  const pruned = await pruneImages(app, { address, keep, dryRun });
  if (pruned === null) voice.say(`${name}: no images`);
  else if (pruned.problem !== null)
    voice.complain(
      `${name}: nothing was removed, since the current generation is not sound: ${pruned.problem}`,
    );
  else if (pruned.removed.length === 0) voice.say(`${name}: nothing to remove`);
  else {
    const which = pruned.removed.toSorted((a, b) => a - b).join(', ');
    voice.say(`${name}: ${dryRun ? 'would remove' : 'removed'} generation ${which}`);
  }
  return pruned === null || pruned.problem === null;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.floor((100 * part) / whole)}%`;
}

function complainAll(voice: Voice, problems: readonly string[], status: number): number {
  for (const problem of problems) voice.complain(problem);
  return status;
}
