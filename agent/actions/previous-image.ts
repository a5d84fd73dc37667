import { join } from 'node:path';
import type { DiskSlot } from '../../src/contract/disk.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import type { Codec } from '../../src/contract/plan.ts';
import { GENERATIONS_DIRECTORY, generationName } from '../../src/contract/share-layout.ts';
import { describeError } from '../failure.ts';
import { type OpenSource, openIndexed } from '../imaging/source.ts';
import type { ActionContext } from './action.ts';

/** The disk's image of the current generation, open, for the length of a `using` block. */
export interface PreviousImage extends AsyncDisposable {
  /** Null where there is none that could be gone by. */
  source: OpenSource['source'] | null;
  generation: number;
}

/**
 * Opens what the last backup made of the disk and proves its index. One that can't be gone by is
 * said and does no harm: all chunks are coded then.
 */
export async function openPrevious(
  context: ActionContext,
  about: { previous: Manifest | null; slot: DiskSlot; codec: Codec },
): Promise<PreviousImage> {
  const { previous, slot, codec } = about;
  const generation = previous?.generation ?? 0;
  const none = { source: null, generation, [Symbol.asyncDispose]: async () => undefined };
  const image = previous?.disks.find((disk) => disk.slot === slot);
  if (image === undefined || image.indexHash === null || image.codec !== codec) return none;
  const { file, indexHash, sizeBytes, sectorSizeBytes, codedBytes } = image;
  const path = join(GENERATIONS_DIRECTORY, generationName(generation), file);
  try {
    const open = await openIndexed({
      boxDirectory: context.boxDirectory,
      slot,
      image: {
        kind: 'indexed',
        generation,
        file: path,
        ...{ indexHash, codec, sizeBytes, sectorSizeBytes, codedBytes },
      },
      disk: { sizeBytes, sectorSizeBytes },
    });
    return { source: open.source, generation, [Symbol.asyncDispose]: () => open.close() };
  } catch (error) {
    await context.log(
      'warn',
      `The image of ${slot} in generation ${generation} is no help, all of the disk is coded anew: ${describeError(error)}`,
    );
    return none;
  }
}
