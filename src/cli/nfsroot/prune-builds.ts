import type { Build, NfsrootLayout } from './layout.ts';
import { readRelease } from './release.ts';
import { removeTree } from './remove-tree.ts';

/** Longer than any job but a rescue: boxes run from the build that they booted. */
const KEPT_AFTER_MS = 24 * 60 * 60_000;

/**
 * Removes builds that no box should run from any more: replaced a day ago or longer, and neither
 * the current one nor the one before it. Gives those.
 */
export async function pruneBuilds(layout: NfsrootLayout, now: number): Promise<Build[]> {
  const current = await layout.currentBuild();
  const builds = await layout.listBuilds();
  const before = builds.filter(({ name }) => Number(name) < Number(current?.name ?? 0)).at(-1);
  const removed: Build[] = [];
  for (const [index, build] of builds.entries()) {
    if (build.name === current?.name || build.name === before?.name) continue;
    const next = builds[index + 1];
    const replacedAt = next === undefined ? undefined : (await readRelease(next))?.builtAt;
    if (replacedAt === undefined || now - Date.parse(replacedAt) < KEPT_AFTER_MS) continue;
    await removeTree(build.root);
    removed.push(build);
  }
  return removed;
}
