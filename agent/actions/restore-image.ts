import { type ByteRange, bytesOf, describeRanges } from '../../src/contract/byte-range.ts';
import type { Sha256 } from '../../src/contract/ids.ts';
import type { PlannedImage } from '../../src/contract/plan.ts';
import type { Target } from '../disks.ts';
import { Failure } from '../failure.ts';
import type { ApproachOutcome } from '../imaging/approach.ts';
import { ImagingControl } from '../imaging/control.ts';
import { type Deploy, deployIndexed, deployPlain } from '../imaging/deploy.ts';
import type { LightAfter } from '../imaging/light-left.ts';
import { ProgressMeter } from '../imaging/meter.ts';
import { openPlain } from '../imaging/plain-source.ts';
import { diskTooSmall, openIndexed } from '../imaging/source.ts';
import { type Check, checkIndexed, checkPlain, type PlainContent } from '../imaging/verify.ts';
import type { ActionContext } from './action.ts';

const SHOWN_RANGES = 8;

/** An image that was found good, as far as it had to be read through, held open for its restore. */
export interface CheckedImage extends AsyncDisposable {
  /** Relative to the box's directory. */
  path: string;
  /** Raw. */
  sizeBytes: number;
  codedBytes: number;
  indexHash: Sha256 | null;
  /** Its zeros, as far as they are known. */
  lightAfter: LightAfter;
  deploy(deploy: Deploy): Promise<ApproachOutcome>;
}

/** All that can be seen without reading the image itself. @throws Failure */
export async function lookAtImage(context: ActionContext, target: Target): Promise<void> {
  const image = requireImage(target);
  const about = { boxDirectory: context.boxDirectory, slot: target.slot, disk: target.disk };
  const open =
    image.kind === 'indexed' ? await openIndexed({ ...about, image }) : await openPlain({ ...about, image });
  await open.close();
}

/**
 * Reads the image through, unless the bot lately did and says so: then each chunk is proved only
 * before it is written. A disk that is half-written already has nothing to lose by a damaged image,
 * and was begun after a reading through. An image of the original has no index, and is always read.
 *
 * @throws Failure, or the stop signal's reason
 */
export async function checkImage(context: ActionContext, target: Target): Promise<CheckedImage> {
  const image = requireImage(target);
  const about = { boxDirectory: context.boxDirectory, slot: target.slot, disk: target.disk };
  const begun = context.dirtyBefore.has(target.slot);
  const readThrough = image.kind === 'plain' || (!begun && (context.settings.readThrough ?? true));
  const why = begun
    ? `The restore of ${target.slot} has begun already and goes on`
    : `${image.file} was proved on the server lately`;
  await context.log(
    'info',
    readThrough ? `Checking ${image.file}...` : `${why}: each part of the image is checked as it is written`,
  );
  const check = checkOf(context, target);
  if (image.kind === 'indexed') {
    await tellBad(context, image, target);
    const open = await openIndexed({ ...about, image });
    return await closingOnError(open, async () => {
      if (readThrough) await checkIndexed(check, open.source);
      return {
        path: image.file,
        sizeBytes: image.sizeBytes,
        codedBytes: image.codedBytes,
        indexHash: image.indexHash,
        lightAfter: open.lightAfter,
        deploy: (deploy) => deployIndexed(deploy, open.source),
        [Symbol.asyncDispose]: () => open.close(),
      };
    });
  }
  const file = await openPlain({ ...about, image });
  return await closingOnError(file, async () => {
    const content = await checkPlain(check, file);
    requireFit(target, content);
    return {
      path: image.file,
      sizeBytes: content.sizeBytes,
      codedBytes: image.codedBytes,
      indexHash: null,
      lightAfter: () => null,
      deploy: (deploy) => deployPlain(deploy, file, content.hashes),
      [Symbol.asyncDispose]: () => file.close(),
    };
  });
}

/** People have seen it in the plan; the job's log says it again. */
async function tellBad(
  context: ActionContext,
  { badRanges = [] }: { badRanges?: readonly ByteRange[] | undefined },
  { slot }: Target,
): Promise<void> {
  if (badRanges.length === 0) return;
  await context.log(
    'warn',
    `The image of ${slot} is damaged since it was taken: zeros come back for ${bytesOf(badRanges)} bytes that its disk did not give (${describeRanges(badRanges, SHOWN_RANGES)})`,
  );
}

function requireImage(target: Target): PlannedImage {
  if (target.image !== null) return target.image;
  throw new Failure({
    class: 'operator',
    code: 'image-missing',
    message: `the plan has no image for ${target.slot}`,
  });
}

function requireFit(target: Target, content: PlainContent): void {
  const { disk, slot } = target;
  if (content.sizeBytes > disk.sizeBytes) throw diskTooSmall({ slot, disk }, content.sizeBytes);
  if (content.sizeBytes > 0 && content.sizeBytes % disk.sectorSizeBytes === 0) return;
  throw new Failure({
    class: 'storage',
    code: 'image-damaged',
    message: `the image of ${slot} holds ${content.sizeBytes} bytes, no whole number of sectors of ${disk.sectorSizeBytes}`,
  });
}

/** Reading an image is never held to the rate: nothing is imaged yet. */
function checkOf(context: ActionContext, { slot, disk, image }: Target): Check {
  const control = new ImagingControl();
  // A plain image doesn't say how much it holds: as a rule all of a disk like this one.
  const expectedBytes = image?.kind === 'indexed' ? image.sizeBytes : disk.sizeBytes;
  const meter = new ProgressMeter(context.clock, [{ slot, totalBytes: expectedBytes }], 'checking');
  return {
    pool: context.pool,
    watch: {
      control,
      clock: context.clock,
      timing: context.timing,
      stop: context.report.stop,
      rateLimit: async () => null,
      look: () => {
        const { counted } = control;
        meter.update(slot, counted, Math.max(expectedBytes, counted.done));
        context.report.progress(meter.all());
      },
    },
  };
}

async function closingOnError<T>(held: { close(): Promise<void> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await held.close();
    throw error;
  }
}
