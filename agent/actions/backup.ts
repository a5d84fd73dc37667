import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf } from '../../src/contract/byte-range.ts';
import type { Manifest, ManifestDisk } from '../../src/contract/manifest.ts';
import type { DiskOutcome } from '../../src/contract/report.ts';
import { imageFileName, indexFileName } from '../../src/contract/share-layout.ts';
import type { Target } from '../disks.ts';
import { asFailure, Failure } from '../failure.ts';
import {
  abandonGeneration,
  beginGeneration,
  carryOver,
  generationPath,
  listGenerations,
  makeCurrent,
  nextGeneration,
  publishGeneration,
  readCurrent,
  readManifest,
} from '../generations.ts';
import { captureDisk } from '../imaging/capture.ts';
import { ImagingControl } from '../imaging/control.ts';
import { ProgressMeter } from '../imaging/meter.ts';
import { sampleZeros } from '../imaging/zero-samples.ts';
import { openTarget } from '../open-target.ts';
import type { ActionContext, ActionProgram, ActionResult } from './action.ts';
import { adoptPlainImages, isAdopted } from './adopt.ts';
import { howMade, tellDamage, tellUnread } from './captured-words.ts';
import { findPlainImages } from './plain-images.ts';
import { openPrevious } from './previous-image.ts';

/** `backup` and `backup-again`: reads disks into the box's next generation of images. */
export const backup: ActionProgram = { disks: 'planned', check, run };

async function check(context: ActionContext): Promise<void> {
  if ((await publishedByThisJob(context)) !== null) return;
  const current = await readCurrent(context.boxDirectory);
  if (context.plan.action === 'backup') await refuseOverImage(context, current);
  // An interrupted attempt may have put plain images into a generation the plan can't know.
  const before =
    current !== null && isAdopted(current) ? [current.generation, null] : [current?.generation ?? null];
  if (!before.includes(context.plan.currentGeneration)) {
    throw new Failure({
      class: 'operator',
      code: 'plan-mismatch',
      message: `the current generation is ${current?.generation ?? 'none'}, the plan says ${context.plan.currentGeneration ?? 'none'}`,
    });
  }
  await requireSpace(context);
}

async function run(context: ActionContext, targets: readonly Target[]): Promise<ActionResult> {
  const published = await publishedByThisJob(context);
  if (published !== null) {
    await context.log('info', `Generation ${published.generation} was complete already`);
    await makeCurrent({ boxDirectory: context.boxDirectory, manifest: published, files: context.files });
    return resultOf(published);
  }
  if (context.plan.action === 'backup-again') await adoptPlainImages(context, targets);
  const { boxDirectory, files, attempt, job } = context;
  const goOnWith = filesOf(context, targets);
  const partial = await beginGeneration({ boxDirectory, job, attempt, files, goOnWith });
  try {
    const manifest = await capture(context, targets, partial);
    await context.report.emit({ type: 'phase', phase: 'publishing' });
    await publishGeneration({ boxDirectory, partial, manifest, files });
    return resultOf(manifest);
  } catch (error) {
    // A share that failed leaves what it has to the next attempt, and would not remove it now.
    if (asFailure(error).code !== 'share-failed')
      await abandonGeneration(partial).catch(() => context.log('warn', `${partial} could not be removed`));
    throw error;
  }
}

/** Names of what this backup makes. */
function filesOf({ settings }: ActionContext, targets: readonly Target[]): string[] {
  return targets.flatMap(({ slot }) => [
    imageFileName(slot, settings.codec),
    indexFileName(slot, settings.codec),
  ]);
}

async function capture(
  context: ActionContext,
  targets: readonly Target[],
  partial: string,
): Promise<Manifest> {
  const { plan, settings, boxDirectory } = context;
  const previous = await readCurrent(boxDirectory);
  const generation = await nextGeneration(boxDirectory);
  const meter = new ProgressMeter(
    context.clock,
    targets.map(({ slot, disk }) => ({ slot, totalBytes: disk.sizeBytes })),
  );
  await context.report.emit({ type: 'phase', phase: 'imaging' });
  const disks: ManifestDisk[] = [];
  for (const target of targets) {
    disks.push(await captureTarget(context, { target, previous, partial, generation, meter }));
  }
  for (const disk of previous?.disks ?? []) {
    if (disks.some(({ slot }) => slot === disk.slot)) continue;
    await carryOver(disk, generationPath(boxDirectory, previous?.generation ?? 0), partial);
    disks.push(disk);
  }
  return {
    version: 1,
    generation,
    job: context.job,
    action: plan.action,
    testbox: { name: plan.testbox.name, address: plan.testbox.address },
    createdAt: new Date(context.clock.now()).toISOString(),
    shutdown: settings.shutdown,
    hostKeys: settings.hostKeys,
    disks,
  };
}

