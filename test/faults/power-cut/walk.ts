import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '../../../src/contract/action.ts';
import type { PowerCut } from '../../../src/contract/described-machine.ts';
import { fillDisk } from '../../agent/bench-box.ts';
import { runAgent } from './agent.ts';
import { Bed } from './bed.ts';
import { type Contents, contentsOf, currentGeneration, generationContents } from './images.ts';

const NEVER = 1_000_000;
const MOST_BOOTS = 4;

/** What a walk found. */
export interface Walk {
  cuts: number;
  differences: string[];
}

interface Expected {
  /** What is on the disks before and, after a restore, at the end. */
  before: Contents;
  after: Contents;
  /** What each generation that may be current holds; null is no generation. */
  generations: ReadonlyMap<number | null, Contents>;
  /** The one that is current in the end. */
  last: number;
}

/** What is walked through: an action of a job, or of a boot config without one. */
export interface Route {
  action: Action;
  by: 'job' | 'boot config';
  /** Of the disks. */
  sizes: readonly number[];
  /** Writes between two cuts. */
  step: number;
}

/** Cuts the power at a spread of moments of one action, and looks at each one's end. */
export async function walk(route: Route): Promise<Walk> {
  const bed = await Bed.make(route.sizes);
  try {
    const expected = await prepare(bed, route.action);
    const writes = await undisturbed(bed, route, expected);
    const found: Walk = { cuts: 0, differences: [] };
    for (const loseUnflushed of [false, true]) {
      for (const afterWrites of spread(writes, route.step)) {
        const cut = { afterWrites, loseUnflushed };
        const { happened, differences } = await oneCut(bed, route, { expected, cut });
        if (happened) found.cuts += 1;
        const name = `${route.action} by ${route.by}, ${route.sizes.length} disks, ${JSON.stringify(cut)}`;
        found.differences.push(...differences.map((difference) => `${name}: ${difference}`));
      }
    }
    return found;
  } finally {
    await bed.remove();
  }
}

/** The first three, every n-th, the last three. */
function spread(writes: number, step: number): number[] {
  const moments = new Set([1, 2, 3, writes - 2, writes - 1, writes]);
  for (let moment = step; moment < writes; moment += step) moments.add(moment);
  return [...moments].filter((moment) => moment > 0).sort((a, b) => a - b);
}

async function prepare(bed: Bed, action: Action): Promise<Expected> {
  await fill(bed, 1);
  await bed.startBot();
  const first = await contentsOf(bed.disks);
  const generations = new Map<number | null, Contents>();
  if (action === 'backup') generations.set(null, {}).set(1, first);
  else {
    const differences = await toTheEnd(bed, { action: 'backup', by: 'job' }, { cut: null });
    if (differences.length > 0) throw new Error(differences.join('; '));
    generations.set(1, first);
    await fill(bed, 40);
  }
  const before = await contentsOf(bed.disks);
  if (action === 'backup-again') generations.set(2, before);
  await bed.keep();
  const last = action === 'backup-again' ? 2 : 1;
  return { before, after: action === 'restore' ? first : before, generations, last };
}

/** How often the agent writes when nothing happens. */
async function undisturbed(bed: Bed, route: Route, expected: Expected): Promise<number> {
  await bed.putBack();
  const cut = { afterWrites: NEVER, loseUnflushed: false };
  const differences = [...(await toTheEnd(bed, route, { cut })), ...(await atTheEnd(bed, expected))];
  if (differences.length > 0) throw new Error(`undisturbed: ${differences.join('; ')}`);
  return Number(await readFile(join(`${bed.roots.backupRoot}.power-cut`, 'writes'), 'utf8'));
}

