import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { requireLab } from '../lab/requirements.ts';
import { SCRATCH_PARENT, takeScratch } from '../lab/scratch.ts';
import { buildSite } from '../lab/site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run has its scratch directory. */
    pxeScratch: string;
    /** Where the site is, see lab/site.ts. */
    pxeSite: string;
    /** Where logs are kept. */
    pxeEvidence: string;
  }
}

const EVIDENCE = fileURLToPath(new URL('../../../test-results/pxe', import.meta.url));

/** Builds what all labs of the run share, once. Files of the tests come after. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await requireLab(SCRATCH_PARENT);
  const scratch = await takeScratch();
  const remove = () => rm(scratch, { recursive: true, force: true });
  const started = performance.now();
  const say = (text: string) => process.stdout.write(`${text.replace(/^/gm, '  ').trimEnd()}\n`);
  try {
    await mkdir(EVIDENCE, { recursive: true });
    const kept = process.env.TESTBOX_PXE_SITE;
    const directory = kept ?? join(scratch, 'site');
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o755);
    await buildSite(directory, { say, evidence: EVIDENCE });
    project.provide('pxeScratch', scratch);
    project.provide('pxeSite', directory);
    project.provide('pxeEvidence', EVIDENCE);
  } catch (error) {
    await remove();
    throw error;
  }
  say(
    `The storage server and the maintenance system took ${Math.round((performance.now() - started) / 1_000)} s.`,
  );
  say(`Logs of everything are in ${EVIDENCE}`);
  return remove;
}
