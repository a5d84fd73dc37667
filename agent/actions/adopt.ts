import { link, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest, ManifestDisk } from '../../src/contract/manifest.ts';
import { CURRENT_LINK, imageFileName } from '../../src/contract/share-layout.ts';
import type { Target } from '../disks.ts';
import { Failure } from '../failure.ts';
import {
  abandonGeneration,
  beginGeneration,
  generationPath,
  nextGeneration,
  publishGeneration,
  readCurrent,
  swapLink,
} from '../generations.ts';
import { ImagingControl } from '../imaging/control.ts';
import { openImage } from '../imaging/source.ts';
import { checkPlain } from '../imaging/verify.ts';
import type { ActionContext } from './action.ts';
import { findPlainImages, type PlainImage } from './plain-images.ts';

/** True for a generation that holds plain images of before this scheme. */
export function isAdopted(manifest: Manifest): boolean {
  return manifest.action === null && manifest.job === null;
}

/**
 * Puts the plain images of a box without generations into a first one, by hard links,
 * before anything replaces them. Can be repeated after a power cut at any step.
 *
 * @throws Failure two-images when a slot has two of them
 */
export async function adoptPlainImages(context: ActionContext, targets: readonly Target[]): Promise<void> {
  const { boxDirectory } = context;
  const plain = await findPlainImages(boxDirectory);
  if (plain.length > 0 && (await readCurrent(boxDirectory)) === null) {
    requireOneEach(plain);
    await context.report.emit({ type: 'phase', phase: 'checking-image' });
    await publishPlain(context, plain, targets);
  }
  await linkAdopted(context, plain);
}

function requireOneEach(plain: readonly PlainImage[]): void {
  const twice = plain.find(
    ({ slot }, position) => plain.findIndex((other) => other.slot === slot) < position,
  );
  if (twice === undefined) return;
  throw new Failure({
    class: 'operator',
    code: 'two-images',
    message: `there are two images of ${twice.slot} without a generation; move away the one that is not to be kept`,
  });
}

async function publishPlain(
  context: ActionContext,
  plain: readonly PlainImage[],
  targets: readonly Target[],
): Promise<void> {
  const { boxDirectory, files, job, attempt, plan } = context;
  const generation = await nextGeneration(boxDirectory);
  const partial = await beginGeneration({ boxDirectory, job, attempt, files, goOnWith: [] });
  try {
    const disks: ManifestDisk[] = [];
    for (const image of plain) {
      const disk = await adopt(context, image, { partial, generation, targets });
      if (disk !== null) disks.push(disk);
    }
    if (disks.length === 0) return await abandonGeneration(partial);
    const manifest: Manifest = {
      version: 1,
      generation,
      job: null,
      action: null,
      testbox: { name: plan.testbox.name, address: plan.testbox.address },
      createdAt: new Date(context.clock.now()).toISOString(),
      shutdown: 'unknown',
      hostKeys: [],
      disks,
    };
    await publishGeneration({ boxDirectory, partial, manifest, files });
  } catch (error) {
    await abandonGeneration(partial).catch(() => context.log('warn', `${partial} could not be removed`));
    throw error;
  }
}

/** Null for an image that can't be read to its end: it stays where it is, and proves nothing. */
async function adopt(
  context: ActionContext,
  image: PlainImage,
  to: { partial: string; generation: number; targets: readonly Target[] },
): Promise<ManifestDisk | null> {
  const { slot, name } = image;
  await context.log('info', `Checking ${name}, to keep it as a generation...`);
  const path = join(context.boxDirectory, name);
  const file = await openImage(path);
  try {
    const watch = { ...context, control: new ImagingControl(), stop: context.report.stop };
    const { sizeBytes } = await checkPlain(
      { pool: context.pool, watch: { ...watch, rateLimit: async () => null, look: () => undefined } },
      file,
    );
    await file.sync();
    const kept = imageFileName(slot, 'gzip');
    await link(path, join(to.partial, kept));
    return {
      slot,
      file: kept,
      indexFile: null,
      indexHash: null,
      codec: 'gzip',
      sizeBytes,
      sectorSizeBytes: to.targets.find((target) => target.slot === slot)?.disk.sectorSizeBytes ?? 512,
      codedBytes: (await file.stat()).size,
      identity: { wwn: null, model: null, serial: null, path: null },
      kernelName: slot,
      origin: to.generation,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await context.log('warn', `${name} is left as it is, it can't be restored: ${error.message}`);
    return null;
  } finally {
    await file.close();
  }
}

/** The old names become links once their images lie in the current generation. */
async function linkAdopted(context: ActionContext, plain: readonly PlainImage[]): Promise<void> {
  const { boxDirectory, files } = context;
  const current = await readCurrent(boxDirectory);
  if (current === null || !isAdopted(current)) return;
  for (const disk of current.disks) {
    const { ino } = await lstat(join(generationPath(boxDirectory, current.generation), disk.file));
    for (const { name } of plain.filter(({ inode }) => inode === ino)) {
      await swapLink({ files, path: join(boxDirectory, name), target: join(CURRENT_LINK, disk.file) });
    }
  }
  await files.syncDirectory(boxDirectory);
}
