import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Manifest } from '../../../src/contract/manifest.ts';

/** SHA-256 of each disk's bytes, by slot. */
export type Contents = Readonly<Record<string, string>>;

export async function contentsOf(disks: readonly { slot: string; file: string }[]): Promise<Contents> {
  const entries = disks.map(async ({ slot, file }) => [slot, sha256(await readFile(file))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The number that `current` names; null without one. */
export async function currentGeneration(boxDirectory: string): Promise<number | null> {
  const target = await readlink(join(boxDirectory, 'current')).catch(() => null);
  return target === null ? null : Number(basename(target));
}

/** What a restore of the generation would bring, unpacked as `gunzip` does. @throws when it can't be */
export async function generationContents(boxDirectory: string, generation: number): Promise<Contents> {
  const folder = join(boxDirectory, 'generations', String(generation).padStart(6, '0'));
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const entries = manifest.disks.map(async ({ slot, file, indexFile, indexHash, sizeBytes }) => {
    const raw = gunzipSync(await readFile(join(folder, file)));
    const index = await readFile(join(folder, indexFile ?? ''));
    const stored = index.subarray(-32).toString('hex');
    const sound =
      raw.length === sizeBytes && stored === indexHash && sha256(index.subarray(0, -32)) === stored;
    if (!sound) throw new Error(`the index of ${slot} in generation ${generation} does not fit`);
    return [slot, sha256(raw)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
