import type { TestboxAddress } from '../contract/address.ts';
import type { Damage } from '../domain/damage.ts';
import type { FoundGeneration } from '../domain/images.ts';
import type { App } from './app.ts';

/** What the use case needs: the command line has no more. */
export type Verifying = Pick<App, 'share' | 'verifications' | 'damages' | 'clock'>;

export interface VerifiedImage {
  generation: number;
  /** Null when the generation could not be read at all. */
  slot: string | null;
  problem: string | null;
}

export interface VerifyImages {
  address: TestboxAddress;
  /** Null is all of them. */
  generations: readonly number[] | null;
  /** Of one image: bytes read, of so many. */
  onProgress?: (image: { generation: number; slot: string; readBytes: number; codedBytes: number }) => void;
}

/**
 * Reads the images of a box through on the server, newest generation first, and writes down what was
 * found. Images that several generations share are read once.
 *
 * @throws ShareError when the share can't be read: nothing is said about an image then
 */
export async function verifyImages(
  app: Verifying,
  { address, generations, onProgress = () => {} }: VerifyImages,
): Promise<VerifiedImage[]> {
  const catalog = await app.share.catalog(address);
  await app.damages.keepOnly(
    address,
    catalog.generations.map(({ generation }) => generation),
  );
  const wanted = catalog.generations
    .filter(({ generation }) => generations === null || generations.includes(generation))
    .toReversed();
  const run = { address, onProgress, read: new Map<string, string | null>() };
  const found: VerifiedImage[] = [];
  for (const each of wanted) found.push(...(await verifyGeneration(app, each, run)));
  return found;
}

interface Run {
  address: TestboxAddress;
  onProgress: NonNullable<VerifyImages['onProgress']>;
  /** What was found in this run, by image. */
  read: Map<string, string | null>;
}

async function verifyGeneration(
  app: Verifying,
  { generation, manifest, problem }: FoundGeneration,
  { address, onProgress, read }: Run,
): Promise<VerifiedImage[]> {
  if (manifest === null) {
    const unread = { generation, slot: null, problem: problem ?? 'its manifest is missing' };
    await app.damages.found(address, generation, [{ ...unread, imageHash: null }]);
    return [unread];
  }
  const found: VerifiedImage[] = [];
  const damage: Damage[] = [];
  for (const { slot, indexHash, codedBytes, origin } of manifest.disks) {
    const image = indexHash === null ? null : `${origin} ${slot} ${indexHash}`;
    const known = image === null ? undefined : read.get(image);
    const proof =
      known === undefined
        ? await app.share.verifyImage({ address, generation, slot }, (readBytes) =>
            onProgress({ generation, slot, readBytes, codedBytes }),
          )
        : { imageHash: indexHash, problem: known };
    if (image !== null) read.set(image, proof.problem);
    await app.verifications.save(address, {
      ...{ generation, slot },
      imageHash: proof.imageHash,
      at: app.clock.now(),
      problem: proof.problem,
    });
    found.push({ generation, slot, problem: proof.problem });
    if (proof.problem !== null)
      damage.push({ generation, slot, imageHash: proof.imageHash, problem: proof.problem });
  }
  await app.damages.found(address, generation, damage);
  return found;
}
