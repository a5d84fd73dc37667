import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, inject, onTestFailed } from 'vitest';
import { Lab, type LabWish } from './lab.ts';
import { siteAt } from './site.ts';

/**
 * A lab for all tests of a file, which build upon each other: after one has failed, the others are
 * skipped. A failure prints the ends of all logs.
 */
export function useLab(wish: LabWish): () => Lab {
  let lab: Lab | null = null;
  let hasFailed = false;
  beforeAll(async () => {
    const scratch = join(inject('pxeScratch'), wish.name);
    // The bot is somebody else, and looks for its chat in there.
    await mkdir(scratch, { mode: 0o755 });
    lab = await Lab.start(wish, {
      site: siteAt(inject('pxeSite')),
      scratch,
      evidence: join(inject('pxeEvidence'), wish.name),
    });
  });
  beforeEach((context) => {
    if (hasFailed) context.skip('a test before this one has failed');
    onTestFailed(() => {
      hasFailed = true;
      process.stdout.write(`${lab?.tails()}\nMore of it is in ${lab?.evidence}\n`);
    });
  });
  afterAll(async () => {
    if (lab === null) return;
    process.stdout.write(`Seconds of each boot in the lab ${wish.name}:\n${lab.bootStages()}`);
    await lab.stop();
  });
  return () => {
    if (lab === null) throw new Error('the lab is not up');
    return lab;
  };
}
