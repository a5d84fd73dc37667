import type { TestboxAddress } from '../contract/address.ts';
import type { App } from './app.ts';
import { catalogOf } from './catalog.ts';
import { generationsNamed } from './named-generations.ts';
import type { Pruned } from './share-port.ts';

/** What the use case needs: the command line has no more. */
export type Pruning = Pick<App, 'share' | 'verifications' | 'store'>;

interface PruneImages {
  address: TestboxAddress;
  keep: number;
  dryRun: boolean;
  /** The generation that has to be the current one or older; left out: whichever is. */
  after?: number;
}

/**
 * Removes what is more than `keep` generations of a box, once its current one is proved; null when it
 * has none. What an active job reads stays.
 *
 * @throws ShareError
 */
export async function pruneImages(
  app: Pruning,
  { address, keep, dryRun, after }: PruneImages,
): Promise<Pruned | null> {
  const { current, generations } = await catalogOf(app, address);
  if (current === null) return null;
  // What reading it through has found is newer than what its files look like, and looks deeper.
  const problem = generations.find(({ generation }) => generation === current)?.problem ?? null;
  if (problem !== null) return { removed: [], problem };
  const named = generationsNamed(await app.store.activeJobs(), address);
  const damaged = generations.filter((each) => each.problem !== null).map(({ generation }) => generation);
  return app.share.prune({ address, proved: after ?? current, keep, named, damaged, dryRun });
}
