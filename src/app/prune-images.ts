import type { TestboxAddress } from '../contract/address.ts';
import type { App } from './app.ts';
import { catalogOf } from './catalog.ts';
import { generationsNamed } from './named-generations.ts';
import type { Pruned } from './ports.ts';

/** What the use case needs: the command line has no more. */
export type Pruning = Pick<App, 'share' | 'verifications' | 'store'>;

/**
 * Removes what is more than `keep` generations of a box, once its current one is proved; null when it
 * has none. What an active job reads stays.
 *
 * @throws ShareError
 */
export async function pruneImages(
  app: Pruning,
  { address, keep, dryRun }: { address: TestboxAddress; keep: number; dryRun: boolean },
): Promise<Pruned | null> {
  const { current, generations } = await catalogOf(app, address);
  if (current === null) return null;
  // What reading it through has found is newer than what its files look like.
  const problem = generations.find(({ generation }) => generation === current)?.problem ?? null;
  if (problem !== null) return { removed: [], problem };
  const named = generationsNamed(await app.store.activeJobs(), address);
  return app.share.prune({ address, proved: current, keep, named, dryRun });
}
