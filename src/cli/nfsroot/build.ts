import { chmod, type FileHandle, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageConfig } from '../../config/storage-env.ts';
import { syncDirectory } from '../../storage/durable-file.ts';
import { type AgentBundle, loadAgentBundle } from './agent-bundle.ts';
import { machineAptOptions } from './apt-options.ts';
import { finishRoot } from './finish-root.ts';
import { holdLock } from './hold-lock.ts';
import { type Build, NfsrootLayout } from './layout.ts';
import { findMirror, type Mirror, sourcesFor } from './mirror.ts';
import { runMmdebstrap } from './mmdebstrap.ts';
import { lookAtPlaces, refuseUnlessRoot, refuseWithoutPrograms } from './obstacles.ts';
import { pruneBuilds } from './prune-builds.ts';
import { putInPlace } from './put-in-place.ts';
import { readRecipe, unpackRecipe } from './recipe.ts';
import type { Suite } from './release.ts';
import { removeTree } from './remove-tree.ts';
import { runTool } from './run-tool.ts';
import { type JoblessWish, type RootSettings, readSettings } from './settings.ts';
import { stageNode } from './stage-node.ts';
import { stageTree } from './stage-tree.ts';

export interface BuildWish {
  suite: Suite;
  /** Null takes the one that the machine is set up for. */
  mirror: string | null;
  components: readonly string[];
  jobless: JoblessWish;
  /** Leaves every earlier build where it is. */
  keepOld: boolean;
  /** Directory of the recipe, or a tar file of it. */
  recipe: string;
}

/** What is said while it works, and when it has to stop. */
export interface Talk {
  tell: (line: string) => void;
  warn: (line: string) => void;
  signal: AbortSignal;
}

interface Ingredients {
  config: StorageConfig;
  settings: RootSettings;
  wish: BuildWish;
  agent: AgentBundle;
  mirror: Mirror;
  keyring: string;
}

/**
 * Makes the maintenance system, and has boxes boot it from now on.
 *
 * @throws {NfsrootProblem} with what stands in the way; boxes then boot what they did before
 */
export async function buildNfsroot(config: StorageConfig, wish: BuildWish, talk: Talk): Promise<Build> {
  const settings = await readSettings(config, wish.jobless);
  refuseUnlessRoot();
  const { keyring } = await refuseWithoutPrograms();
  const mirror = wish.mirror === null ? await findMirror() : { uri: wish.mirror, securityUri: null };
  const agent = await loadAgentBundle();
  for (const warning of await lookAtPlaces(config)) talk.warn(warning);
  const ingredients = { config, settings, wish, agent, mirror, keyring };
  const layout = new NfsrootLayout(config.nfsroot);
  return holdLock(layout.lock, async (lock) => {
    await clearAway(layout, talk);
    const build = await makeBuild(ingredients, { layout, lock, talk });
    talk.tell('putting kernel and initrd into the TFTP area');
    const before = await layout.currentBuild();
    await putInPlace(build, { layout, config });
    if (!wish.keepOld) await prune(layout, { before, talk });
    return build;
  });
}

/** Gives a build that is complete and flushed, and that no box knows of yet. */
async function makeBuild(
  ingredients: Ingredients,
  { layout, lock, talk }: { layout: NfsrootLayout; lock: FileHandle; talk: Talk },
): Promise<Build> {
  const build = layout.build(await layout.nextName());
  const partial = layout.partial(build.name);
  const root = join(partial, 'root');
  try {
    await mkdir(partial, { recursive: true });
    await chmod(layout.builds, 0o755);
    await fillRoot(root, { ingredients, build, partial, log: layout.log, lock, talk });
    talk.tell('looking at the root and flushing it');
    const { wish, agent } = ingredients;
    await finishRoot(root, { build, suite: wish.suite, agentVersion: agent.version });
    talk.signal.throwIfAborted();
    await rename(root, build.root);
    await syncDirectory(layout.builds);
    return build;
  } finally {
    await removeTree(partial);
  }
}

async function fillRoot(
  root: string,
  work: {
    ingredients: Ingredients;
    build: Build;
    partial: string;
    log: string;
    lock: FileHandle;
    talk: Talk;
  },
): Promise<void> {
  const { agent, config, settings, mirror, wish, keyring } = work.ingredients;
  const { suite, components } = wish;
  const [stage, tree, node] = [
    join(work.partial, 'tree'),
    join(work.partial, 'tree.tar'),
    join(work.partial, 'node'),
  ];
  const recipe = await readRecipe(await unpackRecipe(wish.recipe, join(work.partial, 'recipe')), suite);
  work.talk.tell(`Debian ${suite} from ${mirror.uri}, with the agent ${agent.version}`);
  await stageTree(stage, { recipe, agent, config, settings, build: work.build.name });
  await stageNode(node);
  await runTool('tar', ['-c', '-f', tree, '-C', stage, '--owner=0', '--group=0', '--numeric-owner', '.']);
  work.talk.signal.throwIfAborted();
  await runMmdebstrap({
    root,
    suite,
    packages: recipe.packages,
    sources: sourcesFor(mirror, { suite, components, keyring }),
    mirror: mirror.uri,
    aptOptions: await machineAptOptions(),
    tree,
    node,
    customize: recipe.customize,
    log: work.log,
    lock: work.lock,
    onStage: work.talk.tell,
    signal: work.talk.signal,
  });
}

/** What a build that was killed left behind. */
async function clearAway(layout: NfsrootLayout, { tell }: Talk): Promise<void> {
  for (const partial of await layout.listPartial()) {
    tell(`removing ${partial}, of a build that was cut short`);
    await removeTree(partial);
  }
}

async function prune(
  layout: NfsrootLayout,
  { before, talk }: { before: Build | null; talk: Talk },
): Promise<void> {
  for (const { root } of await pruneBuilds(layout, { before, now: Date.now() })) {
    talk.tell(`removed ${root}, which was replaced more than a day ago`);
  }
}