async function oneCut(
  bed: Bed,
  route: Route,
  { expected, cut }: { expected: Expected; cut: PowerCut },
): Promise<{ happened: boolean; differences: string[] }> {
  await bed.putBack();
  let happened = false;
  const differences = await toTheEnd(bed, route, {
    cut,
    onCut: async () => {
      happened = true;
      return await afterCut(bed, expected);
    },
    onLocalBoot: () => disksDiffer(bed, expected.after),
  });
  return { happened, differences: [...differences, ...(await atTheEnd(bed, expected))] };
}

/** Boots as often as the boot config says, and lets the bot see the box come back. */
async function toTheEnd(
  bed: Bed,
  { action, by }: Pick<Route, 'action' | 'by'>,
  on: {
    cut: PowerCut | null;
    onCut?: () => Promise<string[]>;
    onLocalBoot?: () => Promise<string[]>;
  },
): Promise<string[]> {
  const differences: string[] = [];
  const id = by === 'job' ? await bed.order(action) : await bed.orderWithoutJob(action);
  for (let boot = 1; ; boot += 1) {
    const choice = await bed.boot();
    if (choice.kind === 'local-disk') break;
    if (choice.kind === 'stuck') return [...differences, choice.why];
    if (boot > MOST_BOOTS) return [...differences, `${MOST_BOOTS} boots were not enough`];
    const machine = await bed.describe(choice.commandLine, boot === 1 ? on.cut : null);
    const end = await runAgent(machine, join(bed.folder, 'compiled'));
    if (end.kind === 'power-cut') differences.push(...((await on.onCut?.()) ?? []));
    else if (end.kind !== 'reboot') return [...differences, `the agent ${end.kind}: ${end.output}`];
    await bed.settle();
  }
  differences.push(...((await on.onLocalBoot?.()) ?? []));
  if (id === undefined) return differences;
  bed.app.machines.bootOwnDisk();
  bed.app.clock.advance(10_000);
  await bed.settle();
  const { state } = await bed.job(id);
  return state === 'succeeded' ? differences : [...differences, `the job is ${state}`];
}

/** At the moment of the cut there is a restorable image wherever there was one. */
async function afterCut(bed: Bed, expected: Expected): Promise<string[]> {
  const current = await currentGeneration(bed.boxDirectory);
  const allowed = expected.generations.get(current);
  if (allowed === undefined) return [`at the cut, generation ${current} is current`];
  const differences: string[] = [];
  for (const [generation, contents] of expected.generations) {
    if (generation === null || generation > (current ?? 0)) continue;
    differences.push(...(await imagesDiffer(bed, generation, contents)));
  }
  return differences.map((difference) => `at the cut, ${difference}`);
}

async function atTheEnd(bed: Bed, expected: Expected): Promise<string[]> {
  const differences = await disksDiffer(bed, expected.after);
  const current = await currentGeneration(bed.boxDirectory);
  if (current !== expected.last) differences.push(`generation ${current} is current at the end`);
  for (const [generation, contents] of expected.generations) {
    if (generation !== null) differences.push(...(await imagesDiffer(bed, generation, contents)));
  }
  if ((await bed.boot()).kind !== 'local-disk') differences.push('the boot config is still there');
  return differences;
}

async function imagesDiffer(bed: Bed, generation: number, contents: Contents): Promise<string[]> {
  try {
    const found = await generationContents(bed.boxDirectory, generation);
    return same(found, contents) ? [] : [`generation ${generation} holds other bytes`];
  } catch (error) {
    return [`generation ${generation} can't be restored: ${String(error)}`];
  }
}

async function disksDiffer(bed: Bed, contents: Contents): Promise<string[]> {
  const found = await contentsOf(bed.disks);
  return same(found, contents) ? [] : ['the disks hold other bytes'];
}

function same(a: Contents, b: Contents): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((slot) => a[slot] === b[slot])
  );
}

async function fill(bed: Bed, seed: number): Promise<void> {
  for (const [number, { file, sizeBytes }] of bed.disks.entries()) {
    await fillDisk(file, sizeBytes, seed + number);
  }
}