async function captureTarget(
  context: ActionContext,
  about: {
    target: Target;
    previous: Manifest | null;
    partial: string;
    generation: number;
    meter: ProgressMeter;
  },
): Promise<ManifestDisk> {
  const { slot, disk } = about.target;
  const { identity, sizeBytes, sectorSizeBytes, kernelName } = disk;
  const { codec } = context.settings;
  const file = imageFileName(slot, codec);
  const indexFile = indexFileName(slot, codec);
  await context.log('info', `Backing up /dev/${kernelName} to ${join(about.partial, file)}...`);
  await using open = await openTarget(context.machine, disk, 'read');
  const control = new ImagingControl();
  const looking = sampleZeros(open.disk.fd, sizeBytes).then(
    (lightAfter) => about.meter.expect(slot, lightAfter),
    () => undefined, // what can't be read is for the backup itself to say
  );
  // Before the disk is closed, whatever comes.
  await using looked = new AsyncDisposableStack();
  looked.defer(() => looking);
  await using previous = await openPrevious(context, { previous: about.previous, slot, codec });
  const captured = await captureDisk({
    disk: open.disk,
    goOn: true,
    previous: previous.source,
    imagePath: join(about.partial, file),
    indexPath: join(about.partial, indexFile),
    header: {
      slot,
      identity,
      sizeBytes,
      sectorSizeBytes,
      codec,
      job: context.job,
      generation: about.generation,
    },
    pool: context.pool,
    watch: {
      control,
      clock: context.clock,
      timing: context.timing,
      stop: context.report.stop,
      rateLimit: () => context.machine.rateLimit(),
      look: async () => {
        about.meter.update(slot, control.counted, sizeBytes);
        context.report.progress(about.meter.all());
        await requireSpace(context);
      },
    },
  });
  const { imageHash, codedBytes } = captured;
  await tellDamage(context, captured, previous);
  const damage = await tellUnread(context, captured, kernelName);
  await context.log(
    'info',
    `Successfully backed up /dev/${kernelName} (${codedBytes} bytes, ${howMade(captured, previous)})`,
  );
  return {
    slot,
    file,
    indexFile,
    indexHash: imageHash,
    codec,
    sizeBytes,
    sectorSizeBytes,
    codedBytes,
    identity,
    kernelName,
    origin: about.generation,
    ...damage,
  };
}

/** A generation that this job published before a power cut kept it from saying so. */
async function publishedByThisJob(context: ActionContext): Promise<Manifest | null> {
  const { boxDirectory, plan } = context;
  for (const generation of (await listGenerations(boxDirectory)).reverse()) {
    if (generation <= (plan.currentGeneration ?? 0)) break;
    const manifest = await readManifest(boxDirectory, generation);
    if (manifest?.job === context.job && manifest.action !== null) return manifest;
  }
  return null;
}

async function refuseOverImage(context: ActionContext, current: Manifest | null): Promise<void> {
  const plain = await findPlainImages(context.boxDirectory);
  const [first] = plain;
  if (current === null && first === undefined && context.plan.currentGeneration === null) return;
  const what = first === undefined ? `generation ${current?.generation ?? '?'}` : first.name;
  throw new Failure({
    class: 'operator',
    code: 'image-exists',
    message: `there is an image already (${what}); "backup-again" makes a new one beside it`,
  });
}

async function requireSpace(context: ActionContext): Promise<void> {
  const { bavail, bsize } = await statfs(context.boxDirectory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= context.keepFreeBytes) return;
  throw new Failure({
    class: 'storage',
    code: 'no-space',
    message: `the backup share has ${freeBytes} bytes free, ${context.keepFreeBytes} must stay free`,
  });
}

function resultOf(manifest: Manifest): ActionResult {
  const disks = manifest.disks
    .filter((disk) => disk.origin === manifest.generation)
    .map(
      (disk): DiskOutcome => ({
        slot: disk.slot,
        sizeBytes: disk.sizeBytes,
        writtenBytes: disk.codedBytes,
        skippedBytes: 0,
        indexHash: disk.indexHash,
        codedBytes: disk.codedBytes,
        ...(disk.badRanges === undefined ? {} : { unreadBytes: bytesOf(disk.badRanges) }),
      }),
    );
  return { generation: manifest.generation, disks };
}
