import type { Build, NfsrootLayout } from './layout.ts';
import { readRelease } from './release.ts';
import { removeTree } from './remove-tree.ts';

/** Longer than any job but a rescue: boxes run from the build that they booted. */
const KEPT_AFTER_MS = 24 * 60 * 60_000;

/**
 * Removes builds that no box should run from any more: replaced a day ago or longer, and neither
 * the current one nor the one that it replaced. Gives those.
 */
export async function pruneBuilds(
  layout: NfsrootLayout,
  { before, now }: { before: Build | null; now: number },
): Promise<Build[]> {
  const current = await layout.currentBuild();
  const removed: Build[] = [];
  for (const build of await layout.listBuilds()) {
    if (build.name === current?.name || build.name === before?.name) continue;
    const release = await readRelease(build);
    const replacedAt = release?.replacedAt ?? release?.builtAt;
    if (replacedAt === undefined || now - Date.parse(replacedAt) < KEPT_AFTER_MS) continue;
    await removeTree(build.root);
    removed.push(build);
  }
  return removed;
}
