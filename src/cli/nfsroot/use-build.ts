import type { StorageConfig } from '../../config/storage-env.ts';
import { holdLock } from './hold-lock.ts';
import { type Build, NfsrootLayout } from './layout.ts';
import { refuseUnlessRoot } from './obstacles.ts';
import { NfsrootProblem } from './problem.ts';
import { putInPlace } from './put-in-place.ts';

/**
 * Has boxes boot a build that is there already: one that boots no box is taken back so.
 *
 * @param name as `000003` or `3`; null takes the one before the current one
 * @throws {NfsrootProblem} when there is no such build
 */
export async function useBuild(config: StorageConfig, name: string | null): Promise<Build> {
  refuseUnlessRoot();
  const layout = new NfsrootLayout(config.nfsroot);
  const builds = await layout.listBuilds();
  if (builds.length === 0) {
    throw new NfsrootProblem(
      `there is no maintenance system in ${config.nfsroot}: testbox nfsroot build makes it`,
    );
  }
  return holdLock(layout.lock, async () => {
    const current = await layout.currentBuild();
    const build =
      name === null
        ? builds.findLast((one) => Number(one.name) < Number(current?.name ?? 0))
        : builds.find((one) => Number(one.name) === Number(name));
    if (build === undefined) {
      const wanted =
        name === null
          ? `there is no build before ${current?.name ?? 'the first'}`
          : `there is no build ${name}`;
      throw new NfsrootProblem(`${wanted}: name one of ${builds.map((one) => one.name).join(', ')}`);
    }
    await putInPlace(build, { layout, config });
    return build;
  });
}
